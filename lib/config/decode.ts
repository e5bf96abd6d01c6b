import { TransformDecode, TransformDecodeError, Value } from '@sinclair/typebox/value'
import { printable } from '../printable.ts'
import { ConfigError } from './config-error.ts'
import type { SettingOptions } from './setting.ts'
import { ConfigSchema, SETTINGS } from './settings.ts'
import type { SettingName, Settings } from './settings.ts'

const SHOWN_CHARACTERS = 100
/** The user name and password in a URL. */
const USER_INFO = /\/\/[^/@]*@/
/** The query of a URL, which may hold a key. */
const QUERY = /(\/\/[^\s?]*)\?\S+/

/** How an error names a setting: by its flag, its variable or a key of a file. */
export type NameOf = (name: SettingName, options: SettingOptions) => string

/**
 * Adds the defaults, validates the settings, and decodes each value once. TypeBox reads the schema as it is. To compile
 * it first would take a fifth of the time to start.
 * @throws ConfigError that names the value, and what would be right
 */
export function decode(values: Record<string, string>, nameOf: NameOf): Settings {
  const given = SETTINGS.filter(([name]) => values[name] !== undefined)
  const settings = Value.Default(
    ConfigSchema,
    Object.fromEntries(given.map(([name, { type }]) => [name, read(values[name]!, type)]))
  )
  const path = Value.Errors(ConfigSchema, settings).First()?.path
  if (path !== undefined) throw unusable(settingAt(path), values, nameOf)
  try {
    return TransformDecode(ConfigSchema, [], settings) as Settings
  } catch (error) {
    throw error instanceof TransformDecodeError ? unusable(settingAt(error.path), values, nameOf) : error
  }
}

function settingAt(path: string) {
  return SETTINGS.find(([name]) => path === `/${name}`)!
}

/** The number that a text is where one is needed. Blanks, hexadecimal numbers and Infinity are none. */
function read(text: string, type: string | undefined): string | number {
  const isNumber =
    (type === 'integer' && /^\d+$/.test(text)) || (type === 'number' && /^\d+(?:\.\d+)?$/.test(text))
  return isNumber ? Number(text) : text
}

function unusable(
  [name, options]: [SettingName, SettingOptions],
  values: Record<string, string>,
  nameOf: NameOf
): ConfigError {
  const shownName = nameOf(name, options)
  const { expected, secret } = options
  if (secret) {
    const file = `${name}_FILE`
    const origin = values[file] === undefined ? '' : ` (read from the file that ${file} names)`
    return new ConfigError(`${shownName} cannot be used${origin}: it must be ${expected}.`)
  }
  const shown = (values[name] ?? '')
    .replace(USER_INFO, '//…@')
    .replace(QUERY, '$1?…')
    .slice(0, SHOWN_CHARACTERS)
  const value = printable(JSON.stringify(shown))
  return new ConfigError(`${shownName} is ${value}: it must be ${expected}.`)
}
