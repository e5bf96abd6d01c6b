import { once } from 'node:events'
import { createServer, request } from 'node:http'
import { connect } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'

export type Proxy = Awaited<ReturnType<typeof startProxy>>

/** A proxy that connects every host to one port of this machine, and remembers what it was asked for. */
export async function startProxy({ port, status = 200 }: { port: number; status?: number }) {
  const asked: string[] = []
  const authorizations: Array<string | undefined> = []
  const sockets = new Set<Socket>()
  const server = createServer((incoming, outgoing) => {
    asked.push(incoming.url ?? '')
    const { pathname, search } = new URL(incoming.url ?? '', 'http://proxy')
    const forwarded = request(
      {
        port,
        host: '127.0.0.1',
        path: pathname + search,
        method: incoming.method,
        headers: incoming.headers
      },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
        answer.pipe(outgoing)
      }
    )
    incoming.pipe(forwarded)
  })
  server.on('connect', (incoming, socket: Socket) => {
    asked.push(incoming.url ?? '')
    authorizations.push(incoming.headers['proxy-authorization'])
    sockets.add(socket)
    socket.on('error', () => {})
    if (status !== 200) return socket.end(`HTTP/1.1 ${status} Refused\r\n\r\n`)
    const upstream = connect(port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
      upstream.pipe(socket)
      socket.pipe(upstream)
    })
    sockets.add(upstream)
    upstream.on('error', () => {})
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** The hosts and URLs that clients asked for. */
    asked,
    authorizations,
    close: async (): Promise<void> => {
      for (const socket of sockets) socket.destroy()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    }
  }
}
