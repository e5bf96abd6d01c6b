import type { OpenAiConfig } from '../config/config.ts'
import type { Attribute } from '../schemas/dress.ts'

type Quality = NonNullable<OpenAiConfig['image']>['quality']

export type Orientation = 'square' | 'landscape' | 'portrait'

/** What the image models of a family take. */
interface Family {
  sizes: Record<Orientation, string>
  /** What stands for a quality that the family has no word for. */
  qualities: Partial<Record<Quality, Quality>>
  promptCharacters: number
  hasStyle: boolean
  /** Whether it must be told to send the image itself rather than a URL of it. */
  hasResponseFormat: boolean
  streams: boolean
}

const GPT_IMAGE: Family = {
  sizes: { square: '1024x1024', landscape: '1536x1024', portrait: '1024x1536' },
  qualities: { standard: 'medium', hd: 'high' },
  promptCharacters: 32_000,
  hasStyle: false,
  hasResponseFormat: false,
  streams: true
}

const FAMILIES: Array<[RegExp, Family]> = [
  [
    /^dall-e-3/,
    {
      sizes: { square: '1024x1024', landscape: '1792x1024', portrait: '1024x1792' },
      qualities: { auto: 'standard', low: 'standard', medium: 'standard', high: 'hd' },
      promptCharacters: 4_000,
      hasStyle: true,
      hasResponseFormat: true,
      streams: false
    }
  ],
  [
    /^dall-e-2/,
    {
      sizes: { square: '1024x1024', landscape: '1024x1024', portrait: '1024x1024' },
      qualities: { auto: 'standard', low: 'standard', medium: 'standard', high: 'standard', hd: 'standard' },
      promptCharacters: 1_000,
      hasStyle: false,
      hasResponseFormat: true,
      streams: false
    }
  ],
  [/^(?:gpt|chatgpt)-image/, GPT_IMAGE],
  // A compatible server's own: its words for quality and style are passed on as they are.
  [/^/, { ...GPT_IMAGE, qualities: {}, hasStyle: true }]
]

/** The body of a request for one image. */
export function imageRequest(
  { model, quality, style, partialImages }: NonNullable<OpenAiConfig['image']>,
  prompt: string,
  orientation: Orientation
) {
  const family = FAMILIES.find(([names]) => names.test(model))![1]
  return {
    model,
    prompt: prompt.slice(0, family.promptCharacters),
    n: 1,
    size: family.sizes[orientation],
    quality: family.qualities[quality] ?? quality,
    ...(family.hasStyle && style !== undefined && { style }),
    ...(family.hasResponseFormat && { response_format: 'b64_json' }),
    ...(family.streams && partialImages > 0 && { stream: true, partial_images: partialImages })
  }
}

const WIDE =
  /panoram|establishing|long shot|wide|tracking|two-point|horizon|triptych|lead room|negative space|procession|stepped planes|theatre|landscape|leading lines|atmospheric/i
const TALL =
  /full-length|bust|low angle|worm|three-point|crane|upright|central axis|pyramid|staircase|diamond|niche|tower|vertical|portrait/i

/** The shape of the paper: viewpoint and composition each ask for one, and where they disagree it is square. */
export function orientationOf(attributes: ReadonlyArray<Pick<Attribute, 'name' | 'value'>>): Orientation {
  const lean = attributes
    .filter(({ name }) => name === 'viewpoint' || name === 'composition')
    .map(({ value }) => value.split(',', 1)[0]!)
    .reduce((sum, words) => sum + (WIDE.test(words) ? 1 : TALL.test(words) ? -1 : 0), 0)
  return lean > 0 ? 'landscape' : lean < 0 ? 'portrait' : 'square'
}
