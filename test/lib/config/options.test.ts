import { readdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import t from 'tap'
import { OWN_PATHS } from '../../../lib/config/decoders.ts'
import { optionOf, readOptions } from '../../../lib/config/options.ts'
import type { ServiceSettings } from '../../../lib/config/options.ts'
import { SETTINGS } from '../../../lib/config/settings.ts'
import { PACKAGE_ROOT } from '../../../lib/package.ts'
import { configOf, refusalOf } from './read-config.ts'

const HOST = { basePath: '/art', hasOwnProvider: false }
const read = (settings: Record<string, unknown>, host = HOST) =>
  readOptions({ dataDir: '/d', ...settings }, host)

t.test('settings have their names in camel case, and texts or natural values', (t) => {
  t.equal(optionOf('TB_DALLE_DATA_DIR'), 'dataDir')
  t.equal(optionOf('OPENAI_API_KEY'), 'openaiApiKey')
  t.equal(optionOf('TB_DALLE_DAILY_BUDGET_USD'), 'dailyBudgetUsd')
  const natural: ServiceSettings = {
    dataDir: 'pictures',
    concurrency: 2,
    lockTtl: 90_000,
    stopGrace: 60_000,
    archiveRuns: true,
    embedPrompt: false,
    apiTokens: ['ci:a-token-of-the-operator', 'another-token-of-the-operator'],
    openaiApiKey: 'sk-a',
    openaiHeaders: { 'api-key': '<key>' },
    dailyBudgetUsd: 2.5,
    prices: { 'my-model': { call: 0.1 } },
    enhancementSeed: 7,
    imageQuality: 'high',
    corsOrigins: ['https://a.example'],
    noEnhance: undefined
  }
  const config = readOptions({ ...natural }, HOST)
  t.match(config, {
    dataDir: resolve('pictures'),
    basePath: '/art',
    concurrency: 2,
    lockTtlMs: 90_000,
    stopGraceMs: 60_000,
    archiveRuns: true,
    embedPrompt: false,
    apiTokens: [{ name: 'ci' }, {}],
    dailyLimits: { usd: 2.5 },
    corsOrigins: ['https://a.example'],
    costsMoney: true
  })
  t.match(config.providers[0], { apiKey: 'sk-a', enhancement: { seed: 7 }, image: { quality: 'high' } })
  const text: ServiceSettings = {
    dataDir: '/d',
    concurrency: '2' as unknown as number,
    lockTtl: '90s',
    archiveRuns: '1'
  }
  t.match(readOptions({ ...text }, HOST), { concurrency: 2, lockTtlMs: 90_000, archiveRuns: true })
  t.end()
})

t.test('each setting is an option, or one that the application decides', (t) => {
  for (const [name] of SETTINGS) {
    const option = optionOf(name)
    if (option === 'dataDir') continue
    const message = refusalOf(t, () => read({ [option]: '~ \u0000' }))
    t.ok(message.includes(option), message)
    t.notMatch(message, /TB_DALLE_|is not an option of dalleserver: /)
  }
  t.end()
})

t.test('a wrong option is named as the caller wrote it, in one sentence', (t) => {
  const cases: Array<[Record<string, unknown>, string | RegExp]> = [
    [{ dataDir: undefined }, 'dataDir is missing: name the folder for pictures, prompts and statistics.'],
    [{ datadir: '/d' }, 'datadir is not an option of dalleserver: is dataDir meant?'],
    [{ TB_DALLE_DATA_DIR: '/d' }, 'TB_DALLE_DATA_DIR is not an option of dalleserver: is dataDir meant?'],
    [{ port: 8080 }, 'port is not an option of dalleserver here: the application decides it.'],
    [{ concurrency: 0 }, 'concurrency is "0": it must be a whole number from 1 to 256.'],
    [{ concurrency: true }, 'concurrency is "true": it must be a whole number from 1 to 256.'],
    [{ concurrency: null }, 'concurrency is null: it must be a whole number from 1 to 256.'],
    [{ lockTtl: () => 1 }, /^lockTtl is a function: it must be a positive duration/],
    [{ lockTtl: 'soon' }, /^lockTtl is "soon": it must be a positive duration/],
    [{ apiTokens: [] }, /^apiTokens is empty: name at least one token/],
    [{ openaiApiKey: 'a secret' }, 'openaiApiKey cannot be used: it must be a key without blanks.'],
    [
      { openaiApiKeyFile: '/no/such/file' },
      /^openaiApiKeyFile is "\/no\/such\/file": the file cannot be read/
    ],
    [
      { openaiApiKey: 'sk-a', publicUrl: 'https://art.example' },
      'publicUrl is "https://art.example" and openaiApiKey is set, so anybody could spend money: ' +
        'set apiTokens, or open: true with dailyBudgetUsd or dailyImageLimit.'
    ],
    [{ metricsAuth: true }, 'metricsAuth is 1, but there is no token: set apiTokens.']
  ]
  for (const [settings, expected] of cases) {
    const message = refusalOf(t, () => read(settings))
    if (typeof expected === 'string') t.equal(message, expected)
    else t.match(message, expected)
  }
  const own = { basePath: '', hasOwnProvider: true }
  t.match(
    refusalOf(t, () => read({ open: true, publicUrl: 'https://a.example' }, own)),
    /^open is 1, so anybody could spend money without a limit/
  )
  t.match(
    refusalOf(t, () => read({ publicUrl: 'https://a.example' }, own)),
    /and provider is set, so anybody could spend money: set apiTokens/
  )
  t.end()
})

t.test('a base path has no slash at its end, and is none of the paths of the service', async (t) => {
  const basePath = (value: string) => configOf([], { TB_DALLE_BASE_PATH: value }).basePath
  t.equal(basePath(''), '')
  t.equal(basePath('/'), '')
  t.equal(basePath('/art/'), '/art')
  t.equal(basePath('/a/b.c/~d_e-1'), '/a/b.c/~d_e-1')
  for (const value of [
    'art',
    '//art',
    '/art//',
    '/a b',
    '/a?b',
    '/a/../b',
    '/:tenant',
    '/*',
    '/ä',
    '/dalle',
    '/v1/x'
  ]) {
    t.match(
      refusalOf(t, () => basePath(value)),
      /^TB_DALLE_BASE_PATH is ".*": it must be a path such as \/art, /,
      value
    )
  }
  const folders = await readdir(join(PACKAGE_ROOT, 'routes'), { withFileTypes: true })
  const names = folders.filter((entry) => entry.isDirectory()).map(({ name }) => name)
  t.ok(names.length > 8, 'the routes are found')
  // These are the folders of `/`, `/robots.txt`, `/favicon.ico` and `/openapi.json`.
  const others = ['root', 'robots', 'favicon', 'openapi']
  for (const name of names) t.ok(others.includes(name) || OWN_PATHS.includes(name), `${name} is known`)
})
