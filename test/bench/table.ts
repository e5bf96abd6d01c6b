import { judge, ratios } from './row.ts'
import type { Row } from './row.ts'

const HEAD = ['measurement', 'result', 'p50, p99', 'CPU', 'beside others', 'wanted', 'holds']

/** Rows as a table of Markdown whose columns are aligned, so that a terminal shows it well. */
export function formatTable(rows: Row[]): string {
  const lines = [HEAD, ...rows.map(cellsOf)]
  const widths = HEAD.map((_, column) => Math.max(...lines.map((cells) => cells[column]!.length)))
  const [head, ...body] = lines.map(
    (cells) => `| ${cells.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |\n`
  )
  return [head, `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |\n`, ...body].join('')
}

/** A number with three digits that count, and all digits before the point. */
export function formatNumber(value: number): string {
  if (Number.isNaN(value)) return '–'
  const digits = value >= 100 ? { maximumFractionDigits: 0 } : { maximumSignificantDigits: 3 }
  return value.toLocaleString('en', digits)
}

function cellsOf(row: Row): string[] {
  const { what, value, unit, p50Ms, p99Ms, cpuUs = Number.NaN, failed = 0, note } = row
  const more = [
    ...(failed > 0 ? [`${formatNumber(failed)} failed`] : []),
    ...(note === undefined ? [] : [note])
  ]
  const result = `${formatNumber(value)}${unit === '/s' ? unit : ` ${unit}`}`
  return [
    what,
    [result, ...more].join('; '),
    [p50Ms, p99Ms].flatMap((ms) => (ms === undefined ? [] : [`${formatNumber(ms)} ms`])).join(', '),
    Number.isNaN(cpuUs) ? '' : `${formatNumber(cpuUs)} µs`,
    formatPeers(row),
    formatWanted(row),
    judge(row) ?? ''
  ]
}

function formatPeers(row: Row): string {
  const { peers = {}, unit } = row
  return Object.entries(ratios(row))
    .map(([name, ratio]) => {
      const figure = `${formatNumber(peers[name]!)}${unit === '/s' ? unit : ` ${unit}`}`
      return `${formatNumber(ratio)} × ${name} (${figure})`
    })
    .join(', ')
}

function formatWanted({ wanted, unit }: Row): string {
  if (wanted === undefined) return ''
  if ('below' in wanted) return `< ${formatNumber(wanted.below)} ${unit}`
  const { atLeast, of, because } = wanted
  return `≥ ${formatNumber(atLeast)} × ${of}${because === undefined ? '' : ` (${because})`}`
}
