import { readFileSync } from 'node:fs'
import { ConfigError } from './config-error.ts'
import { SETTINGS } from './settings.ts'

const BYTE_ORDER_MARK = '\uFEFF'

/** The secrets, each with the variable that names a file with its value. */
export const SECRET_FILES = SETTINGS.filter(([, { secret }]) => secret).map(([name]) => ({
  name,
  file: `${name}_FILE`
}))

/**
 * The settings with each secret whose `<name>_FILE` is set read from that file, without blanks around it.
 * @throws ConfigError
 */
export function readSecretFiles(values: Record<string, string>): Record<string, string> {
  const read = { ...values }
  for (const { name, file } of SECRET_FILES) {
    const path = values[file]
    if (path === undefined) continue
    if (values[name] !== undefined) {
      throw new ConfigError(`${name} and ${file} are both set: remove one of them.`)
    }
    read[name] = readSecret(file, path)
  }
  return read
}

/**
 * The secret in a file.
 * @param file names the path in an error
 * @throws ConfigError
 */
export function readSecret(file: string, path: string): string {
  const say = (problem: string) => new ConfigError(`${file} is ${JSON.stringify(path)}: ${problem}.`)
  let text
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    throw say(`the file cannot be read (${(error as NodeJS.ErrnoException).code})`)
  }
  const secret = text.replace(BYTE_ORDER_MARK, '').trim()
  if (secret === '') throw say('the file is empty')
  return secret
}
