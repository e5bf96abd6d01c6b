import { readdir, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import t from 'tap'
import type { Test } from 'tap'
import { errors } from '../../../lib/errors.ts'
import { createFileCache } from '../../../lib/storage/file-cache.ts'
import type { OpenFile } from '../../../lib/storage/file-types.ts'
import { createFiles } from '../../../lib/storage/files.ts'
import { createClock } from '../../clock.ts'
import { temporaryFolder, until } from '../../helper.ts'
import { contentOf } from '../../readable.ts'

const PATH = 'a.png'

const openDescriptors = async () => (await readdir('/proc/self/fd')).length

async function setUp(t: Test, maxBytes = 80_000) {
  const root = await temporaryFolder(t)
  const clock = createClock()
  const cache = createFileCache({ maxBytes, clock })
  const files = createFiles({ root, onChange: cache.forget })
  const disk = { opens: 0, stats: 0 }
  const openFile = async (path: string): Promise<OpenFile | undefined> => {
    disk.opens += 1
    return await files.open(path)
  }
  const statFile = async (path: string) => {
    disk.stats += 1
    const stat = await files.stat(path)
    return stat && { bytes: stat.size, modifiedMs: stat.mtimeMs }
  }
  return {
    clock,
    cache,
    files,
    disk,
    read: async (path = PATH) => (await contentOf(await cache.open(path, openFile)))?.toString(),
    stat: async (path = PATH) => (await cache.stat(path, statFile))?.bytes,
    /** Writes as another program does, at a time of its own. */
    writeBeside: async (content: string, seconds: number) => {
      await writeFile(join(root, PATH), content)
      await utimes(join(root, PATH), seconds, seconds)
    }
  }
}

t.test('a file is compared with the disk ahead of time, and no request waits for that', async (t) => {
  const { clock, cache, files, disk, read, writeBeside } = await setUp(t)
  await files.write(PATH, 'one')
  t.equal(await read(), 'one')
  await writeBeside('another', 5_000)
  await clock.advance(500)
  let release = () => {}
  const held = new Promise<void>((resolve) => (release = resolve))
  const openLate = async (path: string) => {
    disk.opens += 1
    await held
    return await files.open(path)
  }
  for (let round = 0; round < 3; round += 1) {
    t.equal((await contentOf(await cache.open(PATH, openLate)))?.toString(), 'one', 'while the disk is busy')
  }
  t.equal(disk.opens, 2, 'one comparison')
  release()
  await until(async () => (await read()) === 'another')
  t.equal(disk.opens, 2)
})

t.test('a large file that is opened ahead of time is closed', async (t) => {
  const { clock, files, read, writeBeside } = await setUp(t)
  await files.write(PATH, 'one')
  t.equal(await read(), 'one')
  const large = 'x'.repeat(20_000)
  await writeBeside(large, 5_000)
  await clock.advance(600)
  const before = await openDescriptors()
  t.equal(await read(), 'one')
  await until(async () => (await read()) === large)
  await until(async () => (await openDescriptors()) <= before)
})

t.test('a file is read from the disk once, and compared with it once a second', async (t) => {
  const { clock, files, disk, read, stat, writeBeside } = await setUp(t)
  await files.write(PATH, 'one')
  for (let round = 0; round < 3; round += 1) {
    t.equal(await read(), 'one')
    t.equal(await stat(), 3)
  }
  t.same(disk, { opens: 1, stats: 1 })

  await writeBeside('another', 5_000)
  t.equal(await read(), 'one', 'within the second')
  await clock.advance(1_000)
  t.equal(await read(), 'another')
  t.equal(await stat(), 7)
  t.same(disk, { opens: 2, stats: 2 })
})

t.test('a change by this process is seen at once', async (t) => {
  const { files, read, stat } = await setUp(t)
  t.equal(await read(), undefined)
  await files.write(PATH, 'one')
  t.equal(await read(), 'one')
  t.equal(await stat(), 3)
  await files.write(PATH, 'another')
  t.equal(await read(), 'another')
  t.equal(await stat(), 7)
  await files.archive(PATH)
  t.equal(await read(), undefined)
  await files.write(PATH, 'third')
  t.equal(await read(), 'third')
  await files.write('other.png', 'moved')
  t.equal(await read('other.png'), 'moved')
  await files.move('other.png', PATH)
  t.equal(await read(), 'moved')
  t.equal(await read('other.png'), undefined)
  await files.setAside(PATH)
  t.equal(await stat(), undefined)
  await files.write(PATH, 'fourth')
  t.equal(await read(), 'fourth')
  await files.remove(PATH)
  t.equal(await read(), undefined)
  t.equal(await stat(), undefined)
})

t.test('what was read before a change is not kept after it', async (t) => {
  const { cache, files, read, stat } = await setUp(t)
  await files.write(PATH, 'one')
  const old = await cache.open(PATH, async (path) => {
    const opened = await files.open(path)
    await files.write(PATH, 'another')
    return opened
  })
  t.equal(String(await contentOf(old)), 'one')
  t.equal(await read(), 'another')

  t.equal(
    (
      await cache.stat(PATH, async () => {
        await files.write(PATH, 'third one')
        return { bytes: 7, modifiedMs: 1 }
      })
    )?.bytes,
    7
  )
  t.equal(await stat(), 9)
})

t.test(
  'requests at the same time share one read, and each gets its own handle of a large file',
  async (t) => {
    const { files, disk, read } = await setUp(t)
    await files.write(PATH, 'one')
    t.same(await Promise.all([read(), read(), read()]), ['one', 'one', 'one'])
    t.equal(disk.opens, 1)

    const large = 'x'.repeat(10_001)
    await files.write('large', large)
    t.same(await Promise.all([read('large'), read('large')]), [large, large])
    t.equal(await read('large'), large)
    t.equal(disk.opens, 4)
  }
)

t.test('files that were not read for the longest time leave the memory', async (t) => {
  const { cache, files, disk, read } = await setUp(t)
  const names = Array.from({ length: 10 }, (_, index) => `file-${index}`)
  for (const name of names) {
    await files.write(name, 'x'.repeat(9_000))
    await read(name)
  }
  t.ok(cache.bytes <= 80_000)
  await read(names.at(-1))
  t.equal(disk.opens, 10)
  await read(names[0])
  t.equal(disk.opens, 11)
})

t.test('contents that are still being sent are limited too', async (t) => {
  const { cache, files } = await setUp(t)
  const held = []
  for (let index = 0; index < 30; index += 1) {
    await files.write(`file-${index}`, 'x'.repeat(9_000))
    held.push((await cache.open(`file-${index}`, files.open))!)
  }
  const inMemory = held.filter((file) => 'content' in file)
  t.equal(inMemory.length, 17, 'twice the size of the cache')
  t.same(
    (await Promise.all(held.map(contentOf))).map((content) => content?.length),
    Array(30).fill(9_000)
  )
})

t.test('a size of 0 keeps nothing', async (t) => {
  const { cache, files, disk, read } = await setUp(t, 0)
  await files.write(PATH, 'one')
  t.equal(await read(), 'one')
  t.equal(await read(), 'one')
  t.equal(disk.opens, 2)
  t.equal(cache.bytes, 0)
})

t.test('a file that becomes shorter while it is read is not sent', async (t) => {
  const { cache, files, read } = await setUp(t)
  await files.write(PATH, 'one')
  await t.rejects(
    cache.open(PATH, async (path) => ({ ...(await files.open(path))!, bytes: 9 })),
    { code: 'FILE_SYSTEM_ERROR' }
  )
  t.equal(await read(), 'one')
})

t.test('an error of the disk is not kept', async (t) => {
  const { cache, files, read } = await setUp(t)
  await files.write(PATH, 'one')
  await t.rejects(
    cache.open(PATH, async () => {
      throw new Error('no disk')
    }),
    { message: 'no disk' }
  )
  t.equal(await read(), 'one')
})

t.test(
  'what is in memory is sent while the place of the files is away, and no other error is hidden',
  async (t) => {
    const time = { ms: 0 }
    const cache = createFileCache({ maxBytes: 100_000, checkMs: 1_000, clock: { now: () => time.ms } })
    const content = Buffer.from('kept')
    const handle = {
      read: async (buffer: Buffer) => ({ bytesRead: content.copy(buffer), buffer }),
      readFile: async () => content,
      createReadStream: () => Readable.from(content),
      close: async () => {}
    }
    const stamp = { bytes: content.length, modifiedMs: 1 }
    await cache.open('a', async () => ({ handle, ...stamp }))
    await cache.stat('a', async () => stamp)
    time.ms = 5_000
    const away = async () => await Promise.reject(errors.unavailable('away'))
    t.match(await cache.open('a', away), { content })
    t.strictSame(await cache.stat('a', away), stamp)
    await t.rejects(cache.open('b', away), { code: 'SERVICE_UNAVAILABLE' })
    const broken = async () => await Promise.reject(errors.fileSystem('broken'))
    await t.rejects(cache.open('a', broken), { code: 'FILE_SYSTEM_ERROR' })
  }
)
