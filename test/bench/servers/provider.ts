import { setTimeout as sleep } from 'node:timers/promises'
import { startOpenAi } from '../../peers/openai.ts'
import type { OpenAiOptions } from '../../peers/openai.ts'
import { ENDLESS } from '../inputs/addresses.ts'
import type { Bench } from '../part.ts'
import type { Service } from './service.ts'

const LOOK_MS = 10
const LIMIT_MS = 60_000

export type Provider = Awaited<ReturnType<typeof startProvider>>

/** Starts a stand-in for OpenAI that answers at once, and gives the settings for a server that uses it. */
export async function startProvider(bench: Bench, options: OpenAiOptions = {}) {
  const openai = await startOpenAi(options)
  bench.teardown(async () => await openai.close())
  const env: Record<string, string> = {
    OPENAI_API_KEY: 'sk-bench',
    OPENAI_BASE_URL: openai.url,
    TB_DALLE_ENHANCEMENT_MODEL: 'gpt-4.1-mini',
    TB_DALLE_IMAGE_TIMEOUT: '1h',
    TB_DALLE_LOCK_TTL: '1h'
  }

  return {
    env,
    openai,
    /** Starts a run that waits for the provider for ever. Later runs are answered. */
    async startEndlessRun(service: Service): Promise<string> {
      const path = `/dalle/simple/${ENDLESS}`
      openai.behave('image', 'hang')
      await service.get(`${path}?generate=1`)
      await waitUntil('the provider gets the endless run', () => openai.concurrent('image').now > 0)
      openai.behave('image', 'ok')
      return path
    }
  }
}

/** Waits until something is true; fails after a time that no machine needs. */
export async function waitUntil(what: string, isTrue: () => boolean | Promise<boolean>): Promise<void> {
  for (const limit = performance.now() + LIMIT_MS; !(await isTrue()); await sleep(LOOK_MS)) {
    if (performance.now() > limit) throw new Error(`This has not come: ${what}`)
  }
}
