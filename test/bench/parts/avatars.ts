import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { chromium } from 'playwright-core'
import { cpuMs, time } from '../measure.ts'
import type { Bench, Part } from '../part.ts'
import type { Row } from '../row.ts'
import { startService } from '../servers/service.ts'

const COUNT = 200
const SIZE = 128
const FORMATS = ['webp', 'svg']
/** A server that has run for a moment has prepared what draws. */
const SETTLED_MS = 5000
const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium'

/** A page of another origin that shows different avatars without pictures, from an empty cache. */
export const avatars: Part = {
  name: 'avatars',
  about: '200 avatars without pictures in Chromium, where it is installed',
  measure: async (bench) => {
    const rows: Row[] = []
    for (const format of existsSync(CHROMIUM) ? FORMATS : []) rows.push(await measure(bench, format))
    return rows
  }
}

async function measure(bench: Bench, format: string): Promise<Row> {
  const service = await startService(bench, { dataDir: await bench.createFolder() })
  await sleep(SETTLED_MS)
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-gpu'] })
  bench.teardown(async () => await browser.close())
  const page = await browser.newPage()
  const images = Array.from({ length: COUNT }, (_, index) => {
    const source = `${service.url}/avatar/simple/${addressOf(index)}.${format}?size=${SIZE}`
    return `<img src="${source}" width="${SIZE / 2}" height="${SIZE / 2}">`
  })
  const before = await cpuMs(service.pid)
  let shown: unknown
  const ms = await time(async () => {
    await page.setContent(images.join(''), { waitUntil: 'commit' })
    shown = await page.evaluate(
      'Promise.all([...document.images].map((image) => image.decode())).then((all) => all.length)'
    )
  })
  if (shown !== COUNT) throw new Error(`${String(shown)} of ${COUNT} avatars are shown`)
  const spent = (await cpuMs(service.pid)) - before
  await browser.close()
  await service.stop()
  return {
    what: `${COUNT} avatars without pictures in Chromium, as ${format}`,
    value: ms / 1000,
    unit: 's',
    cpuUs: (spent / COUNT) * 1000
  }
}

/** Addresses whose drawings differ. */
function addressOf(index: number): string {
  return `0x${createHash('sha256').update(`avatar ${index}`).digest('hex').slice(0, 40)}`
}
