// npm run dashboards:draw -- http://127.0.0.1:9090: draws the dashboards from what a Prometheus knows, without Grafana.
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { drawDashboards } from './dashboards/drawing/draw.ts'

const FOLDER = 'drawn-dashboards'
const USAGE = `Usage: npm run dashboards:draw -- [options] [URL of Prometheus]

  --minutes 60     what is drawn, until now
  --scrape 15      seconds between two scrapes
  --job a|b        the jobs that are drawn; without it, those that have the service's metrics
  --instance .*    the processes that are drawn
`

try {
  await main(process.argv.slice(2))
} catch (error) {
  const { message, cause } = error as Error
  process.stderr.write(`${message}${cause instanceof Error ? `: ${cause.message}` : ''}\n\n${USAGE}`)
  process.exitCode = 1
}

async function main(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      minutes: { type: 'string', default: '60' },
      scrape: { type: 'string', default: '15' },
      job: { type: 'string' },
      instance: { type: 'string', default: '.*' }
    }
  })
  const [origin = 'http://127.0.0.1:9090'] = positionals
  const pages = await drawDashboards({
    origin,
    seconds: 60 * numberOf('minutes', values.minutes),
    scrapeSeconds: numberOf('scrape', values.scrape),
    job: values.job,
    instance: values.instance
  })
  await mkdir(FOLDER, { recursive: true })
  for (const [name, page] of Object.entries(pages)) {
    await writeFile(join(FOLDER, name), page)
    process.stdout.write(`${join(FOLDER, name)}\n`)
  }
}

function numberOf(name: string, text: string): number {
  const value = Number(text)
  if (!(value > 0 && Number.isFinite(value))) throw new Error(`--${name} is "${text}": it must be above 0`)
  return value
}
