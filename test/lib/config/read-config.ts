import type { Test } from 'tap'
import { readCommand } from '../../../lib/config/command.ts'
import { ConfigError } from '../../../lib/config/config.ts'
import type { Config } from '../../../lib/config/config.ts'
import { ConfigSchema } from '../../../lib/config/settings.ts'

type Values = Record<string, string | undefined>

/** All settings by their name, with the part of the schema that help and errors show. */
export const SCHEMA = Object.entries(ConfigSchema.properties) as unknown as Array<
  [
    string,
    { flag?: string; secret?: boolean; description: string; default?: string | number; defaultText?: string }
  ]
>

/** The configuration that the process would run with. */
export function configOf(argv: string[], env: Values = {}, dotenv: Values = {}): Config {
  const command = readCommand({ argv, env, dotenv, version: '1.2.3' })
  if (command.run !== 'serve') throw new Error('the command line asks for a text')
  return command.config
}

/** The text that the process would print. */
export function textOf(argv: string[]): string {
  const command = readCommand({ argv, env: {}, version: '1.2.3' })
  if (command.run !== 'print') throw new Error('the command line does not ask for a text')
  return command.text
}

/** The message of the ConfigError that the function throws. */
export function refusalOf(t: Test, read: () => unknown): string {
  try {
    read()
  } catch (error) {
    if (error instanceof ConfigError) return error.message
    throw error
  }
  t.fail('a ConfigError was expected')
  return ''
}
