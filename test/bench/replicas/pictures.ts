// Measures an index of pictures in a process of its own: `pictures.js <folder> [url of a database]`. Prints as JSON the
// times of pages and searches in milliseconds, how many pictures each search finds, and the memory of the process and
// of PostgreSQL in MB.
import { readFile } from 'node:fs/promises'
import { createPictureIndex } from '../../../lib/engine/embedded/pictures/picture-index.ts'
import type { PageRequest, PictureIndex } from '../../../lib/engine/pictures.ts'
import { createDatabase } from '../../../lib/engine/postgres/database.ts'
import { createNotices } from '../../../lib/engine/postgres/notices.ts'
import { createPostgresPictures } from '../../../lib/engine/postgres/pictures/picture-index.ts'
import { createFiles } from '../../../lib/storage/files.ts'
import { createPngFiles } from '../../../lib/storage/png-files.ts'
import { median, p95, time } from '../measure.ts'
import { addressOf, seriesOf } from '../inputs/many-pictures.ts'

const ROUNDS = 41
const LIMIT = 60
const PAGES_AT_ONCE = 5_000
const [folder = '', url] = process.argv.slice(2)
const files = createFiles({ root: folder })
const pngs = createPngFiles(files)

const database = url === undefined ? undefined : createDatabase({ url })

async function open(): Promise<PictureIndex> {
  if (url === undefined || database === undefined) return createPictureIndex({ files, pngs })
  const notices = createNotices({ url })
  await notices.start()
  return createPostgresPictures({ database, notices, files, pngs })
}

/** The memory of all processes of the server, and its table with indexes on disk, in MB. Shared memory counts once. */
async function measureServer() {
  if (database === undefined) return {}
  const processes = await database.query<{ pid: number }>('select pid from pg_stat_activity')
  const kilobytes = await Promise.all(
    processes.map(async ({ pid }) => {
      const memory = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '')
      return Number(/^Pss:\s+(\d+) kB/m.exec(memory)?.[1] ?? 0)
    })
  )
  const [table] = await database.query<{ bytes: number }>(
    "select pg_total_relation_size('dalle.picture') as bytes"
  )
  return {
    serverMegabytes: kilobytes.reduce((sum, size) => sum + size, 0) / 1024,
    diskMegabytes: table!.bytes / 2 ** 20
  }
}

/** The cursor of a page in the middle of all pictures. */
async function findMiddle(index: PictureIndex) {
  const pages = Math.ceil(index.size / 2 / PAGES_AT_ONCE)
  let cursor: PageRequest['cursor']
  for (let page = 0; page < pages; page += 1) {
    cursor = (await index.page({ order: 'newest', limit: PAGES_AT_ONCE, cursor })).next
  }
  return cursor
}

let index: PictureIndex
const readMs = await time(async () => {
  index = await open()
  await index.reading
})
index = index!
const requests: Record<string, Partial<PageRequest>> = {
  'page, newest': {},
  'page, in the middle': { cursor: await findMiddle(index) },
  'page, series by series': { order: 'series' },
  'page, one series': { order: 'series', series: 'series-7' },
  'search, rare word': { text: 'kangaroo' },
  'search, common word': { text: 'owl' },
  'search, word of every title': { text: 'the' },
  'search, absent word': { text: 'nowhere' },
  'search, two words': { text: 'cat bird' },
  'search, common word, series by series': { text: 'owl', order: 'series' }
}
const changing = (await index.find(seriesOf(0), addressOf(0)))!
const figures: Record<string, { median: number; p95: number; total: number }> = {}
const puts: number[] = []
for (const [name, request] of Object.entries(requests)) {
  const times: number[] = []
  let total = 0
  for (let round = 0; round < ROUNDS; round += 1) {
    // Results that the embedded index keeps hold until a picture changes.
    const file = { ...changing, modifiedMs: changing.modifiedMs - 1 - (puts.length % 2) }
    puts.push(await time(async () => await index.put(file)))
    times.push(
      await time(async () => {
        ;({ total } = await index.page({ order: 'newest', limit: LIMIT, ...request }))
      })
    )
  }
  figures[name] = { median: median(times), p95: p95(times), total }
}
figures['put'] = { median: median(puts), p95: p95(puts), total: index.size }
const megabytes = process.memoryUsage.rss() / 2 ** 20
process.stdout.write(
  JSON.stringify({ pictures: index.size, readMs, megabytes, ...(await measureServer()), figures })
)
process.exit()
