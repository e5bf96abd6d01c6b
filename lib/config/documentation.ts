import { SETTINGS } from './settings.ts'

/** The text of .env.example: every setting with its help and default, commented out. */
export function envExample(): string {
  return SETTINGS.map(
    ([name, { description, default: value, defaultText }]) =>
      `# ${description}${value === undefined ? ` (default: ${defaultText})` : ''}\n#${name}=${value ?? ''}\n`
  ).join('\n')
}

/** The table of all settings in lib/config/README.md, as Markdown: flag, variable, default and help. */
export function configTable(): string {
  const rows = SETTINGS.map(([name, { flag, description, default: value, defaultText = '' }]) => [
    flag === undefined ? '' : `\`--${flag}\``,
    `\`${name}\``,
    value === undefined ? inMarkdown(defaultText) : `\`${value}\``,
    inMarkdown(description)
  ])
  const lines = [['flag', 'variable', 'default', ''], ['---', '---', '---', '---'], ...rows]
  return lines.map((cells) => `| ${cells.join(' | ')} |\n`).join('')
}

const BEGIN = '<!-- Written by npm run docs:config. -->\n'
const END = '<!-- End of the settings. -->'

/** The text of lib/config/README.md with its table replaced by the current one. */
export function withConfigTable(readme: string): string {
  const begin = readme.indexOf(BEGIN) + BEGIN.length
  return `${readme.slice(0, begin)}\n${configTable()}\n${readme.slice(readme.indexOf(END))}`
}

/** JSON, paths and names in angle brackets as code, so that Markdown shows them unchanged. */
function inMarkdown(text: string): string {
  return text
    .replace(/\{".*?\}+|<\w+>[\w/]*|[~$][\w./]+|[\w-]+=\w+(?:,\w+=\w+)*/g, '`$&`')
    .replaceAll('|', '\\|')
}
