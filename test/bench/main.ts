// npm run bench: prints a table of how fast the service is on this machine. Compare only figures of the same run.
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import sharp from 'sharp'
import { PACKAGE_ROOT } from '../../lib/package.ts'
import { startOpenAi } from '../peers/openai.ts'
import { median, peakMegabytes, requestsPerSecond, time } from './measure.ts'

const DIST = join(PACKAGE_ROOT, 'dist')
const HEALTH_HOLDS_MS = 1_050
const ENDLESS = `0x${'e'.repeat(40)}`
const SMALL = `0x${'1'.repeat(40)}`
const LARGE = `0x${'2'.repeat(40)}`

const folder = await mkdtemp(join(tmpdir(), 'dalleserver-bench-'))
const rows: Array<{ what: string; result: string }> = []
const report = (what: string, result: string) => rows.push({ what, result })
const addressOf = (index: number) => `0x${(index + 1).toString(16).padStart(40, '0')}`

/** A PNG of noise over a gradient, as hard to encode as a photograph. More noise makes it larger. */
async function photograph(sigma: number, side = 1024): Promise<Buffer> {
  const noise = await sharp({
    create: {
      width: side,
      height: side,
      channels: 3,
      background: '#808080',
      noise: { type: 'gaussian', mean: 128, sigma }
    }
  })
    .png()
    .toBuffer()
  const gradient = [
    `<svg width="${side}" height="${side}">`,
    '<linearGradient id="g"><stop stop-color="#204080"/><stop offset="1" stop-color="#f0c060"/></linearGradient>',
    '<rect width="100%" height="100%" fill="url(#g)"/></svg>'
  ].join('')
  return await sharp(Buffer.from(gradient))
    .composite([{ input: noise, blend: 'soft-light' }])
    .removeAlpha()
    .png()
    .toBuffer()
}

async function startServer(args: string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { PATH: process.env.PATH, ...env }
  })
  let url: string | undefined
  for (
    let output = '';
    url === undefined;
    url = /listens at (http:\/\/[\w.:]+)|^(http:\/\/[\w.:]+)\n/.exec(output)?.slice(1).find(Boolean)
  ) {
    output += String((await once(child.stdout, 'data'))[0])
  }
  return {
    url,
    pid: child.pid!,
    stop: async () => {
      child.kill('SIGKILL')
      await once(child, 'close')
    }
  }
}

async function measureStart(): Promise<void> {
  const times = []
  for (let run = 0; run < 7; run += 1) {
    times.push(
      await time(
        async () =>
          await (
            await startServer([
              join(DIST, 'server.js'),
              '--port',
              '0',
              '--data-dir',
              join(folder, `start-${run}`)
            ])
          ).stop()
      )
    )
  }
  report('start to listening, empty folder (median of 7)', `${median(times).toFixed(0)} ms`)
}

async function measureRequests(url: string): Promise<void> {
  await (await fetch(`${url}/dalle/simple/${ENDLESS}?generate=1`)).text()
  const polls = await requestsPerSecond(`${url}/dalle/simple/${ENDLESS}`)
  report('snapshot polls of a live run', `${polls.toFixed(0)}/s`)
  for (const [size, address] of [
    ['50 KB', SMALL],
    ['1.4 MB', LARGE]
  ]) {
    const own = await requestsPerSecond(`${url}/dalle/simple/${address}`)
    const files = await requestsPerSecond(`${url}/files/simple/annotated/${address}.png`)
    const plain = await requestsPerSecond(`${url}/static/simple/annotated/${address}.png`)
    report(`cached PNG of ${size}: /dalle`, `${own.toFixed(0)}/s`)
    report(
      `cached PNG of ${size}: /files`,
      `${files.toFixed(0)}/s (/dalle is ${(own / files).toFixed(2)} of it)`
    )
    report(
      `cached PNG of ${size}: @fastify/static`,
      `${plain.toFixed(0)}/s (/dalle is ${(own / plain).toFixed(2)} of it)`
    )
  }
}

async function measureRuns(url: string, pid: number): Promise<void> {
  const make = async (index: number) => {
    const response = await fetch(`${url}/dalle/empty/${addressOf(index)}?generate=1`, {
      headers: { prefer: 'wait=60' }
    })
    await response.arrayBuffer()
    if (response.headers.get('content-type') !== 'image/png') {
      throw new Error('a run did not end with a picture')
    }
    return response.headers.get('x-dalle-run')
  }
  const single = []
  for (let index = 0; index < 15; index += 1) single.push(await time(async () => await make(index)))
  report('one run, from the request to the picture (median of 15)', `${median(single).toFixed(0)} ms`)

  let outcomes: Array<string | null> = []
  const coalesced = await time(async () => {
    outcomes = await Promise.all(Array.from({ length: 1000 }, () => make(5000)))
  })
  report(
    '1,000 requests at once for one picture',
    `${outcomes.filter((outcome) => outcome === 'started').length} run, all answered in ${coalesced.toFixed(0)} ms`
  )

  const many = await time(
    async () =>
      await Promise.all(
        Array.from({ length: 500 }, async (_, index) => {
          const address = addressOf(10_000 + index)
          await (await fetch(`${url}/dalle/empty/${address}?generate=1`)).arrayBuffer()
          for (;;) {
            const response = await fetch(`${url}/dalle/empty/${address}`, { headers: { prefer: 'wait=60' } })
            await response.arrayBuffer()
            if (response.headers.get('content-type') === 'image/png') return
          }
        })
      )
  )
  report(
    '500 pictures asked for at once',
    `all done in ${(many / 1000).toFixed(1)} s, ${(many / 500).toFixed(0)} ms each`
  )
  // Subscribers of a run that never ends, and of all runs, whose state changes while the pictures are made.
  const streams = new AbortController()
  const subscribers = Array.from({ length: 1000 }, async (_, index) => {
    const { body } = await fetch(`${url}${index < 500 ? `/dalle/simple/${ENDLESS}` : ''}/events`, {
      signal: streams.signal
    })
    body!.pipeTo(new WritableStream()).catch(() => {})
  })
  await Promise.all(subscribers)
  const watched = []
  for (let index = 0; index < 15; index += 1) watched.push(await time(async () => await make(20_000 + index)))
  streams.abort()
  report('one run, with 1,000 event streams open (median of 15)', `${median(watched).toFixed(0)} ms`)
  report('most memory of the server through all this', `${(await peakMegabytes(pid)).toFixed(0)} MB`)
}

/** Measures a run without the time of the provider, which responds at once with pictures of a real size. */
async function measureProvider(): Promise<void> {
  const openai = await startOpenAi({ noise: true })
  const { url, stop } = await startServer(
    [join(DIST, 'server.js'), '--port', '0', '--data-dir', join(folder, 'provider')],
    {
      OPENAI_API_KEY: 'sk-bench',
      OPENAI_BASE_URL: openai.url,
      TB_DALLE_CLIENT_RUNS: '0',
      TB_DALLE_ENHANCEMENT_MODEL: 'gpt-4.1-mini',
      LOG_LEVEL: 'info'
    }
  )
  const own: number[] = []
  for (let index = 0; index < 25; index += 1) {
    const answered = openai.requests.length
    const ms = await time(
      async () =>
        await (
          await fetch(`${url}/dalle/empty/${addressOf(index)}?generate=1`, { headers: { prefer: 'wait=60' } })
        ).arrayBuffer()
    )
    own.push(ms - openai.requests.slice(answered).reduce((sum, { took }) => sum + (took ?? 0), 0))
  }
  await stop()
  await openai.close()
  report(
    'one run with a provider that answers at once, beyond the provider (median of 25)',
    `${median(own).toFixed(0)} ms (the Go server: 795 ms)`
  )
}

/** Measures scrapes and health checks, after the other measurements have created their series. */
async function measureWatching(url: string): Promise<void> {
  const get = async (path: string) => await time(async () => await (await fetch(url + path)).text())
  const scrapes: number[] = []
  for (let index = 0; index < 50; index += 1) scrapes.push(await get('/metrics'))
  report('a scrape of /metrics (median of 50)', `${median(scrapes).toFixed(1)} ms`)
  const checks: number[] = []
  for (let index = 0; index < 7; index += 1) {
    await sleep(HEALTH_HOLDS_MS)
    checks.push(await get('/health'))
  }
  report('/health, checked anew (median of 7)', `${median(checks).toFixed(1)} ms`)
}

async function measureCaption(): Promise<void> {
  const file = join(folder, 'photograph.png')
  await writeFile(file, await photograph(40))
  const { stdout } = await promisify(execFile)(process.execPath, [join(DIST, 'test/bench/caption.js'), file])
  const { ms, megabytes } = JSON.parse(stdout)
  report(
    'caption of a photographic 1024 × 1024 PNG (median of 15)',
    `${ms.toFixed(0)} ms, ${megabytes.toFixed(0)} MB`
  )
}

async function measureDress(): Promise<void> {
  const runs: Array<Record<string, number>> = []
  for (let run = 0; run < 7; run += 1) {
    runs.push(
      JSON.parse((await promisify(execFile)(process.execPath, [join(DIST, 'test/bench/dress.js')])).stdout)
    )
  }
  const middle = (figure: string) => median(runs.map((run) => run[figure]!))
  report(
    'loading all databases in a fresh process (median of 7)',
    `${middle('loadMs').toFixed(0)} ms, ${middle('megabytes').toFixed(0)} MB`
  )
  report('a dress with its prompts (median of 7 times 2,000)', `${middle('dressMs').toFixed(3)} ms`)
}

async function measurePicture(): Promise<void> {
  const { stdout } = await promisify(execFile)(process.execPath, [join(DIST, 'test/bench/picture.js')])
  const { ms, growth, megabytes } = JSON.parse(stdout)
  report(
    'a picture of 1024 × 1024 by the built-in artist (median of 100)',
    `${ms.toFixed(0)} ms, ${megabytes.toFixed(0)} MB; a hundred take ${growth.toFixed(1)} times as long as ten`
  )
}

async function measureEngine(): Promise<void> {
  const { stdout } = await promisify(execFile)(process.execPath, [join(DIST, 'test/bench/engine.js')])
  const { acceptMs, flushMs, startMs } = JSON.parse(stdout)
  report(
    'accepting a run (median of 1,000)',
    `${acceptMs.toFixed(1)} ms; one flushed file ${flushMs.toFixed(1)} ms`
  )
  report('taking up 1,000 runs at the start', `${startMs.toFixed(0)} ms`)
}

/** Measures a wall of avatars in Chromium, where it is on the machine. */
async function measureAvatars(): Promise<void> {
  const { stdout } = await promisify(execFile)(process.execPath, [join(DIST, 'test/bench/avatars.js')])
  for (const line of stdout.trim().split('\n').filter(Boolean)) {
    const { format, ms, cpuMs } = JSON.parse(line)
    report(
      `200 avatars without pictures in Chromium, from an empty cache, as ${format}`,
      `${(ms / 1000).toFixed(1)} s; ${cpuMs.toFixed(1)} ms of the server's CPU for each`
    )
  }
}

async function measureGallery(): Promise<void> {
  const { stdout } = await promisify(execFile)(process.execPath, [join(DIST, 'test/bench/gallery.js')])
  const ms = (value: number) => `${value.toFixed(value < 100 ? 1 : 0)} ms`
  for (const line of stdout.trim().split('\n')) {
    const { count, jsonMs, deepMs, searchMs, missMs, pageMs, firstMs, completeMs, megabytes } =
      JSON.parse(line)
    const what = `gallery with ${count.toLocaleString('en')} pictures (medians of 15)`
    report(`${what}: JSON page`, `${ms(jsonMs)}, 4,000 pictures further on ${ms(deepMs)}`)
    report(`${what}: JSON search`, `${ms(searchMs)}, without a match ${ms(missMs)}`)
    report(
      `${what}: first view`,
      [
        `${ms(pageMs)}; just after the start ${ms(firstMs)}`,
        `every title read after ${ms(completeMs)}`,
        `${megabytes.toFixed(0)} MB`
      ].join(', ')
    )
  }
}

const dataDir = join(folder, 'data')
await mkdir(join(dataDir, 'output/simple/annotated'), { recursive: true })
await writeFile(
  join(dataDir, 'output/simple/annotated', `${SMALL}.png`),
  (await photograph(20, 190)).subarray(0, 50_000)
)
const large = await photograph(40, 1024)
await writeFile(
  join(dataDir, 'output/simple/annotated', `${LARGE}.png`),
  Buffer.concat([large, Buffer.alloc(1_400_000)]).subarray(0, 1_400_000)
)

await measureStart()
await measureDress()
await measurePicture()
await measureCaption()
await measureProvider()
await measureGallery()
await measureAvatars()
await measureEngine()
const { url, pid, stop } = await startServer([join(DIST, 'test/bench/server.js'), dataDir, ENDLESS])
await measureRequests(url)
await measureRuns(url, pid)
await measureWatching(url)
await stop()
await rm(folder, { recursive: true, force: true })

const width = Math.max(...rows.map(({ what }) => what.length))
process.stdout.write(rows.map(({ what, result }) => `${what.padEnd(width)}  ${result}\n`).join(''))
