import { writePictures } from '../inputs/many-pictures.ts'
import { median, peakMegabytes, residentMegabytes, time } from '../measure.ts'
import type { Bench, Part } from '../part.ts'
import type { Row } from '../row.ts'
import { startService } from '../servers/service.ts'
import type { Service } from '../servers/service.ts'

const RUNS = 15
/** Eight words, of which the last is in no title: the most work that a search can be. */
const EIGHT_WORDS = 'the+a+e+i+n+r+t+nowhere'
const SEARCHES_AT_ONCE = 20
const DEEP_PAGES = 20
/** What is wanted with 100,000 pictures. */
const MEMORY_MB = 250
const FIRST_VIEW_MS = 1_000

/** The gallery with many pictures: a visitor's requests, and the memory of the server. */
export const gallery: Part = {
  name: 'gallery',
  about: 'pages, searches and memory with 1,000 and 20,000 pictures; 100,000 if named or with --full',
  measure: async (bench) => {
    const rows: Row[] = []
    for (const count of bench.isFull ? [1_000, 20_000, 100_000] : [1_000, 20_000]) {
      rows.push(...(await measureGallery(bench, count)))
    }
    return rows
  }
}

export interface GalleryFigures {
  listenMs: number
  firstMs: number
  completeMs: number
  pageMs: number
  deepMs: number
  seriesMs: number
  searchMs: number
  missMs: number
  residentMb: number
}

/** Starts a server on a folder with pictures, and measures requests of one visitor: medians in milliseconds. */
export async function visitGallery(bench: Bench, count: number) {
  const dataDir = await bench.createFolder()
  await writePictures(dataDir, count)
  // Only at this level does the server log that the index is complete.
  const startedAt = performance.now()
  const service = await startService(bench, { dataDir, env: { LOG_LEVEL: 'debug' } })
  const firstMs = await time(async () => await service.get('/preview'))
  await service.printed(/the index of pictures is complete/)
  const completeMs = performance.now() - startedAt
  const residentMb = await residentMegabytes(service.pid)
  const repeat = async (path: string) => {
    const times: number[] = []
    for (let run = 0; run < RUNS; run += 1) times.push(await time(async () => await service.get(path)))
    return median(times)
  }
  const figures: GalleryFigures = {
    listenMs: service.listenMs,
    firstMs,
    completeMs,
    pageMs: await repeat('/preview'),
    deepMs: await repeat(`/v1/gallery?cursor=${await deepCursor(service)}`),
    seriesMs: await repeat('/v1/gallery?order=series&series=series-7'),
    searchMs: await repeat('/v1/gallery?q=owl'),
    missMs: await repeat('/v1/gallery?q=nowhere'),
    residentMb
  }
  return { service, figures }
}

async function measureGallery(bench: Bench, count: number): Promise<Row[]> {
  const { service, figures } = await visitGallery(bench, count)
  const eightWordsMs = await time(async () => await service.get(`/v1/gallery?q=${EIGHT_WORDS}`))
  const healthMs = await longestWait(service)
  const peak = await peakMegabytes(service.pid)
  await service.stop()
  const isMany = count >= 100_000
  const ms = (what: string, value: number, rest: Partial<Row> = {}): Row => ({
    what: `${count.toLocaleString('en')} pictures: ${what}`,
    value,
    unit: 'ms',
    ...rest
  })
  return [
    ms('start to listening', figures.listenMs),
    ms('first view right after it', figures.firstMs, isMany ? { wanted: { below: FIRST_VIEW_MS } } : {}),
    ms('start until every title is read', figures.completeMs),
    ms('a page', figures.pageMs),
    ms('JSON, thousands of pictures further on', figures.deepMs),
    ms('JSON, one series', figures.seriesMs),
    ms('a search', figures.searchMs, { note: `without a match ${figures.missMs.toFixed(1)} ms` }),
    ms('a search with eight words', eightWordsMs),
    ms(`longest wait of a health check during ${SEARCHES_AT_ONCE} searches`, healthMs),
    ms('most memory through all this', peak, {
      unit: 'MB',
      note: `${figures.residentMb.toFixed(0)} MB when every title is read`,
      ...(isMany && { wanted: { below: MEMORY_MB } })
    })
  ]
}

async function deepCursor(service: Service): Promise<string> {
  let cursor = ''
  for (let page = 0; page < DEEP_PAGES; page += 1) {
    const text = await service.get(`/v1/gallery?limit=200${cursor === '' ? '' : `&cursor=${cursor}`}`)
    const { nextCursor } = JSON.parse(text).data as { nextCursor: string | null }
    if (nextCursor === null) break
    cursor = nextCursor
  }
  return cursor
}

/** The longest time that a health check takes while many different searches run. */
async function longestWait(service: Service): Promise<number> {
  const state = { running: SEARCHES_AT_ONCE }
  const searches = Array.from({ length: SEARCHES_AT_ONCE }, async (_, index) => {
    await service.get(`/v1/gallery?q=${EIGHT_WORDS}${index}`)
    state.running -= 1
  })
  let longest = 0
  while (state.running > 0) longest = Math.max(longest, await time(async () => await service.get('/healthz')))
  await Promise.all(searches)
  return longest
}
