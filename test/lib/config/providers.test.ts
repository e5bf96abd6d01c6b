import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import t from 'tap'
import type { Test } from 'tap'
import { PACKAGE_ROOT } from '../../../lib/package.ts'
import { temporaryFolder } from '../../helper.ts'
import { configOf, refusalOf } from './read-config.ts'

/** A folder with a key file, and a function that writes the list of providers. */
async function createFiles(t: Test) {
  const folder = await temporaryFolder(t)
  await mkdir(join(folder, 'keys'))
  await writeFile(join(folder, 'keys/one'), '\uFEFFsk-one\n')
  await writeFile(join(folder, 'keys/two'), 'sk-two')
  const path = join(folder, 'providers.json')
  return {
    folder,
    path,
    write: async (content: unknown) =>
      await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content))
  }
}

const ONE = { name: 'one', baseUrl: 'https://one.example/v1', keyFile: 'keys/one' }
const TWO = { name: 'two', baseUrl: 'https://two.example/v1?api-version=2', keyFile: 'keys/two' }

t.test('a file lists several providers, each with what it says itself', async (t) => {
  const { path, folder, write } = await createFiles(t)
  await write({
    providers: [
      ONE,
      {
        ...TWO,
        keyFile: join(folder, 'keys/two'),
        order: 0,
        headers: { 'api-key': '<key>', Authorization: null },
        organization: 'org-1',
        project: 'proj-1',
        models: { image: 'my-dalle3' },
        prices: { 'my-dalle3': { call: 0.08 } },
        contentRefusals: 'next',
        settings: {
          TB_DALLE_IMAGE_FAMILY: 'dall-e-3',
          TB_DALLE_IMAGE_QUALITY: 'none',
          TB_DALLE_PARTIAL_IMAGES: 2
        }
      }
    ]
  })
  const { providers, providerNames, drawsStandIn } = configOf([], {
    TB_DALLE_PROVIDERS: path,
    TB_DALLE_IMAGE_MODEL: 'gpt-image-1',
    TB_DALLE_IMAGE_SIZES: 'square',
    TB_DALLE_FALLBACK: 'local',
    TB_DALLE_PRICES: '{"gpt-image-1": {"call": 0.5}}'
  })
  t.same(providerNames, ['two', 'one'], 'the lowest order is asked first')
  t.equal(drawsStandIn, true)
  const [two, one] = providers
  t.match(two, {
    name: 'two',
    apiKey: 'sk-two',
    baseUrl: 'https://two.example/v1?api-version=2',
    headers: { 'api-key': 'sk-two', Authorization: null },
    organization: 'org-1',
    project: 'proj-1',
    passesRefusals: true,
    image: { model: 'my-dalle3', family: 'dall-e-3', quality: undefined, sizes: ['square'], partialImages: 2 }
  })
  t.notOk(two!.enhancement, 'an entry that names no language model does not enhance')
  t.same(two!.prices['my-dalle3'], { call: 0.08 })
  t.same(two!.prices['gpt-image-1'], { call: 0.5 })
  t.match(one, {
    name: 'one',
    apiKey: 'sk-one',
    headers: {},
    passesRefusals: false,
    enhancement: { model: 'gpt-5.4-mini' },
    image: { model: 'gpt-image-1', quality: 'high', partialImages: 0 }
  })
  t.notOk(one!.prices['my-dalle3'], 'the prices of one entry are not those of the other')

  await write([ONE, TWO])
  t.same(configOf([], { TB_DALLE_PROVIDERS: path }).providerNames, ['one', 'two'], 'a list alone will do')
})

t.test('one entry is what the plain variables make', async (t) => {
  const { path, write } = await createFiles(t)
  await write([{ name: 'openai', baseUrl: 'https://api.openai.com/v1', keyFile: 'keys/one' }])
  t.same(
    configOf([], { TB_DALLE_PROVIDERS: path }).providers,
    configOf([], { OPENAI_API_KEY: 'sk-one' }).providers
  )
})

t.test('what cannot be used is said in one sentence', async (t) => {
  const { path, write } = await createFiles(t)
  const cases: Array<[content: unknown, sentence: RegExp]> = [
    ['no JSON', /the file is not JSON\.$/],
    ['{}', /must hold a list of providers/],
    ['{"providers": []}', /must hold a list of providers/],
    ['[]', /must hold a list of providers/],
    [['one'], /provider 1: it must be an object\.$/],
    [[{ ...ONE, name: undefined }], /provider 1: name is missing: it must be up to 32 lower-case/],
    [[{ ...ONE, name: 'local' }], /provider "local": name is "local": it must be/],
    [[{ ...ONE, name: 'Two Words' }], /name is "Two Words": it must be/],
    [[ONE, { ...TWO, name: 'one' }], /two providers have the name "one"\.$/],
    [[{ ...ONE, baseUrl: undefined }], /provider "one": baseUrl is missing/],
    [[{ ...ONE, baseUrl: 'one.example' }], /provider one: baseUrl is "one\.example": it must be a URL/],
    [[{ ...ONE, baseUrl: 'https://one.example/#v1' }], /baseUrl is .*no fragment/],
    [[{ ...ONE, keyFile: undefined }], /provider "one": keyFile is missing: it must be the path/],
    [
      [{ ...ONE, keyFile: 'keys/none' }],
      /provider one: keyFile is ".*none": the file cannot be read \(ENOENT\)\.$/
    ],
    [[{ ...ONE, keyFile: 'keys' }], /keyFile is ".*keys": the file cannot be read \(EISDIR\)\.$/],
    [[{ ...ONE, key: 'sk-1' }], /provider "one": "key" is not one of name, baseUrl, keyFile/],
    [[{ ...ONE, headers: { Host: 'x' } }], /headers cannot be used: it must be an object of header names/],
    [[{ ...ONE, organization: 5 }], /organization is 5: it must be a text/],
    [[{ ...ONE, organization: 'two words' }], /provider one: organization is "two words"/],
    [[{ ...ONE, models: 'gpt-image-2' }], /models is "gpt-image-2": it must be an object with image/],
    [[{ ...ONE, models: {} }], /models is \{\}: it must be/],
    [[{ ...ONE, models: { image: 'two words' } }], /provider one: models\.image is "two words"/],
    [[{ ...ONE, prices: { m: { call: -1 } } }], /prices is .*: it must be an object of models and prices/],
    [[{ ...ONE, order: 'first' }], /order is "first": it must be a number/],
    [[{ ...ONE, contentRefusals: 'yes' }], /contentRefusals is "yes": it must be stop, or next/],
    [[{ ...ONE, settings: { TB_DALLE_PORT: '1' } }], /settings is .*: it must be an object of variables/],
    [[{ ...ONE, settings: { TB_DALLE_IMAGE_QUALITYY: 'low' } }], /settings is .*: it must be/],
    [
      [{ ...ONE, settings: { TB_DALLE_IMAGE_QUALITY: 'best' } }],
      /provider one: TB_DALLE_IMAGE_QUALITY is "best"/
    ]
  ]
  for (const [content, sentence] of cases) {
    await write(content)
    const message = refusalOf(t, () => configOf([], { TB_DALLE_PROVIDERS: path }))
    t.match(message, sentence)
    t.match(message, /^TB_DALLE_PROVIDERS[^\n]*\.$/)
    t.notMatch(message, /sk-one|sk-two/)
  }
  t.match(
    refusalOf(t, () => configOf([], { TB_DALLE_PROVIDERS: `${path}.none` })),
    /^TB_DALLE_PROVIDERS is ".*none": the file cannot be read \(ENOENT\)\.$/
  )
})

t.test('the plain variables of one server do not stand beside the file', async (t) => {
  const { path, write } = await createFiles(t)
  await write([ONE])
  for (const [name, value] of [
    ['OPENAI_API_KEY', 'sk-1'],
    ['OPENAI_BASE_URL', 'https://three.example/v1'],
    ['TB_DALLE_OPENAI_HEADERS', '{}'],
    ['TB_DALLE_IMAGE_URL', 'https://three.example/draw']
  ] as const) {
    t.equal(
      refusalOf(t, () => configOf([], { TB_DALLE_PROVIDERS: path, [name]: value })),
      `TB_DALLE_PROVIDERS and ${name} are both set: remove one of them.`
    )
  }
})

t.test('what holds for a key holds for the file: budgets, and who may spend', async (t) => {
  const { path, write } = await createFiles(t)
  await write([ONE, { ...TWO, models: { image: 'mine' } }])
  const env = { TB_DALLE_PROVIDERS: path }
  t.match(
    refusalOf(t, () => configOf([], { ...env, TB_DALLE_DAILY_BUDGET_USD: '5' })),
    /the price of mine is not known/
  )
  t.match(
    refusalOf(t, () => configOf(['--host', '0.0.0.0'], env)),
    /^--host is "0\.0\.0\.0" and TB_DALLE_PROVIDERS is set, so anybody could spend money/
  )
})

t.test('headers, proxies, organization and project are read from the variables', async (t) => {
  const env = { OPENAI_API_KEY: 'sk-1' }
  t.match(
    configOf([], {
      ...env,
      TB_DALLE_OPENAI_HEADERS:
        '{"api-key": "<key>", "X-Title": "a <key> b", "HTTP-Referer": "https://a.example"}',
      OPENAI_ORGANIZATION: 'org-1',
      OPENAI_PROJECT: 'proj-1'
    }).providers,
    [
      {
        headers: { 'api-key': 'sk-1', 'X-Title': 'a sk-1 b', 'HTTP-Referer': 'https://a.example' },
        organization: 'org-1',
        project: 'proj-1'
      }
    ]
  )
  const folder = await temporaryFolder(t)
  await writeFile(join(folder, 'headers'), '{"api-key": "from-a-file"}\n')
  t.match(
    configOf([], { ...env, TB_DALLE_OPENAI_HEADERS_FILE: join(folder, 'headers') }).providers[0]!.headers,
    { 'api-key': 'from-a-file' }
  )
  t.equal(configOf([], env).proxies, undefined)
  t.same(
    configOf([], {
      HTTP_PROXY: 'proxy:3128',
      HTTPS_PROXY: 'https://me:secret@proxy:3129',
      NO_PROXY: 'localhost,.internal'
    }).proxies,
    { http: 'http://proxy:3128', https: 'https://me:secret@proxy:3129', except: 'localhost,.internal' }
  )
  t.same(
    configOf([], { http_proxy: 'http://lower', HTTP_PROXY: 'http://upper', no_proxy: '*' }).proxies,
    { http: 'http://lower', https: undefined, except: '*' },
    'lower case has precedence'
  )
})

t.test('parameters that a model refuses can be left out beforehand', async (t) => {
  t.match(
    configOf([], {
      OPENAI_API_KEY: 'sk-1',
      TB_DALLE_IMAGE_SIZES: 'none',
      TB_DALLE_IMAGE_QUALITY: 'none',
      TB_DALLE_IMAGE_FAMILY: 'dall-e-3',
      TB_DALLE_ENHANCEMENT_SEED: 'none',
      TB_DALLE_ENHANCEMENT_TEMPERATURE: 'none'
    }).providers,
    [
      {
        image: { sizes: [], quality: undefined, family: 'dall-e-3' },
        enhancement: { seed: undefined, temperature: undefined }
      }
    ]
  )
})

t.test('the examples in docker/providers can be used as they are, with a key', async (t) => {
  const example = async (name: string) => await readFile(join(PACKAGE_ROOT, 'docker/providers', name), 'utf8')
  for (const [name, image] of [
    ['azure.env', { family: 'gpt-image' }],
    ['openrouter.env', undefined]
  ] as const) {
    const [provider] = configOf([], { ...parseEnv(await example(name)), OPENAI_API_KEY: 'sk-1' }).providers
    t.match(provider, { apiKey: 'sk-1', ...(image && { image }) }, name)
    t.equal(provider?.image === undefined, image === undefined)
    t.ok(Object.keys(provider!.headers).length > 0)
  }
  const { path, write } = await createFiles(t)
  const list = (await example('two-providers.json')).replace(/\/run\/secrets\/\w+-key/g, 'keys/one')
  await write(list)
  const { providers, dailyLimits } = configOf([], {
    TB_DALLE_PROVIDERS: path,
    TB_DALLE_DAILY_BUDGET_USD: '5'
  })
  t.match(providers, [
    { name: 'openai', image: { model: 'gpt-image-2' } },
    { name: 'azure', image: { family: 'dall-e-3', quality: 'standard' } }
  ])
  t.equal(dailyLimits.usd, 5, 'each model has a price')
})
