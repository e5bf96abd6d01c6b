import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { printable } from '../printable.ts'
import { areHeaders, withKey } from '../provider/headers.ts'
import type { ProviderConfig } from '../provider/operations.ts'
import { KNOWN_PRICES, parsePrices } from '../provider/prices.ts'
import type { PriceList } from '../provider/prices.ts'
import { PROVIDER_PATTERN } from '../schemas/progress.ts'
import { ConfigError } from './config-error.ts'
import { decode } from './decode.ts'
import { readSecret } from './secret-files.ts'
import { SETTINGS } from './settings.ts'
import type { SettingName, Settings } from './settings.ts'

const VARIABLE = 'TB_DALLE_PROVIDERS'
/** The name of the provider that the plain variables describe. */
const PLAIN = 'openai'
const SHOWN_CHARACTERS = 100
const NAME = new RegExp(PROVIDER_PATTERN)
/** The built-in artist has this name. */
const LOCAL = 'local'

/** Variables that say which server gets a request, and with which key. Each entry of the file says so itself. */
const OF_ONE_SERVER: SettingName[] = [
  'OPENAI_API_KEY',
  'OPENAI_BASE_URL',
  'OPENAI_ORGANIZATION',
  'OPENAI_PROJECT',
  'TB_DALLE_OPENAI_HEADERS',
  'TB_DALLE_IMAGE_URL',
  'TB_DALLE_ENHANCEMENT_URL'
]
/** Variables that an entry can set for itself under `settings`. */
const OF_ENTRY: readonly string[] = SETTINGS.map(([name]) => name).filter((name) =>
  /^TB_DALLE_(?:IMAGE_(?!MODEL)|ENHANCEMENT_(?!MODEL)|PARTIAL_IMAGES$)/.test(name)
)

interface Key {
  isRight: (value: unknown) => boolean
  /** Completes the sentence "it must be …". */
  expected: string
  isRequired?: boolean
  isSecret?: boolean
}

const isText = (value: unknown) => typeof value === 'string' && value !== ''
const optionalText = (value: unknown) => value === undefined || isText(value)

/** The keys of an entry. */
const KEYS: Record<string, Key> = {
  name: {
    isRight: (value) => typeof value === 'string' && NAME.test(value) && value !== LOCAL,
    expected: 'up to 32 lower-case letters, digits, - and _, beginning with a letter, and not local',
    isRequired: true
  },
  baseUrl: { isRight: isText, expected: 'the base URL of the provider', isRequired: true },
  keyFile: { isRight: isText, expected: 'the path of a file with the key', isRequired: true },
  headers: {
    isRight: areHeaders,
    expected: 'an object of header names and texts or null',
    isSecret: true
  },
  organization: { isRight: isText, expected: 'a text' },
  project: { isRight: isText, expected: 'a text' },
  models: {
    isRight: (value) =>
      isObject(value) &&
      Object.keys(value).every((key) => key === 'image' || key === 'enhancement') &&
      optionalText(value.image) &&
      optionalText(value.enhancement) &&
      Object.keys(value).length > 0,
    expected: 'an object with image, enhancement or both, each the name of a model'
  },
  prices: {
    isRight: (value) => parsePrices(JSON.stringify(value)) !== undefined,
    expected: 'an object of models and prices, as in TB_DALLE_PRICES'
  },
  order: { isRight: Number.isFinite, expected: 'a number; the lowest is asked first' },
  contentRefusals: {
    isRight: (value) => value === 'stop' || value === 'next',
    expected: 'stop, or next: the next provider draws what this one refuses'
  },
  settings: {
    isRight: (value) =>
      isObject(value) &&
      Object.entries(value).every(
        ([name, text]) => OF_ENTRY.includes(name) && (isText(text) || typeof text === 'number')
      ),
    expected: 'an object of variables TB_DALLE_IMAGE_… and TB_DALLE_ENHANCEMENT_… that are not the models'
  }
}

interface Entry {
  name: string
  baseUrl: string
  keyFile: string
  headers?: Record<string, string | null>
  organization?: string
  project?: string
  models?: { image?: string; enhancement?: string }
  prices?: PriceList
  order?: number
  contentRefusals?: 'stop' | 'next'
  settings?: Record<string, string | number>
}

/**
 * The providers in the order in which they are asked: those of the file that TB_DALLE_PROVIDERS names, else the one
 * that the plain variables describe, else none.
 * @param values the settings that have a value, as texts
 * @throws ConfigError
 */
export function readProviders(settings: Settings, values: Record<string, string>): ProviderConfig[] {
  const prices = { ...KNOWN_PRICES, ...settings.TB_DALLE_PRICES }
  const { TB_DALLE_PROVIDERS: path, OPENAI_API_KEY: apiKey } = settings
  if (path === undefined) {
    return apiKey === undefined
      ? []
      : [providerOf(PLAIN, apiKey, settings, { prices, passesRefusals: false })]
  }
  const both = OF_ONE_SERVER.find((name) => values[name] !== undefined)
  if (both !== undefined) {
    throw new ConfigError(`${VARIABLE} and ${both} are both set: remove one of them.`)
  }
  const wrong = (problem: string) => new ConfigError(`${VARIABLE} is ${shown(path)}: ${problem}.`)
  const entries = readEntries(path, wrong)
  return entries
    .map((entry, at) => ({ entry, order: entry.order ?? at + 1 }))
    .sort((a, b) => a.order - b.order)
    .map(({ entry }) => {
      const { name, contentRefusals, prices: own } = entry
      const inEntry = (key: string) => `${VARIABLE}: provider ${name}: ${key}`
      const key = readSecret(inEntry('keyFile'), resolve(dirname(path), entry.keyFile))
      const decoded = decode(valuesOf(entry, key, values), (variable) => inEntry(keyOf(variable)))
      const passesRefusals = contentRefusals === 'next'
      return providerOf(name, key, decoded, { prices: { ...prices, ...own }, passesRefusals })
    })
}

function readEntries(path: string, wrong: (problem: string) => ConfigError): Entry[] {
  let content: unknown
  try {
    content = JSON.parse(readFileSync(path, 'utf8').replace(/^\uFEFF/, ''))
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw wrong(code === undefined ? 'the file is not JSON' : `the file cannot be read (${code})`)
  }
  const list = isObject(content) ? content.providers : content
  if (!Array.isArray(list) || list.length === 0) {
    throw wrong('the file must hold a list of providers, such as {"providers": [{"name": …}]}')
  }
  const names = new Set<string>()
  return list.map((entry: unknown, at) => {
    const problem = problemOf(entry)
    const { name } = isObject(entry) ? entry : {}
    if (problem !== undefined) {
      throw wrong(`${isText(name) ? `provider ${shown(name)}` : `provider ${at + 1}`}: ${problem}`)
    }
    if (names.has(name as string)) throw wrong(`two providers have the name ${shown(name)}`)
    names.add(name as string)
    return entry as Entry
  })
}

/** What is wrong with an entry, if anything. */
function problemOf(entry: unknown): string | undefined {
  if (!isObject(entry)) return 'it must be an object'
  const unknown = Object.keys(entry).find((key) => !Object.hasOwn(KEYS, key))
  if (unknown !== undefined) return `${shown(unknown)} is not one of ${Object.keys(KEYS).join(', ')}`
  for (const [key, { isRight, expected, isRequired, isSecret }] of Object.entries(KEYS)) {
    const value = entry[key]
    if (value === undefined) {
      if (isRequired) return `${key} is missing: it must be ${expected}`
    } else if (!isRight(value)) {
      return isSecret
        ? `${key} cannot be used: it must be ${expected}`
        : `${key} is ${shown(value)}: it must be ${expected}`
    }
  }
  return undefined
}

/** The variables that describe an entry. What it leaves open, the plain variables say. */
function valuesOf(entry: Entry, key: string, values: Record<string, string>): Record<string, string> {
  const { baseUrl, headers, organization, project, models, settings = {} } = entry
  const own = Object.entries({
    OPENAI_API_KEY: key,
    OPENAI_BASE_URL: baseUrl,
    OPENAI_ORGANIZATION: organization,
    OPENAI_PROJECT: project,
    TB_DALLE_OPENAI_HEADERS: headers && JSON.stringify(headers),
    TB_DALLE_IMAGE_MODEL: models?.image,
    TB_DALLE_ENHANCEMENT_MODEL: models?.enhancement,
    ...(models && models.image === undefined && { TB_DALLE_SKIP_IMAGE: '1' }),
    ...(models && models.enhancement === undefined && { TB_DALLE_NO_ENHANCE: '1' })
  }).filter((pair): pair is [string, string] => pair[1] !== undefined)
  const texts = Object.entries(settings).map(([name, value]) => [name, String(value)])
  return { ...values, ...Object.fromEntries([...own, ...texts]) } as Record<string, string>
}

/** The key of an entry that a variable comes from. */
function keyOf(variable: SettingName): string {
  const keys: Partial<Record<SettingName, string>> = {
    OPENAI_API_KEY: 'the key',
    OPENAI_BASE_URL: 'baseUrl',
    OPENAI_ORGANIZATION: 'organization',
    OPENAI_PROJECT: 'project',
    TB_DALLE_OPENAI_HEADERS: 'headers',
    TB_DALLE_IMAGE_MODEL: 'models.image',
    TB_DALLE_ENHANCEMENT_MODEL: 'models.enhancement'
  }
  return keys[variable] ?? variable
}

function providerOf(
  name: string,
  apiKey: string,
  settings: Settings,
  { prices, passesRefusals }: Pick<ProviderConfig, 'prices' | 'passesRefusals'>
): ProviderConfig {
  return {
    name,
    apiKey,
    baseUrl: settings.OPENAI_BASE_URL,
    headers: withKey(settings.TB_DALLE_OPENAI_HEADERS ?? {}, apiKey),
    organization: settings.OPENAI_ORGANIZATION,
    project: settings.OPENAI_PROJECT,
    prices,
    passesRefusals,
    ...(!settings.TB_DALLE_NO_ENHANCE && {
      enhancement: {
        model: settings.TB_DALLE_ENHANCEMENT_MODEL,
        seed: settings.TB_DALLE_ENHANCEMENT_SEED.value,
        temperature: settings.TB_DALLE_ENHANCEMENT_TEMPERATURE.value,
        url: settings.TB_DALLE_ENHANCEMENT_URL,
        timeoutMs: settings.TB_DALLE_ENHANCEMENT_TIMEOUT
      }
    }),
    ...(!settings.TB_DALLE_SKIP_IMAGE && {
      image: {
        model: settings.TB_DALLE_IMAGE_MODEL,
        family: settings.TB_DALLE_IMAGE_FAMILY,
        quality: settings.TB_DALLE_IMAGE_QUALITY.value,
        sizes: settings.TB_DALLE_IMAGE_SIZES,
        style: settings.TB_DALLE_IMAGE_STYLE,
        url: settings.TB_DALLE_IMAGE_URL,
        timeoutMs: settings.TB_DALLE_IMAGE_TIMEOUT,
        retryOnTimeout: settings.TB_DALLE_IMAGE_RETRY_ON_TIMEOUT,
        partialImages: settings.TB_DALLE_PARTIAL_IMAGES
      }
    })
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function shown(value: unknown): string {
  return printable((JSON.stringify(value) ?? '').slice(0, SHOWN_CHARACTERS))
}
