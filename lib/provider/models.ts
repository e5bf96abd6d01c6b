import { ORIENTATIONS } from './orientation.ts'
import type { Orientation } from './orientation.ts'

export type Quality = 'auto' | 'low' | 'medium' | 'high' | 'standard' | 'hd'

/**
 * The sizes that may be asked for: an orientation, in the size of the family of models, or a size such as `1280x720`.
 * Empty where the request names none.
 */
export type ImageSizes = readonly string[]

/** The parameters that the image models of a family accept. */
interface Family {
  sizes: Record<Orientation, string>
  /** The family's names for qualities that it does not know. */
  qualities: Partial<Record<Quality, Quality>>
  promptCharacters: number
  hasStyle: boolean
  /** Whether the request must ask for the image itself, because the default is a URL. */
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

/** The families of models. The name of a model begins with the name of its family. */
const FAMILIES = {
  'dall-e-3': {
    sizes: { square: '1024x1024', landscape: '1792x1024', portrait: '1024x1792' },
    qualities: { auto: 'standard', low: 'standard', medium: 'standard', high: 'hd' },
    promptCharacters: 4_000,
    hasStyle: true,
    hasResponseFormat: true,
    streams: false
  },
  'dall-e-2': {
    sizes: { square: '1024x1024', landscape: '1024x1024', portrait: '1024x1024' },
    qualities: { auto: 'standard', low: 'standard', medium: 'standard', high: 'standard', hd: 'standard' },
    promptCharacters: 1_000,
    hasStyle: false,
    hasResponseFormat: true,
    streams: false
  },
  'gpt-image': GPT_IMAGE,
  // A model of a compatible server: quality and style are passed on unchanged.
  compatible: { ...GPT_IMAGE, qualities: {}, hasStyle: true }
} satisfies Record<string, Family>

export type FamilyName = keyof typeof FAMILIES

export const FAMILY_NAMES = Object.keys(FAMILIES) as FamilyName[]

/** The family of a model. A gateway writes the provider before the name: `openai/dall-e-3`. */
function familyOf(model: string): FamilyName {
  const name = model
    .slice(model.lastIndexOf('/') + 1)
    .toLowerCase()
    .replace(/^chatgpt-image/, 'gpt-image')
  return FAMILY_NAMES.find((family) => name.startsWith(family)) ?? 'compatible'
}

/** The sizes in a list such as `square,landscape,1024x1792`; empty for `none`, undefined for any other text. */
export function parseSizes(text: string): ImageSizes | undefined {
  if (text === 'none') return []
  const sizes = text.split(',').map((size) => size.trim())
  return sizes.every((size) => isOrientation(size) || SIZE.test(size)) ? sizes : undefined
}

const SIZE = /^([1-9]\d{1,4})x([1-9]\d{1,4})$/

function isOrientation(text: string): text is Orientation {
  return (ORIENTATIONS as readonly string[]).includes(text)
}

/** The size for an orientation: one of the allowed sizes, a square one where none has this orientation. */
function sizeFor(
  orientation: Orientation,
  { sizes: known }: Family,
  allowed: ImageSizes
): string | undefined {
  const sizes = allowed.map((size) => {
    if (isOrientation(size)) return { orientation: size, size: known[size] }
    const [, width, height] = SIZE.exec(size)!.map(Number)
    const own: Orientation = width === height ? 'square' : width! > height! ? 'landscape' : 'portrait'
    return { orientation: own, size }
  })
  const found =
    sizes.find((size) => size.orientation === orientation) ??
    sizes.find((size) => size.orientation === 'square') ??
    sizes[0]
  return found?.size
}

/** What a request for an image says. */
export interface ImageParameters {
  readonly model: string
  /** The family of models that it belongs to; absent where its name says it. */
  readonly family: FamilyName | undefined
  /** Absent where the request names none. */
  readonly quality: Quality | undefined
  readonly sizes: ImageSizes
  readonly style: 'vivid' | 'natural' | undefined
  /** Unfinished images that the model sends while it draws. */
  readonly partialImages: number
}

/** The body of a request for one image. */
export function imageRequest(
  { model, family: familyName = familyOf(model), quality, sizes, style, partialImages }: ImageParameters,
  prompt: string,
  orientation: Orientation
) {
  const family: Family = FAMILIES[familyName]
  const size = sizeFor(orientation, family, sizes)
  return {
    model,
    prompt: prompt.slice(0, family.promptCharacters),
    n: 1,
    ...(size !== undefined && { size }),
    ...(quality !== undefined && { quality: family.qualities[quality] ?? quality }),
    ...(family.hasStyle && style !== undefined && { style }),
    ...(family.hasResponseFormat && { response_format: 'b64_json' }),
    ...(family.streams && partialImages > 0 && { stream: true, partial_images: partialImages })
  }
}

/**
 * Days (UTC) from which OpenAI no longer serves a model, as announced by October 2026
 * (https://developers.openai.com/api/docs/deprecations).
 */
const ANNOUNCED: ReadonlyArray<[day: string, models: string[]]> = [
  ['2026-05-12', ['dall-e-2', 'dall-e-3']],
  ['2026-10-23', ['gpt-image-1', 'gpt-4.1-nano', 'gpt-4o-2024-05-13']],
  ['2026-12-01', ['gpt-image-1-mini', 'gpt-image-1.5', 'chatgpt-image-latest']],
  ['2026-12-11', ['gpt-5', 'gpt-5-mini', 'gpt-5-nano']],
  ['2027-01-14', ['gpt-4o', 'gpt-4o-mini', 'gpt-4.1', 'gpt-4.1-mini']],
  ['2027-04-01', ['gpt-5.1', 'gpt-5.4-nano']]
]

const SHUTDOWNS = new Map(
  ANNOUNCED.flatMap(([day, models]) => models.map((model) => [model, new Date(`${day}T00:00:00Z`)] as const))
)

/**
 * When a model is shut down; undefined where OpenAI has announced nothing. A dated version has the date of
 * its family.
 */
export function shutdownOf(model: string): Date | undefined {
  return SHUTDOWNS.get(model) ?? SHUTDOWNS.get(model.replace(/-\d{4}-\d{2}-\d{2}$/, ''))
}
