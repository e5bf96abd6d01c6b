import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Test } from 'tap'
import type { Owner } from './postgres.ts'
import { PACKAGE_ROOT } from '../../lib/package.ts'
import { freePort } from '../docker/service.ts'
import { temporaryFolder, until } from '../helper.ts'

const PROGRAM = '/usr/sbin/nginx'
export const CONFIGURATION = join(PACKAGE_ROOT, 'docker/nginx/replicas.conf')
const TLS = join(PACKAGE_ROOT, 'docker/nginx/tls.conf')
const ONE_SERVER = join(PACKAGE_ROOT, 'docker/nginx/one-server.conf')
/** The line of the configuration that finds the servers by Docker's name service, which needs a newer nginx. */
const SERVERS = /^ *server server:8080 resolve (.*);$/m

/** A sentence that says why this machine cannot run nginx for the tests; else false. */
export function noNginx(): string | false {
  return !existsSync(PROGRAM) && 'needs nginx: on Debian, apt-get install --no-install-recommends nginx-light'
}

/**
 * What `replace` of `startNginx` needs for TLS: the committed configuration, except for its port and its certificate.
 * @param folder has `certificate.pem` and `key.pem`
 */
export async function tlsOf(folder: string, port: string): Promise<Record<string, string>> {
  const file = join(folder, 'tls.conf')
  // Debian's nginx is older than the directive `http2`.
  const changes = {
    'listen 8443 ssl;\nhttp2 on;': `listen 127.0.0.1:${port} ssl http2;`,
    '/run/tls/': `${folder}/`
  }
  await writeFile(file, replaced(await readFile(TLS, 'utf8'), changes))
  return { '/etc/nginx/tls/*.conf': file }
}

/** Replaces texts that a configuration must have. */
function replaced(text: string, changes: Record<string, string>): string {
  for (const [from, to] of Object.entries(changes)) {
    if (!text.includes(from)) throw new Error(`The configuration of nginx has no "${from}"`)
    text = text.replaceAll(from, to)
  }
  return text
}

/**
 * Starts nginx with the committed configuration, except for its port, its folder and the servers.
 * @param servers URLs
 * @param replace what else differs: texts of the configuration and what stands in their place
 * @returns its URL
 */
export async function startNginx(
  t: Owner,
  servers: string[],
  replace: Record<string, string> = {}
): Promise<string> {
  const folder = await temporaryFolder(t as Test)
  const port = await freePort()
  const text = await readFile(CONFIGURATION, 'utf8')
  const own = text
    .replace(SERVERS, (_, options) =>
      servers.map((url) => `server ${new URL(url).host} ${options};`).join('\n')
    )
    .replaceAll('/tmp/', `${folder}/`)
  const file = join(folder, 'nginx.conf')
  await writeFile(file, replaced(own, { 'listen 8080': `listen 127.0.0.1:${port}`, ...replace }))
  return await run(t, { folder, file, port })
}

/**
 * Starts nginx as Debian does, with the committed configuration for one server on the same machine, except for its
 * ports and folders.
 * @param own a folder with `certificate.pem` and `key.pem`, which is also the root of the files of ACME
 * @returns its URL without TLS
 */
export async function startNginxOfOneServer(
  t: Owner,
  {
    server,
    own,
    tlsPort,
    dataDir = own
  }: { server: string; own: string; tlsPort: string; dataDir?: string | undefined }
): Promise<string> {
  const folder = await temporaryFolder(t as Test)
  const port = await freePort()
  const site = replaced(await readFile(ONE_SERVER, 'utf8'), {
    'listen 80;': `listen 127.0.0.1:${port};`,
    'listen [::]:80;': '',
    'listen 443 ssl http2;': `listen 127.0.0.1:${tlsPort} ssl http2;`,
    'listen [::]:443 ssl http2;': '',
    'server 127.0.0.1:8080;': `server ${new URL(server).host};`,
    '/etc/letsencrypt/live/dalle.example/fullchain.pem': join(own, 'certificate.pem'),
    '/etc/letsencrypt/live/dalle.example/privkey.pem': join(own, 'key.pem'),
    '/var/www/html': own,
    '/var/lib/dalleserver/': `${dataDir}/`
  })
  await writeFile(join(folder, 'site.conf'), site)
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `${name}_temp_path ${folder}/${name};`)
    .join(' ')
  const file = join(folder, 'nginx.conf')
  await writeFile(
    file,
    `pid ${folder}/nginx.pid; error_log stderr warn; events {} http { ${paths} include ${folder}/site.conf; }\n`
  )
  return await run(t, { folder, file, port })
}

/** Starts nginx with a configuration of a test, and waits for its first answer. */
async function run(
  t: Owner,
  { folder, file, port }: { folder: string; file: string; port: string }
): Promise<string> {
  // As root, nginx would give its folders to another user, who cannot enter this one.
  const directives = `daemon off;${process.getuid!() === 0 ? ' user root;' : ''}`
  const child = spawn(PROGRAM, ['-c', file, '-p', folder, '-g', directives], {
    stdio: ['ignore', 'ignore', 'pipe']
  })
  let output = ''
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()))
  const gone = once(child, 'exit')
  t.teardown(async () => {
    child.kill('SIGTERM')
    await gone
  })
  const url = `http://127.0.0.1:${port}`
  await until(async () => {
    if (child.exitCode !== null) throw new Error(`nginx ended: ${output}`)
    return await fetch(url, { redirect: 'manual' }).then(
      () => true,
      () => false
    )
  })
  return url
}
