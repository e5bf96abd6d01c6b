import OpenAI from 'openai'
import sharp from 'sharp'
import t from 'tap'
import { startOpenAi } from './openai.ts'
import type { Operation } from './openai.ts'

/** The stand-in, and OpenAI's own client for it. Each test begins without records and scripts. */
export const openai = await startOpenAi({ scale: 0.125, keep: 40, variants: 2 })
export const client = new OpenAI({ apiKey: 'sk-peer-0123456789', baseURL: openai.url, maxRetries: 0 })
t.teardown(() => openai.close())
t.beforeEach(() => openai.reset())

export const IMAGE = { model: 'gpt-image-2', prompt: 'An otter' }
export const CHAT = {
  model: 'gpt-4.1-mini',
  messages: [{ role: 'user' as const, content: 'an otter waits' }]
}

export const chat = async (signal?: AbortSignal) => await client.chat.completions.create(CHAT, { signal })
export const image = async (signal?: AbortSignal) => await client.images.generate(IMAGE, { signal })
export const call = async (operation: Operation, signal?: AbortSignal): Promise<unknown> =>
  operation === 'chat' ? await chat(signal) : await image(signal)

/** The events of an image stream; `onEvent` is called after each. */
export async function imageEvents(partials = 2, signal?: AbortSignal, onEvent = () => {}) {
  const events = []
  const stream = await client.images.generate(
    { ...IMAGE, stream: true, partial_images: partials },
    { signal }
  )
  for await (const event of stream) {
    events.push(event)
    onEvent()
  }
  return events
}

export const sizeOf = async (base64: string | undefined) => {
  const { width, height, format } = await sharp(Buffer.from(base64 ?? '', 'base64')).metadata()
  return `${format} ${width}x${height}`
}

/** The error that the client throws. */
export async function errorOf(promise: Promise<unknown>): Promise<Error> {
  return await promise.then(
    () => {
      throw new Error('an error was expected')
    },
    (error: Error) => error
  )
}
