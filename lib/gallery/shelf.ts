/** Where a picture stands among others. */
export interface Place {
  modifiedMs: number
  series: string
  address: string
}

/** Newest first; pictures of one instant by series and address, so that an order is the same at each start. */
export function comparePlaces (a: Place, b: Place): number {
  return b.modifiedMs - a.modifiedMs || compareText(a.series, b.series) || compareText(a.address, b.address)
}

function compareText (a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

export type Shelf<T extends Place> = ReturnType<typeof createShelf<T>>

/** Pictures in order, kept so one by one: with 100,000 of them sorting anew at each change would take too long. */
export function createShelf<T extends Place> (sorted: T[] = []) {
  const items = sorted

  /** Index of the first item that stands at this place or behind it. */
  function indexOf (place: Place): number {
    let low = 0
    let high = items.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (comparePlaces(items[middle]!, place) < 0) low = middle + 1
      else high = middle
    }
    return low
  }

  return {
    items: items as readonly T[],
    indexOf,

    add (item: T): void {
      items.splice(indexOf(item), 0, item)
    },

    remove (item: T): void {
      const at = indexOf(item)
      if (items[at] === item) items.splice(at, 1)
    },

    /** Index of the first item behind this place. */
    indexAfter (place: Place): number {
      const at = indexOf(place)
      const found = items[at]
      return found !== undefined && comparePlaces(found, place) === 0 ? at + 1 : at
    }
  }
}
