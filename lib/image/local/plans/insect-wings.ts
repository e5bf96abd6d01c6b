import { nameOf } from '../anatomy.ts'
import type { Model } from '../anatomy.ts'
import { both, each, repeat } from '../repeat.ts'
import { blob, curve, ellipse } from '../svg.ts'
import type { Point } from '../svg.ts'

/** The two wings of a butterfly or moth on one side, with veins and eyes. */
function scaledWings(model: Model, side: number): string {
  const { pen, hide } = model
  const name = nameOf(model)
  const isMoth = /moth|burnet|bagworm/.test(name)
  const tails = /swallowtail|luna|comet|apollo|birdwing/.test(name)
  const at = (x: number, y: number): Point => [side * x, y]
  const upper = isMoth
    ? blob(at(40, -700), at(300, -860), at(560, -720), at(480, -470), at(110, -470))
    : blob(at(30, -660), at(230, -980), at(540, -990), at(500, -640), at(110, -520))
  const lower = tails
    ? blob(
        at(50, -540),
        at(350, -560),
        at(400, -330),
        at(330, -200),
        at(350, -40),
        at(240, -60),
        at(220, -210),
        at(80, -360)
      )
    : blob(at(50, -540), at(370, -560), at(430, -300), at(260, -130), at(90, -360))
  const spot = (x: number, y: number, size: number) =>
    pen.flat(ellipse(side * x, y, size), 'accent') + pen.flat(ellipse(side * x, y, size * 0.5), 'ink')
  const veins = each([-900, -780, -660], (y) => pen.line(curve(at(60, -620), at(330, y)), 'ink', 9))
  return (
    pen.solid(lower, 'clothDark', { depth: 0, inside: pen.flat(ellipse(side * 270, -330, 52), 'accent') }) +
    pen.solid(upper, 'cloth', {
      depth: 1,
      inside:
        hide(side > 0 ? 60 : -480, -900, 420, 330) +
        (/monarch|apollo|birdwing|tiger|swallowtail/.test(name) ? veins : '') +
        spot(360, isMoth ? -680 : -800, 70)
    })
  )
}

/** A wing of glass with its veins. */
function clearWing({ pen }: Model, side: number, [x, y]: Point, [tipX, tipY]: Point, broad: number): string {
  const shape = blob(
    [side * x, y],
    [side * (x + (tipX - x) * 0.5), y + (tipY - y) * 0.5 - broad],
    [side * tipX, tipY - broad * 0.5],
    [side * (tipX + 10), tipY + broad * 0.4],
    [side * (x + (tipX - x) * 0.5), y + (tipY - y) * 0.5 + broad * 0.7]
  )
  return pen.solid(shape, 'paper', {
    depth: 0.4,
    inside:
      pen.line(curve([side * x, y], [side * tipX, tipY]), 'farDark', 9) +
      pen.line(
        curve([side * x, y], [side * (x + (tipX - x) * 0.6), y + (tipY - y) * 0.6 + broad * 0.5]),
        'farDark',
        6
      )
  })
}

export type WingKind = 'scaled' | 'clear' | 'long' | 'none'

/** The wings behind an insect. */
export function insectWings(model: Model, kind: WingKind): string {
  switch (kind) {
    case 'scaled':
      return both((side) => scaledWings(model, side))
    case 'clear':
      return both(
        (side) =>
          clearWing(model, side, [60, -560], [400, -420], 70) +
          clearWing(model, side, [60, -620], [500, -760], 110)
      )
    case 'long':
      return both((side) =>
        repeat(2, (row) => clearWing(model, side, [50, -590 + row * 70], [570, -720 + row * 250], 66))
      )
    case 'none':
      return ''
  }
}
