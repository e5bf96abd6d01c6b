// npm run bench -- --help: measures how fast the service is on this machine, beside other servers, and prints tables
// of Markdown. Compare only figures of the same run.
import { writeFile } from 'node:fs/promises'
import { chooseClient } from './clients/load.ts'
import { createNoiseMeter } from './noise.ts'
import { chooseParts, readOptions, usage } from './options.ts'
import type { BenchOptions } from './options.ts'
import { measurePart } from './part.ts'
import type { Part, Settings } from './part.ts'
import { PARTS } from './parts/parts.ts'
import { describeRun, formatEnd, formatHead, formatPart, toJson } from './report.ts'
import type { PartReport } from './report.ts'
import { findNginx } from './servers/nginx.ts'

const EXIT_USAGE = 2
const args = process.argv.slice(2)

function readOrQuit(): BenchOptions {
  try {
    return readOptions(args, PARTS)
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`)
    process.exit(EXIT_USAGE)
  }
}

/** Measures a part. One that fails does not take the figures of the others away. */
async function reportPart(part: Part, settings: Settings): Promise<PartReport> {
  const { name, about } = part
  const startedAt = performance.now()
  const seconds = () => (performance.now() - startedAt) / 1000
  try {
    const rows = await measurePart(part, settings)
    return { name, about, seconds: seconds(), rows }
  } catch (error) {
    process.stderr.write(`${(error as Error).stack}\n`)
    process.exitCode = 1
    return { name, about, seconds: seconds(), rows: [], error: (error as Error).message }
  }
}

async function measureAll(options: BenchOptions): Promise<void> {
  const { only, rounds, charts, json, report } = options
  const client = chooseClient()
  const head = describeRun(args, { client: client.name, rounds, hasNginx: findNginx() !== undefined })
  let text = ''
  const print = (piece: string) => {
    text += piece
    process.stdout.write(piece)
  }
  print(formatHead(head))
  const noise = await createNoiseMeter()
  const parts: PartReport[] = []
  for (const part of chooseParts(PARTS, options)) {
    const isFull = options.isFull || only.includes(part.name)
    const measured = await reportPart(part, { client, rounds, isFull, charts })
    parts.push(measured)
    print(formatPart(measured))
    noise.sample()
  }
  const summary = await noise.summarize()
  print(formatEnd(parts, summary))
  if (report !== undefined) await writeFile(report, `# Figures of the bench\n\n${text}`)
  if (json !== undefined) await writeFile(json, toJson(head, parts, summary))
}

const options = readOrQuit()
if (options.isHelp) process.stdout.write(usage(PARTS))
else await measureAll(options)
