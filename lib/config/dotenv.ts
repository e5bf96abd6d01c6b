import { readFileSync } from 'node:fs'
import { parseEnv } from 'node:util'
import { ConfigError } from './config-error.ts'

/** The first bytes of a text in UTF-16. */
const UTF16_MARKS = ['feff', 'fffe']
const BYTE_ORDER_MARK = '\uFEFF'

/** A comment, or a setting whose value is in quotes, which may have several lines, with the rest of its line. */
const COMMENT_OR_QUOTED = /^[ \t]*#.*$|^([ \t]*(?:export\s+)?[\w.-]+[ \t]*=)[ \t]*(["'`])[^]*?\2.*/gm
const SETTING_OR_NONE = /^\s*((export\s+)?[\w.-]+\s*=|#|$)/

/** The settings of a file, and a line for the log for each of its lines that is none. */
export interface Dotenv {
  values: Record<string, string | undefined>
  warnings: string[]
}

/**
 * Reads the file `.env` of the working folder; an absent file has no settings.
 * @throws ConfigError
 */
export function readDotenv(): Dotenv {
  let bytes
  try {
    bytes = readFileSync('.env')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') return { values: {}, warnings: [] }
    throw new ConfigError(`.env cannot be read (${code}).`)
  }
  // Without a mark, UTF-16 shows by the zero bytes beside ASCII characters.
  if (UTF16_MARKS.includes(bytes.toString('hex', 0, 2)) || bytes.includes(0)) {
    throw new ConfigError('.env is not a text in UTF-8 (it looks like UTF-16): save it as UTF-8.')
  }
  return parseDotenv(bytes.toString('utf8').replace(BYTE_ORDER_MARK, ''))
}

/**
 * Reads the text of a file `.env`. Lines that are no settings are left out, since Node takes some of them for a part of
 * the next name. They may hold a secret, so a warning has only their number.
 */
export function parseDotenv(text: string): Dotenv {
  const isSetting = text
    .replace(COMMENT_OR_QUOTED, (quoted, name = '') => name + quoted.replace(/[^\n]/g, ''))
    .split('\n')
    .map((line) => SETTING_OR_NONE.test(line))
  const settings = text.split('\n').filter((_, index) => isSetting[index])
  const warnings = isSetting.flatMap((is, index) =>
    is ? [] : [`line ${index + 1} of .env is not a setting and has no effect: write NAME=value`]
  )
  return { values: parseEnv(settings.join('\n')), warnings }
}
