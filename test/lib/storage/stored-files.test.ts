import { randomUUID } from 'node:crypto'
import t from 'tap'
import type { Test } from 'tap'
import { createDatabase } from '../../../lib/engine/postgres/database.ts'
import { createFileRows } from '../../../lib/engine/postgres/file-rows.ts'
import { isServiceError } from '../../../lib/errors.ts'
import { archivedCopies } from '../../../lib/storage/archived-copies.ts'
import { createFileCache } from '../../../lib/storage/file-cache.ts'
import { createFiles } from '../../../lib/storage/files.ts'
import { createPngFiles } from '../../../lib/storage/png-files.ts'
import { createS3 } from '../../../lib/storage/s3.ts'
import { createStoredFiles } from '../../../lib/storage/stored-files.ts'
import { createUnusedObjects } from '../../../lib/storage/unused-objects.ts'
import { plainPng, temporaryFolder } from '../../helper.ts'
import { createTestDatabase, noPostgres } from '../../peers/postgres.ts'
import { startStore } from '../../peers/s3.ts'
import { contentOf } from '../../readable.ts'

const PICTURE = 'output/simple/annotated/0x01.png'
const TITLE = 'output/simple/title/0x01.txt'

/** Processes with a bucket and a database in common, each with a local folder of its own. */
async function open(t: Test) {
  const [peer, url] = [await startStore(t), await createTestDatabase()]
  const time = { ms: 0 }
  const start = async () => {
    const database = createDatabase({ url, connections: 4 })
    t.teardown(async () => await database.close())
    const store = createS3({ ...peer.config, firstWaitMs: 0 })
    const rows = createFileRows(database)
    const fileCache = createFileCache({ maxBytes: 5_000_000, checkMs: 1_000, clock: { now: () => time.ms } })
    const files = createStoredFiles({
      local: createFiles({ root: await temporaryFolder(t), isShared: true }),
      rows,
      store,
      origin: () => ({ runId: 'run', fence: 7 }),
      onChange: fileCache.forget
    })
    return { database, rows, store, files, pngs: createPngFiles(files, fileCache) }
  }
  const keysOf = async ({ store }: { store: ReturnType<typeof createS3> }) => {
    const keys = []
    for await (const { key } of store.list('')) keys.push(key)
    return keys
  }
  return { peer, time, keysOf, a: await start(), b: await start() }
}

const codeOf = async (work: Promise<unknown>) =>
  await work.then(
    () => undefined,
    (error: unknown) => (isServiceError(error) ? error.code : String(error))
  )

async function run(): Promise<void> {
  const { peer, time, keysOf, a, b } = await open(t)

  await t.test('what one process writes, the other reads, describes and lists', async (t) => {
    const png = await plainPng(8)
    await a.files.write(TITLE, 'a title')
    await a.files.write(PICTURE, png)
    await a.files.write('runs/failed/simple/0x02', '')
    t.equal(await b.files.readText(TITLE), 'a title')
    t.equal(await b.files.readText(TITLE, { maxBytes: 3 }), undefined)
    t.strictSame(await b.files.read(PICTURE), png)
    t.strictSame(await contentOf(await b.pngs.read(PICTURE)), png)
    t.strictSame(
      await b.files.read('runs/failed/simple/0x02'),
      Buffer.alloc(0),
      'an empty file needs no object'
    )
    t.strictSame(await b.pngs.stat(PICTURE), await a.pngs.stat(PICTURE), 'so both send the same ETag')
    t.equal((await b.files.stat(PICTURE))?.size, png.length)
    t.equal((await b.files.stat('output/simple'))?.isDirectory(), true)
    t.strictSame(
      [
        await b.files.stat('output/none'),
        await b.files.read('output/none'),
        await b.files.open('output/none')
      ],
      [undefined, undefined, undefined]
    )
    const names = async (folder: string, beginning?: string) =>
      (await b.files.list(folder, beginning))
        .map((entry) => entry.name + (entry.isDirectory() ? '/' : ''))
        .sort()
    t.strictSame(await names('output'), ['simple/'])
    t.strictSame(await names('output/simple'), ['annotated/', 'title/'])
    t.strictSame(await names('output/simple/title'), ['0x01.txt'])
    t.strictSame(await names('output/simple/title', '0x02'), [])
    const stats = await b.files.statAll('output/simple/title', await b.files.list('output/simple/title'))
    t.strictSame(
      [...stats].map(([name, { size }]) => [name, size]),
      [['0x01.txt', 7]]
    )
    t.match(await keysOf(a), [
      /^output\/simple\/annotated\/0x01\/run-7-[0-9a-f]{16}\.png$/,
      /title\/0x01\/run-7/
    ])
  })

  await t.test('a part of an object is read and streamed', async (t) => {
    await a.files.write('output/simple/generated/0x01.png', Buffer.from('0123456789'.repeat(10_000)))
    const { handle, bytes } = (await b.files.open('output/simple/generated/0x01.png'))!
    t.equal(bytes, 100_000)
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(20), 0, 20, 99_995)
    t.strictSame([bytesRead, String(buffer.subarray(0, 5))], [5, '56789'], 'no more than there is')
    const parts: Buffer[] = []
    for await (const part of await handle.createReadStream({ start: 3, end: 12 })) parts.push(part as Buffer)
    t.equal(String(Buffer.concat(parts)), '3456789012')
    t.equal(await b.pngs.stat('output/simple/generated/0x01.png'), undefined, 'it is no PNG')
  })

  await t.test('a reader of a replaced or removed file still gets the bytes that it has found', async (t) => {
    const [first, second] = ['first '.repeat(20_000), 'second '.repeat(20_000)]
    await a.files.write('output/x/prompt/0x01.txt', first)
    const opened = (await b.files.open('output/x/prompt/0x01.txt'))!
    await a.files.write('output/x/prompt/0x01.txt', second)
    t.equal(String(await opened.handle.readFile()), first)
    t.equal(await b.files.readText('output/x/prompt/0x01.txt'), second)
    t.equal(await b.files.remove('output/x/prompt/0x01.txt'), true)
    t.equal(await a.files.remove('output/x/prompt/0x01.txt'), false)
    t.equal(await a.files.readText('output/x/prompt/0x01.txt'), undefined)
  })

  await t.test('a write whose commit fails leaves the former file, in the same transaction', async (t) => {
    const commit = async () => await Promise.reject(new Error('the claim has ended'))
    await t.rejects(a.files.write(TITLE, 'another', { commit }))
    t.equal(await b.files.readText(TITLE), 'a title')
    let seen: string | undefined
    await a.files.write(TITLE, 'newer', {
      async commit(written) {
        t.match(written, {
          bytes: 5,
          modifiedMs: Number,
          objectKey: /^output\/simple\/title\/0x01\//,
          etag: /^"/
        })
        seen = await b.files.readText(TITLE)
      }
    })
    t.equal(seen, 'a title', 'nobody sees it before the commit')
    t.equal(await b.files.readText(TITLE), 'newer')
  })

  await t.test('processes that archive and restore at the same time lose nothing', async (t) => {
    const path = 'output/y/title/0x01.txt'
    for (const text of ['one', 'two', 'three']) {
      await a.files.write(path, text)
      const moved = await Promise.all([a, b, a, b].map(async ({ files }) => await files.archive(path)))
      t.equal(moved.filter(Boolean).length, 1)
    }
    const texts = async () => {
      const copies = await archivedCopies(b.files, path)
      return (await Promise.all(copies.map(async (copy) => await b.files.readText(copy.path)))).sort()
    }
    t.strictSame(await texts(), ['one', 'three', 'two'])
    const failing = a.files.exclusively('images', async () => {
      await a.files.move('archives/y/title/0x01.txt', path)
      throw new Error('half-way')
    })
    await t.rejects(failing)
    t.strictSame(await texts(), ['one', 'three', 'two'], 'a move that ends half-way is undone')
    await a.files.move('archives/y/title', 'output/z/title', { keepTime: true })
    t.strictSame([await texts(), (await b.files.list('output/z/title')).length], [[], 3], 'a folder is moved')
    t.equal(await b.files.removeOlder('output/z', Date.now() + 1e9), 3)
    t.equal((await a.files.list('output/z/title')).length, 0)
  })

  await t.test('work of one name is done by one process at a time', async (t) => {
    let inside = 0
    let most = 0
    const work = async () => {
      most = Math.max(most, (inside += 1))
      await a.files.stat(TITLE)
      inside -= 1
    }
    await Promise.all([a, b, a].map(async ({ files }) => await files.exclusively('name', work)))
    t.equal(most, 1)
  })

  await t.test('objects that are no file are deleted after a day, and not before', async (t) => {
    const before = await keysOf(a)
    const used = async () =>
      (
        await a.database.query<{ key: string }>(
          'select object_key as key from stored_file where object_key is not null'
        )
      )
        .map(({ key }) => key)
        .sort()
    t.ok(before.length > (await used()).length)
    const errors: unknown[] = []
    const sweep = async () => {
      const sweeps = [a, b].map(({ rows, store }) =>
        createUnusedObjects({
          rows,
          store,
          clock: { startTimer: () => () => {} },
          onError: (error) => errors.push(error)
        })
      )
      for (const unused of sweeps) unused.start()
      while ((await a.database.query('select 1 from unused_object where due < now() limit 1')).length > 0);
      await Promise.all(sweeps.map(async (unused) => await unused.stop()))
    }
    await sweep()
    t.strictSame(await keysOf(a), before)
    await a.database.query("update unused_object set due = due - interval '25 hours'")
    await sweep()
    t.strictSame([await keysOf(a), errors], [await used(), []])
    t.equal(await b.files.readText(TITLE), 'newer')
  })

  await t.test('paid answers are kept and found without the database', async (t) => {
    const away = createFileRows(createDatabase({ url: 'postgres://127.0.0.1:9/none' }))
    const files = createStoredFiles({ local: a.files, rows: away, store: a.store })
    const path = `runs/answers/simple/${randomUUID()}.draw`
    await files.write(path, 'paid')
    t.equal(await codeOf(files.write(TITLE, 'x')), 'SERVICE_UNAVAILABLE')
    t.equal(await b.files.readText(path), 'paid')
    t.equal((await b.files.list('runs/answers/simple')).length, 1)
    t.equal(await b.files.removeOlder('runs/answers', Date.now() + 1e9), 1)
    t.equal(await b.files.readText(path), undefined)
  })

  await t.test('caches stay in the folder of each machine, and no path leads out of it', async (t) => {
    await a.files.write('cache/simple/x.webp', 'x')
    t.equal(await b.files.read('cache/simple/x.webp'), undefined)
    t.equal(await codeOf(a.files.read('../x')), 'FILE_SYSTEM_ERROR')
    t.equal(await codeOf(a.files.write('output/../../x', '')), 'FILE_SYSTEM_ERROR')
    await a.files.checkWriteAccess()
  })

  await t.test('while the store is away, what is in memory is sent, and nothing is written', async (t) => {
    t.teardown(() => peer.fail(undefined))
    await contentOf(await b.pngs.read(PICTURE))
    peer.fail(503)
    time.ms += 2_000
    t.ok(await b.pngs.read(PICTURE))
    t.equal(await codeOf(a.files.read('output/simple/generated/0x01.png')), 'SERVICE_UNAVAILABLE')
    t.equal(await codeOf(a.files.write(TITLE, 'lost')), 'SERVICE_UNAVAILABLE')
    t.equal(await codeOf(a.files.checkWriteAccess()), 'SERVICE_UNAVAILABLE')
    peer.fail(undefined)
    t.equal(await b.files.readText(TITLE), 'newer')
  })
}

if (noPostgres !== false) t.plan(0, noPostgres)
else await run()
