import { execFileSync } from 'node:child_process'
import * as nodeFs from 'node:fs/promises'
import { mkdir, rm, symlink, truncate, utimes, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import t from 'tap'
import type { Test } from 'tap'
import { createSeriesRegistry, seriesHash } from '../../../lib/dress/series-registry.ts'
import { createFiles } from '../../../lib/storage/files.ts'
import { temporaryFolder, until } from '../../helper.ts'
import { systemError } from '../storage/faults.ts'
import type { Fs } from '../storage/faults.ts'

async function registry(
  t: Test,
  { refreshIntervalMs = 0, now = (): number => 0, fs = undefined as Fs | undefined } = {}
) {
  const root = await temporaryFolder(t)
  const unreadable: string[] = []
  let lists = 0
  const files = createFiles({ root, firstWaitMs: 0, ...(fs && { fs }) })
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
    root,
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
  t.equal(await series.get('mine'), undefined, 'the folders are read, and the request does not wait')
  await until(async () => (await series.get('mine')) !== undefined)
  t.equal(listings(), 4)

  await put('user-series/yours.json', {})
  clock = 1500
  t.ok(await series.get('yours'), 'after twice the interval, the request waits')
  t.equal(listings(), 6)
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

/** What may replace a series file, and the reason that is reported. */
const SPOILT: Record<string, [spoil: (file: string) => Promise<unknown>, reason: RegExp]> = {
  huge: [async (file) => await truncate(file, 56_000_000), /longer than 1048576 bytes/],
  empty: [async (file) => await truncate(file, 0), /not JSON/],
  looping: [async (file) => await relink('looping.json', file), /leads to no file in the data folder/],
  leaving: [async (file) => await relink('/proc/version', file), /leads to no file in the data folder/],
  dangling: [async (file) => await relink('none', file), /leads to no file in the data folder/],
  pipe: [
    async (file) => {
      await rm(file)
      execFileSync('mkfifo', [file])
    },
    /not a regular file/
  ]
}

async function relink(target: string, file: string): Promise<void> {
  await rm(file)
  await symlink(target, file)
}

t.test('a file that cannot be used breaks only its series, and the last good version stays', async (t) => {
  const { series, unreadable, put, root } = await registry(t)
  await put('user-series/fine.json', { purpose: 'fine' })
  for (const name of Object.keys(SPOILT)) await put(`user-series/${name}.json`, { purpose: `good ${name}` })
  const before = await series.names()
  t.same(await series.problems(), [])
  for (const [name, [spoil]] of Object.entries(SPOILT)) await spoil(join(root, `user-series/${name}.json`))
  for (let round = 0; round < 3; round += 1) {
    t.same(await series.names(), before)
    t.match(await series.get('fine'), { purpose: 'fine' })
    for (const name of Object.keys(SPOILT)) t.match(await series.get(name), { purpose: `good ${name}` })
  }
  const problems = await series.problems()
  t.equal(problems.length, Object.keys(SPOILT).length)
  t.equal(unreadable.length, problems.length, 'each is reported once')
  for (const [name, [, reason]] of Object.entries(SPOILT)) {
    t.match(problems.find(({ file }) => file === `user-series/${name}.json`)?.reason, reason, name)
  }
  for (const name of Object.keys(SPOILT)) {
    await rm(join(root, `user-series/${name}.json`))
    await put(`user-series/${name}.json`, { purpose: 'mended' })
  }
  t.match(await series.get('pipe'), { purpose: 'mended' })
  t.same(await series.problems(), [])
})

t.test('files that cannot be used from the start take away nothing else', async (t) => {
  const { series, put, root } = await registry(t)
  const before = await series.names()
  for (const [name, [spoil]] of Object.entries(SPOILT)) {
    await put(`user-series/${name}.json`, {})
    await spoil(join(root, `user-series/${name}.json`))
  }
  await writeFile(Buffer.concat([Buffer.from(`${root}/user-series/`), Buffer.from([0xff, 0x2e, 0x6a])]), '')
  await writeFile(
    Buffer.concat([Buffer.from(`${root}/user-series/`), Buffer.from([0xff]), Buffer.from('.json')]),
    '{}'
  )
  await put('user-series/a\nb.json', {})
  t.same(await series.names(), before)
  const reasons = (await series.problems()).map(({ file, reason }) => `${file}: ${reason}`)
  t.equal(reasons.length, Object.keys(SPOILT).length + 2)
  t.ok(reasons.includes('user-series/\uFFFD.json: its name is not UTF-8'))
  t.ok(reasons.includes('user-series/a\nb.json: its name cannot be a series name'))
})

t.test('a file that cannot be read is tried again', async (t) => {
  let isBroken = false
  const readFile = (async (...args: Parameters<Fs['readFile']>) => {
    if (isBroken) throw systemError('EACCES')
    return await nodeFs.readFile(...args)
  }) as Fs['readFile']
  const { series, unreadable, put } = await registry(t, { fs: { ...nodeFs, readFile } })
  await put('user-series/mine.json', { purpose: 'one' })
  t.match(await series.get('mine'), { purpose: 'one' })
  isBroken = true
  await put('user-series/mine.json', { purpose: 'two' })
  await put('user-series/other.json', {})
  for (let round = 0; round < 3; round += 1) t.match(await series.get('mine'), { purpose: 'one' })
  t.equal(unreadable.length, 2)
  const reason = 'Could not read a file: the server may not access the file'
  t.same(await series.problems(), [
    { file: 'user-series/mine.json', reason },
    { file: 'user-series/other.json', reason }
  ])
  isBroken = false
  t.match(await series.get('mine'), { purpose: 'two' })
  t.ok(await series.get('other'))
  t.same(await series.problems(), [])
})

t.test('a folder that cannot be read takes away nothing, and is named until it can be read', async (t) => {
  let isBroken = false
  const readdir = (async (...args: unknown[]) => {
    if (isBroken && String(args[0]).endsWith('user-series')) throw systemError('EACCES')
    return await (nodeFs.readdir as (...args: unknown[]) => Promise<unknown>)(...args)
  }) as unknown as Fs['readdir']
  const { series, unreadable, put, root } = await registry(t, { fs: { ...nodeFs, readdir } })
  await put('user-series/mine.json', {})
  await put('series/old.json', {})
  const before = await series.names()
  isBroken = true
  for (let round = 0; round < 3; round += 1) t.same(await series.names(), before)
  const problem = {
    file: 'user-series',
    reason: 'Could not list a folder: the server may not access the file'
  }
  t.same(await series.problems(), [problem])
  t.same(unreadable, [`${problem.file}: ${problem.reason}`])
  isBroken = false
  t.same(await series.problems(), [])

  await rm(join(root, 'user-series'), { recursive: true })
  await writeFile(join(root, 'user-series'), 'a file')
  t.ok((await series.names()).includes('mine'))
  t.same(await series.problems(), [{ file: 'user-series', reason: 'it is not a folder' }])
  await relink('/proc/self', join(root, 'user-series'))
  t.ok((await series.names()).includes('simple'))
  t.match(await series.problems(), [{ file: 'user-series', reason: /leads out of the data folder/ }])
})

t.test(
  'after a reload a change is known within the interval, also one of the same time and size',
  async (t) => {
    const { series, put, root } = await registry(t, { refreshIntervalMs: 1_000 })
    await series.names()
    await put('user-series/cats.json', { last: 1 })
    t.equal(await series.get('cats'), undefined, 'within the interval')
    await series.reload()
    t.match(await series.entry('cats'), {
      series: { last: 1, source: 'user' },
      file: { path: 'user-series/cats.json', modifiedMs: 1_000_010_000 }
    })
    await put('user-series/cats.json', { last: 2 })
    await utimes(join(root, 'user-series/cats.json'), 1_000_010, 1_000_010)
    await series.reload()
    t.match(await series.get('cats'), { last: 1 }, 'time and size are the same')
    await series.reload('user-series/cats.json')
    t.match(await series.get('cats'), { last: 2 })
  }
)

t.test('the entries are all series; those marked as deleted are known by name', async (t) => {
  const { series, put } = await registry(t)
  await put('user-series/gone.json', { deleted: true })
  await put('user-series/birds.json', {})
  const entries = await series.entries()
  const fileOf = (name: string) => entries.find((entry) => entry.series.suffix === name)?.file?.path
  t.equal(fileOf('gone'), 'user-series/gone.json')
  t.equal(fileOf('birds'), 'user-series/birds.json')
  t.equal(fileOf('noir'), undefined)
  t.same(await series.hidden(), new Set(['gone']))
  t.same([series.isBuiltIn('birds'), series.isBuiltIn('gone')], [true, false])
})
