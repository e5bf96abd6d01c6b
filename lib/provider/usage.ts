import type { Usage } from './prices.ts'

/**
 * The tokens that an answer says were used, under the names of either endpoint. Undefined where it does not say, or says what
 * cannot be: a compatible server may send anything, and money is reckoned by it.
 */
export function readUsage(usage: unknown): Usage | undefined {
  const {
    input_tokens: input,
    prompt_tokens: prompt = input,
    output_tokens: output,
    completion_tokens: completion = output,
    prompt_tokens_details: details
  } = fieldsOf(usage)
  const cached = fieldsOf(details).cached_tokens ?? 0
  if (!isCount(prompt) || !isCount(completion) || !isCount(cached) || cached > prompt) return undefined
  return { inputTokens: prompt, cachedTokens: cached, outputTokens: completion }
}

/** The fields of an object; none of anything else. */
export function fieldsOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}
