// Measures a page of another origin that shows 200 different avatars without pictures, in Chromium, from an empty cache
// of a server in a process of its own. Prints for each format the milliseconds until all of them are shown, and the CPU
// time of the server for each avatar.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { readFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import { PACKAGE_ROOT } from '../../lib/package.ts'
import { time } from './measure.ts'

const COUNT = 200
const SIZE = 128
const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium'
/** What Linux counts CPU time in. */
const TICKS_PER_SECOND = 100

function addressOf(index: number): string {
  return `0x${createHash('sha256').update(`avatar ${index}`).digest('hex').slice(0, 40)}`
}

/** The CPU time of a process so far, in milliseconds. */
async function cpuMs(pid: number): Promise<number> {
  const fields = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ')[1]!.split(' ')
  return ((Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND) * 1000
}

async function measure(format: string): Promise<Record<string, number | string>> {
  const folder = await mkdtemp(join(tmpdir(), 'dalleserver-avatars-'))
  const child = spawn(
    process.execPath,
    [join(PACKAGE_ROOT, 'dist/server.js'), '--port', '0', '--data-dir', folder],
    { env: { PATH: process.env.PATH }, stdio: ['ignore', 'pipe', 'inherit'] }
  )
  let output = ''
  while (!/listens at/.test(output)) output += String((await once(child.stdout, 'data'))[0])
  const url = /http:\/\/[\w.:]+/.exec(output)![0]
  child.stdout.resume()

  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-gpu'] })
  const page = await browser.newPage()
  const images = Array.from({ length: COUNT }, (_, index) => {
    const source = `${url}/avatar/simple/${addressOf(index)}.${format}?size=${SIZE}`
    return `<img src="${source}" width="${SIZE / 2}" height="${SIZE / 2}">`
  })
  const before = await cpuMs(child.pid!)
  let shown: unknown
  const ms = await time(async () => {
    await page.setContent(images.join(''), { waitUntil: 'commit' })
    shown = await page.evaluate(
      'Promise.all([...document.images].map((image) => image.decode())).then((all) => all.length)'
    )
  })
  if (shown !== COUNT) throw new Error(`${String(shown)} of ${COUNT} avatars are shown`)
  const cpu = (await cpuMs(child.pid!)) - before
  await browser.close()
  child.kill('SIGKILL')
  await once(child, 'close')
  await rm(folder, { recursive: true, force: true })
  return { format, ms, cpuMs: cpu / COUNT }
}

for (const format of existsSync(CHROMIUM) ? ['webp', 'svg'] : []) {
  process.stdout.write(`${JSON.stringify(await measure(format))}\n`)
}
