import { Type } from '@sinclair/typebox'
import type { Static } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'

const Usd = (description: string) => Type.Optional(Type.Number({ minimum: 0, description }))

const PriceSchema = Type.Object(
  {
    input: Usd('USD for a million tokens of the prompt'),
    cachedInput: Usd(
      'USD for a million tokens of the prompt that the provider had cached; by default that of input'
    ),
    output: Usd('USD for a million tokens of the answer, text or image'),
    call: Type.Number({
      minimum: 0,
      description:
        'USD that one call is expected to cost. The budget reserves it before the call, ' +
        'and charges it for an answer without token counts.'
    })
  },
  { additionalProperties: false }
)

const PriceListSchema = Type.Record(Type.String(), PriceSchema)

type Price = Static<typeof PriceSchema>

/** Prices by the model's name. */
export type PriceList = Readonly<Record<string, Price>>

/** The tokens that a call used, as its answer reports them. */
export interface Usage {
  inputTokens: number
  /** The share of the input tokens that costs less, because the provider had them cached. */
  cachedTokens: number
  outputTokens: number
}

const TOKENS_PER_PRICE = 1_000_000

const text = (input: number, cachedInput: number, output: number) => ({
  input,
  cachedInput,
  output,
  call: Math.ceil(output * 1.5) / 1000
})

/** The day (UTC) of the price list. Prices change: a later one of the provider must be given in TB_DALLE_PRICES. */
export const PRICES_AS_OF = '2026-10-01'

/**
 * OpenAI's list prices on that day (https://developers.openai.com/api/docs/pricing). `call` of an image model is
 * the price of a large image of high quality. A model that is not in the list has no price.
 */
export const KNOWN_PRICES: PriceList = Object.freeze({
  'gpt-5.4': text(2.5, 0.25, 15),
  'gpt-5.4-mini': text(0.75, 0.075, 4.5),
  'gpt-5.4-nano': text(0.2, 0.02, 1.25),
  'gpt-5.2': text(1.75, 0.175, 14),
  'gpt-5.1': text(1.25, 0.125, 10),
  'gpt-5': text(1.25, 0.125, 10),
  'gpt-5-mini': text(0.25, 0.025, 2),
  'gpt-5-nano': text(0.05, 0.005, 0.4),
  'gpt-4.1': text(2, 0.5, 8),
  'gpt-4.1-mini': text(0.4, 0.1, 1.6),
  'gpt-4.1-nano': text(0.1, 0.025, 0.4),
  'gpt-4o': text(2.5, 1.25, 10),
  'gpt-4o-mini': text(0.15, 0.075, 0.6),
  'gpt-image-2': { input: 5, cachedInput: 1.25, output: 30, call: 0.22 },
  'gpt-image-1.5': { input: 5, cachedInput: 1.25, output: 32, call: 0.2 },
  'gpt-image-1': { input: 5, cachedInput: 1.25, output: 40, call: 0.25 },
  'gpt-image-1-mini': { input: 2, cachedInput: 0.2, output: 8, call: 0.055 },
  'dall-e-3': { call: 0.12 },
  'dall-e-2': { call: 0.02 }
})

/** The price list in a JSON text; undefined for any other text. */
export function parsePrices(json: string): PriceList | undefined {
  try {
    const prices: unknown = JSON.parse(json)
    return Value.Check(PriceListSchema, prices) ? prices : undefined
  } catch {
    return undefined
  }
}

/** The price of a model. A dated version such as `gpt-image-2-2026-04-21` has the price of its family. */
export function priceOf(prices: PriceList, model: string): Price | undefined {
  return [model, model.replace(/-\d{4}-\d{2}-\d{2}$/, '')].flatMap((name) =>
    Object.hasOwn(prices, name) ? [prices[name]] : []
  )[0]
}

/** USD that a call cost: by its tokens where they and their prices are known, else the price of a call. */
export function costOf({ input, cachedInput, output, call }: Price, usage: Usage | undefined): number {
  if (usage === undefined || input === undefined || output === undefined) return call
  const { inputTokens, cachedTokens, outputTokens } = usage
  return (
    ((inputTokens - cachedTokens) * input + cachedTokens * (cachedInput ?? input) + outputTokens * output) /
    TOKENS_PER_PRICE
  )
}

/**
 * The token counts in an answer, under the names of either endpoint. Where the total is more than the sum, the rest are
 * output tokens: some providers count the thoughts of a model only there. Undefined where the answer has no counts or
 * impossible ones: a compatible server can send anything, and the budget relies on them.
 */
export function readUsage(usage: unknown): Usage | undefined {
  const {
    input_tokens: input,
    prompt_tokens: prompt = input,
    output_tokens: output,
    completion_tokens: completion = output,
    total_tokens: total,
    input_tokens_details: inputDetails,
    prompt_tokens_details: promptDetails = inputDetails,
    output_tokens_details: outputDetails,
    completion_tokens_details: completionDetails = outputDetails
  } = fieldsOf(usage)
  const cached = fieldsOf(promptDetails).cached_tokens ?? 0
  if (!isCount(prompt) || !isCount(completion) || !isCount(cached) || cached > prompt) return undefined
  const thoughts = fieldsOf(completionDetails).reasoning_tokens
  // A part cannot be more than the whole, so these thoughts come on top.
  const onTop = isCount(thoughts) && thoughts > completion ? completion + thoughts : completion
  const outputTokens = isCount(total) ? Math.max(completion, total - prompt) : onTop
  // A server that counts nothing says 0 of everything.
  if (prompt + outputTokens === 0) return undefined
  return { inputTokens: prompt, cachedTokens: cached, outputTokens }
}

/** The fields of an object in an answer; no fields for any other value. */
export function fieldsOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}
