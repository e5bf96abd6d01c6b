import type { Trait } from '../traits.ts'
import { anyOf } from '../words.ts'
import { cut, deco, glass, mosaic, stitch } from './crafted.ts'
import { batik, folk, fret, girih, miniature, tapa, zigzag } from './ornamental.ts'
import { brush, chalk, cubist, flat, ink, pointillist } from './painted.ts'
import { engraving, film, halftone, pixels, woodcut } from './printed.ts'
import type { Technique, Treatment } from './treatment.ts'

const TREATMENTS: Record<string, Technique> = {
  flat,
  pointillist,
  brush,
  woodcut,
  engraving,
  deco,
  cubist,
  ink,
  glass,
  pixels,
  mosaic,
  folk,
  halftone,
  cut,
  batik,
  girih,
  zigzag,
  fret,
  tapa,
  miniature,
  stitch,
  chalk,
  film
}

export type TreatmentName = keyof typeof TREATMENTS

/** Treatments of single techniques, by words of the row. */
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

/** Treatments of the other techniques, by their group. */
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

/** The treatment of an art style: by its technique, else by its group, else one from its random numbers. */
export function treatmentOf(style: Trait): Treatment {
  const random = style.random()
  const name =
    BY_TECHNIQUE.find(([words]) => words.test(style.words))?.[1] ??
    BY_GROUP.get(style.fields[1] ?? '') ??
    (style.name === '' ? 'flat' : random.pick(TREATMENT_NAMES))
  return TREATMENTS[name]!(random)
}

/** The treatment for distant things: no outline, no shadow, no rotation, and marks with the opacity `share`. */
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
