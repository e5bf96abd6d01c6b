import { repeat } from '../repeat.ts'
import { ellipse, path, polygon } from '../svg.ts'
import { fill, stroke } from './treatment.ts'
import type { Technique } from './treatment.ts'

export const flat: Technique = () => ({ name: 'flat' })

export const pointillist: Technique = (random) => ({
  name: 'pointillist',
  texture: (shade, { paper, accent }) => {
    const marks = Array.from({ length: 26 }, (_, index) =>
      fill(
        ellipse(
          ((index * 37) % 52) + random.between(0, 6),
          ((index * 23) % 52) + random.between(0, 6),
          random.between(2.4, 4)
        ),
        index % 9 === 0 ? accent : index % 3 === 0 ? paper : shade,
        index % 9 === 0 ? 0.45 : 0.55
      )
    )
    return { width: 56, marks: marks.join('') }
  }
})

export const brush: Technique = () => ({
  name: 'brush',
  texture: (shade, { paper }) => ({
    width: 84,
    height: 60,
    turn: -24,
    marks: [
      stroke('M4 10h30', shade, 8, 0.34),
      stroke('M48 22h28', paper, 7, 0.2),
      stroke('M14 36h26', paper, 6, 0.16),
      stroke('M52 48h24', shade, 8, 0.3),
      stroke('M-8 54h22', shade, 6, 0.22)
    ].join('')
  })
})

export const cubist: Technique = (random) => ({
  name: 'cubist',
  texture: (shade, { paper }) => {
    const at = () => random.between(20, 160)
    const facets = Array.from({ length: 7 }, (_, index) =>
      fill(
        polygon([at(), at()], [at(), at()], [at(), at()]),
        index % 2 === 0 ? shade : paper,
        index % 2 === 0 ? 0.4 : 0.2
      )
    )
    return {
      width: 180,
      marks:
        facets.join('') + stroke('M0 60L180 130', shade, 1.6, 0.7) + stroke('M50 0L120 180', shade, 1.6, 0.7)
    }
  }
})

export const ink: Technique = (random) => ({
  name: 'ink',
  texture: (_shade, { ink, paper }) => ({
    width: 220,
    marks: repeat(9, (index) =>
      fill(
        ellipse(
          random.between(20, 200),
          random.between(20, 200),
          random.between(14, 46),
          random.between(8, 26),
          random.between(-40, 40)
        ),
        index % 3 === 0 ? paper : ink,
        index % 3 === 0 ? 0.14 : 0.07
      )
    )
  }),
  outline: { role: 'ink', width: 3.4 }
})

export const chalk: Technique = (random) => ({
  name: 'chalk',
  texture: (shade, { paper }) => ({
    width: 120,
    turn: 62,
    marks: repeat(18, (index) =>
      stroke(
        path`
          M${random.between(0, 70)} ${index * 6.6 + random.between(0, 4)}
          h${random.between(14, 48)}
        `,
        index % 3 === 0 ? paper : shade,
        random.between(1, 2.4),
        0.32
      )
    )
  })
})
