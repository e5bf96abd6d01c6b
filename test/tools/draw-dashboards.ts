// npm run dashboards:draw -- http://127.0.0.1:9090: draws the dashboards from what a Prometheus knows, without Grafana.
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { drawDashboards } from './dashboards/drawing/draw.ts'

const FOLDER = 'drawn-dashboards'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    minutes: { type: 'string', default: '60' },
    scrape: { type: 'string', default: '15' },
    instance: { type: 'string', default: '.*' }
  }
})
const [origin = 'http://127.0.0.1:9090'] = positionals

await mkdir(FOLDER, { recursive: true })
const pages = await drawDashboards({
  origin,
  seconds: Number(values.minutes) * 60,
  scrapeSeconds: Number(values.scrape),
  instance: values.instance
})
for (const [name, page] of Object.entries(pages)) {
  await writeFile(join(FOLDER, name), page)
  process.stdout.write(`${join(FOLDER, name)}\n`)
}
