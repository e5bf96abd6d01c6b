import type OpenAI from 'openai'
import type { Endpoint } from './endpoints.ts'
import { UnusableAnswer } from './failures.ts'
import type { EnhancementSettings } from './operations.ts'
import { fieldsOf, readUsage } from './prices.ts'
import type { Usage } from './prices.ts'

/** The longest enhanced prompt that is accepted; a paragraph of 220 words has about 1,500 characters. */
const MAX_CHARACTERS = 8_000

export interface ChatAnswer {
  text: string
  /** The model refused to write. The provider charges for the prompt in any case. */
  isRefused: boolean
  usage: Usage | undefined
}

/** Returns a function that makes one call: a language model enhances a prompt. */
export function createEnhanceCall(
  client: OpenAI,
  { url, adapt }: Endpoint,
  { model, seed, temperature }: EnhancementSettings
) {
  return async function enhance(prompt: string, persona: string, signal: AbortSignal): Promise<ChatAnswer> {
    const request = {
      model,
      messages: [
        { role: 'system', content: persona },
        { role: 'user', content: prompt }
      ],
      ...(seed !== undefined && { seed }),
      ...(temperature !== undefined && { temperature })
    }
    return await adapt(request, async (body) =>
      readAnswer(client.apiKey ?? '', await client.post<unknown>(url, { body, signal }))
    )
  }
}

/** A shorter key, as servers of one's own take it, may be a word of the text. */
const SECRET_CHARACTERS = 16
/** Control characters, except tab and line feed, and those that turn the direction of text. */
const UNSAFE = /(?![\t\n])\p{Cc}|\p{Bidi_Control}|\p{Surrogate}/gu

function readAnswer(apiKey: string, answer: unknown): ChatAnswer {
  const { choices, usage } = fieldsOf(answer)
  const choice = fieldsOf(Array.isArray(choices) ? choices[0] : undefined)
  const { content, refusal } = fieldsOf(choice.message)
  const text = typeof content === 'string' ? content.replace(UNSAFE, '').trim() : ''
  const isRefused = Boolean(refusal) || choice.finish_reason === 'content_filter'
  if (!isRefused && text === '') throw new UnusableAnswer('the language model answered with no text')
  if (choice.finish_reason === 'length' || text.length > MAX_CHARACTERS) {
    throw new UnusableAnswer('the language model did not come to an end')
  }
  // The text goes into the picture's files, which clients read.
  if (apiKey.length >= SECRET_CHARACTERS && text.includes(apiKey)) {
    throw new UnusableAnswer('the language model answered with the key')
  }
  return { text, isRefused, usage: readUsage(usage) }
}
