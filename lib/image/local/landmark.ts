import type { Pen } from './pen.ts'
import { both, each, repeat } from './repeat.ts'
import { blob, curve, ellipse, n, polygon, rectangle } from './svg.ts'
import { match } from './traits.ts'
import type { Trait } from './traits.ts'
import { anyOf } from './words.ts'

type Landmark = (pen: Pen, trait: Trait) => string

const windows = (pen: Pen, x: number, y: number, columns: number, rows: number, step = 34) =>
  repeat(columns * rows, (index) =>
    pen.flat(
      rectangle(
        x + (index % columns) * step,
        y + Math.floor(index / columns) * step * 1.3,
        step * 0.42,
        step * 0.62
      ),
      'accent',
      0.8
    )
  )

const mountain = (pen: Pen, x: number, half: number, height: number) =>
  pen.solid(
    polygon(
      [x - half, 20],
      [x - half * 0.2, -height * 0.86],
      [x, -height],
      [x + half * 0.24, -height * 0.8],
      [x + half, 20]
    ),
    'far',
    { depth: 1.4 }
  ) +
  pen.flat(
    polygon(
      [x, -height],
      [x + half * 0.24, -height * 0.8],
      [x + half * 0.1, -height * 0.66],
      [x, -height * 0.74],
      [x - half * 0.12, -height * 0.62],
      [x - half * 0.22, -height * 0.84]
    ),
    'paper'
  )

const dome = (pen: Pen, x: number, y: number, radius: number) =>
  pen.solid(
    `M${n(x - radius)} ${n(y)}C${n(x - radius * 1.2)} ${n(y - radius * 1.3)} ${n(x - radius * 0.2)} ${n(y - radius * 1.3)} ${n(x)} ${n(y - radius * 1.75)}C${n(x + radius * 0.2)} ${n(y - radius * 1.3)} ${n(x + radius * 1.2)} ${n(y - radius * 1.3)} ${n(x + radius)} ${n(y)}Z`,
    'far'
  )

/** What a place looks like from afar: on its own grid, standing on y = 0 round x = 0, some 340 high. */
const LANDMARKS: Record<string, Landmark> = {
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
          `M${-170 + index * 28} ${-62 - index * 92}Q0 ${-150 - index * 92} ${170 - index * 28} ${-62 - index * 92}Q0 ${-104 - index * 92} ${-170 + index * 28} ${-62 - index * 92}Z`,
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
  mountains: (pen) =>
    mountain(pen, -150, 230, 300) + mountain(pen, 120, 290, 410) + mountain(pen, 330, 170, 210),
  volcano: (pen) =>
    pen.solid(ellipse(16, -430, 54, 40), 'paper', { depth: 0.4 }) +
    pen.solid(ellipse(66, -490, 72, 52), 'paper', { depth: 0.4 }) +
    pen.solid('M-330 20Q-120 -70 -60 -340H60Q120 -70 330 20Z', 'far', { depth: 1.4 }) +
    pen.flat('M-60 -340H60L40 -270L10 -310L-16 -250L-40 -300Z', 'accent'),
  rocks: (pen) =>
    each(
      [
        [-210, 120, 240],
        [-60, 96, 380],
        [90, 130, 300],
        [250, 90, 200]
      ],
      ([x, width, height]) =>
        pen.solid(
          blob(
            [x - width * 0.5, 20],
            [x - width * 0.56, -height * 0.5],
            [x - width * 0.3, -height],
            [x + width * 0.34, -height],
            [x + width * 0.5, -height * 0.4],
            [x + width * 0.56, 20]
          ),
          'far',
          { depth: 1.2 }
        )
    ),
  canyon: (pen) =>
    both((side) =>
      pen.solid(
        polygon(
          [side * 440, 20],
          [side * 440, -350],
          [side * 230, -330],
          [side * 220, -230],
          [side * 150, -220],
          [side * 140, -110],
          [side * 80, -96],
          [side * 60, 20]
        ),
        'far',
        {
          inside: each([-280, -180, -80], (y) => pen.line(`M${side * 60} ${y}H${side * 440}`, 'farDark', 13))
        }
      )
    ),
  waterfall: (pen) =>
    pen.solid(polygon([-320, 20], [-300, -330], [300, -330], [320, 20]), 'far', { depth: 0.6 }) +
    pen.solid('M-90 -336H90L120 10H-120Z', 'paper', {
      depth: 0,
      inside: each([-60, -20, 24, 64], (x) => pen.line(`M${x} -330L${x * 1.3} 10`, 'skyLow', 14))
    }) +
    each([-120, -40, 50, 130], (x) => pen.flat(ellipse(x, 6, 60, 26), 'paper')),
  dunes: (pen) =>
    pen.solid('M-470 20Q-260 -210 -60 -60Q140 -300 470 20Z', 'far', { depth: 1.5 }) +
    pen.solid('M-470 20Q-180 -90 30 -20Q240 -130 470 20Z', 'farDark', { depth: 1 }),
  island: (pen) =>
    pen.solid(blob([-290, 20], [-220, -80], [0, -120], [220, -70], [290, 20]), 'far') +
    pen.limb(curve([30, -80], [20, -210], [90, -320]), 'farDark', 24) +
    each([-80, -40, 6, 44, 86], (turn) =>
      pen.solid(
        blob(
          [90, -320],
          [90 + Math.sin((turn * Math.PI) / 180) * 90, -360 - Math.cos((turn * Math.PI) / 180) * 40],
          [90 + Math.sin((turn * Math.PI) / 180) * 170, -300 + Math.abs(turn) * 0.6]
        ),
        'far',
        { depth: 0.4 }
      )
    ),
  waves: (pen) =>
    each([0, 1, 2], (row) =>
      pen.solid(
        `M-480 ${-90 + row * 44}${repeat(8, () => 'q60 -60 120 0')}V60H-480Z`,
        row % 2 === 0 ? 'far' : 'farDark',
        { depth: 0.4 }
      )
    ) +
    pen.solid(polygon([-60, -120], [150, -120], [110, -60], [-20, -60]), 'farDark', { depth: 0 }) +
    pen.solid(polygon([40, -330], [40, -134], [170, -134]), 'paper', { depth: 0.4 }) +
    pen.solid(polygon([26, -290], [26, -134], [-60, -134]), 'far', { depth: 0.3 }),
  forest: (pen) =>
    each([-300, -200, -110, -10, 90, 190, 290], (x, index) =>
      pen.solid(
        index % 2 === 0
          ? polygon([x, -330 + index * 8], [x + 80, 10], [x - 80, 10])
          : blob([x - 70, -90], [x, -290], [x + 70, -90], [x, 10]),
        index % 3 === 0 ? 'farDark' : 'far',
        { depth: 0.8 }
      )
    ),
  garden: (pen) =>
    pen.solid(rectangle(-330, -70, 660, 90), 'farDark', { depth: 0.3 }) +
    each([-240, -80, 80, 240], (x, index) =>
      pen.solid(
        index % 2 === 0 ? ellipse(x, -150, 76) : polygon([x, -330], [x + 60, -60], [x - 60, -60]),
        'far'
      )
    ),
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
    each(
      [20, 110, 200, 290],
      (turn) =>
        `<g transform="translate(0 -226) rotate(${turn})">${pen.line('M0 0V-190', 'farDark', 10) + pen.solid(rectangle(4, -190, 44, 150), 'paper', { depth: 0 })}</g>`
    ),
  statue: (pen) =>
    pen.solid(rectangle(-110, -90, 220, 110), 'farDark', { depth: 0.3 }) +
    pen.solid(blob([-60, -90], [-76, -250], [-30, -300], [30, -300], [76, -250], [60, -90]), 'far') +
    pen.solid(ellipse(0, -340, 44, 50), 'far') +
    pen.limb(curve([50, -260], [110, -340], [96, -430]), 'far', 34),
  stones: (pen) =>
    each([-250, -90, 80, 240], (x, index) =>
      pen.solid(rectangle(x - 36, -220 + index * 12, 72, 240, 12), 'far')
    ) +
    pen.solid(rectangle(-300, -270, 270, 56, 12), 'farDark', { depth: 0.3 }) +
    pen.solid(rectangle(30, -246, 270, 56, 12), 'farDark', { depth: 0.3 }),
  ice: (pen) =>
    each(
      [
        [-230, 150, 210],
        [-20, 180, 340],
        [220, 160, 250]
      ],
      ([x, half, height]) =>
        pen.solid(
          polygon(
            [x - half, 20],
            [x - half * 0.6, -height * 0.5],
            [x - half * 0.1, -height],
            [x + half * 0.4, -height * 0.56],
            [x + half, 20]
          ),
          'paper',
          { depth: 1.6 }
        )
    ),
  cave: (pen) =>
    pen.solid(blob([-430, 20], [-370, -260], [-90, -370], [190, -350], [410, -190], [430, 20]), 'far', {
      depth: 1.2
    }) + pen.flat('M-130 30V-90Q-60 -250 60 -200Q150 -150 140 30Z', 'farDark'),
  railway: (pen) =>
    pen.solid(rectangle(-300, -170, 250, 120, 20), 'far', { depth: 0.4 }) +
    pen.solid(rectangle(-30, -170, 250, 120, 20), 'farDark', { depth: 0.4 }) +
    windows(pen, -270, -140, 5, 1, 44) +
    windows(pen, 0, -140, 5, 1, 44) +
    each([-250, -120, 20, 160], (x) => pen.flat(ellipse(x + 20, -40, 26), 'farDark')) +
    pen.line('M-400 -10H400', 'farDark', 13)
}

const WORDS: Array<[RegExp, keyof typeof LANDMARKS]> = [
  [/lighthouse|beacon/, 'lighthouse'],
  [/windmill/, 'windmill'],
  [/railway|train|tram|station|funicular|viaduct|cable car/, 'railway'],
  [/eiffel|needle|spire|obelisk|communications|television|cn tower|skytree/, 'spire'],
  [/aqueduct|viaduct|arcade|colosseum|amphitheatre|arena\b|coliseum|bullring/, 'arches'],
  [/bridge|pont\b|ponte\b/, 'bridge'],
  [/volcano|crater|geyser|hot spring|fumarole|etna|vesuvius|fuji|cotopaxi|hekla/, 'volcano'],
  [/falls\b|waterfall|cascade|cataract|gullfoss/, 'waterfall'],
  [/pyramid/, 'pyramid'],
  [/ziggurat|chichén|tikal|mayan|stepped|borobudur|teotihuac|huaca\b|uxmal|copán|palenque/, 'steps'],
  [
    anyOf(
      /pagoda|shinto|shrine|torii|wat\b|stupa|angkor/,
      /buddh|monastery of the|dzong|temple|gompa|potala/
    ),
    'pagoda'
  ],
  [
    anyOf(
      /mosque|minaret|madrasa|mausoleum|taj|tomb|dome|registan|hagia/,
      /observatory|planetarium|caravanserai|palace of the shirvan/
    ),
    'domes'
  ],
  [
    anyOf(/cathedral|church|\w*kirche|basilica|abbey|monastery/, /chapel|minster|notre|convent|mission|kirk/),
    'church'
  ],
  [/castle|fort|citadel|château|alcázar|palace|kremlin|walls|kasbah|ksar|gate|bastion|schloss/, 'castle'],
  [
    anyOf(
      /ruin|column|parthenon|acropolis|forum|agora|opera|theatre|library|museum/,
      /capitol|parliament|stock|colonnade|petra|persepolis|palmyra|ephesus/
    ),
    'columns'
  ],
  [/statue|colossus|sphinx|christ the|moai|buddha|monument|liberty|sculpture|figures|heads/, 'statue'],
  [/stonehenge|standing stones|stone circle|dolmen|menhir|stelae|tombs|pillar|megalith|cairn/, 'stones'],
  [/glacier|iceberg|ice\b|antarctic|fjord of ice|ice cave|icefield|penguin/, 'ice'],
  [/desert|dune|sand|sahara|namib\b|erg\b|salt flat|salar|salt\b|oasis|wadi/, 'dunes'],
  [/canyon|gorge|badlands|mesa|valley of|rift/, 'canyon'],
  [/cave|grotto|cenote|cavern/, 'cave'],
  [
    anyOf(
      /rock|cliff|stack|pinnacle|tepui|outcrop|boulder/,
      /arch\b|karst|tsingy|needles|uluru|hoodoo|chimney/
    ),
    'rocks'
  ],
  [/mount|peak|mountain|alps|sierra|range|massif|pass\b|hill|everest|matterhorn|ridge/, 'mountains'],
  [/beach|island|atoll|lagoon|bay\b|cay|reef|cape|coast|palm|archipelago|motu/, 'island'],
  [
    anyOf(
      /lake|harbour|river|port|quay|canal|sea|boat|delta|fjord|marina/,
      /wharf|strait|pier|ships|ferry|dhow|waterfront|promenade/
    ),
    'waves'
  ],
  [/forest|wood|jungle|baobab|redwood|trees|park|reserve|bamboo|rainforest|avenue/, 'forest'],
  [/garden|orchard|vineyard|terrace|plantation|field|tea|meadow|lavender|maze/, 'garden'],
  [/hut|village|stilt|ger\b|yurt|thatch|longhouse|mud|houses of|trulli|settlement|camp/, 'huts'],
  [
    anyOf(/old town|street|houses|square|market|bazaar|souk/, /quarter|plaza|steps|medina|lane|rooftop|town/),
    'houses'
  ],
  [/tower|clock|bell|belfry|minar|campanile|torre/, 'tower'],
  [/skyline|city|skyscraper|district|building|hotel|centre|stadium|casino/, 'skyline']
]

export const LANDMARK_NAMES = Object.keys(LANDMARKS)

/** Which landmark stands for a place, by its words. */
export function landmarkOf(place: Trait): string {
  return match(place, WORDS, ['skyline', 'houses', 'mountains', 'forest', 'domes', 'rocks', 'waves'])
}

export function drawLandmark(pen: Pen, place: Trait): string {
  return place.name === '' ? '' : LANDMARKS[landmarkOf(place)]!(pen, place)
}
