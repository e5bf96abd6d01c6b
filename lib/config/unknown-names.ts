import { SECRET_FILES } from './secret-files.ts'
import { SETTINGS } from './settings.ts'

/** Variables of the Go server and of the programs around it that have no meaning here. */
const FOREIGN = ['TB_DALLE_SERIES', 'TB_DALLE_SPEND']
const NAMES = [...SETTINGS.map(([name]) => name), ...SECRET_FILES.map(({ file }) => file)]
const OWN = /^TB_DALLE_/i
const FILE = /_FILE$/

/** Names of settings in other programs. They count where the setting is absent. */
const OTHER_NAMES: Partial<Record<string, string>> = {
  OPENAI_KEY: 'OPENAI_API_KEY',
  OPENAI_APIKEY: 'OPENAI_API_KEY',
  OPENAI_TOKEN: 'OPENAI_API_KEY',
  OPENAI_API_TOKEN: 'OPENAI_API_KEY',
  OPENAI_KEY_FILE: 'OPENAI_API_KEY_FILE',
  OPENAI_API_KEYS: 'OPENAI_API_KEY',
  OPENAI_API_KEYS_FILE: 'OPENAI_API_KEY_FILE',
  TB_DALLE_OPENAI_API_KEY: 'OPENAI_API_KEY',
  TB_DALLE_OPENAI_API_KEY_FILE: 'OPENAI_API_KEY_FILE',
  TB_DALLE_OPENAI_KEY: 'OPENAI_API_KEY',
  TB_DALLE_OPENAI_KEY_FILE: 'OPENAI_API_KEY_FILE',
  OPENAI_API_BASE: 'OPENAI_BASE_URL',
  OPENAI_API_URL: 'OPENAI_BASE_URL',
  OPENAI_URL: 'OPENAI_BASE_URL'
}

/** Settings that say what the provider of OPENAI_API_KEY draws, and for how much. */
const OF_PROVIDER = [
  'OPENAI_BASE_URL',
  'TB_DALLE_OPENAI_HEADERS',
  'TB_DALLE_IMAGE_MODEL',
  'TB_DALLE_IMAGE_URL',
  'TB_DALLE_ENHANCEMENT_MODEL',
  'TB_DALLE_ENHANCEMENT_URL',
  'TB_DALLE_PRICES',
  'TB_DALLE_DAILY_BUDGET_USD',
  'TB_DALLE_DAILY_IMAGE_LIMIT'
]

/** A warning where settings of a provider are given, and no key for it. */
export function warnOfNoKey(names: string[], costsMoney: boolean): string[] {
  const idle = OF_PROVIDER.filter((name) => names.includes(name))
  if (costsMoney || idle.length === 0) return []
  const have = idle.length === 1 ? 'has' : 'have'
  return [
    `OPENAI_API_KEY is empty or absent, so the built-in artist draws, and ${idle.join(', ')} ${have} no effect`
  ]
}

/** A character that is missing costs less than one that is wrong, because people leave out words of a name. */
const MISSING = 0.4
const WRONG = 1

/** A warning for each name that begins as a setting does and is none, with the nearest setting. */
export function warnOfUnknown(names: string[]): string[] {
  const others = names.flatMap((name) => {
    const meant = OTHER_NAMES[name]
    return OWN.test(name) || meant === undefined || names.includes(meant) ? [] : [warningOf(name, meant)]
  })
  const unknown = names
    .filter((name) => OWN.test(name) && !NAMES.includes(name) && !FOREIGN.includes(name))
    .map((name) => {
      const upper = name.toUpperCase()
      const setting = upper.replace(FILE, '')
      if (setting !== upper && NAMES.includes(setting)) return warningOfFile(name, setting)
      return warningOf(name, OTHER_NAMES[upper] ?? nearestName(upper, NAMES))
    })
  return [...others, ...unknown]
}

/** A file is named for a value that is no secret. */
function warningOfFile(name: string, setting: string): string {
  return `${name} is not a setting and has no effect, because only secrets can come from files: set ${setting}`
}

function warningOf(name: string, meant: string): string {
  return `${name} is not a setting and has no effect: is ${meant} meant?`
}

/** The known name that is most like a name. */
export function nearestName(name: string, names: readonly string[]): string {
  const distances = names.map((known) => ({ known, distance: distanceOf(name, known) }))
  return distances.reduce((best, each) => (each.distance < best.distance ? each : best)).known
}

/** The edit distance from a name to a known one (Wagner and Fischer). */
function distanceOf(name: string, known: string): number {
  let row = Array.from({ length: known.length + 1 }, (_, missing) => missing * MISSING)
  for (const letter of name) {
    const next = [row[0]! + WRONG]
    for (let i = 1; i <= known.length; i += 1) {
      const replaced = row[i - 1]! + (known[i - 1] === letter ? 0 : WRONG)
      next.push(Math.min(replaced, row[i]! + WRONG, next[i - 1]! + MISSING))
    }
    row = next
  }
  return row[known.length]!
}
