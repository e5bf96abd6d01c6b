import { errors, quote } from '../errors.ts'
import type { Attribute } from '../schemas/dress.ts'
import { artStyle, capitalize, feelingOf, indefinite, kind, spokenColor, titleCase } from './language.ts'
import { SLOT_NAMES, fillSlots, findSlot } from './slots.ts'
import { mixingLevel, parseTraits } from './traits.ts'
import type { Trait, Traits } from './traits.ts'

/** The prompts of a dress, each under the name of its folder on disk. */
export interface Prompts {
  /** Every attribute with its whole row, one per line. */
  data: string
  title: string
  /** One sentence: the caption. */
  terse: string
  /** The description from which an image model draws, enhanced by a language model if that is on. */
  prompt: string
  /** The same facts as short directions. */
  technical: string
}

const HUMAN = 'human being'
const NO_LETTERING = 'Keep every word, letter, number, signature and watermark out of the picture.'

/**
 * Writes all prompts of a dress. An attribute that is `none` is left out together with its sentence.
 * @throws TEMPLATE_ERROR if a backstyle has an unknown slot
 */
export function writePrompts(attributes: readonly Attribute[], colorLimit: string): Prompts {
  const traits = parseTraits(attributes)
  return {
    data: dataPrompt(traits),
    title: titlePrompt(traits),
    terse: tersePrompt(traits),
    prompt: fullPrompt(traits, colorLimit, mixingLevel(attributes)),
    technical: technicalPrompt(traits, colorLimit)
  }
}

/** The system message for the language model that enhances a prompt: it asks for the literary style of the dress. */
export function enhancerPersona(attributes: readonly Attribute[]): string {
  const { litStyle } = parseTraits(attributes)
  return [
    "You are an award-winning novelist with a painter's eye, known for characters that readers can see.",
    litStyle && `Today you write in the spirit of ${which(litStyle)}.`,
    'You will be given the description of one picture.',
    'Rewrite it as a single flowing paragraph of 120 to 220 words',
    'that an illustrator could paint from without a question.',
    'Keep every fact it states: who the figure is, what it does and feels, where it stands, both art styles,',
    'every colour with its hexadecimal code, the viewpoint, the composition and the background.',
    'Add what can be seen: light, weather, cloth, texture, gesture and one surprising small detail.',
    'Name no living artist, ask for no lettering, and answer with the paragraph alone:',
    'no heading, no quotation marks, no comment.'
  ]
    .filter(Boolean)
    .join(' ')
}

function dataPrompt(traits: Traits): string {
  const rows =
    traits.backStyle === undefined ? traits : { ...traits, backStyle: { fields: [background(traits)] } }
  return Object.entries(rows)
    .map(([name, { fields }]) => `${name}: ${fields.filter(Boolean).join(' | ')}`)
    .join('\n')
}

/** `The Boldly Crooked Otter, Beekeeper of Paris`. */
function titlePrompt(traits: Traits): string {
  const figure = titleCase(`the ${figureOf(traits)}`)
  const [name, region] = placeNames(traits)
  const town = region || name
  const office = [traits.occupation && titleCase(traits.occupation.name), town && `of ${town}`]
    .filter(Boolean)
    .join(' ')
  return office === '' ? figure : `${figure}, ${office}`
}

function tersePrompt(traits: Traits): string {
  const { occupation, action, emotion, artStyle1 } = traits
  const [place] = placeNames(traits)
  const doing = [
    action?.name,
    emotion && `with ${feelingOf(emotion.name)}`,
    place && `within sight of ${place}`
  ]
    .filter(Boolean)
    .join(' ')
  const parts = [
    capitalize(indefinite(figureOf(traits))),
    occupation && indefinite(occupation.name),
    doing,
    artStyle1 && `in the style of ${artStyle(artStyle1.name)}`
  ]
  return `${parts.filter(Boolean).join(', ')}.`
}

function fullPrompt(traits: Traits, colorLimit: string, level: number): string {
  const {
    adverb,
    adjective,
    noun,
    emotion,
    occupation,
    action,
    litStyle,
    viewpoint,
    gaze,
    composition,
    trope
  } = traits
  const isHuman = noun?.detail === HUMAN
  const subject = isHuman ? 'This person' : 'It'
  const sentences = [
    `Draw ${indefinite(figureOf(traits))}${noun?.detail && !isHuman ? `, ${kind(noun.detail)},` : ''}` +
      ` as a character ${isHuman ? 'of flesh and blood' : 'with human-like features'}.`,
    adjective && meanings(adverb, adjective),
    occupation && `${subject} works as ${indefinite(explain(occupation, ' who '))}.`,
    action && `${subject} is ${explain(action, ': ')}.`,
    emotion && `${subject} feels ${feeling(emotion)}.`,
    gaze && `${subject} looks ${explain(gaze, ', ')}.`,
    placeSentence(traits),
    trope && `The picture plays on the trope of ${explain(trope, ': ')}.`,
    litStyle && `It tells its story in the spirit of ${which(litStyle)}.`,
    styleSentence(traits, level),
    colorSentence(traits, colorLimit),
    viewpoint && `The viewpoint is ${indefinite(explain(viewpoint, ', '))}.`,
    composition && `The composition follows ${explain(composition, ', ')}.`,
    traits.backStyle && backgroundSentence(traits),
    NO_LETTERING
  ]
  return sentences.filter(Boolean).join(' ')
}

function technicalPrompt(traits: Traits, colorLimit: string): string {
  const { noun, emotion, occupation, action, artStyle1, artStyle2, litStyle, color1, color2, color3 } = traits
  const { viewpoint, gaze, composition, trope } = traits
  const line = (label: string, ...parts: Array<string | undefined>) => {
    const text = parts.filter(Boolean).join('; ')
    return text === '' ? undefined : `${label}: ${text}.`
  }
  return [
    line('Figure', figureOf(traits), noun?.fields.slice(1).filter(Boolean).join(', ')),
    line('Costume and tools', occupation?.name),
    line('Pose', action?.name, gaze && `looking ${gaze.name}`),
    line('Expression', emotion?.name, emotion?.fields[2] && `${emotion.fields[2]} feeling`),
    line('Setting', placeNames(traits).filter(Boolean).join(', ')),
    line('Story', trope?.name, litStyle && `in the spirit of ${litStyle.name}`),
    line(
      'Treatment',
      artStyle1?.name,
      artStyle2 && artStyle2.name !== artStyle1?.name ? `with ${artStyle2.name}` : undefined
    ),
    line(
      'Palette',
      color1 && swatch(color1),
      color2 && swatch(color2),
      color3 && `${swatch(color3)} behind`,
      limitOf(colorLimit)
    ),
    line('Camera', viewpoint?.name),
    line('Layout', composition?.name),
    line('Background', traits.backStyle && background(traits).replace(SUBJECT, '')),
    NO_LETTERING
  ]
    .filter(Boolean)
    .join('\n')
}

/** `boldly crooked otter`; `figure` in place of a missing noun. Without an adjective the adverb is left out too. */
function figureOf({ adverb, adjective, noun }: Traits): string {
  return [adjective && adverb?.name, adjective?.name, noun?.name ?? 'figure'].filter(Boolean).join(' ')
}

function meanings(adverb: Trait | undefined, adjective: Trait): string | undefined {
  const clauses = [adverb, adjective].flatMap((trait) =>
    trait?.detail ? [`"${trait.name}" means ${trait.detail}`] : []
  )
  return clauses.length > 0 ? `Here ${clauses.join(' and ')}.` : undefined
}

function feeling(emotion: Trait): string {
  const [, group, polarity] = emotion.fields
  const kind =
    group && polarity && group !== emotion.name ? `; the feeling is ${polarity} and close to ${group}` : ''
  const name = feelingOf(emotion.name)
  return `${explain({ ...emotion, name }, ', ')}${kind}`
}

/** The names of the place, its region and its country. Those of the Go library have no capitals. */
export function placeNames({ place }: Pick<Traits, 'place'>): string[] {
  if (place === undefined) return []
  return place.row === place.row.toLowerCase() ? place.fields.map(titleCase) : place.fields
}

function placeSentence(traits: Traits): string | undefined {
  const [name, ...others] = placeNames(traits)
  if (name === undefined) return undefined
  const where = [...new Set(others)].filter(Boolean).join(', ')
  return `The scene is set within sight of ${name}${where === '' ? '' : ` (${where})`}.`
}

/** The name and, if there is one, the detail. */
function explain({ name, detail }: Trait, separator: string): string {
  return detail ? `${name}${separator}${detail}` : name
}

/** `cubism, which …` */
function which(style: Trait): string {
  return explain(style, ', which ')
}

function styleSentence({ artStyle1, artStyle2 }: Traits, level: number): string | undefined {
  const lead = artStyle1 ?? artStyle2
  if (lead === undefined) return undefined
  if (artStyle1 === undefined || artStyle2 === undefined || artStyle1.name === artStyle2.name) {
    return `Work purely in the style of ${which(lead)}.`
  }
  const [first, second] = [which(artStyle1), which(artStyle2)]
  return [
    `Work in the style of ${first}, with a faint trace of ${second}.`,
    `Work in the style of ${first}, lightly touched by ${second}.`,
    `Work as a master of ${first}, and as one who also studied ${second}.`,
    `Fuse two styles and let the first lead: ${first}, and ${second}.`,
    `Give two styles equal weight: ${first}, and ${second}.`
  ][level]
}

function colorSentence({ color1, color2, color3 }: Traits, colorLimit: string): string | undefined {
  const leading = [color1, color2].filter((color) => color !== undefined).map(swatch)
  const palette = leading.length > 0 && `Build the palette on ${[...new Set(leading)].join(' and ')}`
  const ground =
    color3 &&
    (palette ? `with ${swatch(color3)} for the background` : `Use ${swatch(color3)} for the background`)
  const choice = [palette, ground].filter(Boolean).join(', ')
  const limit = limitOf(colorLimit)
  const sentences = [
    choice,
    limit && `Use ${limit}${choice === '' ? '' : ', chosen from these'}, with their tints`
  ].filter(Boolean)
  return sentences.length > 0 ? `${sentences.join('. ')}.` : undefined
}

/** `light steel blue (#b0c4de)`. */
function swatch(color: Trait): string {
  const name = spokenColor(color.name)
  return color.detail ? `${name} (${color.detail})` : name
}

function limitOf(colorLimit: string): string | undefined {
  const limit = colorLimit.trim()
  return limit === '' ? undefined : `no more than ${limit} colours`
}

/** The backstyle with its slots filled. */
function background(traits: Traits): string {
  const text = fillSlots(traits.backStyle!.fields.join(', '), traits)
  const unfilled = findSlot(text)
  if (unfilled !== undefined) {
    throw errors.template(
      `The backstyle has the slot ${quote(unfilled)}; only ${SLOT_NAMES.join(' and ')} are known`
    )
  }
  return text.replace(/\.$/, '')
}

/** The beginnings of backstyles that are whole sentences, as in the Go library's database. */
const SUBJECT = /^(?:the\s+)?(?:background|backdrop)\s+(?:(?:should|must|will|may|can)\s+)?(?:be|is)\s+/i
const SENTENCE = new RegExp(
  '^(?:(?:the\\s+)?(?:background|backdrop)|' +
    '(?:add|cover|draw|fill|give|keep|leave|let|make|paint|place|put|render|set|show|surround|use))\\s',
  'i'
)

/** `The background is a plain wall.` */
function backgroundSentence(traits: Traits): string {
  const text = background(traits)
  const rest = text.replace(SUBJECT, '')
  if (rest === text && SENTENCE.test(text)) return `${capitalize(text)}.`
  return `The background is ${rest}.`
}
