import type { Anatomy, Model } from '../anatomy.ts'
import { each } from '../repeat.ts'
import { blob, ellipse, ribbon } from '../svg.ts'
import { beak, crest, legs, wing } from './plumage.ts'

/** Herons, flamingos, ostriches: a small body high on stilts, a long neck. */
export function wader(model: Model): Anatomy {
  const { pen, girth, words, hide } = model
  const radius = 104 * model.head
  const headY = -1000 + radius + 24
  const stout = /ostrich|emu|rhea|cassowary|moa|elephant bird/.test(words)
  const half = (stout ? 250 : 200) * girth
  const body = blob(
    [-half * 0.9, -520],
    [-half * 0.1, -600],
    [half * 0.8, -520],
    [half * 1.35, -400],
    [half * 0.5, -330],
    [-half * 0.6, -350]
  )
  const neck = ribbon(
    [
      [-half * 0.5, -470],
      [-half * 0.95, -620],
      [-half * 0.25, -760],
      [-half * 0.3, headY]
    ],
    stout ? [150, 96, 84, 84] : [120, 76, 62, 62]
  )
  const plumes = each([0, 1, 2], (index) =>
    pen.solid(
      ellipse(half * (1 + index * 0.14), -440 + index * 44, 110, 34, 24 + index * 12),
      index === 1 ? 'bodyLight' : 'bodyDark',
      { depth: 0.4 }
    )
  )
  const x = -half * 0.3
  return {
    behind: plumes + legs(model, 20, -350, stout ? 34 : 20),
    body:
      pen.solid(neck, 'body', { depth: 0.5 }) +
      pen.solid(body, 'body', { inside: hide(-half, -600, half * 2.2, 260) }),
    torso: { d: body, x: -half * 0.6, y: -560, width: half * 1.5, height: 220 },
    head: crest(model, x, headY, radius) + pen.solid(ellipse(x, headY, radius * 1.06, radius), 'body'),
    front: wing(model, half * 0.28, -540, 1, 250),
    face: {
      x,
      y: headY - radius * 0.12,
      eye: radius * 0.3,
      apart: radius * 0.46,
      mouth: { x, y: headY + radius * 0.52, width: radius * 0.74 },
      beak: beak(model, x, headY + radius * 0.1, radius)
    },
    crown: { x, y: headY - radius * 0.84, width: radius * 1.5 },
    neck: { x: -half * 0.36, y: headY + radius * 1.5, width: 130 },
    hands: [
      [-half * 1.1, -420],
      [half * 0.7, -310]
    ]
  }
}
