import { both, each, repeat } from '../repeat.ts'
import { star } from '../svg.ts'
import { WHOLE, plane, scenery } from './country.ts'
import type { Hand } from './hand.ts'
import { modelled } from './modelled.ts'

const ARCH = 'M92 1070V420C92 264 326 214 500 58C674 214 908 264 908 420V1070'

/** Eight-pointed stars that touch at their points, and so leave crosses between them. */
const STEP = 1000 / 6
/** Whether a star is not whole in the arch. */
const isOnWall = (column: number, row: number) => Math.abs(column - 3) > 1 || row < (column === 3 ? 2 : 3)
const onLattice = (draw: (x: number, y: number) => string) =>
  repeat(49, (index) => {
    const [column, row] = [index % 7, Math.floor(index / 7)]
    return isOnWall(column, row) ? draw(column * STEP, row * STEP) : ''
  })
/** The inner radius of a star of two squares: cos 45° / cos 22.5°. */
const NOTCH = 0.765

/** Islamic ornament: a wall of eight-pointed stars in turquoise and cobalt, and the figure before its pointed arch. */
export const girih: Hand = {
  name: 'girih',
  technique: {
    shading: 'flat',
    outline: { role: 'paper', width: 4 },
    face: { eye: 'almond', rim: 0.06, pupil: 'point', stroke: 'brush', weight: 0.85, hasLash: true }
  },
  palette: {
    grounds: ['deep', 'mid', 'deep'],
    chroma: 1.1,
    back: { h: 225, share: 0.65, c: 0.12 },
    accent: { l: 0.82, c: 0.14, h: 88 }
  },
  motif: (pen, x, y, radius, role) => pen.flat(star(x, y, radius, radius * 0.72, 8), role),
  back: (stage) => {
    const { pen, frame, palette, isSmall } = stage
    const wall = frame === 'ink' ? 'farDark' : palette.isNight ? 'groundDark' : 'far'
    return (
      pen.flat(WHOLE, 'sky') +
      scenery(stage, 1) +
      plane(stage) +
      stage.paths() +
      pen.flat(`${ARCH}H1070V-70H-70V1070Z`, wall) +
      pen.within(
        `${ARCH}H1070V-70H-70V1070Z`,
        pen.flat(
          onLattice((x, y) => star(x, y, STEP / 2, (STEP / 2) * NOTCH, 8)),
          palette.isNight ? 'sky' : 'paper',
          palette.isNight ? 1 : 0.5
        ) +
          pen.flat(
            onLattice((x, y) => star(x, y, STEP * 0.24, STEP * 0.24 * NOTCH, 8)),
            frame === 'ink' ? 'accent' : frame
          ) +
          (isSmall
            ? ''
            : pen.flat(
                onLattice((x, y) => star(x, y, STEP * 0.11, STEP * 0.11 * NOTCH, 8)),
                wall
              ))
      ) +
      pen.line(ARCH, 'accent', 22) +
      pen.line(ARCH, 'front', 6)
    )
  },
  front: ({ pen }) =>
    both((side) => each([0, 26], (step) => pen.line(`M${500 + side * (488 - step)} -9V1009`, 'accent', 7))),
  inset: { left: 42, right: 42 },
  sky: () => ({ top: 270, left: 130, right: 130 }),
  niche: () => ({ left: 104, right: 104 }),
  isFramed: true,
  paint: modelled({ spacing: 2, reach: 3.3, half: 1, shade: 0.5, roundness: 2, spread: 0.6 })
}
