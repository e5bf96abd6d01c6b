import { each, repeat } from '../repeat.ts'
import { blob, curve, ellipse, group, path, polygon, rectangle } from '../svg.ts'
import { dome, windows } from './shapes.ts'
import type { Landmark } from './shapes.ts'

/** Each landmark on its own grid: it stands on y = 0 around x = 0 and is about 340 high. */
export const BUILDINGS = {
  tower: (pen) =>
    pen.solid(polygon([-60, 20], [-40, -290], [40, -290], [60, 20]), 'far') +
    pen.solid(rectangle(-58, -320, 116, 36), 'far', { depth: 0.3 }) +
    pen.solid(polygon([-48, -320], [48, -320], [0, -440]), 'farDark', { depth: 0.4 }) +
    windows(pen, -14, -250, 1, 4, 44),
  spire: (pen) =>
    pen.solid(
      polygon(
        [-110, 20],
        [-40, -110],
        [-16, -320],
        [0, -450],
        [16, -320],
        [40, -110],
        [110, 20],
        [60, 20],
        [30, -60],
        [-30, -60],
        [-60, 20]
      ),
      'far'
    ) + pen.line('M-36 -120H36M-20 -230H20', 'farDark', 12),
  lighthouse: (pen) =>
    pen.flat(polygon([0, -316], [-420, -420], [-420, -270]), 'paper', 0.35) +
    pen.solid(polygon([-50, 20], [-30, -290], [30, -290], [50, 20]), 'paper', {
      inside: each([0, 1, 2], (index) => pen.flat(rectangle(-60, -250 + index * 100, 120, 46), 'far'))
    }) +
    pen.solid(rectangle(-34, -340, 68, 50), 'accent', { depth: 0 }) +
    pen.solid(polygon([-44, -338], [44, -338], [0, -396]), 'farDark', { depth: 0 }),
  bridge: (pen) =>
    pen.solid(rectangle(-330, -130, 660, 34), 'farDark', { depth: 0 }) +
    each([-150, 150], (x) => pen.solid(rectangle(x - 20, -350, 40, 380), 'far', { depth: 0.4 })) +
    pen.line('M-330 -150Q-240 -150 -150 -340Q0 0 150 -340Q240 -150 330 -150', 'far', 12) +
    each([-90, -45, 0, 45, 90], (x) => pen.line(`M${x} -130V${-205 - Math.abs(x) * 0.8}`, 'far', 5)),
  arches: (pen) =>
    pen.solid(rectangle(-320, -250, 640, 270), 'far', {
      depth: 0.4,
      inside: each([-240, -80, 80, 240], (x) =>
        pen.flat(`M${x - 56} 30V-130A56 56 0 0 1 ${x + 56} -130V30Z`, 'skyLow')
      )
    }) + pen.solid(rectangle(-330, -276, 660, 34), 'farDark', { depth: 0 }),
  pyramid: (pen) =>
    pen.solid(polygon([-270, 20], [0, -330], [270, 20]), 'far', { depth: 0 }) +
    pen.flat(polygon([0, -330], [270, 20], [60, 20]), 'farDark') +
    pen.solid(polygon([130, 20], [250, -130], [370, 20]), 'far', { depth: 0.6 }),
  steps: (pen) =>
    each([0, 1, 2, 3, 4], (index) =>
      pen.solid(rectangle(-250 + index * 46, -70 - index * 62, 500 - index * 92, 90), 'far', { depth: 0.4 })
    ) +
    pen.flat(rectangle(-30, -310, 60, 330), 'farDark') +
    pen.solid(rectangle(-56, -400, 112, 92), 'farDark', { depth: 0 }),
  pagoda: (pen) =>
    each(
      [0, 1, 2, 3],
      (index) =>
        pen.solid(rectangle(-90 + index * 16, -70 - index * 92, 180 - index * 32, 80), 'far', {
          depth: 0.4
        }) +
        pen.solid(
          path`
            M${-170 + index * 28} ${-62 - index * 92}
            Q0 ${-150 - index * 92} ${170 - index * 28} ${-62 - index * 92}
            Q0 ${-104 - index * 92} ${-170 + index * 28} ${-62 - index * 92}Z
          `,
          'farDark',
          { depth: 0 }
        )
    ) + pen.line('M0 -400V-460', 'farDark', 12),
  domes: (pen) =>
    pen.solid(rectangle(-190, -150, 380, 170), 'far', {
      depth: 0.4,
      inside: each([-130, 0, 130], (x) =>
        pen.flat(`M${x - 30} 30V-60A30 36 0 0 1 ${x + 30} -60V30Z`, 'farDark')
      )
    }) +
    dome(pen, 0, -150, 110) +
    dome(pen, -150, -150, 46) +
    dome(pen, 150, -150, 46) +
    each([-240, 240], (x) =>
      pen.solid(polygon([x - 18, 20], [x - 14, -290], [x, -350], [x + 14, -290], [x + 18, 20]), 'far', {
        depth: 0.3
      })
    ),
  church: (pen) =>
    pen.solid(polygon([-170, 20], [-170, -130], [-60, -210], [50, -130], [50, 20]), 'far', { depth: 0.6 }) +
    pen.solid(polygon([50, 20], [50, -290], [100, -430], [150, -290], [150, 20]), 'far', { depth: 0.6 }) +
    pen.flat(polygon([42, -286], [100, -440], [158, -286]), 'farDark') +
    pen.line('M100 -430V-480M82 -462H118', 'farDark', 8) +
    windows(pen, -120, -90, 3, 1, 54),
  castle: (pen) =>
    pen.solid(
      polygon(
        [-240, 20],
        [-240, -170],
        [-200, -170],
        [-200, -150],
        [-160, -150],
        [-160, -170],
        [-120, -170],
        [-120, -150],
        [120, -150],
        [120, -170],
        [160, -170],
        [160, -150],
        [200, -150],
        [200, -170],
        [240, -170],
        [240, 20]
      ),
      'far',
      { depth: 0.5 }
    ) +
    each(
      [-240, 0, 200],
      (x, index) =>
        pen.solid(rectangle(x - 44, -270 - (index % 2) * 70, 88, 290 + (index % 2) * 70), 'far', {
          depth: 0.5
        }) +
        pen.solid(
          polygon(
            [x - 58, -268 - (index % 2) * 70],
            [x, -370 - (index % 2) * 80],
            [x + 58, -268 - (index % 2) * 70]
          ),
          'farDark',
          { depth: 0 }
        )
    ) +
    pen.flat('M-36 30V-60A36 40 0 0 1 36 -60V30Z', 'farDark'),
  columns: (pen) =>
    pen.solid(polygon([-250, -230], [0, -340], [250, -230]), 'far', { depth: 0.5 }) +
    pen.solid(rectangle(-250, -234, 500, 34), 'farDark', { depth: 0 }) +
    each([-210, -126, -42, 42, 126, 210], (x) =>
      pen.solid(rectangle(x - 24, -204, 48, 200), 'far', { depth: 0.5 })
    ) +
    pen.solid(rectangle(-270, -14, 540, 40), 'far', { depth: 0.2 }),
  skyline: (pen, trait) => {
    const random = trait.random()
    return repeat(7, (index) => {
      const [x, width, height] = [-330 + index * 96, random.between(70, 104), random.between(130, 370)]
      return (
        pen.solid(rectangle(x, -height, width, height + 20), index % 2 === 0 ? 'far' : 'farDark', {
          depth: 0.3
        }) + windows(pen, x + 16, -height + 26, 2, Math.floor(height / 60), 34)
      )
    })
  },
  houses: (pen, trait) => {
    const random = trait.random()
    return repeat(6, (index) => {
      const [x, height] = [-330 + index * 112, random.between(120, 210)]
      return (
        pen.solid(rectangle(x, -height, 108, height + 20), index % 2 === 0 ? 'far' : 'paper', {
          depth: 0.3
        }) +
        pen.solid(polygon([x - 8, -height], [x + 54, -height - 84], [x + 116, -height]), 'farDark', {
          depth: 0.2
        }) +
        windows(pen, x + 24, -height + 34, 2, 2, 40)
      )
    })
  },
  huts: (pen) =>
    each(
      [-230, -40, 160],
      (x, index) =>
        pen.solid(rectangle(x - 70, -110, 140, 130), 'paper', { depth: 0.4 }) +
        pen.solid(polygon([x - 116, -96], [x, -270 + index * 24], [x + 116, -96]), 'far', { depth: 0.7 }) +
        pen.flat(rectangle(x - 22, -70, 44, 90), 'farDark')
    ),
  windmill: (pen) =>
    pen.solid(polygon([-70, 20], [-44, -220], [44, -220], [70, 20]), 'far') +
    pen.solid('M-50 -216A50 50 0 0 1 50 -216Z', 'farDark', { depth: 0 }) +
    each([20, 110, 200, 290], (turn) =>
      group(
        pen.line('M0 0V-190', 'farDark', 10) + pen.solid(rectangle(4, -190, 44, 150), 'paper', { depth: 0 }),
        `translate(0 -226) rotate(${turn})`
      )
    ),
  statue: (pen) =>
    pen.solid(rectangle(-110, -90, 220, 110), 'farDark', { depth: 0.3 }) +
    pen.solid(blob([-60, -90], [-76, -250], [-30, -300], [30, -300], [76, -250], [60, -90]), 'far') +
    pen.solid(ellipse(0, -340, 44, 50), 'far') +
    pen.limb(curve([50, -260], [110, -340], [96, -430]), 'far', 34),
  railway: (pen) =>
    pen.solid(rectangle(-300, -170, 250, 120, 20), 'far', { depth: 0.4 }) +
    pen.solid(rectangle(-30, -170, 250, 120, 20), 'farDark', { depth: 0.4 }) +
    windows(pen, -270, -140, 5, 1, 44) +
    windows(pen, 0, -140, 5, 1, 44) +
    each([-250, -120, 20, 160], (x) => pen.flat(ellipse(x + 20, -40, 26), 'farDark')) +
    pen.line('M-400 -10H400', 'farDark', 13)
} satisfies Record<string, Landmark>
