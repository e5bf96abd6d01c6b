import { parseArgs } from 'node:util'

const ROUNDS = 5

export interface BenchOptions {
  /** The names of the parts; empty means all that do not take minutes. */
  only: string[]
  rounds: number
  /** A file for all figures. */
  json?: string
  /** A file for what is printed, in Markdown. */
  report?: string
  /** A folder for charts. */
  charts?: string
  isFull: boolean
  isHelp: boolean
}

export interface PartName {
  name: string
  about: string
  isLong?: boolean
}

/**
 * Reads the command line.
 * @throws an error with one sentence for users
 */
export function readOptions(args: string[], parts: readonly PartName[]): BenchOptions {
  const { values } = parseArgs({
    args,
    options: {
      only: { type: 'string' },
      rounds: { type: 'string', default: String(ROUNDS) },
      json: { type: 'string' },
      report: { type: 'string' },
      charts: { type: 'string' },
      full: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false }
    }
  })
  const { json, report, charts, full: isFull, help: isHelp } = values
  const only = [...new Set((values.only ?? '').split(',').map((name) => name.trim()))].filter(Boolean)
  for (const [name, value] of Object.entries({ only: values.only && only.join(), json, report, charts })) {
    if (value?.trim() === '') throw new Error(`--${name} needs a value`)
  }
  const names = parts.map(({ name }) => name)
  const unknown = only.find((name) => !names.includes(name))
  if (unknown !== undefined) {
    throw new Error(`--only knows no part "${unknown}": choose from ${names.join(', ')}`)
  }
  if (!/^[1-9]\d{0,2}$/.test(values.rounds)) {
    throw new Error(`--rounds is "${values.rounds}" and must be a whole number from 1 to 999`)
  }
  return { only, rounds: Number(values.rounds), json, report, charts, isFull, isHelp }
}

/** The parts that the options choose, in their own order. */
export function chooseParts<Named extends PartName>(parts: readonly Named[], options: BenchOptions): Named[] {
  const { only, isFull } = options
  return parts.filter(({ name, isLong = false }) =>
    only.length > 0 ? only.includes(name) : isFull || !isLong
  )
}

export function usage(parts: readonly PartName[]): string {
  const width = Math.max(...parts.map(({ name }) => name.length))
  const lines = parts.map(
    ({ name, about, isLong }) =>
      `  ${name.padEnd(width)}  ${about}${isLong ? ' (only if named, or with --full)' : ''}\n`
  )
  return `Usage: npm run bench -- [options]

  --only pictures,start   only these parts
  --rounds ${ROUNDS}              rounds of each load
  --full                  also what takes minutes: 100,000 pictures, and growth
  --json FILE             writes all figures into a file
  --report FILE           writes the tables into a file
  --charts FOLDER         writes the charts of growth into a folder
  --help                  prints this

Parts:
${lines.join('')}`
}
