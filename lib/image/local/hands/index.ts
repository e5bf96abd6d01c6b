import type { Trait } from '../traits.ts'
import { anyOf } from '../words.ts'
import { batik } from './batik.ts'
import { brushwork, dotted } from './brushwork.ts'
import { codex } from './codex.ts'
import { comic } from './comic.ts'
import { cutpaper } from './cutpaper.ts'
import { engraving, scratch } from './engraving.ts'
import { facets } from './facets.ts'
import { film, noir } from './film.ts'
import { geometry } from './geometry.ts'
import { girih } from './girih.ts'
import { glass } from './glass.ts'
import type { Hand } from './hand.ts'
import { inkwash } from './inkwash.ts'
import { miniature } from './miniature.ts'
import { pixel } from './pixel.ts'
import { pop } from './pop.ts'
import { poster } from './poster.ts'
import { screen } from './screen.ts'
import { deco, stitch } from './stitch.ts'
import { mosaic } from './mosaic.ts'
import { tapa } from './tapa.ts'
import { tenebrism } from './tenebrism.ts'
import { vase } from './vase.ts'
import { waxprint } from './waxprint.ts'
import { woodblock } from './woodblock.ts'

const HANDS = {
  batik,
  brushwork,
  codex,
  comic,
  cutpaper,
  deco,
  dotted,
  engraving,
  facets,
  film,
  geometry,
  girih,
  glass,
  inkwash,
  miniature,
  mosaic,
  noir,
  pixel,
  pop,
  poster,
  scratch,
  screen,
  stitch,
  vase,
  tapa,
  tenebrism,
  waxprint,
  woodblock
} satisfies Record<string, Hand>

export type HandName = keyof typeof HANDS

export const HAND_NAMES = Object.keys(HANDS) as HandName[]

/** Hands of single techniques, by words of the row. */
const BY_TECHNIQUE: Array<[RegExp, HandName]> = [
  [
    anyOf(
      /film noir|german expressionist cinema|silent film|street photography|daguerreotype/,
      /silhouette animation/
    ),
    'noir'
  ],
  [/ascii|pixel|teletext|one-bit|voxel/, 'pixel'],
  [/y2k|low-poly/, 'screen'],
  [/pointillis|divisionis|impressionis|autochrome/, 'dotted'],
  [
    anyOf(
      /stained glass|cloisonné|plique|millefiori|enamel/,
      /^marquetry|delftware|maiolica|jasperware|slipware|wrought-iron|chinoiserie/
    ),
    'glass'
  ],
  [/mosaic|trencad|azulejo/, 'mosaic'],
  [
    anyOf(
      /bauhaus|de stijl|constructivis|suprematis|neo-concretis|minimalis|brutalis|\bop art|purism|precisionis/,
      /swiss typography/
    ),
    'geometry'
  ],
  [/cubis|futurism\b|\borphism|rayonis|vorticis/, 'facets'],
  [/deco\b|art nouveau|vienna secession|new objectivity/, 'deco'],
  [/ukiyo-e|shin-hanga|rinpa|yamato-e|maki-e|kanō|nianhua/, 'woodblock'],
  [/ink wash|shan shui|bird-and-flower|xieyi/, 'inkwash'],
  [/halftone|screen print/, 'pop'],
  [/mezzotint|aquatint|wood engraving|scratchboard|crosshatching/, 'scratch'],
  [/plakatstil/, 'poster'],
  [/origami|quilling|paper engineering|papier-mâché/, 'cutpaper'],
  [/millefleurs tapestry|narrative embroidery/, 'stitch'],
  [/chiaroscuro,|tenebris/, 'tenebrism']
]

/** Hands of the other styles, by their group. A group with several hands chooses one by the row. */
const BY_GROUP = new Map<string, readonly HandName[]>(
  Object.entries({
    modernism: ['poster'],
    'avant-garde': ['facets'],
    'renaissance and baroque': ['tenebrism'],
    'romantic and realist': ['brushwork'],
    'ancient and medieval': ['vase', 'mosaic', 'vase'],
    'east asian': ['inkwash', 'woodblock'],
    'south asian': ['miniature'],
    'southeast asian': ['batik'],
    islamic: ['girih'],
    african: ['waxprint'],
    americas: ['codex'],
    oceanic: ['tapa'],
    folk: ['cutpaper'],
    print: ['engraving'],
    'pop and street': ['pop'],
    digital: ['screen'],
    'craft and decorative': ['stitch'],
    'illustration and comics': ['comic'],
    'photography and film': ['film']
  })
)

/** The name of an art style's hand: by its technique, else by its group, else one from its random numbers. */
export function handNameOf(style: Trait): HandName {
  const random = style.random()
  return (
    BY_TECHNIQUE.find(([words]) => words.test(`${style.name.toLowerCase()},`))?.[1] ??
    random.pick(BY_GROUP.get(style.fields[1] ?? '') ?? (style.name === '' ? ['poster'] : HAND_NAMES))
  )
}

export const handOf = (style: Trait): Hand => HANDS[handNameOf(style)]
