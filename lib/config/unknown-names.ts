import { SECRET_FILES } from './secret-files.ts'
import { SETTINGS } from './settings.ts'

/** Variables of the Go server and of the programs around it that have no meaning here. */
const FOREIGN = ['TB_DALLE_SERIES', 'TB_DALLE_SPEND']
const NAMES = [...SETTINGS.map(([name]) => name), ...SECRET_FILES.map(({ file }) => file)]
const OWN = /^TB_DALLE_/i

/** A character that is missing costs less than one that is wrong, because people leave out words of a name. */
const MISSING = 0.4
const WRONG = 1

/** A warning for each name that begins as a setting does and is none, with the nearest setting. */
export function warnOfUnknown(names: string[]): string[] {
  return names
    .filter((name) => OWN.test(name) && !NAMES.includes(name) && !FOREIGN.includes(name))
    .map(
      (name) =>
        `${name} is not a setting and has no effect: is ${nearestName(name.toUpperCase(), NAMES)} meant?`
    )
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
