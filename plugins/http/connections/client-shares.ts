import type { Socket } from 'node:net'
import { systemClock } from '../../../lib/clock.ts'
import type { StreamClock } from '../../../lib/clock.ts'
import { networkOf, parseAddress } from '../client.ts'
import type { Connection, Registry } from './registry.ts'

/** A client sends its header at once. A connection that has none after this time may be closed for a new one. */
const UNUSED_MS = 2_000

export interface ClientSharesOptions {
  registry: Registry
  /** Connections of one client. */
  max: number
  /** Whether the address belongs to many clients, or to one without a limit. */
  isExempt: (address: string) => boolean
  clock?: Pick<StreamClock, 'now'>
}

export type ClientShares = ReturnType<typeof createClientShares>

/**
 * Counts the connections of each client. A request on a connection over the share is refused. Over twice the share, the
 * connection is closed at once.
 */
export function createClientShares({ registry, max, isExempt, clock = systemClock }: ClientSharesOptions) {
  const clients = new Map<string, Set<Connection>>()
  const names = new WeakMap<Connection, string>()
  const refused = new WeakSet<Socket>()

  registry.listen({
    onConnection(connection) {
      const address = parseAddress(connection.socket.remoteAddress)
      if (address === undefined || isExempt(address)) return
      const client = networkOf(address)
      const connections = clients.get(client) ?? new Set()
      clients.set(client, connections.add(connection))
      names.set(connection, client)
      if (connections.size <= max) return
      const unused = findUnused(connections)
      if (unused !== undefined) registry.destroy(unused)
      else if (connections.size > 2 * max) registry.destroy(connection)
      else refused.add(connection.socket)
    },
    onClose(connection) {
      const client = names.get(connection)
      const connections = client === undefined ? undefined : clients.get(client)
      connections?.delete(connection)
      if (client !== undefined && connections?.size === 0) clients.delete(client)
    }
  })

  /** The oldest connection that has never brought a request, if it has had the time for one. */
  function findUnused(connections: Set<Connection>): Connection | undefined {
    for (const connection of connections) {
      if (!connection.isUsed && clock.now() - connection.since >= UNUSED_MS) return connection
    }
    return undefined
  }

  return {
    /** Whether the connection is one too many of its client. */
    isRefused: (socket: Socket): boolean => refused.has(socket)
  }
}
