import type { Anatomy } from '../anatomy.ts'
import type { Pen } from '../pen.ts'
import { each } from '../repeat.ts'
import { ellipse, path, rectangle } from '../svg.ts'

/** A cloth over the back of an animal, with the marks of a garment. It ends at the outline of the body. */
export function drawBackCloth(
  pen: Pen,
  garment: string,
  { d, x, y, width, height }: NonNullable<Anatomy['torso']>
): string {
  const [left, right, low] = [x + width * 0.05, x + width * 0.95, y + height * 0.66]
  // The corners are round, and the hem follows the belly.
  const cloth = path`
    M${left + 20} ${y - 40}
    H${right - 20}
    Q${right + width * 0.05} ${y + height * 0.3} ${right} ${low - 30}
    Q${right - 4} ${low + 14} ${right - 60} ${low + 14}
    Q${x + width / 2} ${low + 44} ${left + 60} ${low + 14}
    Q${left + 4} ${low + 14} ${left} ${low - 30}
    Q${left - width * 0.05} ${y + height * 0.3} ${left + 20} ${y - 40}Z
  `
  const hem = path`
    M${left} ${low - 50}
    Q${left + 8} ${low - 12} ${left + 60} ${low - 12}
    Q${x + width / 2} ${low + 18} ${right - 60} ${low - 12}
    Q${right - 8} ${low - 12} ${right} ${low - 50}
  `
  const girth = path`M${x + width * 0.5} ${low}V${y + height * 1.3}`
  const marks: Record<string, string> = {
    apron: pen.line(
      path`M${x + width * 0.3} ${y - 20}V${low + 20}M${x + width * 0.7} ${y - 20}V${low + 20}`,
      'clothDark',
      20
    ),
    coat: each([0.16, 0.34, 0.52], (share) =>
      pen.flat(ellipse(x + width * 0.24, y + height * share, 14), 'accent')
    ),
    jersey: each([0.06, 0.3, 0.54], (share) =>
      pen.flat(rectangle(x - 30, y + height * share, width + 60, height * 0.12), 'paper')
    ),
    overalls: pen.line(
      path`M${x + width * 0.34} ${y - 20}V${y + height}M${x + width * 0.66} ${y - 20}V${y + height}`,
      'clothDark',
      24
    ),
    sash: pen.line(path`M${x} ${y}L${x + width} ${y + height * 0.8}`, 'accent', 34),
    vest: pen.line(path`M${x + width / 2} ${y - 20}V${y + height}`, 'clothDark', 14)
  }
  return pen.within(
    d,
    pen.line(girth, 'clothDark', 30) +
      pen.solid(cloth, 'cloth', { depth: 0.5, inside: (marks[garment] ?? '') + pen.line(hem, 'accent', 16) })
  )
}
