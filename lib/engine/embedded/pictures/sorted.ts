import type { Position } from '../../cursor.ts'

/**
 * Sorts the newest first. Pictures of the same time are sorted by series and address, so the order is the same after
 * each start.
 */
export function comparePositions(a: Position, b: Position): number {
  return b.modifiedMs - a.modifiedMs || compareText(a.series, b.series) || compareText(a.address, b.address)
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** The position before all pictures that were modified at this time or earlier. */
export function startOf(modifiedMs: number): Position {
  return { modifiedMs, series: '', address: '' }
}

export type SortedPictures<T extends Position> = ReturnType<typeof createSortedPictures<T>>

/**
 * A sorted list of pictures. Each change takes a binary search; with 100,000 pictures, sorting again would take too
 * long.
 * @param sorted pictures that are already in order; the list takes the array over
 */
export function createSortedPictures<T extends Position>(sorted: T[] = []) {
  const items = sorted

  /** The index of the first item at this position or after it. */
  function indexOf(position: Position): number {
    let low = 0
    let high = items.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (comparePositions(items[middle]!, position) < 0) low = middle + 1
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
      const index = indexOf(item)
      if (items[index] === item) items.splice(index, 1)
    },

    /** The index of the first item after this position. */
    indexAfter(position: Position): number {
      const index = indexOf(position)
      const found = items[index]
      return found !== undefined && comparePositions(found, position) === 0 ? index + 1 : index
    }
  }
}
