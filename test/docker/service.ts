import { once } from 'node:events'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { until } from '../helper.ts'
import type { Containers } from '../peers/containers.ts'

/** The options of a strict operator: no capability, nothing writable but the data folder, not even /tmp. */
export const HARDENED = [
  '--read-only',
  '--read-only-tmpfs=false',
  '--cap-drop',
  'ALL',
  '--security-opt',
  'no-new-privileges',
  '--pids-limit',
  '200',
  '--memory',
  '512m'
]

export type Service = ReturnType<typeof createService>

/** Starts, checks and stops containers of the image under test. */
export function createService({ run, must }: Containers, image: string) {
  const inspect = async (name: string) => JSON.parse(await must('podman', 'inspect', name))[0]

  return {
    image,
    run,
    must,
    inspect,

    /** Starts a server in a container on the machine's own network. */
    async start(volume: string) {
      const port = await freePort()
      const options = ['--network', 'host', '--env', `TB_DALLE_PORT=${port}`, '--volume', `${volume}:/data`]
      const name = await must('podman', 'run', '--detach', ...options, ...HARDENED, image)
      return {
        name,
        url: `http://127.0.0.1:${port}`,
        exec: async (script: string) => await must('podman', 'exec', name, 'sh', '-c', script)
      }
    },

    /** Runs the image's health check until it passes. */
    async healthy(name: string): Promise<void> {
      await until(async () => (await run('podman', ['healthcheck', 'run', name])).code === 0)
    },

    /** Sends SIGTERM, and SIGKILL after 30 s; returns the exit code, which is 137 after SIGKILL. */
    async stop(name: string): Promise<number> {
      await must('podman', 'stop', '--time', '30', name)
      return (await inspect(name)).State.ExitCode
    }
  }
}

/** The picture at the URL; waits while it is made. */
export async function fetchPicture(url: string): Promise<Response> {
  return await fetch(url, { headers: { prefer: 'wait=60' } })
}

export async function freePort(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  return String(port)
}
