import { rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { createPictureIndex } from '../../../../../lib/engine/embedded/pictures/picture-index.ts'
import { readCursor, writeCursor } from '../../../../../lib/engine/cursor.ts'
import type { PageRequest, PictureIndex } from '../../../../../lib/engine/pictures.ts'
import { withinClaim } from '../../../../../lib/engine/postgres/claims.ts'
import { databaseAway } from '../../../../../lib/engine/postgres/database.ts'
import { createClock } from '../../../../clock.ts'
import { until } from '../../../../helper.ts'
import { noPostgres } from '../../../../peers/postgres.ts'
import { addressOf } from '../../engine-suite.ts'
import { testPictureIndex } from '../../picture-index-suite.ts'
import { openPictures } from './open-pictures.ts'

/** The pages of a request to the end, as keys, with the totals of the first one. */
async function walk(index: PictureIndex, request: PageRequest) {
  const pages: string[][] = []
  let page = await index.page(request)
  const { total, series } = page
  for (;;) {
    pages.push(page.pictures.map(({ series, address, title }) => `${series}/${address} ${title}`))
    if (page.next === undefined) return { pages, total, series }
    page = await index.page({ ...request, cursor: readCursor(writeCursor(page.next)) })
  }
}

if (noPostgres === false) {
  testPictureIndex({
    name: 'postgres',
    createStore: async (t) => {
      const store = await openPictures(t)
      return {
        async connect() {
          await store.import()
          const { pictures } = await store.connect()
          return { engine: { pictures } }
        },
        writePicture: async ({ series, address, modifiedMs }, title) =>
          await store.write(series, address, modifiedMs, title)
      }
    }
  })
}

t.test('two processes have the same pictures, revisions and changes', { skip: noPostgres }, async (t) => {
  const { connect, write, folder } = await openPictures(t)
  const [{ pictures: one }, { pictures: two }] = [await connect(), await connect()]
  let calls = 0
  two.subscribe(() => (calls += 1))
  await one.put(await write('a', addressOf(1), 1_000))
  t.match(await two.find('a', addressOf(1)), { bytes: 26, modifiedMs: 1_000 }, 'found at once')
  t.match(await two.get('a', addressOf(1)), { title: 'A calm owl' })
  t.equal(await two.count(), 1)
  await until(() => calls === 1)
  await two.put(await write('b', addressOf(2), 2_000))
  await rm(join(folder, 'output/a/annotated', `${addressOf(1)}.png`))
  await one.remove('a', addressOf(1))
  t.equal(await two.find('a', addressOf(1)), undefined)
  await until(() => one.revision === 3 && two.revision === 3)
  t.same(two.changes, one.changes)
  t.same(one.changes, [
    { revision: 3, series: 'a', address: addressOf(1), isThere: false },
    { revision: 2, series: 'b', address: addressOf(2), isThere: true },
    { revision: 1, series: 'a', address: addressOf(1), isThere: true }
  ])
  t.equal(one.epoch, two.epoch)
  t.not(one.epoch, '')
  await one.put(await write('b', addressOf(2), 2_000))
  await two.follow()
  t.same([two.revision, two.size], [3, 1], 'the same picture is no change')
})

t.test('counts and changes stay right while processes put and remove', { skip: noPostgres }, async (t) => {
  const { connect, write } = await openPictures(t)
  const processes = await Promise.all([connect(), connect(), connect()])
  const numbers = Array.from({ length: 60 }, (_, index) => index + 1)
  const files = await Promise.all(
    numbers.map(async (index) => await write(`s${index % 4}`, addressOf(index), index))
  )
  // Each picture is put twice at the same time by two processes, and every third one is removed by another one.
  for (let from = 0; from < files.length; from += 12) {
    await Promise.all(
      files.slice(from, from + 12).map(async (file, at) => {
        const [first, second, third] = [0, 1, 2].map((step) => processes[(at + step) % 3]!.pictures)
        await Promise.all([first!.put(file), second!.put({ ...file, modifiedMs: file.modifiedMs + 0.5 })])
        if (at % 3 === 0) await third!.remove(file.series, file.address)
      })
    )
  }
  const { database, pictures } = processes[0]!
  const counted = await database.query(
    'select series, count(*) as pictures from picture group by 1 order by 1'
  )
  t.same(await database.query('select series, pictures from picture_count order by 1'), counted)
  t.equal(await pictures.count(), 40)
  t.same((await pictures.page({ order: 'newest', limit: 1 })).total, 40)
  t.equal(pictures.revision, 140, 'each change has a revision of its own')
  t.same(
    pictures.changes.map(({ revision }) => revision),
    Array.from({ length: 50 }, (_, index) => 140 - index),
    'the last fifty are kept'
  )
  await Promise.all(processes.map(async ({ pictures }) => await pictures.follow()))
  for (const other of processes) t.same(other.pictures.changes, pictures.changes)
})

t.test('pages and searches are those of the embedded engine', { skip: noPostgres }, async (t) => {
  const store = await openPictures(t)
  const titles = [
    'The Calm OWL',
    'an owl, 100% calm_ly',
    'ÉTÉ à Zürich \\ owl',
    'beef 0xcafe',
    'İstanbul',
    'a\0b',
    '  two\n lines  ',
    ''
  ]
  const names = [
    ...Array.from({ length: 30 }, (_, index) => addressOf(index * 7 + 1)),
    'Beef Owl',
    'zürich x'
  ]
  const series = ['simple', 'owls-of-été', 'cafe', 'x_y']
  let count = 0
  for (const name of series) {
    for (const address of names) {
      count += 1
      // Some pictures have the same time.
      if ((count * 5) % 7 > 1) {
        await store.write(name, address, Math.floor((count * 37) % 50) + 0.25, titles[count % titles.length])
      }
    }
  }
  await store.import()
  const { pictures, files, pngs } = await store.connect()
  const embedded = createPictureIndex({ files, pngs })
  t.teardown(embedded.stop)
  await embedded.reading
  const texts = [
    'owl',
    'CALM owl',
    '%',
    '_',
    '\\',
    '100% calm_ly',
    'été',
    'beef',
    '0x',
    '0x0',
    '00f',
    'i̇stanbul'
  ]
  const requests: Array<Partial<PageRequest>> = [
    {},
    { series: 'cafe' },
    { without: new Set(['simple', 'none']) },
    ...[...texts, 'a\0b', 'simple beef', 'two lines', 'nowhere', 'x', 'e', '  '].map((text) => ({ text })),
    { text: 'owl', series: 'simple' },
    { text: 'owl', without: new Set(['simple']) },
    { series: 'none' }
  ]
  for (const request of requests) {
    for (const order of ['newest', 'series'] as const) {
      const asked = { ...request, order, limit: 9 }
      // The title of a file may contain the character NUL, and a column may not.
      const expected = JSON.parse(JSON.stringify(await walk(embedded, asked)).replaceAll('\\u0000', '\uFFFD'))
      t.same(await walk(pictures, asked), expected, JSON.stringify(asked))
    }
  }
  for (const [name, address] of [[series[0]!, names[3]!] as const, [series[2]!, names[9]!] as const]) {
    const file = (await pictures.find(name, address)) ?? (await pictures.find(series[1]!, names[2]!))!
    t.match(await pictures.neighbours(file), {
      newer: (await embedded.neighbours(file)).newer?.address && { address: String },
      older: (await embedded.neighbours(file)).older?.address && { address: String }
    })
  }
})

t.test('a search with more than 10,000 matches is counted up to there', { skip: noPostgres }, async (t) => {
  const { connect } = await openPictures(t)
  const { pictures, database } = await connect()
  await database.query(`insert into picture (series, address, bytes, modified_ms, title, width, height, search)
    select series, address, 1, n, title, 1, 1, address || E'\\n' || lower(title) || E'\\n' || series
    from (select n, case when n <= 500 then 'early' else 'late-' || n % 2 end as series,
      '0x' || lpad(to_hex(n), 40, '0') as address, 'The owl number ' || n as title
      from generate_series(1, 10700) as n) as made`)
  const whole = await pictures.page({ order: 'newest', limit: 3 })
  t.same([whole.total, whole.series.length], [10_700, 3])
  const newest = await walk(pictures, { order: 'newest', limit: 5_000, text: 'OWL' })
  t.equal(newest.total, 10_000)
  t.same(
    newest.pages.map((page) => page.length),
    [5_000, 5_000, 700],
    'the pages go on to the end'
  )
  const bySeries = await walk(pictures, { order: 'series', limit: 6_000, text: 'owl' })
  t.same(
    bySeries.series.map(({ name }) => name),
    ['late-0', 'late-1', 'early'],
    'every series is there'
  )
  t.same([bySeries.total, new Set(bySeries.pages.flat()).size], [10_000, 10_700])
  t.equal((await pictures.page({ order: 'newest', limit: 1, text: 'early number' })).total, 500)
})

t.test('more than fifty searches do not wait', { skip: noPostgres }, async (t) => {
  const { connect } = await openPictures(t)
  const { pictures } = await connect()
  const results = await Promise.allSettled(
    Array.from(
      { length: 60 },
      async (_, index) => await pictures.page({ order: 'newest', limit: 1, text: `owl ${index}` })
    )
  )
  const refused = results.filter(({ status }) => status === 'rejected')
  t.equal(refused.length, 8, 'two work and fifty wait')
  t.match(refused[0], { reason: { code: 'SERVICE_UNAVAILABLE', retryAfter: 5 } })
})

t.test('a worker that has lost its run puts no picture', { skip: noPostgres }, async (t) => {
  const { connect, write } = await openPictures(t)
  const { pictures, database } = await connect()
  await database.query(
    `insert into run (run_id, series, address, state, fence, accepted_ns, provider, record, progress)
    values ('r1', 'a', $1, 'working', 2, 1, 'openai', '{}', '{}')`,
    [addressOf(1)]
  )
  const file = await write('a', addressOf(1), 1_000)
  const stale = withinClaim({ runId: 'r1', fence: 1 }, async () => await pictures.put(file))
  await t.rejects(stale, { code: 'SERVICE_UNAVAILABLE' })
  t.equal(await pictures.count(), 0)
  t.equal(
    await pictures.find('a', addressOf(1)),
    undefined,
    'the file of an unfinished run is no picture yet'
  )
  await withinClaim({ runId: 'r1', fence: 2 }, async () => {
    t.match(await pictures.find('a', addressOf(1)), { modifiedMs: 1_000 }, 'its own worker takes it in')
  })
  t.same(await database.query('select run_id, fence from picture'), [{ run_id: 'r1', fence: 2 }])
})

t.test(
  'the folder decides about pictures that other programs make or remove',
  { skip: noPostgres },
  async (t) => {
    const { connect, write, folder } = await openPictures(t)
    let isReplaced = false
    const { pictures, database } = await connect({ isReplaced: async () => isReplaced })
    await write('a', addressOf(1), 1_000)
    t.equal(await pictures.count(), 0)
    t.match(await pictures.get('a', addressOf(1)), { title: 'A calm owl', modifiedMs: 1_000 })
    t.equal(await pictures.count(), 1, 'a picture that is asked for is taken in')

    const path = join(folder, 'output/a/annotated', `${addressOf(1)}.png`)
    await rm(path)
    await pictures.reportMissing('a', addressOf(1))
    t.equal(await pictures.count(), 1, 'another host may have made it just now')
    await database.query("update picture set put_at = put_at - interval '3 minutes'")
    await rename(join(folder, 'output'), join(folder, 'away'))
    await pictures.reportMissing('a', addressOf(1))
    t.equal(await pictures.count(), 1, 'a folder that is gone removes no picture')
    await rename(join(folder, 'away'), join(folder, 'output'))
    isReplaced = true
    await pictures.reportMissing('a', addressOf(1))
    t.equal(await pictures.count(), 1, 'nor does another folder that has the folder of the series')
    isReplaced = false
    await pictures.reportMissing('a', addressOf(1))
    t.equal(await pictures.count(), 0)

    await write('a', addressOf(1), 500)
    await pictures.recheck('a', addressOf(1))
    t.match(await pictures.find('a', addressOf(1)), { modifiedMs: 500 }, 'an older version was restored')
    await rm(path)
    await pictures.recheck('a', addressOf(1))
    t.equal(await pictures.find('a', addressOf(1)), undefined)
  }
)

t.test('an index without an import says so', { skip: noPostgres }, async (t) => {
  const { connect, write, import: importFolder } = await openPictures(t)
  let calls = 0
  const onNotImported = () => (calls += 1)
  await connect({ onNotImported })
  t.equal(calls, 0, 'the folder has no pictures')
  const first = await connect()
  await write('b', addressOf(1), 1_000)
  await first.pictures.put({ series: 'b', address: addressOf(1), bytes: 7, modifiedMs: 1_000 })
  await connect({ onNotImported })
  t.equal(calls, 0, 'the pictures were made with this database')
  await write('a', addressOf(1), 1_000)
  await connect({ onNotImported })
  t.equal(calls, 1)
  await importFolder()
  const { pictures } = await connect({ onNotImported })
  t.equal(calls, 1)
  await pictures.put({
    series: 'a',
    address: addressOf(3),
    bytes: 7,
    modifiedMs: 3,
    objectKey: 'k',
    etag: 'e'
  })
  t.match(await pictures.find('a', addressOf(3)), { bytes: 7, objectKey: 'k', etag: 'e' })
})

t.test(
  'while the database is away, the pictures of the folder are found',
  { skip: noPostgres },
  async (t) => {
    const { connect, write, database: real } = await openPictures(t)
    const clock = createClock()
    let isAway = false
    const query: typeof real.query = async (...statement) => {
      if (isAway) throw databaseAway()
      return await real.query(...statement)
    }
    const { pictures } = await connect({
      clock,
      database: { query, transaction: async (work) => await work(), client: undefined }
    })
    await pictures.put(await write('a', addressOf(1), 1_000))
    isAway = true
    for (let round = 0; round < 2; round += 1) {
      t.match(await pictures.find('a', addressOf(1)), { bytes: 26, modifiedMs: 1_000 })
      t.match(await pictures.get('a', addressOf(1)), { title: 'A calm owl' })
      await t.rejects(pictures.find('a', addressOf(2)), { code: 'SERVICE_UNAVAILABLE' })
    }
    await t.rejects(pictures.page({ order: 'newest', limit: 1 }), { code: 'SERVICE_UNAVAILABLE' })
    await t.rejects(pictures.put(await write('a', addressOf(2), 2_000)), { code: 'SERVICE_UNAVAILABLE' })
    t.equal(pictures.size, 1, 'the copy stays')
    isAway = false
    await clock.advance(1_000)
    t.match(await pictures.find('a', addressOf(2)), { modifiedMs: 2_000 })
    t.equal(await pictures.count(), 2)
  }
)
