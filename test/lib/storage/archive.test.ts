import { mkdir, readdir, rm, symlink, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import type { Test } from 'tap'
import { createArchive } from '../../../lib/storage/archive.ts'
import { createFiles } from '../../../lib/storage/files.ts'
import { createClock } from '../../clock.ts'
import { temporaryFolder } from '../../helper.ts'
import { failing, filesBelow, put } from './faults.ts'

const DAY_MS = 86_400_000

async function putAged(root: string, path: string, ageDays: number, nowMs: number): Promise<void> {
  const seconds = (nowMs - ageDays * DAY_MS) / 1000
  await utimes(await put(root, path), seconds, seconds)
}

async function start(
  t: Test,
  { days = 90, isHeld = true, fs = undefined as ReturnType<typeof failing>['fs'] | undefined } = {}
) {
  const root = await temporaryFolder(t)
  const clock = createClock()
  const errors: unknown[] = []
  let removed = 0
  const lock = { isHeld, isInPlace: async () => lock.isHeld }
  const archive = createArchive({
    files: createFiles({ root, ...(fs && { fs }) }),
    lock,
    days,
    clock,
    now: clock.now,
    onRemoved: (files) => (removed += files),
    onError: (error) => errors.push(error)
  })
  t.teardown(() => archive.stop())
  return { root, clock, archive, lock, errors, removed: () => removed }
}

t.test('archives/ is emptied of what is older than its days, and of nothing else', async (t) => {
  const { root, clock, archive, removed } = await start(t)
  const old = clock.now()
  await putAged(root, 'archives/simple/annotated/a.png', 91, old)
  await putAged(root, 'archives/simple/annotated/b.png', 89, old)
  await putAged(root, 'archives/broken/lost/annotated/c.png', 91, old)
  await putAged(root, 'output/simple/annotated/a.png', 500, old)
  await putAged(root, 'elsewhere/d.png', 500, old)
  await symlink(join(root, 'elsewhere'), join(root, 'archives/link'))
  await utimes(join(root, 'archives/broken/lost/annotated'), 1, 1)
  archive.start()
  await archive.stop()
  t.same(await filesBelow(root), [
    'archives/simple/annotated/b.png',
    'elsewhere/d.png',
    'output/simple/annotated/a.png'
  ])
  t.same(await readdir(join(root, 'archives/broken/lost')), [], 'a folder that is empty since then goes too')
  t.equal(removed(), 2)
})

t.test('the archive is looked through again each hour, while the process lives', async (t) => {
  const { root, clock, archive } = await start(t)
  await putAged(root, 'archives/simple/annotated/a.png', 90, clock.now() + DAY_MS / 2)
  archive.start()
  while (clock.timers === 0) await clock.advance(0)
  t.same(await filesBelow(root), ['archives/simple/annotated/a.png'])
  for (let hour = 0; hour < 13; hour += 1) {
    await clock.advance(3_600_000)
    while (clock.timers === 0) await clock.advance(0)
  }
  t.same(await filesBelow(root), [])
  await archive.stop()
  t.equal(clock.timers, 0, 'a stopped archive waits for nothing')
})

t.test('0 days keep everything, and so does a process without the lock of the folder', async (t) => {
  for (const options of [{ days: 0 }, { isHeld: false }]) {
    const { root, clock, archive } = await start(t, options)
    await putAged(root, 'archives/simple/annotated/a.png', 5_000, clock.now())
    archive.start()
    await archive.stop()
    t.same(await filesBelow(root), ['archives/simple/annotated/a.png'], JSON.stringify(options))
  }
})

t.test('an archive that cannot be read or is not there ends nothing', async (t) => {
  const missing = await start(t)
  missing.archive.start()
  await missing.archive.stop()
  t.same(missing.errors, [])
  const { root, clock, archive, errors } = await start(t, { fs: failing('readdir', 'EACCES').fs })
  await mkdir(join(root, 'archives'))
  archive.start()
  while (clock.timers === 0) await clock.advance(0)
  t.equal(errors.length, 1)
  t.equal(clock.timers, 1, 'it tries again')
})

t.test('the age of an archived file is the time that it has been in the archive', async (t) => {
  const root = await temporaryFolder(t)
  const files = createFiles({ root })
  await putAged(root, 'output/simple/annotated/a.png', 1_000, Date.now())
  await putAged(root, 'output/simple/annotated/b.png/inside/c.png', 1_000, Date.now())
  await files.archive('output/simple/annotated/a.png')
  await files.setAside('output/simple/annotated/b.png')
  t.equal(await files.removeOlder('archives', Date.now() - DAY_MS), 0)
  t.equal(await files.removeOlder('archives', Date.now() + DAY_MS), 2)
  await rm(join(root, 'archives'), { recursive: true, force: true })
  await writeFile(join(root, 'archives'), '')
  t.equal(await files.removeOlder('archives', Date.now()).catch(() => 'refused'), 0, 'a file is no folder')
})
