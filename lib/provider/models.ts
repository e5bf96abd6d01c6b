import type { ImageSettings } from './operations.ts'
import type { Orientation } from './orientation.ts'

type Quality = ImageSettings['quality']

/** The parameters that the image models of a family accept. */
interface Family {
  sizes: Record<Orientation, string>
  /** The family's name for a quality that it does not know. */
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
  // A model of a compatible server: quality and style are passed on unchanged.
  [/^/, { ...GPT_IMAGE, qualities: {}, hasStyle: true }]
]

/** The body of a request for one image. */
export function imageRequest(
  { model, quality, style, partialImages }: ImageSettings,
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
