import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { PACKAGE_ROOT } from '../../../lib/package.ts'

const TEXT = readFileSync(join(PACKAGE_ROOT, 'routes/README.md'), 'utf8')

/** Where the servers of the examples are. */
const SERVERS = /https?:\/\/(?:127\.0\.0\.1:8080|dalle\.example)/g

/**
 * The code of an example in routes/README.md.
 * @param heading of its section
 * @param language of the code block
 * @param server the URL that takes the place of the one in the documentation
 */
export function exampleOf(heading: string, language: string, server: string): string {
  const [, section] = new RegExp(`^#+ ${heading}\\n([^]*?)(?=^#+ |(?![^]))`, 'm').exec(TEXT) ?? []
  const [, code] = new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\``, 'm').exec(section ?? '') ?? []
  if (code === undefined) throw new Error(`routes/README.md has no ${language} below "${heading}"`)
  return code.replaceAll(SERVERS, server)
}

/** The path of the first picture in the code of an example. */
export function picturePathOf(code: string): string {
  return /\/dalle\/[\w-]+\/0x[0-9a-f]{40}/.exec(code)![0]
}
