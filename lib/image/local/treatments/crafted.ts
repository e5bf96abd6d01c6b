import { each, repeat } from '../repeat.ts'
import { ellipse, polygon, rectangle } from '../svg.ts'
import { fill, stroke } from './treatment.ts'
import type { Technique } from './treatment.ts'

export const deco: Technique = () => ({
  name: 'deco',
  texture: (shade, { paper }) => ({
    width: 56,
    height: 28,
    marks: each(
      [
        [0, 28],
        [56, 28],
        [28, 42],
        [28, 14]
      ],
      ([x, y]) =>
        each([26, 18, 10], (radius) =>
          stroke(ellipse(x, y, radius), radius === 18 ? paper : shade, 1.8, radius === 18 ? 0.3 : 0.6)
        )
    )
  }),
  outline: { role: 'accent', width: 3 }
})

export const glass: Technique = (random) => ({
  name: 'glass',
  texture: (shade, { paper, ink }) => {
    const panes = Array.from({ length: 4 }, (_, index) =>
      fill(
        polygon(
          [index * 40, 0],
          [index * 40 + 46, 0],
          [index * 40 + random.between(10, 50), 150],
          [index * 40 - random.between(0, 20), 150]
        ),
        index % 2 === 0 ? paper : shade,
        index % 2 === 0 ? 0.2 : 0.35
      )
    )
    return {
      width: 150,
      marks:
        panes.join('') +
        stroke('M0 42L150 78', ink, 3.4) +
        stroke('M44 0L72 150', ink, 3.4) +
        stroke('M108 0L96 150', ink, 3.4)
    }
  },
  outline: { role: 'ink', width: 7 }
})

export const mosaic: Technique = (random) => ({
  name: 'mosaic',
  texture: (shade, { paper }) => ({
    width: 72,
    marks: repeat(36, (index) => {
      const [x, y] = [(index % 6) * 12, Math.floor(index / 6) * 12]
      return (
        fill(
          rectangle(x + 1, y + 1, 10.4 + random.between(-0.6, 0.6), 10.4 + random.between(-0.6, 0.6)),
          random.chance(0.5) ? shade : paper,
          random.between(0.08, 0.4)
        ) + stroke(`M${x} ${y}h12`, paper, 0.9, 0.4)
      )
    })
  })
})

export const cut: Technique = () => ({ name: 'cut', drop: 0.7 })

export const stitch: Technique = () => ({
  name: 'stitch',
  texture: (shade, { paper }) => ({
    width: 14,
    marks: stroke('M3 3L11 11M11 3L3 11', shade, 2.2, 0.6) + stroke('M7 0v1', paper, 1.4, 0.3)
  })
})
