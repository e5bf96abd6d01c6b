import { ellipse, rectangle } from '../svg.ts'
import { fill, stroke } from './treatment.ts'
import type { Technique } from './treatment.ts'

export const woodcut: Technique = () => ({
  name: 'woodcut',
  texture: (_shade, { ink }) => ({
    width: 40,
    height: 15,
    turn: -32,
    marks: stroke('M-4 3.5h31', ink, 2.6, 0.42) + stroke('M14 11h32', ink, 1.8, 0.3)
  }),
  outline: { role: 'ink', width: 5 }
})

export const engraving: Technique = () => ({
  name: 'engraving',
  texture: (_shade, { ink }) => ({
    width: 9,
    turn: 38,
    marks: stroke('M0 2h9', ink, 1.1, 0.4) + stroke('M0 6.5h9', ink, 0.7, 0.26)
  }),
  outline: { role: 'ink', width: 2.4 }
})

export const halftone: Technique = () => ({
  name: 'halftone',
  texture: (shade) => ({ width: 18, turn: 45, marks: fill(ellipse(9, 9, 5), shade, 0.62) }),
  outline: { role: 'ink', width: 5.4 }
})

export const pixels: Technique = (random) => ({
  name: 'pixels',
  texture: (shade, { paper }) => {
    const cell = 16
    const cells = Array.from({ length: 25 }, (_, index) => {
      const dice = random.next()
      return dice < 0.3
        ? fill(rectangle((index % 5) * cell, Math.floor(index / 5) * cell, cell, cell), shade, 0.5)
        : dice < 0.45
          ? fill(rectangle((index % 5) * cell, Math.floor(index / 5) * cell, cell, cell), paper, 0.22)
          : ''
    })
    return { width: 5 * cell, marks: cells.join('') }
  }
})

export const film: Technique = () => ({
  name: 'film',
  texture: (shade, { paper }) => ({
    width: 6,
    marks: stroke('M0 1.5h6', shade, 1.2, 0.36) + stroke('M0 4.5h6', paper, 0.8, 0.12)
  })
})
