import { randomBytes } from 'node:crypto'
import { jsonAnswer, hugeJson } from './delivery.ts'
import type { Answer } from './delivery.ts'
import { apiError, missingParameter } from './errors.ts'
import type { Refusal } from './errors.ts'
import type { Body, FaultSpec } from './faults.ts'

/** The assistant's answer to a text. */
export const enhance = (text: string): string => `In the hush of morning, ${text}`

/** Reasoning models accept no sampling parameters. */
const THINKING = /^(o\d|gpt-5)/

/** OpenAI's refusal of an invalid request; undefined for a valid one. */
export function refuseChat(body: Body): Refusal | undefined {
  const { model, messages, temperature } = body
  if (typeof model !== 'string' || model === '') {
    return apiError(400, { message: 'you must provide a model parameter' })
  }
  if (!Array.isArray(messages)) return missingParameter('messages')
  if (messages.length === 0) {
    return apiError(400, {
      message:
        "Invalid 'messages': empty array. Expected an array with minimum length 1, but got an empty array instead.",
      param: 'messages',
      code: 'empty_array'
    })
  }
  if (body.stream === true) {
    return apiError(400, {
      message: 'This stand-in does not stream chat completions.',
      param: 'stream',
      code: 'unsupported_value'
    })
  }
  if (!THINKING.test(model)) return undefined
  if (typeof temperature === 'number' && temperature !== 1) {
    return apiError(400, {
      message:
        `Unsupported value: 'temperature' does not support ${temperature} with this model. ` +
        'Only the default (1) value is supported.',
      param: 'temperature',
      code: 'unsupported_value'
    })
  }
  if (body.max_tokens !== undefined) {
    return apiError(400, {
      message:
        "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
      param: 'max_tokens',
      code: 'unsupported_parameter'
    })
  }
}

export function answerChat(body: Body, fault: FaultSpec): Answer {
  const asked = textOfLast(body.messages)
  const good = enhance(asked)
  switch (fault.kind) {
    case 'empty_content':
      return completion(body, asked, { content: '' })
    case 'refusal':
      return completion(body, asked, {
        content: null,
        refusal: "I'm sorry, I can't assist with that request."
      })
    case 'content_filter':
      return completion(body, asked, { content: '', finishReason: 'content_filter' })
    case 'length':
      return completion(body, asked, { content: good.slice(0, good.length / 2), finishReason: 'length' })
    case 'huge':
      return hugeJson(
        '{"id":"chatcmpl-huge","object":"chat.completion",' +
          '"choices":[{"index":0,"message":{"role":"assistant","content":"',
        '"},"finish_reason":"stop"}]}',
        fault
      )
    default:
      return completion(body, asked, { content: good })
  }
}

function completion(
  body: Body,
  asked: string,
  {
    content,
    refusal = null,
    finishReason = 'stop'
  }: { content: string | null; refusal?: string | null; finishReason?: string }
): Answer {
  const promptTokens = tokens(asked)
  const completionTokens = tokens(content ?? refusal ?? '')
  return jsonAnswer({
    id: `chatcmpl-${randomBytes(15).toString('base64url')}`,
    object: 'chat.completion',
    created: Math.floor(Date.now() / 1000),
    model: body.model,
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content, refusal, annotations: [] },
        logprobs: null,
        finish_reason: finishReason
      }
    ],
    usage: {
      prompt_tokens: promptTokens,
      completion_tokens: completionTokens,
      total_tokens: promptTokens + completionTokens,
      prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
      completion_tokens_details: {
        reasoning_tokens: 0,
        audio_tokens: 0,
        accepted_prediction_tokens: 0,
        rejected_prediction_tokens: 0
      }
    },
    service_tier: 'default',
    system_fingerprint: 'fp_560af6e559'
  })
}

/** A rough count, as for English text. */
export const tokens = (text: string): number => Math.ceil(text.length / 4)

/** The last user's message, given as a text or in parts. */
export function textOfLast(messages: unknown): string {
  const message = (messages as Array<{ role?: unknown; content?: unknown }>).findLast(
    ({ role }) => role === 'user'
  )
  if (typeof message?.content === 'string') return message.content
  if (!Array.isArray(message?.content)) return ''
  return (message.content as Array<{ text?: unknown }>)
    .map(({ text }) => (typeof text === 'string' ? text : ''))
    .join('')
}
