import { spawnSync } from 'node:child_process'
import * as nodeFs from 'node:fs/promises'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import t from 'tap'
import type { Test } from 'tap'
import { createDataFolder } from '../../../lib/storage/data-folder.ts'
import type { DataFolderOptions } from '../../../lib/storage/data-folder.ts'
import { createFiles } from '../../../lib/storage/files.ts'
import { createFolderLock } from '../../../lib/storage/folder-lock.ts'
import { createClock } from '../../clock.ts'
import { temporaryFolder } from '../../helper.ts'
import { failing, failureOf, filesBelow, put, systemError } from './faults.ts'
import type { Fs } from './faults.ts'

const PLENTY = { totalBytes: 1e12, freeBytes: 5e11, usedPercent: 50 }
const HELD = { isHeld: true, isInPlace: async () => true }

/** A data folder on a new folder, with plenty of space, and a clock that the test moves. */
async function setUp(t: Test, { fs, ...options }: Partial<DataFolderOptions> & { fs?: Partial<Fs> } = {}) {
  const root = join(await temporaryFolder(t), 'data')
  await nodeFs.mkdir(root)
  const clock = createClock()
  const files = createFiles({ root, firstWaitMs: 0, fs: { ...nodeFs, ...fs } })
  const folder = createDataFolder({
    files: { ...files, diskSpace: async () => PLENTY },
    lock: HELD,
    clock,
    ...options
  })
  return { root, clock, folder }
}

/** A data folder on a new folder that is locked, and a clock that the test moves. */
async function setUpLocked(t: Test, options: Partial<DataFolderOptions> = {}) {
  const root = join(await temporaryFolder(t), 'data')
  await nodeFs.mkdir(root)
  const lock = createFolderLock({ root })
  await lock.tryAcquire()
  t.teardown(() => lock.release())
  const clock = createClock()
  const files = createFiles({ root })
  return { root, clock, folder: createDataFolder({ files, lock, clock, minFreeBytes: 0, ...options }) }
}

async function refusedWith(t: Test, refusal: Promise<unknown>, message: RegExp): Promise<void> {
  const error = (await refusal) as Record<string, unknown> | undefined
  t.match(error, { code: 'SERVICE_UNAVAILABLE', statusCode: 503, retryAfter: Number, message })
  t.notMatch(`${String(error?.message)} ${String(error?.details)}`, /[/\\]/, 'without a path')
}

t.test('a folder that keeps pictures refuses none, and the check leaves no file', async (t) => {
  const { folder, root } = await setUp(t)
  t.equal(await folder.refusal('simple'), undefined)
  t.same(await filesBelow(root), [])
  t.match(await folder.finding(), { status: 'healthy', message: /can be written and read/ })
})

t.test('another folder, or none, is refused and not written to', async (t) => {
  const { root, clock, folder } = await setUpLocked(t)
  t.equal(await folder.refusal('simple'), undefined)

  await nodeFs.rename(root, `${root}.old`)
  await clock.advance(1_001)
  await refusedWith(t, folder.refusal('simple'), /not the one of the start/)
  t.match(await folder.finding(), { status: 'unhealthy', message: /not the one of the start/ })
  await t.rejects(nodeFs.stat(root), { code: 'ENOENT' }, 'it is not made again')

  await nodeFs.mkdir(root)
  await clock.advance(1_001)
  await refusedWith(t, folder.refusal('simple'), /unmounted, removed or replaced/)
  t.same(await nodeFs.readdir(root), [], 'nothing is written to the other folder')

  await nodeFs.rmdir(root)
  await nodeFs.rename(`${root}.old`, root)
  await clock.advance(1_001)
  t.equal(await folder.refusal('simple'), undefined, 'the folder is back')
})

t.test('a folder in which a picture cannot be written, flushed or removed is refused', async (t) => {
  const reasons = { ENOSPC: /no space/, EACCES: /may not access/, EROFS: /read-only/, EIO: /EIO/ }
  for (const [code, reason] of Object.entries(reasons)) {
    const { folder } = await setUp(t, { fs: failing('open', code).fs })
    await refusedWith(t, folder.refusal('simple'), new RegExp(`could not be kept.*${reason.source}`))
  }
  const unflushed: Partial<Fs> = {
    open: async (...args) => {
      const handle = await nodeFs.open(...args)
      handle.sync = async () => {
        throw systemError('EIO')
      }
      return handle
    }
  }
  await refusedWith(t, (await setUp(t, { fs: unflushed })).folder.refusal('simple'), /could not be kept.*EIO/)
  const { fs } = failing('rm', 'EPERM')
  await refusedWith(t, (await setUp(t, { fs })).folder.refusal('simple'), /could not be kept.*may not access/)

  for (const blocked of ['output', 'output/simple', 'output/simple/generated', 'output/simple/annotated']) {
    const { folder, root } = await setUp(t)
    await put(root, blocked)
    await refusedWith(t, folder.refusal('simple'), /could not be kept: a file is where a folder must be/)
    if (blocked !== 'output') t.equal(await folder.refusal('other'), undefined, 'other series go on')
  }
})

t.test('a full disk or quota is degraded, because the pictures are served all the same', async (t) => {
  for (const [code, reason] of Object.entries({ ENOSPC: /no space/, EDQUOT: /quota/ })) {
    const { folder } = await setUp(t, { fs: failing('open', code).fs })
    t.match(await folder.finding(), { status: 'degraded', message: reason })
  }
  const { folder } = await setUp(t, { fs: failing('open', 'EROFS').fs })
  await t.rejects(folder.finding(), { code: 'FILE_SYSTEM_ERROR' })
})

t.test('little free space is refused', async (t) => {
  const at = async (freeBytes: number, totalBytes: number, minFreeBytes?: number) => {
    const files = createFiles({ root: await temporaryFolder(t) })
    const space = async () => ({ totalBytes, freeBytes, usedPercent: 1 })
    const { folder } = await setUp(t, { files: { ...files, diskSpace: space }, minFreeBytes })
    const error = await folder.refusal('simple')
    t.equal((await folder.space()).isLow, error !== undefined)
    return error?.message
  }
  t.match(await at(199_999_999, 1e12), /almost full: 199 MB are free, 200 MB are needed/)
  t.equal(await at(200_000_000, 1e12), undefined)
  t.match(await at(19_999_999, 1e9), /19 MB are free, 20 MB/, 'a fiftieth of a small volume')
  t.equal(await at(20_000_000, 1e9), undefined)
  t.match(await at(99, 1e12, 100), /almost full/, 'the limit of the settings')
  t.equal(await at(0, 1e12, 0), undefined, 'a limit of 0 never refuses')
  t.equal(await at(0, 0, 100), undefined, 'a file system may not know its size')
})

t.test('that the folder cannot be used is said once, and so is that it can again', async (t) => {
  const said: Array<string | undefined> = []
  const { root, clock, folder } = await setUpLocked(t, { onChange: (reason) => said.push(reason) })
  t.equal(await folder.isUsable(), true)
  await nodeFs.rename(root, `${root}.old`)
  for (const look of ['first', 'second']) {
    await clock.advance(1_001)
    t.equal(await folder.isUsable(), false, `${look} look`)
  }
  t.match(said, [/not the one of the start/])
  await nodeFs.rename(`${root}.old`, root)
  await clock.advance(1_001)
  t.match(await folder.finding(), { status: 'healthy' })
  t.match(said, [/not the one of the start/, undefined])
})

t.test('a folder that cannot be written cannot be used, a full one can', async (t) => {
  const failing = (code: string) => ({
    open: async () => {
      throw Object.assign(new Error(code), { code })
    }
  })
  for (const [code, isUsable] of [
    ['EROFS', false],
    ['EIO', false],
    ['ENOSPC', true]
  ] as const) {
    const { folder } = await setUp(t, { fs: failing(code) as Partial<Fs> })
    t.equal(await folder.isUsable(), isUsable, code)
  }
})

t.test('a folder that does not answer cannot be used', async (t) => {
  const { folder, clock } = await setUp(t, {
    fs: { open: async () => await new Promise(() => {}) } as Partial<Fs>
  })
  const usable = folder.isUsable()
  await clock.advance(4_001)
  t.equal(await usable, false)
})

t.test('a process that is too busy to hear the answers does not blame the folder', async (t) => {
  const clock = createClock()
  const folder = createDataFolder({
    files: {
      ...createFiles({ root: await temporaryFolder(t) }),
      // Each step of a check needs a turn of the event loop.
      diskSpace: async () => {
        for (let step = 0; step < 12; step += 1) await setImmediate()
        return PLENTY
      }
    },
    lock: HELD,
    clock
  })
  const space = folder.space()
  // In each turn, timers of many milliseconds are due.
  await clock.advance(4_001)
  t.match(await space, { freeBytes: PLENTY.freeBytes })
  t.equal(clock.timers, 0, 'no timer waits for an answer that is there')
})

t.test('a full disk is refused, a disk with room is not', async (t) => {
  if (process.getuid?.() !== 0) return t.plan(0, 'only root may mount a small disk')
  const root = await temporaryFolder(t)
  const mount = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', root], { encoding: 'utf8' })
  if (mount.status !== 0) return t.plan(0, `a small disk cannot be mounted here: ${mount.stderr}`)
  t.teardown(() => spawnSync('umount', ['--lazy', root]))
  const lock = createFolderLock({ root })
  await lock.tryAcquire()
  t.teardown(() => lock.release())
  const clock = createClock()
  const folder = createDataFolder({ files: createFiles({ root }), lock, clock })
  t.equal(await folder.refusal('simple'), undefined)
  await put(root, 'large', Buffer.alloc(2 ** 20 - 16 * 1024))
  await clock.advance(1_001)
  await refusedWith(t, folder.refusal('simple'), /almost full: 0 MB are free/)
  t.match(await createDataFolder({ files: createFiles({ root }), lock, minFreeBytes: 0 }).finding(), {
    status: 'healthy'
  })
  spawnSync('umount', ['--lazy', root])
  await clock.advance(1_001)
  await refusedWith(t, folder.refusal('simple'), /unmounted/)
})

t.test('calls share a check, and reuse its result for a second whether good or bad', async (t) => {
  let checks = 0
  let fails = false
  const files = createFiles({ root: await temporaryFolder(t) })
  const { folder, clock } = await setUp(t, {
    files: {
      ...files,
      diskSpace: async () => PLENTY,
      checkWriteAccess: async (path) => {
        checks += 1
        if (fails) throw systemError('EIO')
        await files.checkWriteAccess(path)
      }
    }
  })
  const counted = async (calls: Array<Promise<unknown>>) => {
    checks = 0
    await Promise.all(calls)
    return checks
  }
  const ask = async () => await folder.refusal('simple')
  t.equal(await counted([ask(), ask(), ask()]), 1)
  await clock.advance(1_000)
  t.equal(await counted([ask()]), 0)
  t.equal(await counted([folder.refusal('other')]), 1, 'each series has folders of its own')
  await clock.advance(1)
  t.equal(await counted([ask()]), 1)

  fails = true
  await clock.advance(1_001)
  t.ok(await ask())
  t.equal(await counted([ask()]), 0)
  fails = false
  await clock.advance(1_001)
  t.equal(await ask(), undefined)
})

t.test('a refusal is forgotten as soon as the disk has room again', async (t) => {
  const files = createFiles({ root: await temporaryFolder(t) })
  let isFull = true
  const { folder, clock } = await setUp(t, {
    files: { ...files, diskSpace: async () => (isFull ? { ...PLENTY, freeBytes: 0 } : PLENTY) }
  })
  t.notOk(await folder.hasRoom())
  await clock.advance(900)
  await refusedWith(t, folder.refusal('simple'), /almost full/)
  await clock.advance(101)
  isFull = false
  t.ok(await folder.hasRoom(), 'the space of a second ago is read again')
  t.equal(await folder.refusal('simple'), undefined, 'so the first run does not fail for the disk')
})

t.test('a check that began on a full disk does not bring the refusal back', async (t) => {
  const files = createFiles({ root: await temporaryFolder(t) })
  let check = () => {}
  const checked = new Promise<void>((resolve) => {
    check = resolve
  })
  let isFirst = true
  let begin = () => {}
  const begun = new Promise<void>((resolve) => {
    begin = resolve
  })
  const { folder } = await setUp(t, {
    files: {
      ...files,
      diskSpace: async () => PLENTY,
      async checkWriteAccess() {
        if (!isFirst) return
        isFirst = false
        begin()
        await checked
        throw systemError('ENOSPC')
      }
    }
  })
  const refusal = folder.refusal('simple')
  await begun
  t.ok(await folder.hasRoom())
  check()
  t.ok(await refusal)
  t.equal(await folder.refusal('simple'), undefined)
})

t.test('a file system that does not answer delays nobody for long, and is asked once', async (t) => {
  let asked = 0
  const files = createFiles({ root: await temporaryFolder(t) })
  const never = async () => {
    asked += 1
    return await new Promise<never>(() => {})
  }
  const { folder, clock } = await setUp(t, {
    files: { ...files, diskSpace: never, checkWriteAccess: never, list: never }
  })
  for (let turn = 0; turn < 3; turn += 1) {
    const refused = folder.refusal('simple')
    const found = folder.finding()
    const measured = folder.space()
    found.catch(() => {})
    measured.catch(() => {})
    await clock.advance(4_000)
    await refusedWith(t, refused, /does not answer/)
    await t.rejects(found, { code: 'SERVICE_UNAVAILABLE', message: /does not answer/ })
    await t.rejects(measured, { message: /does not answer/ })
  }
  t.equal(asked, 2, 'each operation once')
})

t.test('a caller with patience waits for a busy file system', async (t) => {
  const files = createFiles({ root: await temporaryFolder(t) })
  let answer = () => {}
  const written = new Promise<void>((resolve) => {
    answer = resolve
  })
  const { folder, clock } = await setUp(t, {
    files: { ...files, checkWriteAccess: async () => await written }
  })
  const patient = folder.refusal('simple', 30_000)
  await clock.advance(29_999)
  answer()
  t.equal(await patient, undefined)
})

t.test('a process that waits for the lock refuses, and does not write', async (t) => {
  const { folder, root } = await setUp(t, { lock: { isHeld: false, isInPlace: async () => false } })
  await refusedWith(t, folder.refusal('simple'), /^Another process works on the data folder$/)
  t.match(await folder.finding(), { status: 'degraded', message: /^Another process works/ })
  t.same(await nodeFs.readdir(root), [])
})

t.test('what is wrong with a part of the folder is named', async (t) => {
  const { folder, root } = await setUp(t)
  for (const series of ['one', 'two']) await nodeFs.mkdir(join(root, 'output', series), { recursive: true })
  await put(root, 'output/one/annotated')
  t.match(await folder.finding(), {
    status: 'degraded',
    message: /^output\/one\/annotated cannot be read: a file is where a folder must be$/
  })

  const unreadable = await setUp(t, {
    fs: {
      opendir: async (path, options) => {
        if (/(two|lost\+found)$/.test(String(path))) throw systemError('EACCES')
        return await nodeFs.opendir(path, options)
      }
    }
  })
  for (const series of ['one', 'two', 'lost+found']) {
    await nodeFs.mkdir(join(unreadable.root, 'output', series), { recursive: true })
  }
  t.match(await unreadable.folder.finding(), {
    status: 'degraded',
    message: /^output\/two cannot be read: the server may not access the file$/
  })

  const noRuns = await setUp(t)
  await put(noRuns.root, 'runs')
  t.match(await noRuns.folder.finding(), {
    status: 'degraded',
    message: /^runs cannot be written: a file is where a folder must be$/
  })

  const many = await setUp(t)
  for (const series of ['a', 'b', 'c', 'd', 'e']) await put(many.root, `output/${series}/annotated`)
  t.match((await many.folder.finding()).message, /^(?:output[^;]*; ){3}2 more$/)

  const { fs } = failing('open', 'EROFS')
  t.match(await failureOf(t, (await setUp(t, { fs })).folder.finding()), { details: /read-only/ })
})
