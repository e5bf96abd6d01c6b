export type Shares = ReturnType<typeof createShares>

/**
 * Counts what each client has at the same time.
 * @param max what one client may have; undefined is no limit
 */
export function createShares(max: number | undefined) {
  const held = new Map<string, number>()

  return {
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
