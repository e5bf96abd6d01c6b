import { enhance, promptKey, startOpenAi } from '../peers/openai.ts'
import type { Operation, RequestRecord } from '../peers/openai.ts'
import { until } from './server.ts'

/** Fixed prices, so that the sum in `metrics/spending.json` tells the number of calls. */
export const PRICE = { image: 0.2, chat: 0.01 }
const IMAGE_MODEL = 'gpt-image-2'
const CHAT_MODEL = 'gpt-4.1-mini'

/** The calls for one picture. */
export interface Calls {
  chat: number
  image: number
}

export type Provider = Awaited<ReturnType<typeof startProvider>>

/**
 * The stand-in for the provider. It counts the calls of each picture when they arrive: from then on they are charged,
 * whether or not their answer is read.
 */
export async function startProvider({
  scale = 0.25,
  noise = false
}: { scale?: number; noise?: boolean } = {}) {
  const calls = new Map<string, Calls>()
  let listener: (operation: Operation) => void = () => {}
  let latency: (operation: Operation) => number = () => 0
  const total: Calls = { chat: 0, image: 0 }

  function onStart({ operation, body }: RequestRecord): void {
    if (operation !== 'chat' && operation !== 'image') return
    const key = promptKey(basePrompt(operation, body))
    const known = calls.get(key) ?? { chat: 0, image: 0 }
    known[operation] += 1
    total[operation] += 1
    calls.set(key, known)
    listener(operation)
  }

  const held = new Map<Operation, Promise<void>>()
  const openai = await startOpenAi({
    scale,
    noise,
    keep: 1,
    latency: (operation) => latency(operation),
    onStart
  })
  const delayed = (operation: Operation) => () => {
    const until = held.get(operation)
    return until === undefined ? ('ok' as const) : { kind: 'delay' as const, until }
  }
  openai.behave('image', delayed('image'))
  openai.behave('chat', delayed('chat'))
  const price = (call: number) => ({ call })

  return {
    calls: calls as ReadonlyMap<string, Calls>,
    /** All calls that arrived. */
    total: total as Readonly<Calls>,
    env: {
      OPENAI_API_KEY: 'sk-chaos',
      OPENAI_BASE_URL: openai.url,
      TB_DALLE_CLIENT_RUNS: '0',
      TB_DALLE_CLIENT_WAITERS: '0',
      TB_DALLE_IMAGE_MODEL: IMAGE_MODEL,
      TB_DALLE_ENHANCEMENT_MODEL: CHAT_MODEL,
      TB_DALLE_PRICES: JSON.stringify({ [IMAGE_MODEL]: price(PRICE.image), [CHAT_MODEL]: price(PRICE.chat) })
    },
    /** Sets how long an answer takes, in milliseconds. */
    answersAfter(next: (operation: Operation) => number): void {
      latency = next
    },
    /** Holds the answers of an operation back until a promise settles. */
    holdAnswers(operation: Operation, released: Promise<void>): void {
      held.set(operation, released)
    },
    /** Lets the next calls of an operation fail. */
    script: openai.script,
    /** Calls a listener when a call arrives. */
    onCall(next: (operation: Operation) => void): void {
      listener = next
    },
    /** The calls for the picture of a plain prompt. */
    callsOf: (prompt: string): Calls => ({ chat: 0, image: 0, ...calls.get(promptKey(prompt)) }),
    /** Waits until no call is open. */
    idle: async () => await until('no call is open', () => openai.concurrent().now === 0),
    close: openai.close
  }
}

/** The plain prompt of a call, whether or not it was enhanced. */
function basePrompt(operation: 'chat' | 'image', body: Record<string, unknown>): string {
  if (operation === 'image') return String(body.prompt).replace(enhance(''), '')
  const messages = body.messages as Array<{ role: string; content: string }>
  return messages.findLast(({ role }) => role === 'user')?.content ?? ''
}
