import type { Palette, Role } from './palette.ts'
import type { Random } from './random.ts'
import { each, repeat } from './repeat.ts'
import { ellipse, n, polygon, polyline, rectangle, star } from './svg.ts'
import type { Trait } from './traits.ts'
import { anyOf } from './words.ts'

/** A tile that repeats over a surface; its sides are whole numbers. */
export interface Pattern {
  width: number
  height?: number
  /** Degrees, clockwise. */
  turn?: number
  marks: string
}

/** How surfaces are worked: what lies on them, how their edges are drawn, whether they cast a shadow. */
export interface Treatment {
  name: string
  /** The tile for a surface. @param shade the tone beside the surface's own */
  texture?: (shade: string, palette: Palette) => Pattern
  outline?: { role: Role; width: number }
  /** How far the shadow of a cut sheet falls, as a share of the light's way. */
  drop?: number
}

const fill = (d: string, color: string, opacity = 1) =>
  `<path d="${d}" fill="${color}"${opacity < 1 ? ` fill-opacity="${opacity.toFixed(2)}"` : ''}/>`
const stroke = (d: string, color: string, width: number, opacity = 1) =>
  `<path d="${d}" fill="none" stroke="${color}" stroke-width="${n(width)}" stroke-linecap="round"${opacity < 1 ? ` stroke-opacity="${opacity.toFixed(2)}"` : ''}/>`

const TREATMENTS: Record<string, (random: Random) => Treatment> = {
  flat: () => ({ name: 'flat' }),

  pointillist: (random) => ({
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
  }),

  brush: () => ({
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
  }),

  woodcut: () => ({
    name: 'woodcut',
    texture: (_shade, { ink }) => ({
      width: 40,
      height: 15,
      turn: -32,
      marks: stroke('M-4 3.5h31', ink, 2.6, 0.42) + stroke('M14 11h32', ink, 1.8, 0.3)
    }),
    outline: { role: 'ink', width: 5 }
  }),

  engraving: () => ({
    name: 'engraving',
    texture: (_shade, { ink }) => ({
      width: 9,
      turn: 38,
      marks: stroke('M0 2h9', ink, 1.1, 0.4) + stroke('M0 6.5h9', ink, 0.7, 0.26)
    }),
    outline: { role: 'ink', width: 2.4 }
  }),

  deco: () => ({
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
  }),

  cubist: (random) => ({
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
          facets.join('') +
          stroke('M0 60L180 130', shade, 1.6, 0.7) +
          stroke('M50 0L120 180', shade, 1.6, 0.7)
      }
    }
  }),

  ink: (random) => ({
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
  }),

  glass: (random) => ({
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
  }),

  pixels: (random) => ({
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
  }),

  mosaic: (random) => ({
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
  }),

  folk: () => ({
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
  }),

  halftone: () => ({
    name: 'halftone',
    texture: (shade) => ({ width: 18, turn: 45, marks: fill(ellipse(9, 9, 5), shade, 0.62) }),
    outline: { role: 'ink', width: 5.4 }
  }),

  cut: () => ({ name: 'cut', drop: 0.7 }),

  batik: () => ({
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
  }),

  girih: () => ({
    name: 'girih',
    texture: (shade, { paper }) => ({
      width: 64,
      marks:
        stroke(star(32, 32, 29, 18, 8), paper, 2, 0.45) +
        stroke(star(32, 32, 14, 8, 8), shade, 2, 0.8) +
        stroke('M0 18L6 32L0 46M64 18L58 32L64 46M18 0L32 6L46 0M18 64L32 58L46 64', paper, 2, 0.45)
    }),
    outline: { role: 'paper', width: 2.4 }
  }),

  zigzag: () => ({
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
  }),

  fret: () => ({
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
  }),

  tapa: () => ({
    name: 'tapa',
    texture: (shade, { paper }) => ({
      width: 60,
      marks:
        fill(polygon([0, 0], [30, 0], [0, 30]), shade, 0.5) +
        fill(polygon([60, 60], [30, 60], [60, 30]), shade, 0.5) +
        stroke('M34 4L56 26M30 12L48 30', paper, 2, 0.5) +
        stroke('M4 34L26 56M12 30L30 48', paper, 2, 0.5)
    })
  }),

  miniature: () => ({
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
  }),

  stitch: () => ({
    name: 'stitch',
    texture: (shade, { paper }) => ({
      width: 14,
      marks: stroke('M3 3L11 11M11 3L3 11', shade, 2.2, 0.6) + stroke('M7 0v1', paper, 1.4, 0.3)
    })
  }),

  chalk: (random) => ({
    name: 'chalk',
    texture: (shade, { paper }) => ({
      width: 120,
      turn: 62,
      marks: repeat(18, (index) =>
        stroke(
          `M${n(random.between(0, 70))} ${n(index * 6.6 + random.between(0, 4))}h${n(random.between(14, 48))}`,
          index % 3 === 0 ? paper : shade,
          random.between(1, 2.4),
          0.32
        )
      )
    })
  }),

  film: () => ({
    name: 'film',
    texture: (shade, { paper }) => ({
      width: 6,
      marks: stroke('M0 1.5h6', shade, 1.2, 0.36) + stroke('M0 4.5h6', paper, 0.8, 0.12)
    })
  })
}

export type TreatmentName = keyof typeof TREATMENTS

/** Techniques that have a treatment of their own, by words of the row … */
const BY_TECHNIQUE: Array<[RegExp, TreatmentName]> = [
  [/pointillis|divisionis|dot painting|autochrome|impressionis/, 'pointillist'],
  [/stained glass|enamel|cloisonn|plique|millefiori/, 'glass'],
  [
    anyOf(
      /paper ?cut|papercut|wycinanki|scherenschnitt|papel picado/,
      /origami|pop-up|collage|silhouette|decoupage/
    ),
    'cut'
  ],
  [
    anyOf(
      /engraving|etching|drypoint|mezzotint|aquatint|silverpoint/,
      /scratchboard|crosshatch|cylinder seal|ex libris/
    ),
    'engraving'
  ],
  [/woodcut|wood ?block|linocut|ukiyo|hanga|lubok|nianhua|wood type/, 'woodcut'],
  [/pixel|voxel|8-bit|one-bit|teletext|ascii|dithering/, 'pixels'],
  [/mosaic|tessera|trencad|zellij|tile|azulejo/, 'mosaic'],
  [/halftone|pop art|comic|manga|graffiti|screen print|risograph/, 'halftone'],
  [/deco\b|art nouveau|chrome|jazz|googie|belle époque/, 'deco'],
  [/cubis|facet|futuris|vorticis|rayonis|low-poly|orphism/, 'cubist'],
  [/ink|sumi|brush painting|shan shui|calligraph|xieyi/, 'ink'],
  [/embroider|stitch|knit|quilt|lace|weav|tapestry|textile|crochet|felt|needle|beadwork|cloth/, 'stitch'],
  [/batik|ikat|songket|wax/, 'batik'],
  [/chalk|pastel|charcoal|crayon|cave|rock art|petroglyph/, 'chalk'],
  [
    anyOf(
      /bauhaus|minimalis|de stijl|swiss|constructivis|suprematis/,
      /flat|colour-field|plakatstil|purism|precisionis/
    ),
    'flat'
  ]
]

/** … and what stands for the others of each group. */
const BY_GROUP = new Map<string, TreatmentName>(
  Object.entries({
    modernism: 'flat',
    'avant-garde': 'cubist',
    'renaissance and baroque': 'chalk',
    'romantic and realist': 'brush',
    'ancient and medieval': 'mosaic',
    'east asian': 'ink',
    'south asian': 'miniature',
    'southeast asian': 'batik',
    islamic: 'girih',
    african: 'zigzag',
    americas: 'fret',
    oceanic: 'tapa',
    folk: 'folk',
    print: 'woodcut',
    'pop and street': 'halftone',
    digital: 'pixels',
    'craft and decorative': 'deco',
    'illustration and comics': 'engraving',
    'photography and film': 'film'
  })
)

export const TREATMENT_NAMES = Object.keys(TREATMENTS)

/** How an art style works surfaces: by its technique, else by its group. */
export function treatmentOf(style: Trait): Treatment {
  const random = style.random()
  const name =
    BY_TECHNIQUE.find(([words]) => words.test(style.words))?.[1] ??
    BY_GROUP.get(style.fields[1] ?? '') ??
    (style.name === '' ? 'flat' : random.pick(TREATMENT_NAMES))
  return TREATMENTS[name]!(random)
}

/** The treatment as it looks from afar: its marks level and fainter by the share, its edges plain. */
export function soften(treatment: Treatment, share: number): Treatment {
  const { name, texture } = treatment
  if (texture === undefined) return { name }
  return {
    name,
    texture(shade, palette) {
      const { width, height, marks } = texture(shade, palette)
      return {
        width,
        ...(height !== undefined && { height }),
        marks: `<g opacity="${share.toFixed(2)}">${marks}</g>`
      }
    }
  }
}
