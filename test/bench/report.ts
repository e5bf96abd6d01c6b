import { cpus } from 'node:os'
import { formatNoise } from './noise.ts'
import type { Noise } from './noise.ts'
import { judge, ratios } from './row.ts'
import type { Row, Verdict } from './row.ts'
import { formatTable } from './table.ts'

/** How and where it was measured. */
export interface Head {
  date: string
  command: string
  cpu: string
  cores: number
  node: string
  client: string
  rounds: number
  hasNginx: boolean
}

export interface PartReport {
  name: string
  about: string
  seconds: number
  rows: Row[]
  /** Why it could not be measured. */
  error?: string
}

export function describeRun(args: string[], run: Pick<Head, 'client' | 'rounds' | 'hasNginx'>): Head {
  const command = ['npm run bench', ...(args.length === 0 ? [] : ['--', ...args])].join(' ')
  const cpu = cpus()[0]?.model ?? 'unknown'
  return { date: new Date().toISOString(), command, cpu, cores: cpus().length, node: process.version, ...run }
}

export function formatHead({ date, command, cpu, cores, node, client, rounds, hasNginx }: Head): string {
  const peers = hasNginx ? '' : ' nginx is not installed: its figures are missing.'
  const machine = `${cores} cores of ${cpu}, Node ${node}`
  return `\`${command}\` on ${date.slice(0, 10)}: ${machine}, ${client}, medians of ${rounds} rounds.${peers}\n`
}

export function formatPart({ name, about, seconds, rows, error }: PartReport): string {
  let body = formatTable(rows)
  if (error !== undefined) body = `Not measured: ${error}\n`
  else if (rows.length === 0) body = 'Nothing to measure on this machine.\n'
  return `\n## ${name}: ${about}\n\n${body}\n${seconds.toFixed(0)} s\n`
}

/** The last lines: what holds, and how noisy the machine was. */
export function formatEnd(parts: PartReport[], noise: Noise): string {
  const rows = parts.flatMap((part) => part.rows)
  const namesOf = (verdict: Verdict) => rows.filter((row) => judge(row) === verdict).map(({ what }) => what)
  const [missed, unknown] = [namesOf('no'), namesOf('unknown')]
  const sentences = [
    `Wanted: ${namesOf('yes').length} hold`,
    `${missed.length} do not${missed.length === 0 ? '' : ` (${missed.join('; ')})`}`,
    ...(unknown.length === 0 ? [] : [`${unknown.length} were not measured (${unknown.join('; ')})`])
  ]
  return `\n${formatNoise(noise)}\n\n${sentences.join(', ')}.\n`
}

/** All figures, for programs. */
export function toJson(head: Head, parts: PartReport[], noise: Noise): string {
  const withRatios = parts.map(({ rows, ...part }) => ({
    ...part,
    rows: rows.map((row) => ({ ...row, ratios: ratios(row), holds: judge(row) }))
  }))
  return `${JSON.stringify({ ...head, noise, parts: withRatios }, undefined, 2)}\n`
}
