import type { Face, Mouth } from './anatomy.ts'
import type { Expression } from './expression.ts'
import { drawEye } from './eye.ts'
import type { Gaze } from './gaze.ts'
import { drawMouth, mouthHalf } from './mouth.ts'
import type { Role } from './palette.ts'
import type { Pen } from './pen.ts'
import { both } from './repeat.ts'
import { ellipse, path } from './svg.ts'

/** How far a cheek moves at most, in radii of an eye. Where that is too little, it is left out. */
const MOST_SHIFT = 0.3

/**
 * Eyes, brows and mouth.
 * @param skin the colour of lids
 * @param on the colour that the eyes are drawn on
 * @param lips the colour of the lips
 */
export function drawFace(
  pen: Pen,
  { x, y, eye, apart, mouth, turn = 0, isOnStalks = false, top = -Infinity, beak = '' }: Face,
  expression: Expression,
  gaze: Gaze,
  { skin, on, lips }: { skin: Role; on: Role; lips: Role }
): string {
  const { wide, cheeks, tear } = expression
  const radius = eye * wide
  const spread = Math.max(apart, radius * 1.08) * (1 - 0.12 * Math.abs(turn))
  const eyes = both((side) => {
    const smaller = side * turn < 0 ? 1 - 0.2 * Math.abs(turn) : 1
    return drawEye(pen, { cx: x + side * spread, y, side, radius: radius * smaller }, expression, gaze, {
      skin,
      on,
      top
    })
  })
  const lowered = mouth === undefined || beak !== '' ? undefined : mouthBelow(mouth)
  const blush =
    cheeks && !isOnStalks
      ? both((side) => {
          const cheek = cheekOf(side)
          return cheek === undefined ? '' : pen.flat(cheek, 'accent', 0.75)
        })
      : ''
  // A tear on the side of a beak would lie on the beak.
  const drop = tear
    ? both((side) =>
        beak !== '' && side * turn > 0
          ? ''
          : pen.flat(
              path`
          M${x + side * (spread + radius * 0.3)} ${y + radius * 0.8}
          q${radius * 0.8} ${radius * 1.3} 0 ${radius * 1.5}
          q${-radius * 0.8} ${-radius * 0.2} 0 ${-radius * 1.5}Z
        `,
              'tear'
            )
      )
    : ''
  const drawnMouth = lowered === undefined ? '' : drawMouth(pen, lowered, expression, lips)
  return beak + blush + eyes + drop + drawnMouth

  /** A cheek, moved outwards until the mouth is free. Undefined where it has no place. */
  function cheekOf(side: number): string | undefined {
    const [wide, high] = [radius * 0.4, radius * 0.24]
    const [usual, cy] = [x + side * (spread + radius * 0.34), y + radius * 1.36]
    let shift = 0
    if (lowered !== undefined) {
      const half = mouthHalf(lowered)
      const isAbove = Math.abs(cy - lowered.y) > high + half * (expression.open < 0.15 ? 0.3 : 0.6)
      if (!isAbove) shift = Math.max(0, half + wide + radius * 0.06 - (usual - lowered.x) * side)
    }
    return shift > MOST_SHIFT * radius ? undefined : ellipse(usual + side * shift, cy, wide, high)
  }

  /** The mouth, moved down until the eyes above it are free. */
  function mouthBelow(usual: Mouth): Mouth {
    const isUnder = Math.abs(usual.x - x) + spread - radius < mouthHalf(usual)
    const rise = expression.open >= 0.15 && expression.smile < 0 ? usual.width * 0.3 : usual.width * 0.12
    const free = y + radius * 1.06 + rise
    const most = usual.y + Math.min(radius * 0.5, (usual.room ?? Infinity) * 0.3)
    const lower = isUnder ? Math.max(usual.y, Math.min(free, most)) : usual.y
    const { room } = usual
    return { ...usual, y: lower, ...(room !== undefined && { room: room - (lower - usual.y) }) }
  }
}
