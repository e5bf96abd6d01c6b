import type { Role } from '../palette.ts'
import type { Pen } from '../pen.ts'
import { each, repeat } from '../repeat.ts'
import { ellipse, group, path, polar, polygon, rectangle } from '../svg.ts'
import { WHOLE, plane } from './country.ts'
import type { Hand, Stage } from './hand.ts'

/** A strip of kente from x = 0 to `length`: blocks of stripes along it, of stripes across it, and of a cross. */
function kente(pen: Pen, length: number, high: number, frame: Role): string {
  const bars = { accent: '', paper: '', [frame]: '' } as Partial<Record<Role, string>>
  const add = (role: Role, d: string) => (bars[role] = (bars[role] ?? '') + d)
  repeat(Math.ceil(length / high), (index) => {
    const x = index * high
    const part = (share: number) => share * high
    if (index % 3 === 0) {
      add('accent', rectangle(x + part(0.06), part(0.1), part(0.88), part(0.2)))
      add(frame, rectangle(x + part(0.06), part(0.4), part(0.88), part(0.2)))
      add('accent', rectangle(x + part(0.06), part(0.7), part(0.88), part(0.2)))
    } else if (index % 3 === 1) {
      add(
        frame,
        rectangle(x + part(0.08), 0, part(0.16), high) + rectangle(x + part(0.76), 0, part(0.16), high)
      )
      add(
        'accent',
        rectangle(x + part(0.34), 0, part(0.1), high) + rectangle(x + part(0.56), 0, part(0.1), high)
      )
    } else {
      add('paper', rectangle(x + part(0.38), part(0.1), part(0.24), part(0.8)))
      add('paper', rectangle(x + part(0.1), part(0.38), part(0.8), part(0.24)))
      add(frame, rectangle(x + part(0.42), part(0.42), part(0.16), part(0.16)))
    }
    return ''
  })
  return (
    pen.flat(rectangle(-9, 0, length + 18, high), 'ink') +
    each(Object.entries(bars), ([role, d]) => (d === '' ? '' : pen.flat(d, role as Role)))
  )
}

/** The signs of mud cloth in a square around x, y. */
const SIGNS: ReadonlyArray<(x: number, y: number, r: number) => string> = [
  (x, y, r) => path`M${x - r} ${y - r}L${x + r} ${y + r}M${x - r} ${y + r}L${x + r} ${y - r}`,
  (x, y, r) => path`M${x} ${y - r}L${x + r} ${y}L${x} ${y + r}L${x - r} ${y}ZM${x - 1} ${y}h2`,
  (x, y, r) =>
    path`M${x - r} ${y + r * 0.6}L${x - r * 0.5} ${y - r * 0.6}L${x} ${y + r * 0.6}` +
    path`L${x + r * 0.5} ${y - r * 0.6}L${x + r} ${y + r * 0.6}`,
  (x, y, r) =>
    each([-0.8, 0, 0.8], (dx) => path`M${x + dx * r} ${y - r}V${y + r}`) + path`M${x - r} ${y}H${x + r}`,
  (x, y, r) => ellipse(x, y, r * 0.8) + path`M${x - 1} ${y}h2`
]

/** Rows of signs, each row of one kind. */
const signs = (
  pen: Pen,
  role: Role,
  { from, to, step }: { from: number; to: number; step: number },
  first: number
) =>
  each(
    Array.from({ length: Math.ceil((to - from) / step) }, (_, row) => row),
    (row) =>
      pen.line(
        repeat(Math.ceil(1000 / step), (index) =>
          SIGNS[(row + first) % SIGNS.length]!(
            (index + (row % 2 === 0 ? 0.5 : 1)) * step,
            from + (row + 0.5) * step,
            step * 0.24
          )
        ),
        role,
        step * 0.085
      )
  )

/** The sun behind the head, with teeth. */
function sun({ pen, head: [x, y] }: Stage): string {
  const teeth = repeat(28, (index) => {
    const at = (turn: number, radius: number) => polar(x, y, radius, index * 12.857 + turn)
    return polygon(at(-6.43, 346), at(0, 404), at(6.43, 346))
  })
  return pen.flat(teeth + ellipse(x, y, 322), 'skyLow')
}

/** The width of the strips at the sides. */
const STRIP = 58

/** African cloth: signs of mud cloth in a tone of the ground, a toothed sun, strips of kente, black outlines. */
export const waxprint: Hand = {
  name: 'waxprint',
  feet: 896,
  technique: {
    shading: 'flat',
    outline: { role: 'ink', width: 10 },
    face: { rim: 0.16, pupil: 'ring', weight: 1.15 }
  },
  palette: {
    grounds: ['deep', 'mid', 'deep'],
    chroma: 1.15,
    back: { h: 48, share: 0.55 },
    accent: { l: 0.82, c: 0.18, h: 90 }
  },
  head: 1.1,
  motif: (pen, x, y, radius, role) =>
    each([1, 0.5], (share) =>
      pen.line(
        polygon(
          [x, y - radius * share],
          [x + radius * share, y],
          [x, y + radius * share],
          [x - radius * share, y]
        ),
        role,
        radius * 0.2
      )
    ),
  back: (stage) => {
    const { pen, horizon, frame, random } = stage
    const first = random.whole(0, SIGNS.length - 1)
    return (
      pen.flat(WHOLE, 'sky') +
      signs(pen, 'far', { from: 20, to: horizon - 30, step: random.pick([100, 125, 143]) }, first) +
      sun(stage) +
      stage.landmark(1) +
      plane(stage) +
      pen.line(`M-60 ${horizon}H1060`, 'ink', 14) +
      stage.paths() +
      (random.chance(0.5)
        ? group(kente(pen, 1000, STRIP, roleOf(frame)), `translate(${STRIP} 0) rotate(90)`) +
          group(kente(pen, 1000, STRIP, roleOf(frame)), 'translate(1000 0) rotate(90)')
        : '')
    )
  },
  front: ({ pen, frame, random }) =>
    random.chance(0.5)
      ? group(kente(pen, 1000, 91, roleOf(frame)), 'translate(0 909)')
      : pen.flat('M-9 909H1009V1009H-9Z', 'ink') +
        signs(pen, 'accent', { from: 909, to: 1000, step: 91 }, random.whole(0, 4)),
  inset: { bottom: 91, left: 34, right: 34 },
  niche: () => ({ left: STRIP + 14, right: STRIP + 14 }),
  isFramed: true
}

/** The third colour of the strips: black is their ground. */
const roleOf = (frame: Role): Role => (frame === 'ink' || frame === 'front' ? 'heart' : frame)
