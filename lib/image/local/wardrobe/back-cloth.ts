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
  const cloth = path`
    M${x} ${y - 40}
    H${x + width}
    L${x + width * 1.04} ${y + height * 0.86}
    Q${x + width / 2} ${y + height * 1.02} ${x - width * 0.04} ${y + height * 0.86}Z
  `
  const hem = path`
    M${x - width * 0.03} ${y + height * 0.76}
    Q${x + width / 2} ${y + height * 0.92} ${x + width * 1.03} ${y + height * 0.76}
  `
  const marks: Record<string, string> = {
    apron: pen.flat(
      rectangle(x + width * 0.32, y + height * 0.34, width * 0.36, height * 0.28, 10),
      'clothDark'
    ),
    coat: each([0.2, 0.42, 0.64], (share) =>
      pen.flat(ellipse(x + width * 0.2, y + height * share, 14), 'accent')
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
    pen.solid(cloth, 'cloth', { depth: 0.5, inside: marks[garment] ?? '' }) + pen.line(hem, 'accent', 18)
  )
}
