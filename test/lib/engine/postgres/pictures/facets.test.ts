import t from 'tap'
import { until } from '../../../../helper.ts'
import { noPostgres } from '../../../../peers/postgres.ts'
import { testFacets, writeDressed } from '../../facets-suite.ts'
import { addressOf } from '../../engine-suite.ts'
import { openPictures } from './open-pictures.ts'

if (noPostgres === false) {
  testFacets({
    name: 'postgres',
    createStore: async (t) => {
      const store = await openPictures(t)
      return {
        folder: store.folder,
        async open() {
          await store.import()
          return (await store.connect()).pictures
        }
      }
    }
  })
}

t.test(
  'pictures from the time before facets get theirs, and nobody sees a change',
  { skip: noPostgres },
  async (t) => {
    const { folder, database, connect, import: take } = await openPictures(t)
    for (const index of [1, 2, 3]) await writeDressed(folder, { index, dress: { noun: 'heron,,,bird,' } })
    await writeDressed(folder, { index: 4 })
    await take()
    await database.query('update picture set facets = null')
    const before = await connect()
    await until(async () => (await database.query('select 1 from picture where facets is null')).length === 0)
    const { pictures } = before
    const { revision } = pictures
    const [found] = await pictures.facets({ facets: ['class'], limit: 9 })
    t.same(found, { name: 'class', values: [{ value: 'bird', count: 3 }], distinct: 1, isComplete: true })
    await pictures.follow()
    t.equal(pictures.revision, revision)
    t.equal(pictures.size, 4)
    const page = await pictures.page({
      order: 'newest',
      limit: 1,
      chosen: [{ facet: 'class', value: 'bird' }]
    })
    t.equal(page.total, 3)
  }
)

t.test(
  'of more than 10,000 pictures a part is counted, and the counts say so',
  { skip: noPostgres },
  async (t) => {
    const { folder, database, connect } = await openPictures(t)
    const { pictures } = await connect()
    await pictures.put(await writeDressed(folder, { index: 1, dress: { noun: 'heron,,,bird,' } }))
    const copy = async (count: number) =>
      await database.query(
        `insert into picture (series, address, bytes, modified_ms, title, width, height, search, facets)
      select series, address || '-' || $1::int || '-' || number, bytes, modified_ms, title, width, height, search,
        facets
      from picture, generate_series(1, $1::int) as number where address = $2`,
        [count, addressOf(1)]
      )
    await copy(9_999)
    await pictures.follow()
    const count = async () => (await pictures.facets({ facets: ['class'], limit: 9 }))[0]!
    t.match(await count(), { values: [{ value: 'bird', count: 10_000 }], isComplete: true })
    await copy(1)
    await pictures.follow()
    t.match(await count(), { values: [{ value: 'bird', count: 10_001 }], isComplete: false })
  }
)

t.test(
  'processes that put new values at the same time do not stop each other',
  { skip: noPostgres },
  async (t) => {
    const { folder, database, connect } = await openPictures(t)
    await database.query('truncate facet_value')
    const processes = await Promise.all([connect(), connect(), connect()])
    const files = await Promise.all(
      Array.from({ length: 60 }, async (_, at) => {
        const names = ['noun', 'gaze', 'emotion', 'occupation', 'action', 'adverb', 'trope']
        const dress = Object.fromEntries(
          names.map((name, step) => [name, `${name} ${(at * (step + 1)) % 20},x`])
        )
        return await writeDressed(folder, { index: at + 1, dress })
      })
    )
    await Promise.all(files.map(async (file, at) => await processes[at % 3]!.pictures.put(file)))
    const { pictures } = processes[0]!
    await pictures.follow()
    const [nouns, gazes] = await pictures.facets({ facets: ['noun', 'gaze'], limit: 100 })
    t.same([nouns!.distinct, gazes!.distinct], [20, 10])
    t.same(new Set(nouns!.values.map(({ count }) => count)), new Set([3]))
    t.same(new Set(gazes!.values.map(({ count }) => count)), new Set([6]))
  }
)
