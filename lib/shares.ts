export type Shares = ReturnType<typeof createShares>

/**
 * Counts what each client has at the same time.
 * @param max what one client may have; undefined is no limit
 */
export function createShares(max: number | undefined) {
  const held = new Map<string, number>()

  return {
    /** How many clients have something. */
    get clients(): number {
      return held.size
    },

    /** What a client has now. */
    sizeOf: (client: string): number => held.get(client) ?? 0,

    /** Takes a place. Undefined when the client has all of its share; else the result gives the place back. */
    take(client: string): (() => void) | undefined {
      const count = held.get(client) ?? 0
      if (max !== undefined && count >= max) return undefined
      held.set(client, count + 1)
      let isHeld = true
      return () => {
        if (!isHeld) return
        isHeld = false
        const left = held.get(client)! - 1
        if (left === 0) held.delete(client)
        else held.set(client, left)
      }
    }
  }
}

/** What a shared room holds. */
export interface Occupancy {
  /** What all clients have in it. */
  total: number
  limit: number
  /** What this client has in it. */
  own: number
  /** The clients that have something in it. */
  clients: number
}

/**
 * Whether a shared room takes one more of a client. A client that is alone may fill it. When it is full, another client
 * still gets its share: the limit divided by the number of clients, and at least one. In all, at most twice the limit
 * fits in.
 */
export function hasRoom({ total, limit, own, clients }: Occupancy): boolean {
  if (total < limit) return true
  const sharing = own === 0 ? clients + 1 : clients
  return total < 2 * limit && own < Math.max(1, Math.floor(limit / sharing))
}
