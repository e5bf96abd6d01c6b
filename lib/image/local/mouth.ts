import type { Expression } from './expression.ts'
import type { Pen } from './pen.ts'
import { ellipse, path } from './svg.ts'

/** The mouth of an expression: closed, open in a laugh or a cry, round, clenched, or with the tongue out. */
export function drawMouth(
  pen: Pen,
  { x, y, width }: { x: number; y: number; width: number },
  { smile, open, teeth, tongue }: Expression
): string {
  const half = width * 0.68
  const bend = half * smile * 0.8
  if (teeth) return drawTeeth(pen, x, y, half)
  if (open < 0.15) {
    const lips = path`
      M${x - half} ${y - bend * 0.5}
      Q${x} ${y + bend * 1.3} ${x + half} ${y - bend * 0.5}
    `
    const out = tongue
      ? pen.flat(ellipse(x + half * 0.2, y + half * 0.34, half * 0.34, half * 0.56), 'ink') +
        pen.flat(ellipse(x + half * 0.2, y + half * 0.34, half * 0.26, half * 0.48), 'heart')
      : ''
    return out + pen.line(lips, 'ink', Math.max(9, width * 0.15))
  }
  if (Math.abs(smile) < 0.25) {
    return (
      pen.flat(ellipse(x, y + half * 0.2, half * 0.6, half * (0.4 + open * 0.45)), 'ink') +
      pen.flat(ellipse(x, y + half * 0.55, half * 0.36, half * 0.3), 'accent')
    )
  }
  const depth = Math.min(half * (0.5 + open), half * 0.45 + 85)
  const shape =
    smile > 0
      ? path`
        M${x - half} ${y - half * 0.3}
        Q${x} ${y - half * 0.1} ${x + half} ${y - half * 0.3}
        Q${x + half * 0.7} ${y + depth} ${x} ${y + depth}
        Q${x - half * 0.7} ${y + depth} ${x - half} ${y - half * 0.3}Z
      `
      : path`
        M${x - half} ${y + half * 0.4}
        Q${x - half * 0.6} ${y - depth * 0.6} ${x} ${y - depth * 0.6}
        Q${x + half * 0.6} ${y - depth * 0.6} ${x + half} ${y + half * 0.4}
        Q${x} ${y + half * 0.1} ${x - half} ${y + half * 0.4}Z
      `
  return (
    pen.flat(shape, 'ink') +
    pen.within(
      shape,
      smile > 0
        ? pen.flat(ellipse(x, y + depth, half * 0.56, half * 0.4), 'accent') +
            pen.flat(
              path`M${x - half} ${y - half * 0.4}H${x + half}V${y - half * 0.02}H${x - half}Z`,
              'paper'
            )
        : pen.flat(path`M${x - half} ${y + half * 0.12}H${x + half}V${y + half * 0.5}H${x - half}Z`, 'paper')
    )
  )
}

/** A wavering mouth with clenched teeth. */
function drawTeeth(pen: Pen, x: number, y: number, half: number): string {
  const edge = Math.min(half * 0.4, 46)
  const lips = path`
    M${x - half} ${y + edge * 0.5}
    Q${x - half * 0.6} ${y - edge * 1.3} ${x - half * 0.2} ${y - edge * 0.6}
    T${x + half * 0.5} ${y - edge * 0.7}
    T${x + half} ${y + edge * 0.5}
    Q${x + half * 0.6} ${y + edge * 1.5} ${x + half * 0.2} ${y + edge}
    T${x - half * 0.5} ${y + edge * 1.1}
    T${x - half} ${y + edge * 0.5}Z
  `
  return (
    pen.flat(lips, 'paper') +
    pen.within(
      lips,
      pen.line(path`M${x - half} ${y + edge * 0.2}H${x + half}`, 'ink', Math.max(5, half * 0.07)) +
        pen.line(
          path`
            M${x - half * 0.5} ${y - edge * 2}V${y + edge * 3}
            M${x} ${y - edge * 2}V${y + edge * 3}
            M${x + half * 0.5} ${y - edge * 2}V${y + edge * 3}
          `,
          'ink',
          Math.max(5, half * 0.07)
        )
    ) +
    pen.line(lips, 'ink', Math.max(6, half * 0.12))
  )
}
