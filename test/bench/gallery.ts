// Measures the gallery with many pictures, on a server in a process of its own. Prints for 1,000, 20,000 and 100,000
// pictures how long the server takes to listen and to index them all, the medians of a visitor's requests, and how
// long a health check waits while twenty costly searches run.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { link, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { PACKAGE_ROOT } from '../../lib/package.ts'
import { median, peakMegabytes, time } from './measure.ts'

const SERIES = 20
/** The file system allows at most about this many links to one file. */
const LINKS_MAX = 30_000
const WORDS = [
  'Jauntily',
  'Placidly',
  'Effervescent',
  'Amphibious',
  'Otter',
  'Wren',
  'Heron',
  'Sedan',
  'Chair',
  'Bearer',
  'Dancer',
  'Gozo',
  'Budapest',
  'Kinderdijk'
]
const RUNS = 15
/** Eight words, of which the last is in no title: the most work that a search can be. */
const EIGHT_WORDS = 'the+a+e+i+n+r+t+nowhere'
const SEARCHES_AT_ONCE = 20

async function fill(folder: string, count: number): Promise<void> {
  const png = await sharp({ create: { width: 256, height: 280, channels: 3, background: '#336699' } })
    .png()
    .toBuffer()
  for (let series = 0; series < SERIES; series += 1) {
    for (const kind of ['annotated', 'title']) {
      await mkdir(join(folder, `output/series-${series}/${kind}`), { recursive: true })
    }
  }
  for (let from = 0; from < count; from += 200) {
    await Promise.all(
      Array.from({ length: Math.min(200, count - from) }, async (_, offset) => {
        const index = from + offset
        const base = join(folder, `output/series-${index % SERIES}`)
        const address = `0x${(index * 2_654_435_761).toString(16).padStart(40, '0')}`
        const source = join(folder, `${Math.floor(index / LINKS_MAX)}.png`)
        if (index % LINKS_MAX === 0) await writeFile(source, png)
        const title = Array.from(
          { length: 8 },
          (_, word) => WORDS[(index * 7 + word * ((index % 11) + 1)) % WORDS.length]
        ).join(' ')
        await writeFile(join(base, `title/${address}.txt`), `The ${title} ${index}`)
        await link(source, join(base, `annotated/${address}.png`)).catch(
          async () => await writeFile(join(base, `annotated/${address}.png`), png)
        )
      })
    )
  }
}

async function measure(count: number): Promise<Record<string, number>> {
  const folder = await mkdtemp(join(tmpdir(), 'dalleserver-gallery-'))
  await fill(folder, count)
  const startedAt = performance.now()
  const child = spawn(
    process.execPath,
    [join(PACKAGE_ROOT, 'dist/server.js'), '--port', '0', '--data-dir', folder],
    { env: { ...process.env, LOG_LEVEL: 'debug' }, stdio: ['ignore', 'pipe', 'inherit'] }
  )
  let output = ''
  child.stdout.on('data', (chunk) => {
    output += String(chunk)
  })
  const until = async (pattern: RegExp) => {
    while (!pattern.test(output)) await new Promise((resolve) => setTimeout(resolve, 10))
    return performance.now() - startedAt
  }
  const listenMs = await until(/listens at/)
  const url = /http:\/\/[\w.:]+/.exec(output)![0]
  const get = async (path: string) => await (await fetch(url + path)).text()
  const firstMs = await time(async () => await get('/v1/gallery'))
  const completeMs = await until(/the index of pictures is complete/)
  const repeat = async (path: string) => {
    const times = []
    for (let run = 0; run < RUNS; run += 1) times.push(await time(async () => await get(path)))
    return median(times)
  }
  /** The longest time that a health check takes while many different searches run. */
  const longestWait = async () => {
    const state = { running: SEARCHES_AT_ONCE }
    const searches = Array.from({ length: SEARCHES_AT_ONCE }, async (_, index) => {
      await get(`/v1/gallery?q=${EIGHT_WORDS}${index}`)
      state.running -= 1
    })
    let longest = 0
    while (state.running > 0) longest = Math.max(longest, await time(async () => await get('/healthz')))
    await Promise.all(searches)
    return longest
  }
  let cursor = ''
  for (let page = 0; page < 20 && cursor !== 'null'; page += 1) {
    cursor =
      JSON.parse(await get(`/v1/gallery?limit=200${cursor === '' ? '' : `&cursor=${cursor}`}`)).data
        .nextCursor ?? 'null'
  }
  const figures = {
    count,
    listenMs,
    firstMs,
    completeMs,
    jsonMs: await repeat('/v1/gallery'),
    deepMs: await repeat(`/v1/gallery?cursor=${cursor}`),
    seriesMs: await repeat('/v1/gallery?order=series&series=series-7'),
    searchMs: await repeat('/v1/gallery?q=heron%20gozo'),
    eightWordsMs: await time(async () => await get(`/v1/gallery?q=${EIGHT_WORDS}`)),
    healthDuringSearchesMs: await longestWait(),
    missMs: await repeat('/v1/gallery?q=nowhere'),
    pageMs: await repeat('/preview'),
    megabytes: await peakMegabytes(child.pid!)
  }
  child.kill('SIGKILL')
  await once(child, 'close')
  await rm(folder, { recursive: true, force: true })
  return figures
}

for (const count of process.argv.length > 2 ? process.argv.slice(2).map(Number) : [1_000, 20_000, 100_000]) {
  process.stdout.write(`${JSON.stringify(await measure(count))}\n`)
}
