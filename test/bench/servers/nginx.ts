import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Bench } from '../part.ts'
import { freePort, waitForPort } from './ports.ts'

const PROGRAMS = ['/usr/sbin/nginx', '/usr/bin/nginx', '/opt/homebrew/bin/nginx']

export function findNginx(): string | undefined {
  return PROGRAMS.find((program) => existsSync(program))
}

/** Starts nginx, without a log, for the files of a folder. Undefined where it is not installed. */
export async function startNginx(
  bench: Bench,
  root: string
): Promise<{ url: string; pid: number } | undefined> {
  const program = findNginx()
  if (program === undefined) return undefined
  const folder = await bench.createFolder()
  const port = await freePort()
  const file = join(folder, 'nginx.conf')
  await writeFile(file, configuration({ folder, root, port }))
  const child = spawn(program, ['-c', file, '-p', folder, '-e', join(folder, 'error.log')], {
    stdio: ['ignore', 'ignore', 'inherit']
  })
  const exited = once(child, 'exit')
  bench.teardown(async () => {
    child.kill('SIGTERM')
    await exited
  })
  await waitForPort(port, () => child.exitCode !== null)
  return { url: `http://127.0.0.1:${port}`, pid: child.pid! }
}

function configuration({ folder, root, port }: { folder: string; root: string; port: number }): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${folder}/${name};`
  )
  // As root, nginx would read the files as another user, who cannot enter the folder.
  return `${process.getuid?.() === 0 ? 'user root;' : ''}
daemon off;
worker_processes 2;
pid ${folder}/nginx.pid;
events { worker_connections 4096; }
http {
  ${temporary.join('\n  ')}
  access_log off;
  sendfile on;
  tcp_nopush on;
  keepalive_requests 100000000;
  types { image/png png; }
  server {
    listen 127.0.0.1:${port};
    root ${root};
  }
}
`
}
