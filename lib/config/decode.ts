import { TransformDecode, TransformDecodeError } from '@sinclair/typebox/value'
import { envSchema } from 'env-schema'
import type { EnvSchemaOpt } from 'env-schema'
import { printable } from '../printable.ts'
import { ConfigError } from './config-error.ts'
import { OWN_KEYWORDS } from './setting.ts'
import type { SettingOptions } from './setting.ts'
import { ConfigSchema, SETTINGS } from './settings.ts'
import type { SettingName, Settings } from './settings.ts'

const SHOWN_CHARACTERS = 100
/** The user name and password in a URL. */
const USER_INFO = /\/\/[^/@]*@/
/** The query of a URL, which may hold a key. */
const QUERY = /(\/\/[^\s?]*)\?\S+/

type Validator = Exclude<NonNullable<EnvSchemaOpt['ajv']>, { customOptions: unknown }>

/**
 * Kept from the first call, because a validator compiles each schema once, which takes longer than all the
 * rest.
 */
let validator: Validator | undefined

/** How an error names a setting: by its flag, its variable or a key of a file. */
export type NameOf = (name: SettingName, options: SettingOptions) => string

/**
 * Validates the settings with env-schema, which also adds the defaults, and decodes each value once.
 * @throws ConfigError that names the value, and what would be right
 */
export function decode(values: Record<string, string>, nameOf: NameOf): Settings {
  // The validator would also convert blanks, hexadecimal numbers and Infinity to numbers.
  const wrong = SETTINGS.find(([name, { type }]) => !isDecimal(values[name] ?? '', type))
  if (wrong !== undefined) throw unusable(wrong, values, nameOf)
  try {
    const valid = envSchema({
      schema: ConfigSchema,
      data: values,
      env: false,
      ajv: validator ?? { customOptions: (ajv) => (validator = ajv.addVocabulary(OWN_KEYWORDS)) }
    })
    return TransformDecode(ConfigSchema, [], valid) as Settings
  } catch (error) {
    const path = pathOf(error)
    const found = SETTINGS.find(([name]) => path === `/${name}`)
    throw found === undefined ? error : unusable(found, values, nameOf)
  }
}

function isDecimal(text: string, type: string | undefined): boolean {
  if (type === 'integer') return /^\d*$/.test(text)
  return type !== 'number' || /^(?:\d+(?:\.\d+)?)?$/.test(text)
}

/** The path of the value that an error of the validator or of a decoder is about. */
function pathOf(error: unknown): string | undefined {
  if (error instanceof TransformDecodeError) return error.path
  return (error as { errors?: Array<{ instancePath: string }> }).errors?.[0]?.instancePath
}

function unusable(
  [name, options]: [SettingName, SettingOptions],
  values: Record<string, string>,
  nameOf: NameOf
): ConfigError {
  const shownName = nameOf(name, options)
  const { expected, secret } = options
  if (secret) return new ConfigError(`${shownName} cannot be used: it must be ${expected}.`)
  const shown = (values[name] ?? '')
    .replace(USER_INFO, '//…@')
    .replace(QUERY, '$1?…')
    .slice(0, SHOWN_CHARACTERS)
  const value = printable(JSON.stringify(shown))
  return new ConfigError(`${shownName} is ${value}: it must be ${expected}.`)
}
