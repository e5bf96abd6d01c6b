import type { Unit } from '../row.ts'

/** How figures change with a number, such as that of pictures. */
export interface Growth {
  /** The name of its chart. */
  name: string
  /** What grows, such as `pictures`. */
  of: string
  /** Whether the steps are so different that the axis is logarithmic. */
  isLogarithmic: boolean
  figures: Figure[]
}

export interface Figure {
  what: string
  unit: Unit
  /** The figure at each step, by the number at this step. */
  points: Array<[number: number, value: number]>
}

/** Collects figures step by step. */
export function createGrowth(head: Omit<Growth, 'figures'>) {
  const figures = new Map<string, Figure>()
  return {
    add(number: number, what: string, unit: Figure['unit'], value: number): void {
      const figure = figures.get(what) ?? { what, unit, points: [] }
      figure.points.push([number, value])
      figures.set(what, figure)
    },
    end: (): Growth => ({ ...head, figures: [...figures.values()] })
  }
}
