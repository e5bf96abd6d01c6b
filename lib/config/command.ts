import { parseArgs } from 'node:util'
import { quote } from '../errors.ts'
import { printable } from '../printable.ts'
import { ConfigError, createConfig, dropEmpty } from './config.ts'
import type { Config } from './config.ts'
import { SECRET_FILES } from './secret-files.ts'
import { dropServiceLinks } from './service-links.ts'
import { SETTINGS } from './settings.ts'
import type { SettingOptions } from './setting.ts'
import { warnOfSettings } from './start-warnings.ts'
import { warnOfNoKey, warnOfUnknown } from './unknown-names.ts'

const SHOWN_CHARACTERS = 100

/** What the process shall do; `warnings` are lines for the log. */
export type Command =
  | { run: 'serve'; config: Config; warnings: string[] }
  | { run: 'print'; text: string }
  | { run: 'migrate'; databaseUrl: string }
  | { run: 'import' | 'export'; config: Config; databaseUrl: string }
  | { run: 'dress'; config: Config; series: string; address: string }
  | { run: 'sheet'; series: string; count: string; file: string | undefined }

/** The commands with what follows them. */
const COMMANDS = {
  serve: { operands: '', least: 0, most: 0, help: 'Serve over HTTP; the default' },
  migrate: { operands: '', least: 0, most: 0, help: 'Create or update the tables in TB_DALLE_DATABASE_URL' },
  import: {
    operands: '',
    least: 0,
    most: 0,
    help: 'Take what the data folder has into the database, and its files into TB_DALLE_S3_URL if that is set'
  },
  export: {
    operands: '',
    least: 0,
    most: 0,
    help: 'Write what only the database and TB_DALLE_S3_URL have into the data folder, for a server without them'
  },
  dress: {
    operands: ' <series> <address>',
    least: 2,
    most: 2,
    help: 'Print the dress of an address and its prompts. It draws and writes nothing'
  },
  sheet: {
    operands: ' <built-in series> <count> [file]',
    least: 2,
    most: 3,
    help: 'Draw the pictures of that many addresses on one sheet, with the built-in artist'
  }
} as const

/**
 * Reads the command line and the settings. A flag has precedence over the environment, the environment over
 * `dotenv` (the parsed .env file), and `dotenv` over the defaults; an empty value counts as absent.
 * @throws ConfigError that names the flag or variable, its value, and what would be right
 */
export function readCommand(input: {
  argv: string[]
  env: Record<string, string | undefined>
  dotenv?: Record<string, string | undefined>
  /** What is wrong with the .env file. */
  dotenvWarnings?: string[]
  version: string
}): Command {
  const flags = readFlags(input.argv)
  if (flags.help) return { run: 'print', text: helpText(input.version) }
  if (flags.version) return { run: 'print', text: `dalleserver ${input.version}\n` }
  const { env, warnings } = dropServiceLinks(dropEmpty(input.env))
  const values = { ...withoutOverridden(input.dotenv ?? {}, env), ...env }
  const { settings, noWait } = flags
  const { name, operands } = readWords(flags.words)
  const [series = '', second = '', file] = operands
  if (name === 'sheet') return { run: name, series, count: second, file }
  const config = createConfig({ ...values, ...settings }, settings, { noWait })
  if (name === 'migrate' || name === 'import' || name === 'export') {
    const { databaseUrl } = config
    if (databaseUrl === undefined) {
      throw new ConfigError('TB_DALLE_DATABASE_URL is missing: name the database.')
    }
    return name === 'migrate' ? { run: name, databaseUrl } : { run: name, config, databaseUrl }
  }
  if (name === 'dress') return { run: name, config, series, address: second }
  const names = Object.keys(dropEmpty(values))
  return {
    run: name,
    config,
    warnings: [
      ...(input.dotenvWarnings ?? []),
      ...warnings,
      ...warnOfUnknown(names),
      ...(values.TB_DALLE_SKIP_IMAGE === '1' ? [] : warnOfNoKey(names, config.costsMoney)),
      ...warnOfSettings(config)
    ]
  }
}

/** The command and what follows it. */
function readWords([first, ...operands]: string[]): { name: keyof typeof COMMANDS; operands: string[] } {
  const name = first ?? 'serve'
  if (!Object.hasOwn(COMMANDS, name)) throw unexpected(name)
  const known = name as keyof typeof COMMANDS
  const { least, most } = COMMANDS[known]
  if (most === 0 && operands[0] !== undefined) throw unexpected(operands[0])
  if (operands.length < least || operands.length > most) throw new ConfigError(`Usage: ${usageOf(known)}`)
  return { name: known, operands }
}

function unexpected(word: string): ConfigError {
  return new ConfigError(
    `${quote(printable(word))} is not expected: the commands are serve, migrate, import, export, dress and sheet, ` +
      'and settings are flags such as --port 8080 (see --help).'
  )
}

function usageOf(name: keyof typeof COMMANDS): string {
  return `dalleserver ${name}${COMMANDS[name].operands}`
}

/** The settings of .env, without a secret that the environment gives by value or by file. */
function withoutOverridden(
  dotenv: Record<string, string | undefined>,
  env: Record<string, string>
): Record<string, string | undefined> {
  const overridden = SECRET_FILES.flatMap(({ name, file }) =>
    name in env ? [name, file] : file in env ? [name] : []
  )
  return Object.fromEntries(Object.entries(dotenv).filter(([name]) => !overridden.includes(name)))
}

/** The flags without a value and without a variable. */
const SWITCHES = { help: 'help', version: 'version', 'no-wait': 'noWait' } as const

interface Flags extends Record<(typeof SWITCHES)[keyof typeof SWITCHES], boolean> {
  settings: Record<string, string>
  /** The command and what follows it. */
  words: string[]
}

function isSwitch(name: string): name is keyof typeof SWITCHES {
  return Object.hasOwn(SWITCHES, name)
}

function readFlags(argv: string[]): Flags {
  const flagged = new Map(
    SETTINGS.flatMap(([name, { flag }]) => (flag === undefined ? [] : [[flag, name] as const]))
  )
  const options = {
    help: { type: 'boolean', short: 'h' } as const,
    version: { type: 'boolean', short: 'v' } as const,
    'no-wait': { type: 'boolean' } as const,
    ...Object.fromEntries([...flagged.keys()].map((flag) => [flag, { type: 'string' } as const]))
  }
  // Go's flag package accepts one dash before a long name, so scripts for the Go server may use one.
  let isValue = false
  const args = argv.map((arg) => {
    const flag = !isValue && /^-[a-z]{2,}/.test(arg) ? `-${arg}` : arg
    isValue = !isValue && flagged.has(flag.slice(2))
    return flag
  })
  const { tokens } = parseArgs({ args, options, strict: false, allowPositionals: true, tokens: true })

  const settings: Record<string, string> = {}
  const words: string[] = []
  const asked = { help: false, version: false, noWait: false }
  for (const token of tokens) {
    if (token.kind === 'option-terminator') continue
    if (token.kind === 'positional') {
      words.push(token.value)
      continue
    }
    if (isSwitch(token.name)) {
      if (token.name === 'no-wait' && token.value !== undefined) {
        throw new ConfigError(`${token.rawName} has no value.`)
      }
      asked[SWITCHES[token.name]] = true
      continue
    }
    const name = flagged.get(token.name)
    if (name === undefined) {
      throw new ConfigError(`${shorten(token.rawName)} is not a flag of dalleserver: see --help.`)
    }
    if (token.value === undefined || token.value === '') {
      throw new ConfigError(`${token.rawName} needs a value.`)
    }
    settings[name] = token.value
  }
  return { ...asked, settings, words }
}

/** A flag as the command line has it, for one line of an error. */
function shorten(flag: string): string {
  return printable(flag.slice(0, SHOWN_CHARACTERS))
}

function helpText(version: string): string {
  const entry = (
    name: string,
    { flag, description, default: value, defaultText }: SettingOptions & { default?: string | number }
  ) =>
    `  ${flag === undefined ? '' : `--${flag}, `}${name}\n      ${description} (default: ${value ?? defaultText})\n`
  const commands = Object.entries(COMMANDS).map(
    ([name, { operands, help }]) => `  ${name}${operands}\n      ${help}\n`
  )
  return `dalleserver ${version}: one deterministic, captioned picture for every Ethereum address, over HTTP.

Usage: dalleserver [command] [flags]

${commands.join('')}
A flag has precedence over its environment variable, and the variable over the same name in a .env file.

${SETTINGS.map(([name, options]) => entry(name, options)).join('')}  --no-wait
      End with exit code 1, in place of waiting, when another process works on the data folder
  --version, -v
      Print the version and end
  --help, -h
      Print this and end
`
}
