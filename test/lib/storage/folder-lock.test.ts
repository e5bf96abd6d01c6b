import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import type { Test } from 'tap'
import { createFolderLock } from '../../../lib/storage/folder-lock.ts'
import { temporaryFolder } from '../../helper.ts'

/** Locks the folder in its last argument, and lives until it is killed. */
const HOLDER = `
  const { openSync } = require('node:fs')
  const { tryLock } = require('fs-native-extensions')
  if (!tryLock(openSync(process.argv[1] + '/dalleserver.lock', 'w+'))) process.exit(3)
  console.log('locked')
  setInterval(() => {}, 1000)
`
const NAMESPACE = '/usr/bin/unshare'

async function startHolder(t: Test, folder: string, prefix: string[] = []) {
  const [program = '', ...args] = [...prefix, process.execPath, '--eval', HOLDER, folder]
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  t.teardown(() => child.kill('SIGKILL'))
  await once(child.stdout, 'data')
  return child
}

t.test('one process at a time has the lock of a folder', async (t) => {
  const root = await temporaryFolder(t)
  const first = createFolderLock({ root })
  const second = createFolderLock({ root })
  t.ok(await first.tryAcquire())
  t.ok(first.isHeld)
  t.notOk(await second.tryAcquire())
  t.notOk(second.isHeld)
  t.match(await second.holder(), new RegExp(`^process ${process.pid} on ".+", since "\\d{4}-`))
  await first.release()
  t.notOk(first.isHeld)
  t.ok(await second.tryAcquire())
  await second.release()
})

t.test('the lock is free at once when its holder is killed', async (t) => {
  const root = await temporaryFolder(t)
  const holder = await startHolder(t, root)
  const lock = createFolderLock({ root })
  t.notOk(await lock.tryAcquire())
  holder.kill('SIGKILL')
  await once(holder, 'exit')
  t.ok(await lock.tryAcquire())
  await lock.release()
})

t.test('a lock knows whether the holder before it stopped in order', async (t) => {
  const root = await temporaryFolder(t)
  async function start() {
    const lock = createFolderLock({ root })
    t.equal(lock.afterCleanStop, undefined, 'not known without the lock')
    t.ok(await lock.tryAcquire())
    return lock
  }
  const first = await start()
  t.equal(first.afterCleanStop, true, 'there was none')
  const written = await readFile(join(root, 'dalleserver.lock'))
  await first.release()
  const second = await start()
  t.equal(second.afterCleanStop, true)
  await second.release()
  // A holder that is killed leaves what it wrote.
  await writeFile(join(root, 'dalleserver.lock'), written)
  const third = await start()
  t.equal(third.afterCleanStop, false)
  third.recordCrash()
  await third.release()
  const fourth = await start()
  t.equal(fourth.afterCleanStop, false, 'it ended by an error')
  await fourth.release()
  const shared = createFolderLock({ root, isShared: true })
  t.ok(await shared.tryAcquire())
  t.equal(shared.afterCleanStop, undefined, 'others may hold it too')
  await shared.release()
})

t.test(
  'the lock holds across process namespaces',
  { skip: (!existsSync(NAMESPACE) || process.getuid?.() !== 0) && 'needs unshare (util-linux) and root' },
  async (t) => {
    const root = await temporaryFolder(t)
    const holder = await startHolder(t, root, [NAMESPACE, '--fork', '--pid', '--mount-proc', '--kill-child'])
    const lock = createFolderLock({ root })
    t.notOk(await lock.tryAcquire())
    holder.kill('SIGKILL')
    await once(holder, 'exit')
    while (!(await lock.tryAcquire())) await new Promise((resolve) => setImmediate(resolve))
    t.ok(lock.isHeld)
    await lock.release()
  }
)

t.test('what is no regular file cannot be locked, and is named', async (t) => {
  const kinds: Array<[string, RegExp, (path: string) => unknown]> = [
    ['a FIFO', /not a regular file/, (path) => spawnSync('mkfifo', [path])],
    ['a folder', /folder/, async (path) => await mkdir(path)],
    ['a link', /it is a link/, async (path) => await symlink('/etc/hostname', path)]
  ]
  for (const [what, reason, make] of kinds) {
    const root = await temporaryFolder(t)
    await make(join(root, 'dalleserver.lock'))
    const lock = createFolderLock({ root })
    t.equal(await lock.holder(), 'another process', what)
    await t.rejects(lock.tryAcquire(), { code: 'FILE_SYSTEM_ERROR', details: reason }, what)
    t.notOk(lock.isHeld)
  }
})

t.test('a holder that describes itself wrongly is another process', async (t) => {
  const root = await temporaryFolder(t)
  for (const text of ['', 'null', '{"host": 7}', 'x'.repeat(10_000)]) {
    await writeFile(join(root, 'dalleserver.lock'), text)
    t.equal(await createFolderLock({ root }).holder(), 'another process', text.slice(0, 20))
  }
})

t.test('a folder that is removed or replaced is no longer in place', async (t) => {
  const root = join(await temporaryFolder(t), 'data')
  await mkdir(root)
  const lock = createFolderLock({ root })
  await lock.tryAcquire()
  t.ok(await lock.isInPlace())
  await rename(root, `${root}.old`)
  t.notOk(await lock.isInPlace(), 'no folder')
  await mkdir(root)
  t.notOk(await lock.isInPlace(), 'an empty folder')
  const other = createFolderLock({ root })
  t.ok(await other.tryAcquire(), 'which another process may lock')
  t.notOk(await lock.isInPlace(), 'a folder of another process')
  await rm(root, { recursive: true })
  await rename(`${root}.old`, root)
  t.ok(await lock.isInPlace(), 'the folder is back')
  await lock.release()
  await other.release()
  t.match(JSON.parse(await readFile(join(root, 'dalleserver.lock'), 'utf8')), { pid: process.pid })
})
