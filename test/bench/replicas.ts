// npm run bench:replicas -- --help: compares the engine in PostgreSQL with the embedded one, in the same run.
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs, promisify } from 'node:util'
import { createDatabase } from '../../lib/engine/postgres/database.ts'
import { migrate } from '../../lib/engine/postgres/migrate.ts'
import { importPictures } from '../../lib/engine/postgres/pictures/import-pictures.ts'
import { PACKAGE_ROOT } from '../../lib/package.ts'
import { createFiles } from '../../lib/storage/files.ts'
import { createPngFiles } from '../../lib/storage/png-files.ts'
import { noPostgres, startPostgres } from '../peers/postgres.ts'
import type { PostgresServer } from '../peers/postgres.ts'
import { time } from './measure.ts'
import { addRows } from './replicas/rows.ts'
import { writePictures } from './inputs/many-pictures.ts'

const USAGE = `Usage: npm run bench:replicas -- [options]

  --rows 1000000         pictures in PostgreSQL
  --files 100000         pictures in the data folder, which the embedded index reads and the import takes in
  --only pictures|runs   only this part
`
const WORKERS = 2

/** A measurement: the embedded engine, PostgreSQL, and how many times as much the latter is. */
interface Row {
  what: string
  embedded: string
  postgres: string
  ratio: string
}

interface PictureFigures {
  pictures: number
  readMs: number
  megabytes: number
  serverMegabytes?: number
  diskMegabytes?: number
  figures: Record<string, { median: number; p95: number; total: number }>
}

interface RunFigures {
  medianMs: number
  p95Ms: number
  runsPerSecond: number
  pollsPerSecond: number
  megabytes: number
}

const rows: Row[] = []
const ends: Array<() => Promise<void>> = []
const owner = { teardown: (end: () => Promise<void>): number => ends.unshift(end) }

const number = (value: number) =>
  value.toLocaleString('en', value < 100 ? { maximumSignificantDigits: 2 } : { maximumFractionDigits: 0 })

function report(what: string, embedded: number, postgres: number, unit: string, more = ['', '']): void {
  rows.push({
    what,
    embedded: `${number(embedded)} ${unit}${more[0]}`,
    postgres: `${number(postgres)} ${unit}${more[1]}`,
    ratio: number(postgres / embedded)
  })
}

async function measure<Figures>(part: string, ...args: string[]): Promise<Figures> {
  const script = join(PACKAGE_ROOT, `dist/test/bench/replicas/${part}.js`)
  const { stdout } = await promisify(execFile)(process.execPath, [script, ...args])
  return JSON.parse(stdout) as Figures
}

async function createFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'dalleserver-bench-'))
  owner.teardown(async () => await rm(folder, { recursive: true, force: true }))
  return folder
}

/** A new database with all tables. */
async function createTables(server: PostgresServer): Promise<string> {
  const url = await server.createDatabase()
  await migrate(url)
  return url
}

async function measurePictures(server: PostgresServer, count: number, files: number): Promise<void> {
  const [folder, url] = [await createFolder(), await createTables(server)]
  await writePictures(folder, files)
  const embedded = await measure<PictureFigures>('pictures', folder)
  const database = createDatabase({ url })
  const stored = createFiles({ root: folder })
  const importMs = await time(
    async () => await importPictures({ database, files: stored, pngs: createPngFiles(stored) })
  )
  await database.close()
  await addRows(url, files, count)
  const postgres = await measure<PictureFigures>('pictures', folder, url)
  report('pictures in the index', embedded.pictures, postgres.pictures, 'pictures')
  for (const [name, own] of Object.entries(postgres.figures)) {
    const other = embedded.figures[name]!
    const more = [other, own].map(
      ({ p95, total }) =>
        ` (${number(p95)})${name.startsWith('search') ? `, ${total.toLocaleString('en')} found` : ''}`
    )
    report(name, other.median, own.median, 'ms', more)
  }
  report(
    'taking in 1,000 files: at the start, by the import',
    embedded.readMs / (files / 1_000),
    importMs / (files / 1_000),
    'ms'
  )
  report('memory of the process', embedded.megabytes, postgres.megabytes, 'MB')
  const { serverMegabytes = NaN, diskMegabytes = NaN } = postgres
  report('the same with PostgreSQL itself', embedded.megabytes, postgres.megabytes + serverMegabytes, 'MB', [
    '',
    `; table and indexes on disk ${number(diskMegabytes)} MB`
  ])
}

async function startWorkers(folder: string, url: string): Promise<void> {
  const script = join(PACKAGE_ROOT, 'dist/test/bench/replicas/runs.js')
  const workers = Array.from({ length: WORKERS }, () =>
    spawn(process.execPath, [script, 'worker', folder, url], { stdio: ['ignore', 'pipe', 'inherit'] })
  )
  owner.teardown(async () => workers.forEach((worker) => worker.kill('SIGKILL')))
  await Promise.all(workers.map(async ({ stdout }) => await once(stdout, 'data')))
}

async function measureRuns(server: PostgresServer): Promise<void> {
  const embedded = await measure<RunFigures>('runs', await createFolder())
  const [folder, url] = [await createFolder(), await createTables(server)]
  await startWorkers(folder, url)
  const postgres = await measure<RunFigures>('runs', folder, url)
  const tails = [embedded, postgres].map(({ p95Ms }) => ` (${number(p95Ms)})`)
  report(
    'a run without work, from the request to its event',
    embedded.medianMs,
    postgres.medianMs,
    'ms',
    tails
  )
  report(
    'runs without work for 40 clients, 8 at once; in PostgreSQL by 2 workers',
    embedded.runsPerSecond,
    postgres.runsPerSecond,
    'a second'
  )
  report('polls of a run that works', embedded.pollsPerSecond, postgres.pollsPerSecond, 'a second')
  report('memory of the process that answers', embedded.megabytes, postgres.megabytes, 'MB')
}

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '1000000' },
    files: { type: 'string', default: '100000' },
    only: { type: 'string', default: '' },
    help: { type: 'boolean', default: false }
  }
})

/** The rows as a table of Markdown. */
function formatTable(): string {
  const lines = [
    ['measurement', 'embedded', 'PostgreSQL', 'ratio'],
    ['---', '---:', '---:', '---:'],
    ...rows.map(({ what, embedded, postgres, ratio }) => [what, embedded, postgres, ratio])
  ]
  return lines.map((cells) => `| ${cells.join(' | ')} |\n`).join('')
}

const PARTS: Record<string, (server: PostgresServer) => Promise<void>> = {
  pictures: async (server) => await measurePictures(server, Number(values.rows), Number(values.files)),
  runs: measureRuns
}

if (values.help) {
  process.stdout.write(USAGE)
} else if (noPostgres !== false) {
  process.stderr.write(`${noPostgres}\n`)
  process.exitCode = 1
} else {
  try {
    const server = await startPostgres(owner, { fsync: true })
    const loads = [loadavg()[0]!]
    for (const [part, measurePart] of Object.entries(PARTS)) {
      if (!part.includes(values.only)) continue
      await measurePart(server)
      loads.push(loadavg()[0]!)
    }
    const load = loads.map((value) => value.toFixed(1)).join(', ')
    process.stdout.write(`${JSON.stringify({ load, rows })}\n`)
    process.stdout.write(`\n${formatTable()}\nLoad of the machine before and after each part: ${load}\n`)
  } finally {
    for (const end of ends) await end()
  }
}
