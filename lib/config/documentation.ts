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

/** JSON, paths and names in angle brackets as code, so that Markdown shows them unchanged. */
function inMarkdown(text: string): string {
  return text.replace(/\{".*?\}+|<\w+>[\w/]*|[~$][\w./]+|[\w-]+=\w+(?:,\w+=\w+)*/g, '`$&`').replaceAll('|', '\\|')
}
