import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

const HOST = '127.0.0.1'
const LOOK_MS = 5
/** Bounds a hang. */
const LIMIT_MS = 120_000

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, HOST)
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/**
 * Waits until a process listens.
 * @throws when it ends first
 */
export async function waitForPort(port: number, hasEnded: () => boolean): Promise<void> {
  for (const limit = performance.now() + LIMIT_MS; performance.now() < limit; await sleep(LOOK_MS)) {
    const socket = connect(port, HOST)
    const isUp = await once(socket, 'connect').then(
      () => true,
      () => false
    )
    socket.destroy()
    if (isUp) return
    if (hasEnded()) throw new Error('The server has ended')
  }
  throw new Error(`Nothing listens on port ${port}`)
}
