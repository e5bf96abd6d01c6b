import { execFileSync, spawnSync } from 'node:child_process'
import * as nodeFs from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import type { Files } from '../../../lib/storage/files.ts'
import { temporaryFolder } from '../../helper.ts'
import { counted, failing, failureOf, filesBelow, put } from './faults.ts'

t.test('a transient error is retried three times, and each retry is reported', async (t) => {
  const root = await temporaryFolder(t)
  await put(root, 'there', 'there')
  const operations: Record<'rename' | 'open' | 'readFile', (files: Files) => Promise<unknown>> = {
    rename: (files) => files.write('made', 'x'),
    open: (files) => files.write('made', 'x'),
    readFile: (files) => files.read('there')
  }
  await Promise.all(
    ['EBUSY', 'EAGAIN', 'EINTR', 'EMFILE', 'ENFILE'].flatMap((code) =>
      (['rename', 'open', 'readFile'] as const).map(async (name) => {
        const cured = failing(name, code, 3)
        const curedFiles = counted(root, cured.fs)
        await t.resolves(operations[name](curedFiles.files), `${code} of ${name} three times`)
        t.strictSame(curedFiles.seen, { retries: 3, operations: [true] })

        const lasting = failing(name, code)
        const lastingFiles = counted(root, lasting.fs)
        const error = await failureOf(t, operations[name](lastingFiles.files))
        t.ok(error.details?.includes(code), `${error.details} names ${code}`)
        t.equal(lasting.state.calls, 4)
        t.strictSame(lastingFiles.seen, { retries: 3, operations: [false] })
      })
    )
  )
  t.strictSame(await filesBelow(root), ['made', 'there'])
})

t.test('another error fails at once, with its reason and without a path', async (t) => {
  const root = await temporaryFolder(t)
  await put(root, 'there', 'there')
  const reasons: Record<string, RegExp> = {
    ENOSPC: /no space/,
    EDQUOT: /quota/,
    EACCES: /may not access/,
    EPERM: /may not access/,
    EROFS: /read-only/,
    EIO: /EIO/
  }
  const operations: Array<[Parameters<typeof failing>[0], (files: Files) => Promise<unknown>]> = [
    ['open', (files) => files.write('new', 'x')],
    ['rename', (files) => files.write('new', 'x')],
    ['mkdir', (files) => files.write('new', 'x')],
    ['mkdir', (files) => files.makeFolder('new')],
    ['readFile', (files) => files.read('there')],
    ['readFile', (files) => files.readText('there')],
    ['open', (files) => files.open('there')],
    ['open', (files) => files.appendLine('there', 'x')],
    ['rm', (files) => files.remove('there')],
    ['stat', (files) => files.stat('there')],
    ['readdir', (files) => files.list('.')],
    ['statfs', (files) => files.diskSpace()],
    ['open', (files) => files.checkWriteAccess()]
  ]
  for (const [code, reason] of Object.entries(reasons)) {
    for (const [name, operate] of operations) {
      const { fs, state } = failing(name, code)
      const { files, seen } = counted(root, fs)
      const error = await failureOf(t, operate(files))
      const text = `${error.message} ${error.details}`
      t.strictSame(
        {
          reason: reason.test(error.details ?? ''),
          path: /[/\\]|secret|there|new\b/.test(text),
          cause: (error.cause as NodeJS.ErrnoException).code,
          calls: state.calls,
          ...seen
        },
        { reason: true, path: false, cause: code, calls: 1, retries: 0, operations: [false] },
        `${code} of ${name}: ${text}`
      )
    }
  }
  t.strictSame(await filesBelow(root), ['there'])
  t.equal(await nodeFs.readFile(join(root, 'there'), 'utf8'), 'there')
})

t.test(
  'on a full disk a write fails and leaves no part of its file; smaller files are written',
  async (t) => {
    if (process.getuid?.() !== 0) return t.plan(0, 'only root may mount a small disk')
    const root = await temporaryFolder(t)
    const mount = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', root], { encoding: 'utf8' })
    if (mount.status !== 0) {
      return t.plan(0, `a small disk cannot be mounted here: ${mount.stderr || String(mount.error)}`)
    }
    t.teardown(() => execFileSync('umount', [root]))

    const { files, seen } = counted(root)
    await files.write('small', 'old')
    for (const path of ['large', 'small', 'folder/large']) {
      const error = await failureOf(t, files.write(path, Buffer.alloc(2 ** 20, 'x')))
      t.match(error.details, /no space/)
    }
    t.strictSame(await filesBelow(root), ['small'])
    t.equal(await files.readText('small'), 'old')
    await files.write('small', 'new')
    await files.checkWriteAccess()
    t.equal(await files.readText('small'), 'new')
    t.equal((await files.diskSpace()).totalBytes, 64 * 1024)
    t.strictSame(seen, { retries: 0, operations: [true, false, false, false, true, true, true, true, true] })
  }
)
