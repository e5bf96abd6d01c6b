import { createHash } from 'node:crypto'
import type { Test } from 'tap'
import { ADDRESS, build, pollUntilDone } from '../../helper.ts'
import type { BuildOptions } from '../../helper.ts'
import { createManualClock, holdTimers } from '../../manual-clock.ts'
import { startOpenAi } from '../../peers/openai.ts'
import type { OpenAiOptions } from '../../peers/openai.ts'

export const KEY = 'sk-a-secret-key'
export const NO_ENHANCEMENT = { TB_DALLE_NO_ENHANCE: '1' }
/** Longer than any test, and no other timer's length. */
const RESET_MS = 3_600_123

export const addressOf = (index: number) =>
  `0x${createHash('sha256').update(String(index)).digest('hex').slice(0, 40)}`

/** The service and the stand-in for its provider. */
export async function buildWithOpenAi(
  t: Test,
  { settings, peer, ...options }: BuildOptions & { peer?: OpenAiOptions } = {}
) {
  const openai = await startOpenAi({ scale: 0.0625, ...peer })
  t.teardown(() => openai.close())
  const server = await buildService(t, {
    ...options,
    settings: { OPENAI_API_KEY: KEY, OPENAI_BASE_URL: openai.url, ...settings }
  })
  return { ...server, openai }
}

/** The service with its providers in `settings`. Retries do not wait, and circuits half-open on demand. */
export async function buildService(t: Test, { settings, ...options }: BuildOptions) {
  const time = createManualClock()
  const halfOpen = holdTimers(t, RESET_MS)
  const server = await build(t, {
    breaker: { resetTimeoutMs: RESET_MS },
    clock: time.clock,
    ...options,
    // Longer than any test, so that each poller sees a failed run.
    settings: { TB_DALLE_FAILURE_HOLD: '1h', ...settings }
  })
  const urlOf = (address = ADDRESS) => `${server.url}/dalle/simple/${address}`
  return {
    ...server,
    time,
    /** Half-opens each open circuit. */
    halfOpen,
    urlOf,
    /** The value of a series of /metrics. */
    metric: async (series: string) => {
      const text = await (await fetch(`${server.url}/metrics`)).text()
      const line = text.split('\n').find((each) => each.startsWith(`${series} `))
      return Number(line?.split(' ').at(-1))
    },
    /** The last snapshot of a new run. */
    make: async (address = ADDRESS) => await pollUntilDone(`${urlOf(address)}?generate=1`)
  }
}
