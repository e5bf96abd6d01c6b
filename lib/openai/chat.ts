import type OpenAI from 'openai'
import { APIError } from 'openai/core/error'
import type { OpenAiConfig } from '../config.ts'
import { UnusableAnswer } from '../resilience/classify.ts'
import { providerFailure } from '../resilience/policy.ts'
import type { Usage } from '../spending/prices.ts'

/** The most that an enhanced prompt may have; a paragraph of 220 words has about 1,500. */
const MAX_CHARACTERS = 8_000

export interface ChatAnswer {
  text: string
  usage: Usage | undefined
}

/** One call that has a language model rewrite a prompt. */
export function createChat (client: OpenAI, { model, seed, temperature, url }: NonNullable<OpenAiConfig['enhancement']>) {
  let takesTemperature = true

  async function ask (prompt: string, persona: string, signal: AbortSignal): Promise<OpenAI.ChatCompletion> {
    return await client.post<OpenAI.ChatCompletion>(url ?? '/chat/completions', {
      body: {
        model,
        messages: [{ role: 'system', content: persona }, { role: 'user', content: prompt }],
        seed,
        ...takesTemperature && { temperature }
      },
      signal
    })
  }

  return async function enhance (prompt: string, persona: string, signal: AbortSignal): Promise<ChatAnswer> {
    try {
      return readAnswer(await ask(prompt, persona, signal))
    } catch (error) {
      // Which models refuse it changes with every generation: one that does says so once, and is asked without it from then on.
      if (!takesTemperature || !(error instanceof APIError) || error.status !== 400 || error.param !== 'temperature') throw error
      takesTemperature = false
      return readAnswer(await ask(prompt, persona, signal))
    }
  }
}

function readAnswer ({ choices, usage }: Partial<OpenAI.ChatCompletion>): ChatAnswer {
  const choice = choices?.[0]
  if (choice?.message?.refusal || choice?.finish_reason === 'content_filter') throw providerFailure('rejected')
  const text = typeof choice?.message?.content === 'string' ? choice.message.content.trim() : ''
  if (text === '') throw new UnusableAnswer('the language model answered with no text')
  if (choice?.finish_reason === 'length' || text.length > MAX_CHARACTERS) throw new UnusableAnswer('the language model did not come to an end')
  return {
    text,
    usage: usage && { inputTokens: usage.prompt_tokens, cachedTokens: usage.prompt_tokens_details?.cached_tokens ?? 0, outputTokens: usage.completion_tokens }
  }
}
