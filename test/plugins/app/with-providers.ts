import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Test } from 'tap'
import { temporaryFolder } from '../../helper.ts'
import type { BuildOptions } from '../../helper.ts'
import { startOpenAi } from '../../peers/openai.ts'
import type { OpenAiOptions } from '../../peers/openai.ts'
import { buildService } from './with-openai.ts'

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

/** The service with these providers. */
export async function buildWithProviders(t: Test, file: string, { settings, ...options }: BuildOptions = {}) {
  return await buildService(t, { ...options, settings: { TB_DALLE_PROVIDERS: file, ...settings } })
}
