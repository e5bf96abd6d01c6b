export type RoundRobin<Item> = ReturnType<typeof createRoundRobin<Item>>

/** A queue that serves one item of each client in a round. The number of clients does not slow it. */
export function createRoundRobin<Item>() {
  /** The client whose line comes first is next. */
  const lines = new Map<string, Item[]>()

  return {
    /** Puts an item at the end of a client's line. A client without a line is the last of the round. */
    add(item: Item, client: string): void {
      const line = lines.get(client)
      if (line === undefined) lines.set(client, [item])
      else line.push(item)
    },

    /** Takes the item whose turn it is; undefined when none waits. */
    next(): Item | undefined {
      const [first] = lines
      if (first === undefined) return undefined
      const [client, line] = first
      const item = line.shift()
      lines.delete(client)
      if (line.length > 0) lines.set(client, line)
      return item
    }
  }
}
