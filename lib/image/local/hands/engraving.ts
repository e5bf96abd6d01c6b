import { inset } from '../framing.ts'
import { lines } from '../grid/prints.ts'
import { gradedSky, plane, scenery } from './country.ts'
import { polygon, rectangle } from '../svg.ts'
import type { Palette } from '../palette.ts'
import type { Hand } from './hand.ts'

const engraved = (
  side: number,
  { paper, ink, body, bodyDark, cloth, clothDark, accent, skin, isNight }: Palette
) =>
  lines(side, isNight ? { ground: ink, line: paper } : { ground: paper, line: ink }, [
    body,
    bodyDark,
    cloth,
    clothDark,
    accent,
    skin
  ])

/** Engraving and woodcut: black lines that swell, cream paper with a margin, one spot colour. */
export const engraving: Hand = {
  name: 'engraving',
  feet: 928,
  technique: { shading: 'lit', depth: 1.7, outline: { role: 'ink', width: 6 } },
  palette: { grounds: ['pale'], chroma: 1.15, back: { h: 85, share: 0.6, c: 0.045, lift: 0.02 } },
  motif: (pen, x, y, radius, role) =>
    pen.flat(polygon([x - radius, y], [x, y - radius * 0.5], [x + radius, y], [x, y + radius * 0.5]), role),
  back: (stage) => gradedSky(stage, 'skyLow', 'sky', 5) + scenery(stage) + plane(stage) + stage.paths(),
  front: ({ pen, frame }) =>
    pen.flat('M-9 -9H1009V1009H-9ZM46 46V954H954V46Z', 'paper') +
    pen.line(rectangle(52, 52, 896, 896), 'ink', 12) +
    pen.flat(rectangle(440, 972, 120, 8), frame),
  inset: inset(60),
  isFramed: true,
  print: (palette) => engraved(138, palette),
  smallPrint: (palette) => engraved(56, palette)
}

/** Mezzotint, wood engraving and scratchboard: white lines on black. */
export const scratch: Hand = {
  ...engraving,
  name: 'scratch',
  palette: { grounds: ['dark'], chroma: 0.9, back: { h: 250, share: 0.3, c: 0.05 } },
  smallPrint: (palette) => engraved(76, palette)
}
