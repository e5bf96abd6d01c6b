interface Line<Item> {
  /** When the first item of the line is served: the line with the lowest turn is next. */
  turn: number
  waiting: Array<Place<Item>>
}

interface Place<Item> {
  item: Item
  rank: number
  /** The order of arrival. */
  arrival: number
}

export type Turns<Item> = ReturnType<typeof createTurns<Item>>

/**
 * A queue in which clients take turns (start-time fair queueing): each client has a line, and each line is served once
 * in a round. A client that comes later is served in the current round, however many items others have waiting.
 */
export function createTurns<Item>() {
  const lines = new Map<string, Line<Item>>()
  /** The next turn of clients whose line is empty and that were served in this round, in the order of their turns. */
  const served = new Map<string, number>()
  let round = 0
  let arrivals = 0

  function lineOf(client: string): Line<Item> {
    const line = lines.get(client) ?? { turn: Math.max(round, served.get(client) ?? 0), waiting: [] }
    lines.set(client, line)
    return line
  }

  /** Takes an item out of all lines. */
  function take(item: Item): boolean {
    let isFound = false
    for (const [client, line] of lines) {
      const index = line.waiting.findIndex((place) => place.item === item)
      if (index < 0) continue
      isFound = true
      line.waiting.splice(index, 1)
      if (line.waiting.length > 0) continue
      lines.delete(client)
      served.delete(client)
      served.set(client, line.turn)
    }
    return isFound
  }

  return {
    /** How many items wait. An item in several lines counts once for each. */
    get size(): number {
      return [...lines.values()].reduce((sum, { waiting }) => sum + waiting.length, 0)
    },

    /** How many clients wait. */
    get clients(): number {
      return lines.size
    },

    /** How many items of a client wait. */
    sizeOf(client: string): number {
      return lines.get(client)?.waiting.length ?? 0
    },

    /**
     * Puts an item into the line of a client. An item may be in the lines of several clients: the first one that is
     * served takes it.
     * @param rank a lower rank goes before the client's other items
     */
    add(item: Item, client: string, rank = 0): void {
      const { waiting } = lineOf(client)
      const index = waiting.findIndex((place) => place.rank > rank)
      waiting.splice(index < 0 ? waiting.length : index, 0, { item, rank, arrival: arrivals })
      arrivals += 1
    },

    remove: take,

    /** Takes the item whose turn it is; undefined when none waits. */
    next(): Item | undefined {
      let first: Line<Item> | undefined
      for (const line of lines.values()) if (first === undefined || isBefore(line, first)) first = line
      if (first === undefined) {
        // There is no competition, so it does not matter any more who was served.
        served.clear()
        return undefined
      }
      round = first.turn
      first.turn += 1
      const { item } = first.waiting[0]!
      take(item)
      for (const [client, turn] of served) {
        if (turn > round) break
        served.delete(client)
      }
      return item
    },

    /** All items in the order in which they are served if none is added. */
    ordered(): Item[] {
      const rounds: Array<Array<Place<Item>>> = []
      for (const { turn, waiting } of lines.values()) {
        for (const [index, place] of waiting.entries()) (rounds[turn - round + index] ??= []).push(place)
      }
      return rounds.flatMap((places) => places.sort((a, b) => a.arrival - b.arrival)).map(({ item }) => item)
    }
  }
}

function isBefore<Item>(one: Line<Item>, other: Line<Item>): boolean {
  if (one.turn !== other.turn) return one.turn < other.turn
  return one.waiting[0]!.arrival < other.waiting[0]!.arrival
}
