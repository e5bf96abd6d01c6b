import { handOf } from './hands/index.ts'
import type { Role } from './palette.ts'
import type { Pen } from './pen.ts'
import { repeat } from './repeat.ts'
import type { Traits } from './traits.ts'

/** The emblem of the second art style behind the figure: larger and clearer the more the style counts. */
export function drawOrnament(pen: Pen, { artStyle2, mixing }: Traits, horizon: number): string {
  if (artStyle2.name === '') return ''
  const random = artStyle2.random()
  const { motif } = handOf(artStyle2)
  const role: Role = random.pick(['skyLow', 'far', 'accent'] as const)
  const columns = random.pick([3, 4, 5])
  const step = 1000 / columns
  const shift = random.between(0.2, 0.8)
  const rows = Math.max(1, Math.ceil((horizon - 60) / (step * 0.9)))
  return repeat(columns * rows, (index) => {
    const row = Math.floor(index / columns)
    const x = ((index % columns) + (row % 2 === 0 ? 0.5 : shift)) * step
    return motif(pen, x, 60 + (row + 0.4) * step * 0.86, step * (0.13 + 0.15 * mixing), role)
  })
}
