// npm run bench -- --help: measures how fast the service is on this machine, beside other servers, and prints a table
// of Markdown. Compare only figures of the same run.
import { writeFile } from 'node:fs/promises'
import { cpus } from 'node:os'
import { chooseClient } from './clients/load.ts'
import { createNoiseMeter, formatNoise } from './noise.ts'
import { chooseParts, readOptions, usage } from './options.ts'
import type { BenchOptions } from './options.ts'
import { measurePart } from './part.ts'
import { PARTS } from './parts/parts.ts'
import { judge, ratios } from './row.ts'
import type { Row } from './row.ts'
import { findNginx } from './servers/nginx.ts'
import { formatTable } from './table.ts'

const EXIT_USAGE = 2

const print = (text: string) => process.stdout.write(`${text}\n`)

function readOrQuit(): BenchOptions {
  try {
    return readOptions(process.argv.slice(2), PARTS)
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`)
    process.exit(EXIT_USAGE)
  }
}

/** The machine, as the head of the table names it. */
function describeMachine() {
  const [cpu] = cpus()
  return {
    cpu: cpu?.model ?? 'unknown',
    cores: cpus().length,
    node: process.version,
    system: process.platform
  }
}

async function measureAll(options: BenchOptions): Promise<void> {
  const { only, rounds, charts, json } = options
  const client = chooseClient()
  const machine = describeMachine()
  const date = new Date().toISOString()
  print(
    `${date}, ${machine.cores} × ${machine.cpu}, Node ${machine.node}; client: ${client.name}; ${rounds} rounds`
  )
  if (findNginx() === undefined) print('nginx is not installed: its figures are missing.')

  const noise = await createNoiseMeter()
  const parts: Array<{ name: string; rows: Row[]; error?: string }> = []
  for (const part of chooseParts(PARTS, options)) {
    const isFull = options.isFull || only.includes(part.name)
    const startedAt = performance.now()
    try {
      const rows = await measurePart(part, { client, rounds, isFull, charts })
      parts.push({ name: part.name, rows })
      print(
        `\n${part.name} (${((performance.now() - startedAt) / 1000).toFixed(0)} s)\n\n${formatTable(rows)}`
      )
    } catch (error) {
      // The figures of the other parts are worth having.
      parts.push({ name: part.name, rows: [], error: (error as Error).message })
      process.stderr.write(`${part.name} failed: ${(error as Error).stack}\n`)
      process.exitCode = 1
    }
    noise.sample()
  }

  const measured = await noise.summarize()
  print(formatNoise(measured))
  const missed = parts.flatMap(({ rows }) => rows.filter((row) => judge(row) === 'no'))
  print(
    missed.length === 0
      ? 'All that is wanted holds.'
      : `Not as wanted: ${missed.map(({ what }) => what).join('; ')}`
  )
  if (json !== undefined) {
    const withRatios = parts.map(({ rows, ...part }) => ({
      ...part,
      rows: rows.map((row) => ({ ...row, ratios: ratios(row), holds: judge(row) }))
    }))
    const figures = { date, machine, client: client.name, rounds, noise: measured, parts: withRatios }
    await writeFile(json, `${JSON.stringify(figures, undefined, 2)}\n`)
  }
}

const options = readOrQuit()
if (options.isHelp) process.stdout.write(usage(PARTS))
else await measureAll(options)
