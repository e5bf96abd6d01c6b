/** Where a picture stands among others. */
export interface Position {
  modifiedMs: number
  series: string
  address: string
}

/** Newest first; pictures of one instant by series and address, so that an order is the same at each start. */
export function comparePositions(a: Position, b: Position): number {
  return b.modifiedMs - a.modifiedMs || compareText(a.series, b.series) || compareText(a.address, b.address)
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

export type SortedPictures<T extends Position> = ReturnType<typeof createSortedPictures<T>>

/** Pictures in order, kept so one by one: with 100,000 of them sorting anew at each change would take too long. */
export function createSortedPictures<T extends Position>(sorted: T[] = []) {
  const items = sorted

  /** Index of the first item that stands at this place or behind it. */
  function indexOf(place: Position): number {
    let low = 0
    let high = items.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (comparePositions(items[middle]!, place) < 0) low = middle + 1
      else high = middle
    }
    return low
  }

  return {
    items: items as readonly T[],
    indexOf,

    add(item: T): void {
      items.splice(indexOf(item), 0, item)
    },

    remove(item: T): void {
      const at = indexOf(item)
      if (items[at] === item) items.splice(at, 1)
    },

    /** Index of the first item behind this place. */
    indexAfter(place: Position): number {
      const at = indexOf(place)
      const found = items[at]
      return found !== undefined && comparePositions(found, place) === 0 ? at + 1 : at
    }
  }
}
