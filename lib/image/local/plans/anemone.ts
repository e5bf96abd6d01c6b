import { nameOf } from '../anatomy.ts'
import type { Anatomy, Model } from '../anatomy.ts'
import { both, each, repeat } from '../repeat.ts'
import { blob, curve, ellipse, path, polar, polyline } from '../svg.ts'
import type { Point } from '../svg.ts'
import { headless, roundTorso } from './headless.ts'

/** The rock that a colony grows on. */
export const rock = ({ pen }: Model, half: number): string =>
  pen.solid(
    blob(
      [-half, -10],
      [-half * 0.9, -80],
      [-half * 0.3, -120],
      [half * 0.4, -106],
      [half * 0.96, -70],
      [half, 6]
    ),
    'bodyDark',
    { depth: 0.4 }
  )

/** The mouth disc of an anemone, in two rows of tentacles. */
function anemoneArms(model: Model, half: number, y: number, isBack: boolean): string {
  const { pen } = model
  const name = nameOf(model)
  const isFluffy = /plumose/.test(name)
  const isBubble = /bubble/.test(name)
  const count = isBack ? (isFluffy ? 17 : 11) : 8
  let tips = ''
  const arms = ['', '']
  for (let index = 0; index < count; index += 1) {
    const share = (index / (count - 1)) * 2 - 1
    // The middle of the front row would be over the face.
    if (!isBack && Math.abs(share) < 0.5) continue
    const sway = (index % 2 === 0 ? 1 : -1) * 24
    const from: Point = [share * half * 0.86, y + (isBack ? -40 : 20) * (1 - share * share)]
    const high = isBack ? 250 - share * share * 120 + (index % 2) * 50 : 40
    const end: Point = isBack
      ? [share * half * 1.5 + sway, y - high]
      : [share * half * 1.5, y + 96 - Math.abs(share) * 130]
    const mid: Point = [share * half * (isBack ? 1.1 : 1.36), y - (isBack ? high * 0.62 : 50)]
    tips += isBubble ? ellipse(...end, 46, 50) : ellipse(...end, isFluffy ? 14 : 20)
    arms[index % 2] += curve(from, mid, end)
  }
  const thick = isFluffy ? 32 : 48
  return (
    pen.limb(arms[0]!, 'body', thick) +
    pen.limb(arms[1]!, 'bodyLight', thick) +
    (isBubble ? pen.solid(tips, 'accent', { depth: 0.4 }) : pen.flat(tips, 'accent'))
  )
}

/** Anemones: a wide column on a foot, a disc with a mouth above, and blunt tentacles around it. */
export function anemone(model: Model): Anatomy {
  const { pen, girth, hide } = model
  const half = 270 * girth
  const y = -690
  const d = path`
    M${-half * 1.1} ${y}
    Q${-half * 0.86} -460 ${-half * 0.92} -220
    Q${-half} -90 ${-half * 1.42} -30
    Q${-half * 1.4} 8 ${-half} 8
    H${half}
    Q${half * 1.4} 8 ${half * 1.42} -30
    Q${half} -90 ${half * 0.92} -220
    Q${half * 0.86} -460 ${half * 1.1} ${y}Z
  `
  const folds = both((side) =>
    each([0.34, 0.7, 1.05], (share) =>
      curve(
        [side * half * share * 0.8, -250],
        [side * half * share * 0.84, -110],
        [side * half * share * 1.2, 0]
      )
    )
  )
  return headless(
    model,
    {
      behind: anemoneArms(model, half, y, true),
      body:
        pen.solid(ellipse(0, y, half * 1.12, 84), 'bodyDark', {
          depth: 0.3,
          inside: pen.flat(ellipse(0, y - 14, half * 0.34, 26), 'ink')
        }) +
        pen.solid(d, 'body', {
          depth: 1.1,
          inside: hide(-half, -420, half * 2, 300) + pen.line(folds, 'bodyDark', 16)
        }) +
        anemoneArms(model, half, y, false),
      torso: roundTorso(d, half, -380, 300)
    },
    {
      y: -520,
      apart: 98,
      hat: y - 60,
      hatWide: half * 1.1,
      neck: -330,
      neckWide: half * 1.86,
      shoulder: [half * 0.84, -300]
    }
  )
}

/** Brain and mushroom corals: a dome with grooves that wind, or with blades around a slit. */
export function dome(model: Model): Anatomy {
  const { pen, girth } = model
  const half = 430 * girth
  const isBrain = /brain/.test(nameOf(model))
  const d = path`
    M${-half} -60
    C${-half * 1.16} -1000 ${half * 1.16} -1000 ${half} -60
    Q${half * 0.5} 16 0 16
    Q${-half * 0.5} 16 ${-half} -60Z
  `
  // Each groove winds from side to side, and leaves the face free.
  const winding = (x: number, y: number, turns: number, wide: number): string => {
    let line = `M${Math.round(x)} ${Math.round(y)}`
    for (let index = 0; index < turns; index += 1) {
      const way = index % 2 === 0 ? 1 : -1
      line += path`q${wide * way} -6 ${wide * way} 34q0 34 ${-wide * way * 0.9} 36`
    }
    return line
  }
  const grooves = isBrain
    ? both(
        (side) => winding(side * half * 0.72, -500, 6, side * 96) + winding(side * half * 0.5, -250, 3, 100)
      ) +
      winding(-60, -240, 3, 90) +
      winding(60, -190, 3, -90) +
      each([-0.44, -0.14, 0.16, 0.46], (share) => winding(share * half, -745, 2, 70))
    : repeat(26, (index) => {
        const turn = index * 13.85
        return polyline(polar(0, -430, 250, turn), polar(0, -430, 620, turn))
      })
  // The tentacles of a mushroom coral have round ends.
  const tentacles = isBrain
    ? ''
    : repeat(17, (index) => {
        const turn = -96 + index * 12
        const [x, y] = polar(0, 0, 1, turn)
        const at = (reach: number): Point => [x * half * reach, -290 + y * 440 * reach]
        return (
          pen.limb(polyline(at(0.8), at(1.16)), 'bodyDark', 40) +
          pen.solid(ellipse(...at(1.18), 32), 'accent', { depth: 0.4 })
        )
      })
  return headless(
    model,
    {
      behind: tentacles + rock(model, half * 0.8),
      body: pen.solid(d, 'body', {
        depth: 1.2,
        inside:
          pen.line(grooves, 'bodyDark', isBrain ? 36 : 20) +
          (isBrain ? pen.line(grooves, 'bodyLight', 9) : '')
      }),
      torso: roundTorso(d, half * 0.8, -260, 240)
    },
    {
      y: -500,
      apart: 100,
      hat: -700,
      hatWide: half * 0.9,
      neck: -240,
      neckWide: half * 1.9,
      shoulder: [half * 0.9, -240]
    }
  )
}
