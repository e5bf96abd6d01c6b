import { each } from '../repeat.ts'
import { ellipse, polygon, polyline, rectangle, star } from '../svg.ts'
import { fill, stroke } from './treatment.ts'
import type { Technique } from './treatment.ts'

export const folk: Technique = () => ({
  name: 'folk',
  texture: (shade, { accent, paper }) => {
    const flower = (x: number, y: number, color: string) =>
      each([0, 72, 144, 216, 288], (turn) =>
        fill(
          ellipse(
            x + Math.sin((turn * Math.PI) / 180) * 6.4,
            y - Math.cos((turn * Math.PI) / 180) * 6.4,
            3.1,
            5,
            turn
          ),
          color,
          0.75
        )
      ) + fill(ellipse(x, y, 3), paper, 0.9)
    const leaf = (x: number, y: number, turn: number) => fill(ellipse(x, y, 2.6, 7, turn), shade, 0.9)
    return {
      width: 76,
      marks:
        flower(20, 20, accent) +
        flower(58, 58, paper) +
        leaf(58, 18, 40) +
        leaf(66, 22, -40) +
        leaf(20, 58, -40) +
        leaf(12, 62, 40) +
        fill(ellipse(39, 39, 2.2), paper, 0.7) +
        fill(ellipse(1, 39, 2.2), paper, 0.7)
    }
  }
})

export const batik: Technique = () => ({
  name: 'batik',
  texture: (shade, { paper }) => ({
    width: 48,
    height: 26,
    turn: -38,
    marks:
      stroke('M2 20Q12 2 24 13T46 6', shade, 5, 0.55) +
      stroke('M2 20Q12 2 24 13T46 6', paper, 1.2, 0.6) +
      fill(ellipse(10, 7, 2), paper, 0.6) +
      fill(ellipse(34, 20, 2), paper, 0.6)
  })
})

export const girih: Technique = () => ({
  name: 'girih',
  texture: (shade, { paper }) => ({
    width: 64,
    marks:
      stroke(star(32, 32, 29, 18, 8), paper, 2, 0.45) +
      stroke(star(32, 32, 14, 8, 8), shade, 2, 0.8) +
      stroke('M0 18L6 32L0 46M64 18L58 32L64 46M18 0L32 6L46 0M18 64L32 58L46 64', paper, 2, 0.45)
  }),
  outline: { role: 'paper', width: 2.4 }
})

export const zigzag: Technique = () => ({
  name: 'zigzag',
  texture: (shade, { paper, accent }) => ({
    width: 44,
    height: 66,
    marks:
      stroke(polyline([-2, 16], [11, 4], [22, 16], [33, 4], [46, 16]), shade, 5, 0.75) +
      stroke(polyline([-2, 28], [11, 16], [22, 28], [33, 16], [46, 28]), paper, 2, 0.5) +
      fill(polygon([11, 38], [18, 47], [11, 56], [4, 47]), accent, 0.7) +
      fill(polygon([33, 38], [40, 47], [33, 56], [26, 47]), shade, 0.8)
  })
})

export const fret: Technique = () => ({
  name: 'fret',
  texture: (shade, { paper }) => ({
    width: 60,
    height: 44,
    marks:
      stroke('M0 36h10v-10h10v-10h10v-10h10v10h10v10h10v10', shade, 4, 0.75) +
      fill(rectangle(26, 28, 8, 8), paper, 0.4) +
      fill(rectangle(-4, 8, 8, 8), paper, 0.4) +
      fill(rectangle(56, 8, 8, 8), paper, 0.4)
  })
})

export const tapa: Technique = () => ({
  name: 'tapa',
  texture: (shade, { paper }) => ({
    width: 60,
    marks:
      fill(polygon([0, 0], [30, 0], [0, 30]), shade, 0.5) +
      fill(polygon([60, 60], [30, 60], [60, 30]), shade, 0.5) +
      stroke('M34 4L56 26M30 12L48 30', paper, 2, 0.5) +
      stroke('M4 34L26 56M12 30L30 48', paper, 2, 0.5)
  })
})

export const miniature: Technique = () => ({
  name: 'miniature',
  texture: (shade, { accent, paper }) => ({
    width: 40,
    marks:
      each([0, 90, 180, 270], (turn) =>
        fill(
          ellipse(
            20 + Math.sin((turn * Math.PI) / 180) * 5,
            20 - Math.cos((turn * Math.PI) / 180) * 5,
            2.2,
            4.2,
            turn
          ),
          shade,
          0.8
        )
      ) +
      fill(ellipse(20, 20, 1.8), paper) +
      fill(ellipse(0, 0, 2.4), accent, 0.8) +
      fill(ellipse(40, 0, 2.4), accent, 0.8) +
      fill(ellipse(0, 40, 2.4), accent, 0.8) +
      fill(ellipse(40, 40, 2.4), accent, 0.8)
  }),
  outline: { role: 'accentDark', width: 2.6 }
})
