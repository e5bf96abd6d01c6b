import { mkdir, rm, utimes, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import t from 'tap'
import type { Test } from 'tap'
import { createSeriesRegistry, seriesHash } from '../../../lib/dress/series-registry.ts'
import { createFiles } from '../../../lib/storage/files.ts'
import { temporaryFolder } from '../../helper.ts'

async function registry(t: Test, { refreshIntervalMs = 0, now = (): number => 0 } = {}) {
  const root = await temporaryFolder(t)
  const unreadable: string[] = []
  let lists = 0
  const files = createFiles({ root })
  const counted = {
    ...files,
    list: async (path: string) => {
      lists += 1
      return await files.list(path)
    }
  }
  const series = await createSeriesRegistry({
    files: counted,
    onUnreadable: (file, reason) => unreadable.push(`${file}: ${reason}`),
    refreshIntervalMs,
    now
  })
  let clock = 1_000_000
  return {
    series,
    unreadable,
    listings: () => lists,
    async put(path: string, content: object | string) {
      const file = join(root, path)
      await mkdir(dirname(file), { recursive: true })
      await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content))
      // A file system may keep time too coarsely to tell two writes apart.
      await utimes(file, clock, (clock += 10))
    },
    remove: async (path: string) => await rm(join(root, path))
  }
}

t.test('the built-in series each have a purpose', async (t) => {
  const { series, unreadable } = await registry(t)
  const names = await series.names()
  t.same(names, [
    'archetypes',
    'bauhaus',
    'birds',
    'blues',
    'brave',
    'brights',
    'calm',
    'cold-blooded',
    'deep-sea',
    'dinosaurs',
    'earth',
    'empty',
    'folk',
    'garden',
    'happy',
    'inks',
    'mammals',
    'microbes',
    'no-styles',
    'noir',
    'painterly',
    'pastels',
    'pixels',
    'prints',
    'sea-life',
    'simple',
    'small-wonders',
    'stone-and-glass',
    'storybook',
    'two-tone',
    'ukiyo-e',
    'wistful'
  ])
  for (const name of names) t.match(await series.get(name), { suffix: name, purpose: /\S/ })
  t.equal(await series.get('no-such-series'), undefined)
  t.equal(await series.get('constructor'), undefined)
  t.same(unreadable, [])
})

t.test('a user series shadows a built-in one of its name, user-series before series', async (t) => {
  const { series, put, remove } = await registry(t)
  await put('series/simple.json', { suffix: 'simple', purpose: 'legacy', adverbs: null, last: 7 })
  t.match(await series.get('simple'), { purpose: 'legacy', last: 7 })
  await put('user-series/simple.json', { purpose: 'mine' })
  t.match(await series.get('simple'), { suffix: 'simple', purpose: 'mine' })
  t.equal((await series.names()).filter((name) => name === 'simple').length, 1)
  await remove('user-series/simple.json')
  t.match(await series.get('simple'), { purpose: 'legacy' })
  await remove('series/simple.json')
  t.match(await series.get('simple'), { purpose: 'One clear figure in calm surroundings' })
})

t.test('a series marked as deleted is neither listed nor found', async (t) => {
  const { series, put } = await registry(t)
  await put('user-series/simple.json', { deleted: true })
  await put('user-series/other.json', { deleted: true })
  t.equal(await series.get('simple'), undefined)
  t.equal(await series.get('other'), undefined)
  t.same(
    (await series.names()).filter((name) => name === 'simple' || name === 'other'),
    []
  )
  await put('user-series/other.json', { deleted: false })
  t.ok(await series.get('other'))
})

t.test('a series is named after its file, in lower case and without blanks', async (t) => {
  const { series, put } = await registry(t)
  await put('user-series/My Own Series.json', { suffix: 'Another Name', nouns: ['otter'] })
  t.ok((await series.names()).includes('my-own-series'))
  t.match(await series.get('my-own-series'), { suffix: 'my-own-series', nouns: ['otter'] })
  t.equal(await series.get('another-name'), undefined)
})

t.test('a file that is not a series is ignored and reported once for each change', async (t) => {
  const { series, unreadable, put } = await registry(t)
  await put('user-series/fine.json', { purpose: 'fine' })
  await put('user-series/broken.json', '{ "purpose": ')
  await put('series/list.json', '[]')
  await put('user-series/types.json', { nouns: 'otter' })
  await put('user-series/numbers.json', { adverbs: [1] })
  await put(`user-series/${'x'.repeat(191)}.json`, {})
  for (let round = 0; round < 3; round += 1) {
    t.same(
      (await series.names()).filter((name) => ['fine', 'broken', 'list', 'types', 'numbers'].includes(name)),
      ['fine']
    )
  }
  t.equal(unreadable.length, 5)
  for (const expected of [
    /^user-series\/broken\.json: /,
    /^series\/list\.json: /,
    /^user-series\/types\.json: nouns/,
    /^user-series\/numbers\.json: adverbs/,
    /^user-series\/x+\.json: /
  ]) {
    t.equal(unreadable.filter((line) => expected.test(line)).length, 1, expected.source)
  }
  await put('user-series/broken.json', '{ "purpose"! ')
  await series.names()
  await series.names()
  t.equal(unreadable.length, 6)
  await put('user-series/broken.json', { purpose: 'mended' })
  t.match(await series.get('broken'), { purpose: 'mended' })
  t.equal(unreadable.length, 6)
})

t.test('a change is read, a broken change keeps the last good version, a removed file is gone', async (t) => {
  const { series, unreadable, put, remove } = await registry(t)
  await put('user-series/mine.json', { purpose: 'one' })
  t.match(await series.get('mine'), { purpose: 'one' })
  await put('user-series/mine.json', { purpose: 'two' })
  t.match(await series.get('mine'), { purpose: 'two' }, 'of the same length too')
  await put('user-series/mine.json', '{"purpose": "three')
  t.match(await series.get('mine'), { purpose: 'two' })
  t.equal(unreadable.length, 1)
  await put('user-series/mine.json', { purpose: 'three' })
  t.match(await series.get('mine'), { purpose: 'three' })
  await remove('user-series/mine.json')
  t.equal(await series.get('mine'), undefined)
  await put('user-series/mine.json', '{"purpose": "four')
  t.equal(await series.get('mine'), undefined, 'the removed version does not come back')
})

t.test('files that are not JSON files are ignored', async (t) => {
  const { series, unreadable, put } = await registry(t)
  const before = await series.names()
  await put('user-series/._mine.json', '\0\x05\x16\x07\0\x02\0\0Mac OS X')
  await put('user-series/.mine.json', {})
  await put('user-series/.json', {})
  await put('user-series/readme.txt', {})
  await put('user-series/folder.json/inner.json', {})
  t.same(await series.names(), before)
  t.same(unreadable, [])
})

t.test('concurrent requests share one read of the folders, which holds for the interval', async (t) => {
  let clock = 0
  const { series, put, listings } = await registry(t, { refreshIntervalMs: 500, now: () => clock })
  await Promise.all(Array.from({ length: 20 }, async () => await series.names()))
  t.equal(listings(), 2)
  await put('user-series/mine.json', {})
  clock = 499
  t.equal(await series.get('mine'), undefined)
  t.equal(listings(), 2)
  clock = 500
  t.ok(await series.get('mine'))
  t.equal(listings(), 4)
})

t.test('the hash of a series depends only on the fields that decide pictures', async (t) => {
  const hash = seriesHash({ suffix: 'mine', nouns: ['otter'], colorLimit: 'two' })
  t.match(hash, /^sha256:[0-9a-f]{64}$/)
  t.equal(
    seriesHash({
      colorLimit: 'two',
      adverbs: null,
      nouns: ['otter'],
      suffix: 'mine',
      last: 3,
      purpose: 'x',
      modifiedAt: 'y',
      source: 'z'
    }),
    hash
  )
  for (const other of [
    { suffix: 'yours' },
    { nouns: ['otter', 'owl'] },
    { colorLimit: 'three' },
    { verbs: ['x'], adverbs: ['x'] }
  ]) {
    t.not(seriesHash({ suffix: 'mine', nouns: ['otter'], colorLimit: 'two', ...other }), hash)
  }
})
