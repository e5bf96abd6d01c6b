import { utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import type { Test } from 'tap'
import { createSeriesRegistry } from '../../../lib/dress/series-registry.ts'
import { createVariantFolder } from '../../../lib/pictures/variant-folder.ts'
import { createArchive } from '../../../lib/storage/archive.ts'
import { archivedCopies } from '../../../lib/storage/archived-copies.ts'
import { createDataFolder } from '../../../lib/storage/data-folder.ts'
import { createFileCache } from '../../../lib/storage/file-cache.ts'
import { createFiles } from '../../../lib/storage/files.ts'
import { createFolderLock } from '../../../lib/storage/folder-lock.ts'
import { createPngFiles } from '../../../lib/storage/png-files.ts'
import { contentOf } from '../../readable.ts'
import { plainPng, temporaryFolder } from '../../helper.ts'
import { filesBelow } from './faults.ts'

const PICTURE = 'output/simple/annotated/0x01.png'
const HOUR_MS = 3_600_000

/** Two processes that share a folder, each with parts of its own. */
async function twoProcesses(t: Test) {
  const root = await temporaryFolder(t)
  const time = { ms: 0 }
  const create = () => {
    const fileCache = createFileCache({ maxBytes: 1_000_000, checkMs: 1_000, clock: { now: () => time.ms } })
    const files = createFiles({ root, isShared: true, onChange: fileCache.forget })
    return { files, pngs: createPngFiles(files, fileCache) }
  }
  return { root, time, a: create(), b: create() }
}

t.test('a sweep leaves the temporary files that another process may be writing', async (t) => {
  const { root, a } = await twoProcesses(t)
  const [young, old] = ['.a.png.host-1.1.0123abcd.tmp', 'deep/.b.png.host-1.1.0123abcd.tmp']
  await a.files.makeFolder('deep')
  for (const name of [young, old]) await writeFile(join(root, name), 'half')
  await utimes(join(root, old), new Date(), new Date(Date.now() - 2 * HOUR_MS))
  t.equal(await a.files.sweep('.'), 1)
  t.strictSame(await filesBelow(root), [young], 'only what no write can take is left over')
})

t.test(
  'what one process writes, the other sends after its check interval, whole and with its new version',
  async (t) => {
    const { time, a, b } = await twoProcesses(t)
    const [first, second] = [await plainPng(8), await plainPng(9)]
    await a.files.write(PICTURE, first)
    t.strictSame(await contentOf(await b.pngs.read(PICTURE)), first)
    await a.files.write(PICTURE, second)
    t.strictSame(await contentOf(await a.pngs.read(PICTURE)), second, 'the writer at once')
    t.strictSame(await contentOf(await b.pngs.read(PICTURE)), first)
    time.ms += 1_000
    t.strictSame(await contentOf(await b.pngs.read(PICTURE)), second)
    t.strictSame(await b.pngs.stat(PICTURE), await a.pngs.stat(PICTURE), 'so they send the same ETag')
    await b.files.remove(PICTURE)
    time.ms += 1_000
    t.equal(await a.pngs.read(PICTURE), undefined)
  }
)

t.test('processes that archive at the same time lose nothing', async (t) => {
  const { a, b } = await twoProcesses(t)
  const texts = Array.from({ length: 12 }, (_, at) => `version ${at}`)
  await Promise.all(
    texts.map(async (text, at) => {
      const { files } = at % 2 === 0 ? a : b
      const path = `tmp/${at}`
      await files.write(path, text)
      await files.move(path, `output/simple/title/${at % 3}.txt`)
      await Promise.all([
        a.files.archive(`output/simple/title/${at % 3}.txt`),
        b.files.archive(`output/simple/title/${at % 3}.txt`)
      ])
    })
  )
  const kept = []
  for (const name of [0, 1, 2]) {
    for (const { path } of await archivedCopies(a.files, `output/simple/title/${name}.txt`)) {
      kept.push(await b.files.readText(path))
    }
  }
  t.ok(new Set(kept).size === kept.length, 'each version is there once')
  t.ok(
    kept.every((text) => texts.includes(text!)),
    'and whole'
  )
})

t.test('a file that two processes put away at once is moved once, under a name of its own', async (t) => {
  const { root, a, b } = await twoProcesses(t)
  for (let round = 0; round < 5; round += 1) {
    await a.files.write('output/x/title/a.txt', `round ${round}`)
    const moved = await Promise.all(
      [a, b, a, b].map(async ({ files }) => await files.archive('output/x/title/a.txt'))
    )
    t.equal(moved.filter(Boolean).length, 1)
  }
  const kept = await Promise.all((await filesBelow(root)).map(async (path) => await a.files.readText(path)))
  t.strictSame(
    kept.sort(),
    Array.from({ length: 5 }, (_, round) => `round ${round}`)
  )
})

t.test('the limit of the cache holds for all processes after they have counted', async (t) => {
  const { root, a, b } = await twoProcesses(t)
  const open = ({ files }: typeof a) =>
    createVariantFolder({ files, maxBytes: 1_000, isDiskLow: async () => false, now: () => 0 })
  const [one, two] = [open(a), open(b)]
  const pathOf = (at: number) => `cache/simple/0x0${at}.1-a.w320.webp`
  for (let at = 0; at < 4; at += 1) await one.write(pathOf(at), Buffer.alloc(200), 'x')
  for (let at = 4; at < 8; at += 1) await two.write(pathOf(at), Buffer.alloc(200), 'x')
  t.equal((await filesBelow(root)).length, 8, 'each has counted only its own')
  await one.load()
  await two.load()
  t.equal((await filesBelow(root)).length, 5)
  const [first = ''] = await filesBelow(root)
  await a.files.remove(first)
  await two.load()
  await two.write(pathOf(8), Buffer.alloc(200), 'x')
  t.equal((await filesBelow(root)).length, 5, 'what another process has removed leaves room')
})

t.test('a series that one process writes is offered by the other', async (t) => {
  const { time, a, b } = await twoProcesses(t)
  const open = async ({ files }: typeof a) =>
    await createSeriesRegistry({ files, onUnreadable: () => {}, now: () => time.ms })
  const registry = await open(b)
  t.equal(await registry.get('mine'), undefined)
  await a.files.write('user-series/mine.json', '{}')
  time.ms += 1_000
  t.ok(await registry.get('mine'))
})

t.test('with a database, several processes work on a folder, and none that has no database', async (t) => {
  const { root, a, b } = await twoProcesses(t)
  const lockOf = (isShared: boolean) => createFolderLock({ root, isShared })
  const [first, second, alone] = [lockOf(true), lockOf(true), lockOf(false)]
  t.ok(await first.tryAcquire())
  t.ok(await first.tryAcquire(), 'which a process has already')
  t.ok(await second.tryAcquire())
  t.notOk(await alone.tryAcquire())
  const keeps = { minFreeBytes: 0 }
  for (const [lock, { files }] of [
    [first, a],
    [second, b]
  ] as const) {
    t.equal(await createDataFolder({ files, lock, ...keeps }).refusal('simple'), undefined)
    t.match(await createDataFolder({ files, lock, ...keeps }).finding(), { status: 'healthy' })
  }
  await Promise.all([first.release(), second.release()])
  t.ok(await alone.tryAcquire())
  t.notOk(await first.tryAcquire())
  await alone.release()
})

t.test('processes that empty the archive at the same time do not disturb each other', async (t) => {
  const { root, a, b } = await twoProcesses(t)
  for (let at = 0; at < 20; at += 1) await a.files.write(`archives/${at % 4}/${at}`, 'old')
  const errors: unknown[] = []
  const now = () => Date.now() + 100 * 24 * HOUR_MS
  const lock = { isHeld: true, isInPlace: async () => true }
  const archives = [a, b].map(({ files }) =>
    createArchive({
      files,
      lock,
      days: 30,
      now,
      clock: { startTimer: () => () => {} },
      onError: (error) => errors.push(error)
    })
  )
  for (const archive of archives) archive.start()
  await Promise.all(archives.map(async (archive) => await archive.stop()))
  t.strictSame([errors, await filesBelow(root)], [[], []])
})
