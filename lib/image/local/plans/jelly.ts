import { pair } from '../anatomy.ts'
import type { Anatomy, Model } from '../anatomy.ts'
import { repeat } from '../repeat.ts'
import { curve, ellipse } from '../svg.ts'

/** Jellies and their kin: a bell with streamers down to the ground. */
export function jelly(model: Model): Anatomy {
  const { pen, girth, random, hide } = model
  const half = 300 * girth
  const bell = [
    `M${-half} -560C${-half} -1130 ${half} -1130 ${half} -560`,
    `Q${half * 0.75} -490 ${half * 0.5} -550Q${half * 0.25} -480 0 -550`,
    `Q${-half * 0.25} -480 ${-half * 0.5} -550Q${-half * 0.75} -490 ${-half} -560Z`
  ].join('')
  const streamers = repeat(7, (index) => {
    const x = (index - 3) * half * 0.27
    const sway = random.between(30, 80) * (index % 2 === 0 ? 1 : -1)
    return pen.limb(
      curve([x, -540], [x + sway, -380], [x - sway, -200], [x + sway * 0.6, index % 2 === 0 ? -14 : -90]),
      index % 2 === 0 ? 'bodyDark' : 'body',
      index % 2 === 0 ? 24 : 38
    )
  })
  return {
    behind: streamers,
    body: pen.solid(bell, 'body', {
      depth: 1.3,
      inside: pen.flat(ellipse(0, -560, half * 0.8, 90), 'bodyLight') + hide(-half, -990, half * 2, 190)
    }),
    head: '',
    face: { x: 0, y: -740, eye: 62 * model.head, apart: half * 0.4, mouth: { x: 0, y: -632, width: 104 } },
    crown: { x: 0, y: -950, width: half * 0.9 },
    neck: { x: 0, y: -530, width: half * 1.2 },
    shoulders: pair(half * 0.86, -560),
    hands: pair(half, -330),
    arm: 34
  }
}
