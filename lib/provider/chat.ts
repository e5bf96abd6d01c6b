import type OpenAI from 'openai'
import { joinChunks } from './chat-stream.ts'
import type { Endpoint } from './endpoints.ts'
import { RefusedText, UnusableAnswer } from './failures.ts'
import type { EnhancementSettings } from './operations.ts'
import type { Body } from './parameters.ts'
import { fieldsOf, readUsage } from './prices.ts'
import type { Usage } from './prices.ts'
import { receive } from './receive.ts'
import { isContentReason } from './refusal-signs.ts'
import { refusalIn } from './refused-answer.ts'
import { answerTextOf } from './text-parts.ts'
import { withOwnSignal } from './transport.ts'

/** The longest enhanced prompt that is accepted; a paragraph of 220 words has about 1,500 characters. */
const MAX_CHARACTERS = 8_000

export interface ChatAnswer {
  text: string
  usage: Usage | undefined
}

/** Returns a function that makes one call: a language model enhances a prompt. */
export function createEnhanceCall(
  client: OpenAI,
  { url, secrets, adapt }: Endpoint,
  { model, seed, temperature }: EnhancementSettings
) {
  async function ask(body: Body, signal: AbortSignal): Promise<ChatAnswer> {
    const answer = await receive(await client.post(url, { body, signal }).asResponse())
    const received = answer.form === 'events' ? await joinChunks(answer) : answer
    const text = readAnswer(received.json, secrets)
    if (text !== undefined && received.status < 300) return text
    const refusal = refusalIn(received, secrets)
    if (refusal !== undefined) throw refusal
    const usage = readUsage(fieldsOf(received.json).usage)
    throw received.problem ?? new UnusableAnswer('the language model answered with no text', { usage })
  }

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
    return await adapt(
      request,
      async (body) => await withOwnSignal(signal, async (own) => await ask(body, own))
    )
  }
}

/** A shorter key, as servers of one's own take it, may be a word of the text. */
const SECRET_CHARACTERS = 16
/** Control characters, except tab and line feed, and those that turn the direction of text. */
const UNSAFE = /(?![\t\n])\p{Cc}|\p{Bidi_Control}|\p{Surrogate}/gu
/** Why a model stopped before its end: OpenAI, Anthropic, Mistral, the Responses API. */
const CUT = /^(?:length|max_tokens|model_length|max_output_tokens)$/i

/**
 * The text of an answer; undefined where it has none.
 * @throws RefusedText where the model refuses; UnusableAnswer for a text that is cut, too long, or the key
 */
function readAnswer(answer: unknown, secrets: readonly string[]): ChatAnswer | undefined {
  const { choices, usage: counts } = fieldsOf(answer)
  const usage = readUsage(counts)
  const choice = fieldsOf(Array.isArray(choices) ? choices[0] : undefined)
  const { content, refusal } = fieldsOf(choice.message)
  const { text: raw, isRefused } = answerTextOf(content)
  const reason = choice.finish_reason
  if (Boolean(refusal) || isRefused || isContentReason(reason) || reason === 'refusal') {
    throw new RefusedText('the language model refuses to write', { usage })
  }
  const text = raw.replace(UNSAFE, '').trim()
  if ((typeof reason === 'string' && CUT.test(reason)) || text.length > MAX_CHARACTERS) {
    throw new UnusableAnswer('the language model did not come to an end', { usage })
  }
  if (text === '') return undefined
  // The text goes into the picture's files, which clients read.
  if (secrets.some((secret) => secret.length >= SECRET_CHARACTERS && text.includes(secret))) {
    throw new UnusableAnswer('the language model answered with the key', { usage })
  }
  return { text, usage }
}
