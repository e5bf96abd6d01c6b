import type { Anatomy } from '../anatomy.ts'
import type { Pen } from '../pen.ts'
import { both, each, repeat } from '../repeat.ts'
import { contains, outlineOf } from '../small/outline.ts'
import { IDENTITY } from '../small/matrix.ts'
import { readPath } from '../small/path-data.ts'
import { blob, ellipse, path, ribbon } from '../svg.ts'

/** Where a band goes around a figure. `body` is the outline that cuts it, if it goes around the whole body. */
export type Neck = Anatomy['neck'] & { body?: string }

/** The widest body that a band goes around. A wider one without a neck has a bow tie. */
const MOST_BAND = 430
/** How far the upper edge of each garment is above the neck. */
const RISE: Record<string, number> = { scarf: 56, bowTie: 62, ruff: 66, kerchief: 44 }
const STEP = 12

/** The garment that a figure wears around its neck, and where. @param lowest the lower end of its face */
export function neckwearOf(
  name: string,
  { neck, torso, face, head }: Pick<Anatomy, 'neck' | 'torso' | 'face' | 'head'>,
  lowest: number
): { name: string; neck: Neck } {
  const isNear = Math.abs(neck.x - face.x) < Math.max(120, neck.width / 2)
  const lowered = (kind: string): Neck =>
    isNear ? { ...neck, y: Math.max(neck.y, lowest + (RISE[kind] ?? 24)) } : neck
  if (RISE[name] === undefined || neck.width === 0 || !isFaceOnBody({ torso, face, head })) {
    return { name, neck: isNear ? { ...neck, y: Math.max(neck.y, lowest + 24) } : neck }
  }
  const placed = lowered(name)
  const span = torso === undefined ? undefined : spanAt(torso.d, placed)
  if (torso === undefined || span === undefined || span[1] - span[0] > MOST_BAND) {
    return { name: 'bowTie', neck: { ...lowered('bowTie'), x: face.mouth?.x ?? face.x } }
  }
  const [left, right] = span
  return { name, neck: { x: (left + right) / 2, y: placed.y, width: right - left + 24, body: torso.d } }
}

/** Whether the face is on the body: there is no head apart from it. */
export function isFaceOnBody({ torso, face, head }: Pick<Anatomy, 'torso' | 'face' | 'head'>): boolean {
  if (head === '') return true
  if (torso === undefined || torso.isBack === true) return false
  const { x, y } = face.mouth ?? face
  return contains(outlineOf(readPath(torso.d), IDENTITY, 0), x, y)
}

/** From where to where an outline is beside a point that it has inside. */
function spanAt(d: string, { x, y }: { x: number; y: number }): readonly [number, number] | undefined {
  const outline = outlineOf(readPath(d), IDENTITY, 0)
  if (!contains(outline, x, y)) return undefined
  const endAt = (step: number) => {
    let end = x
    while (contains(outline, end + step, y)) end += step
    return end
  }
  return [endAt(-STEP), endAt(STEP)]
}

/** A band around a neck. It hangs lower in the middle, and it ends at the outline of the body. */
function band(pen: Pen, { x, y, width, body }: Neck, thick: number, role: 'cloth' | 'clothDark'): string {
  const sag = Math.min(44, width * 0.14)
  const drawn = pen.solid(
    ribbon(
      [
        [x - width * 0.52, y - sag * 0.4],
        [x - width * 0.26, y + sag * 0.4],
        [x, y + sag * 0.66],
        [x + width * 0.26, y + sag * 0.4],
        [x + width * 0.52, y - sag * 0.4]
      ],
      [thick * 0.86, thick, thick * 1.06, thick, thick * 0.86]
    ),
    role,
    { depth: 0.4 }
  )
  return body === undefined ? drawn : pen.within(body, drawn)
}

/** An end of a scarf, with its fringe. */
const scarfEnd = (pen: Pen, x: number, y: number, slant: number, long: number) =>
  pen.solid(
    ribbon(
      [
        [x, y],
        [x + slant * 0.7, y + long * 0.5],
        [x + slant, y + long]
      ],
      [50, 70, 80]
    ),
    'cloth',
    {
      depth: 0.4,
      inside: pen.line(
        path`M${x + slant - 60} ${y + long - 28}h120M${x + slant - 60} ${y + long - 58}h120`,
        'clothDark',
        12
      )
    }
  )

type Worn = (pen: Pen, neck: Neck) => string

export const NECKWEAR: Record<'scarf' | 'bowTie' | 'ruff' | 'kerchief', Worn> = {
  scarf(pen, neck) {
    const thick = Math.max(54, Math.min(80, neck.width * 0.34))
    const [x, y] = [neck.x + neck.width * 0.2, neck.y + 14]
    return (
      scarfEnd(pen, x - 14, y, -24, 150) +
      scarfEnd(pen, x + 12, y, 22, 206) +
      band(pen, neck, thick, 'cloth') +
      pen.solid(ellipse(x, y, thick * 0.5, thick * 0.56), 'clothDark', { depth: 0.3 })
    )
  },
  bowTie: (pen, { x, y }) =>
    both((side) =>
      pen.solid(blob([x, y + 10], [x + side * 106, y - 50], [x + side * 106, y + 70]), 'cloth', {
        depth: 0.4
      })
    ) + pen.solid(ellipse(x, y + 10, 28), 'clothDark', { depth: 0 }),
  ruff(pen, { x, y, width, body }) {
    const drawn = repeat(9, (index) =>
      pen.solid(
        ellipse(x + (index - 4) * width * 0.13, y + 12 - Math.abs(index - 4) * 7, width * 0.095, 46),
        index % 2 === 0 ? 'paper' : 'cloth',
        { depth: 0.3 }
      )
    )
    return body === undefined ? drawn : pen.within(body, drawn)
  },
  kerchief(pen, neck) {
    const { x, y, width } = neck
    const half = Math.min(width * 0.4, 120)
    const cloth = path`
      M${x - half} ${y - 4}
      Q${x} ${y + 40} ${x + half} ${y - 4}
      Q${x + half * 0.5} ${y + 84} ${x + 8} ${y + 40 + half}
      Q${x} ${y + 50 + half} ${x - 8} ${y + 40 + half}
      Q${x - half * 0.5} ${y + 84} ${x - half} ${y - 4}Z
    `
    const dots = each(
      [
        [-0.42, 42],
        [0.42, 42],
        [0, 66]
      ],
      ([dx, dy]) => pen.flat(ellipse(x + dx * half, y + dy, 12), 'paper')
    )
    return pen.solid(cloth, 'cloth', { depth: 0.5, inside: dots }) + band(pen, neck, 42, 'clothDark')
  }
}
