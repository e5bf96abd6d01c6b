import { FACETS, HEAVY_WEIGHT, facetKey } from '../../../dress/facets.ts'
import type { Facet, FacetName, FacetValue } from '../../../dress/facets.ts'
import { chosenByFacet } from '../../facet-counts.ts'

const FIRST_ROWS = 64
/** How much a column grows when it is full. */
const GROWTH = 1.25

type Numbers = Uint8Array | Uint16Array | Uint32Array

/** The row of pictures that have no value. */
export const NO_ROW = 0

/** The numbers of a column: as few bytes as the largest one needs. */
interface Column {
  numbers: Numbers
}

/** A facet: its different values, and the columns with their numbers. 0 stands for no value. */
interface Kept {
  facet: Facet
  /** By number. */
  values: string[]
  numbers: Map<string, number>
  columns: Column[]
}

export type FacetTable = ReturnType<typeof createFacetTable>

/**
 * The facet values of many pictures in little memory, some 35 bytes each: a row of small numbers for each picture, that
 * stand for texts which all pictures share.
 */
export function createFacetTable() {
  const facets = FACETS.map((facet): Kept => {
    const columns = facet.attributes.map(() => ({ numbers: new Uint8Array(FIRST_ROWS) }))
    return { facet, values: [''], numbers: new Map([['', 0]]), columns }
  })
  const byName = new Map<FacetName, Kept>(facets.map((each) => [each.facet.name, each]))
  const free: number[] = []
  let rows = NO_ROW + 1

  const numberOf = ({ facet, value }: FacetValue) => byName.get(facet)!.numbers.get(facetKey(value))

  /** A test whether a row has one of these values of a facet. */
  function testOf(
    { values, numbers, columns }: Kept,
    chosen: readonly FacetValue[]
  ): (row: number) => boolean {
    const isWanted = new Uint8Array(values.length)
    for (const { value } of chosen) {
      const number = numbers.get(facetKey(value))
      if (number !== undefined && number !== 0) isWanted[number] = 1
    }
    // A value that comes later has a number beyond the end, which is not wanted.
    return (row) => columns.some((column) => isWanted[column.numbers[row]!] === 1)
  }

  return {
    /** Adds a row. @returns its number, for all other calls */
    add(values: readonly FacetValue[]): number {
      if (values.length === 0) return NO_ROW
      const row = free.pop() ?? rows++
      const used = new Map<Kept, number>()
      for (const { facet, value } of values) {
        const kept = byName.get(facet)!
        const at = used.get(kept) ?? 0
        const column = kept.columns[at]
        if (column === undefined) continue
        used.set(kept, at + 1)
        setNumber(column, row, intern(kept, value))
      }
      return row
    },

    /** Takes a row away, and gives its place to a later one. */
    remove(row: number): void {
      if (row === NO_ROW) return
      for (const { numbers } of facets.flatMap(({ columns }) => columns)) {
        if (row < numbers.length) numbers[row] = 0
      }
      free.push(row)
    },

    /** Whether a row has, or once had, this value. */
    knows: (value: FacetValue): boolean => (numberOf(value) ?? 0) !== 0,

    /** For each facet of which something is chosen, a test whether a row has one of its values. */
    tests(chosen: readonly FacetValue[] = []): Map<FacetName, (row: number) => boolean> {
      return new Map(
        [...chosenByFacet(chosen)].map(([name, values]) => [name, testOf(byName.get(name)!, values)])
      )
    },

    /** A test whether a row has one of the values that are meant. */
    testOfMeant(isMeant: (value: FacetValue) => boolean): (row: number) => boolean {
      const columns = facets.flatMap(({ facet, values, columns: ofFacet }) => {
        const isWanted = Uint8Array.from(values, (value, number) =>
          number !== 0 && isMeant({ facet: facet.name, value }) ? 1 : 0
        )
        return isWanted.includes(1) ? ofFacet.map((column) => ({ column, isWanted })) : []
      })
      return (row) => columns.some(({ column, isWanted }) => isWanted[column.numbers[row]!] === 1)
    },

    /** Counts the values of a facet in the rows that it is called with. */
    counter(name: FacetName): {
      add: (row: number) => void
      counts: () => Array<{ value: string; count: number }>
    } {
      const { values, columns } = byName.get(name)!
      const length = values.length
      const counts = new Uint32Array(length)
      return {
        add(row) {
          // A row has each value once.
          for (const { numbers } of columns) {
            const number = numbers[row] ?? 0
            if (number !== 0 && number < length) counts[number]! += 1
          }
        },
        counts: () =>
          [...counts].flatMap((count, number) => (count === 0 ? [] : [{ value: values[number]!, count }]))
      }
    },

    /** How alike rows are to this one: the weights of the values that both have; 0 without a heavy one. */
    likeness(to: number): (row: number) => number {
      const columns = facets.flatMap(({ facet: { weight }, values, columns: ofFacet }) => {
        if (weight === 0) return []
        const weights = new Uint8Array(values.length)
        for (const { numbers } of ofFacet) weights[numbers[to] ?? 0] = weight
        weights[0] = 0
        return ofFacet.map(({ numbers }) => ({ numbers, weights }))
      })
      return (row) => {
        let sum = 0
        let heaviest = 0
        for (const { numbers, weights } of columns) {
          const weight = weights[numbers[row] ?? 0] ?? 0
          sum += weight
          if (weight > heaviest) heaviest = weight
        }
        return heaviest >= HEAVY_WEIGHT ? sum : 0
      }
    }
  }
}

/** The number of a value, which it gets when it comes first. */
function intern({ values, numbers }: Kept, value: string): number {
  const key = facetKey(value)
  const known = numbers.get(key)
  if (known !== undefined) return known
  // A slice of a string keeps the whole string in memory, so it is copied.
  const copy = Buffer.from(value).toString()
  const number = values.push(copy) - 1
  numbers.set(facetKey(copy), number)
  return number
}

function setNumber(column: Column, row: number, number: number): void {
  const { numbers } = column
  const bytes = Math.max(numbers.BYTES_PER_ELEMENT, number < 2 ** 8 ? 1 : number < 2 ** 16 ? 2 : 4)
  if (bytes !== numbers.BYTES_PER_ELEMENT || row >= numbers.length) {
    const length = row < numbers.length ? numbers.length : Math.ceil((row + 1) * GROWTH)
    const grown =
      bytes === 1 ? new Uint8Array(length) : bytes === 2 ? new Uint16Array(length) : new Uint32Array(length)
    grown.set(numbers)
    column.numbers = grown
  }
  column.numbers[row] = number
}
