import { drawBackdrop, isCalm } from './backdrop.ts'
import type { Hand, Stage } from './hands/hand.ts'
import { drawLamp, lampOf } from './lamp.ts'
import { drawLandmark } from './landmark/index.ts'
import { turned } from './layout.ts'
import type { Layout } from './layout.ts'
import { drawOrnament } from './ornament.ts'
import { edgeRoleOf } from './page.ts'
import { distant, hazed } from './haze.ts'
import type { Palette } from './palette.ts'
import { createPen } from './pen.ts'
import type { Light, Pen, Technique } from './pen.ts'
import { drawFloor } from './setting/index.ts'
import type { Setting } from './setting/index.ts'
import type { Surface } from './surface.ts'
import { ellipse, group, n, path, rectangle } from './svg.ts'
import type { Point } from './svg.ts'
import type { Traits } from './traits.ts'

/** What a stage is made of. */
interface Cause {
  traits: Traits
  hand: Hand
  palette: Palette
  surface: Surface
  isSmall: boolean
  light: Light
  layout: Layout
  setting: Setting
  /** The side of the landmark: away from the thing of the trope. */
  side: number
}

/**
 * The parts of a scene behind the figure. The backdrop is in the colours of the haze and without outline; the landmark
 * is in those of the distance. A picture has one large shape behind the head: that of the hand, else that of the
 * composition if the backdrop leaves it room, else the light.
 */
export function stageOf(cause: Cause): Stage {
  const { traits, hand, palette, surface, isSmall, light, layout, setting, side: landmarkSide } = cause
  const { arrangement, height, feet, x, horizon } = layout
  const side = Math.sign(light.dx)
  const random = traits.random('scene')
  const pen = createPen(palette, hand.technique, light, surface)
  const haze = createPen(hazed(palette), { shading: 'flat' }, light, surface)
  const far = createPen(distant(palette), thin(hand.technique), light, surface)
  const zoom = random.pick([0.9, 1.05, 1.2])
  const { point: head, size: headSize } = headOf(layout)
  const flat = createPen(palette, { shading: 'flat' }, light, surface)
  const composed = isCalm(traits.backStyle) ? arrangement.behind(flat, head[0], horizon) : ''
  return {
    pen,
    palette,
    random: traits.artStyle1.random(),
    x,
    feet: Math.min(feet, 1100),
    height,
    horizon,
    head,
    headSize,
    side,
    isSmall,
    isIndoors: setting.isIndoors,
    isTilted: layout.isTilted,
    frame: edgeRoleOf(traits.litStyle),
    feeling: traits.emotion.fields[1] ?? '',
    landmark: (factor = 1) => {
      const drawn = drawLandmark(far, traits.place)
      if (setting.isIndoors) {
        return drawWindow(far, windowIn(layout, landmarkSide), drawn, traits.place.random().whole(0, 2))
      }
      const at = Math.max(190, Math.min(810, x + landmarkSide * 300))
      return group(drawn, `translate(${n(at)} ${n(horizon + 6)}) scale(${(zoom * factor).toFixed(2)})`)
    },
    backdrop: () => drawBackdrop(haze, traits.backStyle, horizon),
    behind: () => (composed === '' ? drawLamp(flat, lampOf(traits), ...head, headSize * 1.3) : composed),
    ornament: () => drawOrnament(haze, traits, horizon),
    floor: () => drawFloor(pen, setting, { horizon, x }, traits),
    paths: () => (setting.isIndoors ? '' : arrangement.ground(pen, x, horizon))
  }
}

/** The middle of the head before the scene is tilted, and half of its size, as a shape behind it needs them. */
export function headOf({ head, tilt }: Cause['layout']): { point: Point; size: number } {
  const [x, y] = turned([(head.left + head.right) / 2, (head.top + head.bottom) / 2], -tilt)
  const size = Math.max(head.right - head.left, head.bottom - head.top) / 2
  return {
    point: [Math.round(Math.max(220, Math.min(780, x))), Math.round(Math.max(260, Math.min(560, y)))],
    size: Math.round(Math.max(180, Math.min(300, size)))
  }
}

/** The technique for what is far away: a thin outline in a tone of the distance, and no sheet's shadow. */
function thin({ shading, outline }: Technique): Technique {
  if (outline === undefined) return { shading }
  return { shading, outline: { role: 'farDark', width: Math.min(5, outline.width * 0.5) } }
}

/** Half the width of a window with its sill, its middle, and its least size. */
const PANE = { half: 170, y: 330, least: 0.6 }

/** Where a window is in the wall beside the head: the head leaves it free if there is room. */
export function windowIn({ window, head }: Layout, side: number): { x: number; y: number; size: number } {
  const room = side > 0 ? window.right - head.right : head.left - window.left
  const size = Math.max(PANE.least, Math.min(1, room / (2 * PANE.half)))
  const away = Math.max(PANE.half * size, room / 2)
  return { x: Math.round(side > 0 ? window.right - away : window.left + away), y: PANE.y, size }
}

/** A window in a wall, through which one sees the place. @param kind round, an arch or a square */
function drawWindow(
  pen: Pen,
  { x, y, size }: ReturnType<typeof windowIn>,
  content: string,
  kind: number
): string {
  const opening =
    kind === 0
      ? ellipse(0, 0, 150)
      : kind === 1
        ? path`M-130 150V-40A130 130 0 0 1 130 -40V150Z`
        : rectangle(-140, -140, 280, 290)
  return group(
    pen.flat(opening, 'sky') +
      pen.within(
        opening,
        group(content, 'translate(0 130) scale(0.62)') + pen.flat(rectangle(-170, 120, 340, 60), 'groundDark')
      ) +
      pen.line(`${opening}M0 ${kind === 1 ? -170 : -145}V${kind === 0 ? 145 : 150}`, 'front', 13) +
      (kind === 0 ? '' : pen.line('M-160 158H160', 'front', 20)),
    `translate(${n(x)} ${n(y)}) scale(${size.toFixed(2)})`
  )
}
