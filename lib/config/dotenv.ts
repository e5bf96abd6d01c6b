import { readFileSync } from 'node:fs'
import { parseEnv } from 'node:util'
import { ConfigError } from './config-error.ts'

/** The first bytes of a text in UTF-16. */
const UTF16_MARKS = ['feff', 'fffe']
const BYTE_ORDER_MARK = '\uFEFF'

/** A comment, or a setting whose value is in quotes, which may have several lines, with the rest of its line. */
const COMMENT_OR_QUOTED = /^[ \t]*#.*$|^([ \t]*(?:export\s+)?[\w.-]+[ \t]*=)[ \t]*(["'`])[^]*?\2.*/gm
const SETTING = /^\s*(?:export\s+)?([\w.-]+)\s*=[ \t]*/
/** Stands for a line in quotes. No text has it. */
const IN_QUOTES = '\0'

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
 * Reads the text of a file `.env`. Node takes lines that are no settings, indented comments and tabs for a part of the
 * next name, so they are left out before. A line may hold a secret, so a warning has only its number.
 */
export function parseDotenv(text: string): Dotenv {
  const outlines = text
    .replace(
      COMMENT_OR_QUOTED,
      (part, name = '') => name + part.replace(/[^\n]/g, '').replace(/\n/g, `\n${IN_QUOTES}`)
    )
    .split('\n')
  const settings: string[] = []
  const warnings: string[] = []
  text.split('\n').forEach((line, index) => {
    const outline = outlines[index]!
    if (outline.startsWith(IN_QUOTES)) settings.push(line)
    else if (SETTING.test(outline)) settings.push(line.replace(SETTING, '$1='))
    else if (outline.trim() !== '') {
      warnings.push(`line ${index + 1} of .env is not a setting and has no effect: write NAME=value`)
    }
  })
  return { values: parseEnv(settings.join('\n')), warnings }
}
