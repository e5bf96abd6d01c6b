import { isCalm } from './backdrop.ts'
import { handOf } from './hands/index.ts'
import type { Role } from './palette.ts'
import type { Pen } from './pen.ts'
import { repeat } from './repeat.ts'
import type { Traits } from './traits.ts'

/**
 * The emblem of the second art style behind the figure, larger the more the style counts: an even pattern where the
 * back style leaves the sky empty, else one row.
 */
export function drawOrnament(pen: Pen, { artStyle2, backStyle, mixing }: Traits, horizon: number): string {
  if (artStyle2.name === '') return ''
  const random = artStyle2.random()
  const { motif } = handOf(artStyle2)
  const role: Role = random.pick(['skyLow', 'far'] as const)
  const columns = random.pick([5, 6, 7])
  const step = 1000 / columns
  const size = step * (0.16 + 0.16 * mixing)
  const shift = random.between(0.3, 0.7)
  if (!isCalm(backStyle)) {
    const y = random.pick([80, horizon - size * 1.2])
    return repeat(columns, (index) => motif(pen, (index + shift) * step, y, size, role))
  }
  const rows = Math.max(1, Math.ceil((horizon - 40) / (step * 0.9)))
  return repeat(columns * rows, (index) => {
    const row = Math.floor(index / columns)
    const x = ((index % columns) + (row % 2 === 0 ? 0.5 : shift + 0.5)) * step
    return motif(pen, x % 1000, 40 + (row + 0.4) * step * 0.9, size, role)
  })
}
