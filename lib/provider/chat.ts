import type OpenAI from 'openai'
import { APIError } from 'openai/core/error'
import type { OpenAiConfig } from '../config/config.ts'
import { UnusableAnswer } from './classify.ts'
import type { Usage } from './prices.ts'
import { fieldsOf, readUsage } from './usage.ts'

/** The most that an enhanced prompt may have; a paragraph of 220 words has about 1,500. */
const MAX_CHARACTERS = 8_000

interface ChatAnswer {
  text: string
  /** The model would not write; what it read is charged all the same. */
  isRefused: boolean
  usage: Usage | undefined
}

/** One call that has a language model rewrite a prompt. */
export function createEnhanceCall(
  client: OpenAI,
  { model, seed, temperature, url }: NonNullable<OpenAiConfig['enhancement']>
) {
  let takesTemperature = true

  async function ask(
    prompt: string,
    persona: string,
    signal: AbortSignal,
    withTemperature: boolean
  ): Promise<ChatAnswer> {
    return readAnswer(
      await client.post<unknown>(url ?? '/chat/completions', {
        body: {
          model,
          messages: [
            { role: 'system', content: persona },
            { role: 'user', content: prompt }
          ],
          seed,
          ...(withTemperature && { temperature })
        },
        signal
      })
    )
  }

  return async function enhance(prompt: string, persona: string, signal: AbortSignal): Promise<ChatAnswer> {
    if (!takesTemperature) return await ask(prompt, persona, signal, false)
    try {
      return await ask(prompt, persona, signal, true)
    } catch (error) {
      // Which models refuse it changes with every generation: one that does says so, and is asked without it from then on.
      if (
        !(error instanceof APIError) ||
        error.status !== 400 ||
        !/temperature/i.test(`${error.param} ${error.message}`)
      ) {
        throw error
      }
      takesTemperature = false
      return await ask(prompt, persona, signal, false)
    }
  }
}

function readAnswer(answer: unknown): ChatAnswer {
  const { choices, usage } = fieldsOf(answer)
  const choice = fieldsOf(Array.isArray(choices) ? choices[0] : undefined)
  const { content, refusal } = fieldsOf(choice.message)
  const text = typeof content === 'string' ? content.trim() : ''
  const isRefused = Boolean(refusal) || choice.finish_reason === 'content_filter'
  if (!isRefused && text === '') throw new UnusableAnswer('the language model answered with no text')
  if (choice.finish_reason === 'length' || text.length > MAX_CHARACTERS) {
    throw new UnusableAnswer('the language model did not come to an end')
  }
  return { text, isRefused, usage: readUsage(usage) }
}
