import type { Static, StaticDecode, TSchema } from '@sinclair/typebox'
import { printable } from '../printable.ts'
import { ConfigError, createConfig } from './config.ts'
import type { Config } from './config.ts'
import { SECRET_FILES } from './secret-files.ts'
import { SETTINGS } from './settings.ts'
import type { ConfigSchema, SettingName } from './settings.ts'
import { nearestName } from './unknown-names.ts'

/** Settings of the process and its server. In another application, that decides them. */
const OF_THE_SERVER = [
  'LOG_LEVEL',
  'OTEL_EXPORTER_OTLP_ENDPOINT',
  'OTEL_EXPORTER_OTLP_HEADERS',
  'OTEL_SERVICE_NAME',
  'TB_DALLE_BASE_PATH',
  'TB_DALLE_CLIENT_CONNECTIONS',
  'TB_DALLE_HOST',
  'TB_DALLE_HOSTS',
  'TB_DALLE_LOG_FORMAT',
  'TB_DALLE_METRICS_PORT',
  'TB_DALLE_PORT',
  'TB_DALLE_TRUSTED_PROXIES'
] as const satisfies SettingName[]

type Properties = (typeof ConfigSchema)['properties']
type OptionVariable = Exclude<SettingName, (typeof OF_THE_SERVER)[number]>
type SecretVariable = Extract<
  OptionVariable,
  | 'HTTP_PROXY'
  | 'HTTPS_PROXY'
  | 'OPENAI_API_KEY'
  | 'TB_DALLE_API_TOKENS'
  | 'TB_DALLE_METRICS_TOKENS'
  | 'TB_DALLE_OPENAI_HEADERS'
>

type Camel<S extends string> = S extends `${infer First}_${infer Rest}`
  ? `${Lowercase<First>}${Capitalize<Camel<Rest>>}`
  : Lowercase<S>

/** The option of a variable: `TB_DALLE_DATA_DIR` is `dataDir`, `OPENAI_API_KEY` is `openaiApiKey`. */
type OptionOf<Name extends string> = Name extends `TB_DALLE_${infer Rest}` ? Camel<Rest> : Camel<Name>

/** What a setting takes besides the text of its variable: booleans, numbers, lists and objects. */
type Natural<Decoded> = Decoded extends boolean
  ? boolean
  : Decoded extends number
    ? number
    : Decoded extends readonly unknown[]
      ? readonly string[]
      : Decoded extends string | undefined
        ? never
        : Decoded extends { value: infer Value }
          ? Exclude<Value, undefined>
          : object

type OptionValue<Schema extends TSchema> =
  Static<Schema> | Natural<Exclude<StaticDecode<Schema>, undefined>> | undefined

/**
 * The settings of lib/config/README.md by their names in camel case. A duration is a text such as `5m`, or a number of
 * milliseconds. The settings of the process and its server are not among them.
 */
export type ServiceSettings = {
  [Name in OptionVariable as OptionOf<Name>]?: OptionValue<Properties[Name]>
} & {
  /** Names a file that holds the secret. */
  [Name in SecretVariable as OptionOf<`${Name}_FILE`>]?: string
} & {
  /** The folder for pictures, prompts, series and statistics. One process works on it. */
  dataDir: string
}

const VARIABLE = /\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b(=1\b)?/g

const NAMES = [...SETTINGS.map(([name]) => name), ...SECRET_FILES.map(({ file }) => file)]
/** The variables by their options. */
const VARIABLES = new Map(NAMES.map((name) => [optionOf(name), name]))
interface OptionSchema {
  expected: string
  /** The words of a setting that is one of several. */
  anyOf?: Array<{ const: string }>
}

const SCHEMAS = new Map<string, OptionSchema>(SETTINGS as Array<[string, OptionSchema]>)

/** The option of a variable, such as `dataDir` of `TB_DALLE_DATA_DIR`. */
export function optionOf(variable: string): string {
  return variable
    .replace(/^TB_DALLE_/, '')
    .toLowerCase()
    .replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())
}

/**
 * The configuration of a service in another application. The environment is not read.
 * @param basePath where the application has the service
 * @param hasOwnProvider whether the application draws with a provider of its own
 * @throws ConfigError that names the option, its value, and what would be right
 */
export function readOptions(
  settings: Record<string, unknown>,
  { basePath, hasOwnProvider }: { basePath: string; hasOwnProvider: boolean }
): Config {
  const values: Record<string, string | undefined> = {}
  for (const [option, value] of Object.entries(settings)) values[variableOf(option)] = textOf(option, value)
  if (!values.TB_DALLE_DATA_DIR) {
    throw new ConfigError('dataDir is missing: name the folder for pictures, prompts and statistics.')
  }
  try {
    return createConfig(values, {}, { basePath, hasOwnProvider })
  } catch (error) {
    throw error instanceof ConfigError ? new ConfigError(withOptions(error.message)) : error
  }
}

function variableOf(option: string): string {
  const variable = VARIABLES.get(option)
  if (variable === undefined) {
    const names = [...VARIABLES.keys()].filter((name) => !isOfTheServer(VARIABLES.get(name)!))
    // The name of a variable means its option.
    const meant = VARIABLES.has(optionOf(option)) ? optionOf(option) : option
    const near = nearestName(meant, names)
    throw new ConfigError(`${printable(option)} is not an option of dalleserver: is ${near} meant?`)
  }
  if (isOfTheServer(variable)) {
    throw new ConfigError(`${option} is not an option of dalleserver here: the application decides it.`)
  }
  return variable
}

function isOfTheServer(variable: string): boolean {
  return (OF_THE_SERVER as readonly string[]).some((name) => variable === name || variable === `${name}_FILE`)
}

/** The value of an option as its variable would hold it. */
function textOf(option: string, value: unknown): string | undefined {
  if (value === undefined || typeof value === 'string') return value
  const { expected, anyOf = [] } = SCHEMAS.get(VARIABLES.get(option)!) ?? { expected: 'a text' }
  const isOnOff = anyOf.some((word) => word.const === '1')
  if (typeof value === 'boolean') return isOnOff ? (value ? '1' : '0') : String(value)
  if (typeof value === 'number') return /\bduration\b/.test(expected) ? `${value}ms` : String(value)
  if (Array.isArray(value) && value.every((part) => typeof part === 'string')) return value.join(',')
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return JSON.stringify(value)
  throw new ConfigError(
    `${option} is ${value === null ? 'null' : `a ${typeof value}`}: it must be ${expected}.`
  )
}

/** A message with the names of options in place of those of variables. */
function withOptions(message: string): string {
  return message.replace(VARIABLE, (text, isOne: string | undefined) => {
    const variable = isOne === undefined ? text : text.slice(0, -isOne.length)
    return NAMES.includes(variable as SettingName) ? optionOf(variable) + (isOne ? ': true' : '') : text
  })
}
