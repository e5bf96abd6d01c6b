import { prettyFactory } from 'pino-pretty'
import { printable } from './printable.ts'

/** One line of the log as an object. */
type Entry = Record<string, unknown> & { msg?: unknown; time?: number }

/** What a line begins with, in this order and without a name. All else stays behind it, with names. */
const SHOWN: Array<[key: string, show: (value: unknown) => string]> = [
  ['method', String],
  ['url', String],
  ['series', String],
  ['address', String],
  ['phase', String],
  ['status', String],
  ['errorCode', String],
  ['code', String],
  ['durationMs', (ms) => `${Math.round(Number(ms) * 10) / 10} ms`]
]

/** What says nothing to a person at a terminal. */
const HIDDEN = new Set(['pid', 'hostname', 'route'])

/**
 * The log for people: a line for each JSON line, with colours on a terminal. The first line of each day has the date.
 * It is written at once and in this thread, so that the last line of a process that ends is there too.
 */
export function createPrettyLog(write: (text: string) => unknown) {
  const withTime = prettyFactory({ translateTime: 'SYS:HH:MM:ss', singleLine: true })
  const withDate = prettyFactory({ translateTime: 'SYS:yyyy-mm-dd HH:MM:ss', singleLine: true })
  let day = ''
  function readable(line: string): string {
    const entry = JSON.parse(line, escape) as Entry
    const dayBefore = day
    day = new Date(entry.time ?? 0).toDateString()
    return (day === dayBefore ? withTime : withDate)(arrange(entry))
  }
  return {
    /** A JSON line as people read it. */
    readable,
    write(line: string): void {
      write(readable(line))
    }
  }
}

/** A terminal would obey control characters of a URL. The serializer of errors has escaped stacks already. */
function escape(key: string, value: unknown): unknown {
  return typeof value === 'string' && key !== 'stack' ? printable(value) : value
}

function arrange(entry: Entry): Entry {
  const shown = SHOWN.filter(([key]) => entry[key] !== undefined)
  const names = new Set(shown.map(([key]) => key))
  const rest = Object.entries(entry).filter(([key]) => !names.has(key) && !HIDDEN.has(key))
  const msg = [entry.msg, ...shown.map(([key, show]) => show(entry[key]))].join(' ')
  return { ...Object.fromEntries(rest), msg }
}
