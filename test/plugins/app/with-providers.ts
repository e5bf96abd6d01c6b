import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Test } from 'tap'
import { ADDRESS, build, pollUntilDone, temporaryFolder } from '../../helper.ts'
import type { BuildOptions } from '../../helper.ts'
import { createManualClock, holdTimers } from '../../manual-clock.ts'
import { startOpenAi } from '../../peers/openai.ts'
import type { OpenAiOptions } from '../../peers/openai.ts'

/** Longer than any test, and no other timer's length. */
const RESET_MS = 3_600_124

/** The price of a drawing at each of the two providers. */
export const PRICES = { first: 0.5, second: 0.25 }

/** Two stand-ins for providers, and the file that lists them. */
export async function startProviders(
  t: Test,
  entries: { first?: object; second?: object } = {},
  peer: OpenAiOptions = {}
) {
  const folder = await temporaryFolder(t)
  const [first, second] = await Promise.all([
    startOpenAi({ scale: 0.0625, ...peer }),
    startOpenAi({ scale: 0.0625, ...peer })
  ])
  t.teardown(async () => await Promise.all([first.close(), second.close()]))
  await writeFile(join(folder, 'key'), 'sk-a-secret-key')
  const entryOf = (name: 'first' | 'second', baseUrl: string) => ({
    name,
    baseUrl,
    keyFile: 'key',
    models: { image: 'compatible-1' },
    prices: { 'compatible-1': { call: PRICES[name] } },
    ...entries[name]
  })
  const file = join(folder, 'providers.json')
  await writeFile(file, JSON.stringify([entryOf('first', first.url), entryOf('second', second.url)]))
  return { first, second, file }
}

/** The service with these providers. Retries do not wait, and circuits half-open on demand. */
export async function buildWithProviders(t: Test, file: string, { settings, ...options }: BuildOptions = {}) {
  const time = createManualClock()
  const halfOpen = holdTimers(t, RESET_MS)
  const server = await build(t, {
    breaker: { resetTimeoutMs: RESET_MS },
    clock: time.clock,
    ...options,
    settings: { TB_DALLE_PROVIDERS: file, TB_DALLE_FAILURE_HOLD: '1h', ...settings }
  })
  const urlOf = (address = ADDRESS) => `${server.url}/dalle/simple/${address}`
  return {
    ...server,
    time,
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
