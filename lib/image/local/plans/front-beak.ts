import type { Model } from '../anatomy.ts'
import { ROUND } from '../expression.ts'
import { strokeOf } from '../mouth.ts'
import { both } from '../repeat.ts'
import { ellipse, path } from '../svg.ts'
import type { Point } from '../svg.ts'
import type { BirdHead } from './beak.ts'

/** The hooked beak of an owl from the front. Its corners, its lower half and what is between them show the feeling. */
export function frontBeak({ pen, expression }: Model, { x, y, radius }: BirdHead): string {
  const { smile, open, teeth, tongue } = expression
  const at = (dx: number, dy: number): Point => [x + dx * radius, y + dy * radius]
  const mood = Math.max(-1, Math.min(1, smile))
  const isOpen = teeth || open >= 0.15
  const gap = teeth ? 0.14 : isOpen ? 0.12 + Math.min(1.2, open) * 0.2 : 0.03
  const half = 0.3
  // The corners of the mouth, and the height at which the halves meet in the middle.
  const side = 0.46 - mood * 0.1
  const [left, right, middle] = [at(-half, side), at(half, side), at(0, 0.48)]
  const upper = path`
    M${left[0]} ${left[1]}
    Q${x - radius * 0.2} ${y + radius * 0.1} ${x} ${y + radius * 0.08}
    Q${x + radius * 0.2} ${y + radius * 0.1} ${right[0]} ${right[1]}
    Q${x + radius * 0.12} ${y + radius * (0.44 + mood * 0.08)} ${x} ${y + radius * 0.68}
    Q${x - radius * 0.12} ${y + radius * (0.44 + mood * 0.08)} ${left[0]} ${left[1]}Z
  `
  const low = middle[1] + radius * (0.2 + gap * 1.5)
  const inside = path`
    M${left[0]} ${left[1]}L${right[0]} ${right[1]}
    Q${x + radius * 0.26} ${low} ${x} ${low}
    Q${x - radius * 0.26} ${low} ${left[0]} ${left[1]}Z
  `
  const jaw = path`
    M${left[0]} ${left[1]}
    Q${x - radius * 0.26} ${low} ${x} ${low}
    Q${x + radius * 0.26} ${low} ${right[0]} ${right[1]}
  `
  const lower = pen.solid(inside, isOpen ? 'ink' : 'accentDark', { depth: 0 })
  const filled = !isOpen
    ? ''
    : pen.within(
        inside,
        teeth || Math.abs(smile) <= ROUND
          ? ''
          : pen.flat(ellipse(x, low, radius * 0.2, radius * 0.16), 'heart')
      ) + pen.line(jaw, 'accentDark', radius * 0.1)
  const out = tongue
    ? pen.flat(ellipse(x + radius * 0.08, y + radius * 0.72, radius * 0.13, radius * 0.24), 'heart')
    : ''
  const corners = both((hand) => {
    const [cx, cy] = at(hand * half, side)
    return strokeOf(
      pen,
      [
        [cx - hand * radius * 0.1, cy + mood * radius * 0.06],
        [cx, cy],
        [cx + hand * radius * 0.03, cy - mood * radius * 0.05]
      ],
      'ink',
      Math.max(8, radius * 0.05) * pen.face.weight
    )
  })
  return lower + filled + out + pen.solid(upper, 'accent', { depth: 0.4 }) + corners
}
