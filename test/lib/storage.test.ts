import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import * as nodeFs from 'node:fs/promises'
import { basename, dirname, join, sep } from 'node:path'
import fc from 'fast-check'
import t from 'tap'
import type { Test } from 'tap'
import { errors, isServiceError } from '../../lib/errors.ts'
import type { ServiceError } from '../../lib/errors.ts'
import { createFiles } from '../../lib/storage/files.ts'
import type { Files, FilesOptions } from '../../lib/storage/files.ts'
import { createStoredPictures } from '../../lib/pictures/stored.ts'
import type { StoredPictures } from '../../lib/pictures/stored.ts'
import {
  ARTIFACTS,
  artifactPath,
  inOutput,
  isAddress,
  isSeriesName,
  metadataPath,
  resolveInside,
  runArchivePath,
  seriesName
} from '../../lib/storage/layout.ts'
import { ADDRESS, temporaryFolder } from '../helper.ts'

const SEED = 'f503017d7baf7fbc0fff7492b751025c6a78179bb97187a6c520157b2947fff0'

/** Every file below a folder, dot files too, relative to it. */
async function filesBelow(folder: string): Promise<string[]> {
  const entries = await nodeFs.readdir(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort()
}

async function put(root: string, path: string, content: string | Uint8Array = 'x'): Promise<string> {
  await nodeFs.mkdir(dirname(join(root, path)), { recursive: true })
  await nodeFs.writeFile(join(root, path), content)
  return join(root, path)
}

/** The FILE_SYSTEM_ERROR that the operation ends with. */
async function failureOf(t: Test, operation: Promise<unknown>): Promise<ServiceError> {
  const error = await operation.then(
    () => undefined,
    (error: unknown) => error
  )
  if (!isServiceError(error)) {
    t.fail('a service error was expected', { error })
    return errors.internal(error)
  }
  t.equal(`${error.code} ${error.statusCode}`, 'FILE_SYSTEM_ERROR 500')
  return error
}

/** As the system words it, with a path. */
function systemError(code: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${code}: told by the test, open '/secret/place'`), {
    code,
    errno: -1,
    syscall: 'open',
    path: '/secret/place'
  })
}

type Fs = NonNullable<FilesOptions['fs']>

/** The real file system, one function of which fails the first `times` times. */
function failing(
  name: 'rename' | 'open' | 'readFile' | 'rm' | 'stat' | 'readdir' | 'statfs' | 'copyFile' | 'mkdir',
  code: string,
  times = Infinity
) {
  const real = nodeFs[name] as (...args: unknown[]) => Promise<unknown>
  const state = { calls: 0 }
  const fake = async (...args: unknown[]) => {
    state.calls += 1
    if (state.calls <= times) throw systemError(code)
    return await real(...args)
  }
  return { fs: { ...nodeFs, [name]: fake } as Fs, state }
}

/** Files that count what they are told of. */
function counted(root: string, fs?: Fs) {
  const seen = { retries: 0, operations: [] as boolean[] }
  const files = createFiles({
    root,
    onRetry: () => {
      seen.retries += 1
    },
    onOperation: (_kind, ok) => seen.operations.push(ok),
    ...(fs && { fs })
  })
  return { files, seen }
}

t.test('files', async (t) => {
  t.test('a write makes the folders, replaces what was there and leaves nothing else', async (t) => {
    const root = await temporaryFolder(t)
    const { files, seen } = counted(root)
    await files.write('a/b/c.txt', 'first, longer')
    await files.write('a/b/c.txt', 'second')
    await files.write('a/b/bytes', new Uint8Array([0, 255, 128]))
    await files.write('a/b/empty', '')
    t.equal(await files.readText('a/b/c.txt'), 'second')
    t.strictSame(await files.read('a/b/bytes'), Buffer.from([0, 255, 128]))
    t.equal(await files.readText('a/b/empty'), '', 'an empty file is not a missing one')
    t.strictSame(await filesBelow(root), ['a/b/bytes', 'a/b/c.txt', 'a/b/empty'])
    t.strictSame(seen, { retries: 0, operations: Array(7).fill(true) })
  })

  t.test('no reader ever sees half a file or a mix of two', async (t) => {
    const root = await temporaryFolder(t)
    const files = createFiles({ root })
    const contents = [Buffer.alloc(400_000, 'a'), Buffer.alloc(300_000, 'b')] as const
    await files.write('picture', contents[0])
    const seen = { a: 0, b: 0, neither: 0 }
    for (let round = 1; round <= 200; round++) {
      const state = { writing: true }
      const written = files.write('picture', contents[round % 2]!).finally(() => {
        state.writing = false
      })
      do {
        const read = await nodeFs.readFile(join(root, 'picture'))
        seen[read.equals(contents[0]) ? 'a' : read.equals(contents[1]) ? 'b' : 'neither'] += 1
      } while (state.writing)
      await written
    }
    t.equal(seen.neither, 0)
    t.ok(seen.a > 0 && seen.b > 0, 'both contents were seen')
    t.strictSame(await filesBelow(root), ['picture'])
  })

  t.test('a write that fails leaves the old file as it was and no temporary file', async (t) => {
    const root = await temporaryFolder(t)
    await put(root, 'kept', 'old')
    const { fs } = failing('rename', 'EIO')
    await failureOf(t, createFiles({ root, fs }).write('kept', 'new'))
    await failureOf(t, createFiles({ root, fs }).copy('kept', 'other'))
    t.strictSame(await filesBelow(root), ['kept'])
    t.equal(await nodeFs.readFile(join(root, 'kept'), 'utf8'), 'old')

    await nodeFs.mkdir(join(root, 'folder'))
    const { files, seen } = counted(root)
    await failureOf(t, files.write('folder', 'a folder is in the way'))
    await failureOf(t, files.write('kept/below', 'a file is in the way'))
    await failureOf(t, files.write('kept/far/below', 'a file is in the way'))
    await failureOf(t, files.appendLine('kept/far/below', 'a file is in the way'))
    await failureOf(t, files.makeFolder('kept/far/below'))
    await failureOf(t, files.write('x'.repeat(300), 'too long a name'))
    t.strictSame(seen, { retries: 0, operations: Array(6).fill(false) }, 'each counts as failed')
    t.strictSame(await filesBelow(root), ['kept'])
  })

  t.test('a missing thing is an answer and no error', async (t) => {
    const root = await temporaryFolder(t)
    await put(root, 'file')
    const { files, seen } = counted(root)
    for (const path of ['none', 'none/none', 'file/none', 'x'.repeat(300)]) {
      t.equal(await files.read(path), undefined)
      t.equal(await files.readText(path), undefined)
      t.equal(await files.stat(path), undefined)
      t.equal(await files.open(path), undefined)
      t.equal(await files.remove(path), false)
      t.equal(await files.copy(path, 'copy'), false)
      t.strictSame(await files.list(path), [])
    }
    t.strictSame(await filesBelow(root), ['file'])
    t.strictSame(seen, { retries: 0, operations: Array(28).fill(true) })
  })

  t.test('files are opened, looked at, listed, copied, removed and added to', async (t) => {
    const root = await temporaryFolder(t)
    const files = createFiles({ root })
    await files.write('a/one.txt', 'one')
    t.equal((await files.stat('a/one.txt'))?.size, 3)
    const handle = await files.open('a/one.txt')
    t.equal(await handle?.readFile('utf8'), 'one')
    await handle?.close()

    t.equal(await files.copy('a/one.txt', 'new/folder/two.txt'), true)
    t.equal(await files.readText('new/folder/two.txt'), 'one')
    await files.write('a/one.txt', 'changed')
    t.equal(await files.copy('a/one.txt', 'new/folder/two.txt'), true, 'over another')
    t.equal(await files.readText('new/folder/two.txt'), 'changed')

    await files.makeFolder('a/deep/folder')
    await files.makeFolder('a/deep/folder')
    t.strictSame((await files.list('a')).map((entry) => [entry.name, entry.isDirectory()]).sort(), [
      ['deep', true],
      ['one.txt', false]
    ])

    t.equal(await files.remove('a/one.txt'), true)
    t.equal(await files.remove('a/one.txt'), false, 'once')

    await files.appendLine('log/lines', 'first')
    await Promise.all([files.appendLine('log/lines', 'second'), files.appendLine('log/lines', 'third')])
    const lines = await files.readText('log/lines')
    t.match(lines, /^first\n/)
    t.strictSame(lines?.split('\n').sort(), ['', 'first', 'second', 'third'], 'each whole and ended')
    t.strictSame(await filesBelow(root), ['log/lines', 'new/folder/two.txt'])
  })

  t.test('nothing outside the root is reached', async (t) => {
    const outer = await temporaryFolder(t)
    await put(outer, 'secret', 'secret')
    const files = createFiles({ root: join(outer, 'root') })
    await files.write('inside', 'x')
    for (const path of ['../secret', 'a/../../secret', '../root2/x', '..']) {
      await failureOf(t, files.write(path, 'mine'))
      await failureOf(t, files.read(path))
      await failureOf(t, files.copy('inside', path))
      await failureOf(t, files.copy(path, 'stolen'))
      await failureOf(t, files.appendLine(path, 'mine'))
      await failureOf(t, files.remove(path))
      await failureOf(t, files.stat(path))
      await failureOf(t, files.list(path))
      await failureOf(t, files.open(path))
      await failureOf(t, files.makeFolder(path))
    }
    t.strictSame(await filesBelow(outer), ['root/inside', 'secret'])
    t.equal(await nodeFs.readFile(join(outer, 'secret'), 'utf8'), 'secret')
  })

  t.test('a passing error is retried three times, and told of', async (t) => {
    const root = await temporaryFolder(t)
    await put(root, 'there', 'there')
    const operations: Record<'rename' | 'open' | 'readFile', (files: Files) => Promise<unknown>> = {
      rename: (files) => files.write('made', 'x'),
      open: (files) => files.write('made', 'x'),
      readFile: (files) => files.read('there')
    }
    // All cases wait at the same time: what is counted does not depend on how long they wait.
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

  t.test('a lasting error fails at once, with its reason and without a path', async (t) => {
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
      ['copyFile', (files) => files.copy('there', 'new')],
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
        const told = `${error.message} ${error.details}`
        t.strictSame(
          {
            reason: reason.test(error.details ?? ''),
            path: /[/\\]|secret|there|new\b/.test(told),
            cause: (error.cause as NodeJS.ErrnoException).code,
            calls: state.calls,
            ...seen
          },
          { reason: true, path: false, cause: code, calls: 1, retries: 0, operations: [false] },
          `${code} of ${name}: ${told}`
        )
      }
    }
    t.strictSame(await filesBelow(root), ['there'])
    t.equal(await nodeFs.readFile(join(root, 'there'), 'utf8'), 'there')
  })

  t.test('on a full disk a write fails whole, and what fits is written', async (t) => {
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
  })

  t.test('disk space is what the system says, its share counted as df does', async (t) => {
    const root = await temporaryFolder(t)
    const { bsize, blocks } = await nodeFs.statfs(root)
    const { totalBytes, freeBytes, usedPercent } = await createFiles({ root }).diskSpace()
    t.equal(totalBytes, bsize * blocks)
    t.ok(freeBytes > 0 && freeBytes <= totalBytes)
    t.ok(usedPercent >= 0 && usedPercent <= 100)

    const withSpace = (space: object) =>
      createFiles({
        root,
        fs: { ...nodeFs, statfs: async () => ({ bsize: 4096, ...space }) } as unknown as Fs
      })
    t.strictSame(await withSpace({ blocks: 1000, bfree: 300, bavail: 50 }).diskSpace(), {
      totalBytes: 4_096_000,
      freeBytes: 204_800,
      usedPercent: (700 / 750) * 100
    })
    t.strictSame(await withSpace({ blocks: 0, bfree: 0, bavail: 0 }).diskSpace(), {
      totalBytes: 0,
      freeBytes: 0,
      usedPercent: 0
    })
  })

  t.test('write access is proved by writing and reading back', async (t) => {
    const root = join(await temporaryFolder(t), 'not', 'yet', 'there')
    await createFiles({ root }).checkWriteAccess()
    t.strictSame(await nodeFs.readdir(root), [], 'the folder is made and nothing left in it')

    const forgetful = { ...nodeFs, readFile: async () => Buffer.alloc(16) } as unknown as Fs
    const error = await failureOf(t, createFiles({ root, fs: forgetful }).checkWriteAccess())
    t.match(error.details, /does not return what was written/)
    t.strictSame(await nodeFs.readdir(root), [])
  })

  t.test('left-over temporary files are swept, and only those', async (t) => {
    const root = await temporaryFolder(t)
    const gone = spawnSync(process.execPath, ['--version']).pid
    const alive = spawn(process.execPath, ['--eval', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' })
    await once(alive, 'spawn')
    t.teardown(() => alive.kill('SIGKILL'))

    const left = [
      `.picture.png.${gone}.0123abcd.tmp`,
      `deep/er/.picture.png.${gone}.89abcdef.tmp`,
      `deep/.own.${process.pid}.00000000.tmp`,
      `.write-check.${gone}.deadbeef.tmp`
    ]
    const kept = [
      `deep/er/.picture.png.${alive.pid}.0123abcd.tmp`,
      '.env',
      '.hidden.tmp',
      'deep/.gitkeep',
      `picture.png.${gone}.0123abcd.tmp`,
      `.picture.png.${gone}.0123abc.tmp`,
      `.picture.png.${gone}.0123ABCD.tmp`,
      `.picture.png.${gone}.0123abcd.tmp.txt`,
      '.picture.png.x.0123abcd.tmp'
    ]
    for (const path of [...left, ...kept]) await put(root, path)
    await nodeFs.mkdir(join(root, `.folder.${gone}.0123abcd.tmp`))
    const files = createFiles({ root })

    t.equal(await files.sweep('deep/er'), 1, 'a folder')
    t.equal(await files.sweep('.'), 3, 'all')
    t.equal(await files.sweep('.'), 0, 'again')
    t.equal(await files.sweep('no-such-folder'), 0)
    t.strictSame(await filesBelow(root), kept.sort())
    t.ok((await nodeFs.stat(join(root, `.folder.${gone}.0123abcd.tmp`))).isDirectory())
  })

  t.test('what a killed writer leaves behind is swept at the next start', async (t) => {
    const root = await temporaryFolder(t)
    let temporary = ''
    const fs: Fs = {
      ...nodeFs,
      rename: async (from) => {
        temporary = basename(String(from))
        throw systemError('EIO')
      },
      rm: async () => {}
    }
    await failureOf(t, createFiles({ root, fs }).write('a/picture.png', 'x'))
    t.strictSame(await filesBelow(root), [`a/${temporary}`])
    t.equal(await createFiles({ root }).sweep('.'), 1)
    t.strictSame(await filesBelow(root), [])
  })
})

t.test('layout', async (t) => {
  t.test('artifacts lie where the Go server puts them, and a stand-in beside', async (t) => {
    const paths = Object.fromEntries(
      ARTIFACTS.map((artifact) => [artifact, artifactPath(artifact, 'simple', ADDRESS)])
    )
    t.strictSame(paths, {
      data: `simple/data/${ADDRESS}.txt`,
      title: `simple/title/${ADDRESS}.txt`,
      terse: `simple/terse/${ADDRESS}.txt`,
      prompt: `simple/prompt/${ADDRESS}.txt`,
      enhanced: `simple/enhanced/${ADDRESS}.txt`,
      technical: `simple/technical/${ADDRESS}.txt`,
      selector: `simple/selector/${ADDRESS}.json`,
      generated: `simple/generated/${ADDRESS}.png`,
      annotated: `simple/annotated/${ADDRESS}.png`,
      standin: `simple/standin/${ADDRESS}.png`
    })
    t.equal(metadataPath('simple', SEED), `simple/metadata/${SEED}.json`)
    t.equal(
      runArchivePath('simple', ADDRESS, 1_700_000_000),
      `metrics/runs/simple_${ADDRESS}_1700000000.json`
    )
    t.equal(inOutput('simple'), 'output/simple')
  })

  t.test('an address is 0x and forty lower-case hexadecimal digits', async (t) => {
    t.ok(isAddress(ADDRESS))
    t.ok(isAddress(`0x${'0'.repeat(40)}`))
    for (const text of [
      '',
      '0x',
      ADDRESS.slice(2),
      ADDRESS.slice(0, -1),
      `${ADDRESS}0`,
      ADDRESS.toUpperCase(),
      ADDRESS.replace('f', 'F'),
      ADDRESS.replace('0x', '0X'),
      ADDRESS.replace('f', 'g'),
      ` ${ADDRESS}`,
      `${ADDRESS}\n`,
      `${ADDRESS}/`,
      `0x${'٣'.repeat(40)}`
    ]) {
      t.notOk(isAddress(text), JSON.stringify(text))
    }
  })

  t.test('a series name is one lower-case folder name', async (t) => {
    for (const text of [
      'simple',
      'five-tone-postal-protozoa',
      'a',
      '1',
      'my_series.v2',
      'größe',
      '日本',
      '-',
      'a..b',
      'a'.repeat(190)
    ]) {
      t.ok(isSeriesName(text), text)
    }
    for (const text of [
      '',
      '.',
      '..',
      '.hidden',
      '...',
      ' a',
      'a b',
      'Simple',
      'a/b',
      '/a',
      'a\\b',
      '\\a',
      'a\0',
      '\0',
      'a\nb',
      'a\n',
      '\ta',
      'a\x7f',
      '\x1f',
      'a'.repeat(191),
      '日'.repeat(64)
    ]) {
      t.notOk(isSeriesName(text), JSON.stringify(text))
    }
    const names: Array<[string, string]> = [
      ['Simple', 'simple'],
      ['My Own Series', 'my-own-series'],
      ['a  b', 'a--b'],
      ['ÄÖ', 'äö'],
      ['already-so', 'already-so']
    ]
    for (const [text, name] of names) t.equal(seriesName(text), name)
  })

  t.test('no spelling leads outside', async (t) => {
    const spellings = [
      '..',
      '../',
      '../x',
      '../../etc/passwd',
      'a/../..',
      'a/../../b',
      './../x',
      'a/./../../b',
      '/../x',
      '//../../x',
      '../root-2/x',
      '../rootx',
      'a\0b',
      '\0',
      '../\0'
    ]
    for (const path of spellings) {
      t.throws(() => resolveInside('/data/root', path), { code: 'FILE_SYSTEM_ERROR' }, JSON.stringify(path))
    }
    const inside: Array<[string, string]> = [
      ['', '/data/root'],
      ['.', '/data/root'],
      ['a/..', '/data/root'],
      ['/etc/passwd', '/data/root/etc/passwd'],
      ['a/../b', '/data/root/b'],
      ['..a', '/data/root/..a'],
      ['...', '/data/root/...'],
      ['..\\x', '/data/root/..\\x'],
      ['%2e%2e/x', '/data/root/%2e%2e/x']
    ]
    for (const [path, expected] of inside) t.equal(resolveInside('/data/root', path), expected)
    t.equal(resolveInside('/', 'etc'), '/etc', 'a root of / has everything inside')
  })

  t.test('whatever the parts, a path is refused or inside', async (t) => {
    const piece = fc.constantFrom(
      '..',
      '.',
      '/',
      '\\',
      '\0',
      'a',
      ' ',
      '~',
      '%2e',
      '%2f',
      '..;',
      '\u2024',
      'simple',
      ADDRESS,
      SEED,
      '\n'
    )
    const text = fc.oneof(
      fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join('')),
      fc.string({ unit: 'binary' }),
      fc.constantFrom('simple', ADDRESS, SEED)
    )
    const isRefusal = (error: unknown) => isServiceError(error) && error.code === 'FILE_SYSTEM_ERROR'
    let inside = 0

    function staysInside(root: string, path: () => string): boolean {
      try {
        const resolved = path()
        inside += 1
        return (
          (resolved === root || resolved.startsWith(root + sep)) &&
          !resolved.includes('\0') &&
          !resolved.split(sep).includes('..')
        )
      } catch (error) {
        return isRefusal(error)
      }
    }

    /** The path as it comes, which has no need of being resolved to stay inside its folder. */
    function isPlain(path: () => string, depth: number): boolean {
      try {
        const parts = path().split(/[/\\]/)
        return (
          parts.length === depth &&
          parts.every((part) => part !== '' && part !== '.' && part !== '..' && !part.includes('\0'))
        )
      } catch (error) {
        return isRefusal(error)
      }
    }

    t.doesNotThrow(() =>
      fc.assert(
        fc.property(text, (path) => staysInside('/data/root', () => resolveInside('/data/root', path))),
        { numRuns: 2_000 }
      )
    )
    t.ok(inside > 100, 'many were inside')
    t.doesNotThrow(() =>
      fc.assert(
        fc.property(
          text,
          text,
          fc.constantFrom(...ARTIFACTS),
          (series, name, artifact) =>
            isPlain(() => artifactPath(artifact, series, name), 3) &&
            isPlain(() => artifactPath(artifact, series, ADDRESS), 3) &&
            isPlain(() => artifactPath(artifact, 'simple', name), 3) &&
            isPlain(() => metadataPath(series, SEED), 3) &&
            isPlain(() => metadataPath('simple', name), 3) &&
            isPlain(() => runArchivePath(series, ADDRESS, 1), 3) &&
            isPlain(() => runArchivePath('simple', name, 1), 3)
        ),
        { numRuns: 2_000 }
      )
    )

    t.throws(() => artifactPath('data', '..', ADDRESS), { code: 'FILE_SYSTEM_ERROR' })
    t.throws(() => artifactPath('data', 'simple', '../../x'), { code: 'FILE_SYSTEM_ERROR' })
    t.throws(() => metadataPath('simple', ADDRESS), { code: 'FILE_SYSTEM_ERROR' })
    t.throws(() => runArchivePath('simple', '..', 1), { code: 'FILE_SYSTEM_ERROR' })
  })
})

t.test('images', async (t) => {
  const address = (digit: string) => `0x${digit.repeat(40)}`
  const [A, B, C, D] = ['a', 'b', 'c', 'd'].map(address) as [string, string, string, string]
  const path = (series: string, address: string) => `output/${series}/annotated/${address}.png`
  const names = async (images: StoredPictures, skip = 0, take = 100) =>
    (await images.newest(skip, take)).map(({ series, address }) => `${series}/${address[2]}`)

  async function putAged(
    root: string,
    series: string,
    address: string,
    unixSeconds: number,
    content = 'png'
  ): Promise<void> {
    await nodeFs.utimes(await put(root, path(series, address), content), unixSeconds, unixSeconds)
  }

  t.test('an existing folder of a Go server is read, the newest picture first', async (t) => {
    const root = await temporaryFolder(t)
    await putAged(root, 'simple', A, 1_000, '12345')
    await putAged(root, 'simple', B, 3_000)
    await putAged(root, 'other', A, 2_000)
    await putAged(root, 'other', C, 4_000)
    for (const other of [
      path('simple', 'readme'),
      path('simple', A.toUpperCase()),
      `output/simple/annotated/${D}.txt`,
      `output/simple/annotated/.${D}.png.1.0123abcd.tmp`,
      `output/simple/generated/${D}.png`,
      path('Hidden Name', D),
      path('.hidden', D),
      'output/file',
      'output/file-only/annotated'
    ]) {
      await put(root, other)
    }
    await nodeFs.mkdir(join(root, path('simple', address('e'))))

    const images = createStoredPictures(createFiles({ root }))
    await images.build()
    t.strictSame(await names(images), ['other/c', 'simple/b', 'other/a', 'simple/a'])
    t.strictSame(await images.newest(3, 1), [
      { series: 'simple', address: A, bytes: 5, modifiedMs: 1_000_000 }
    ])
    t.strictSame(await names(images, 1, 2), ['simple/b', 'other/a'], 'a page of them')
    t.strictSame(await names(images, 4, 2), [], 'behind the end')
    t.equal(await images.count(), 4)
    t.equal(await images.find('simple', address('e')), undefined, 'a folder is no picture')
  })

  t.test('without a folder there are none', async (t) => {
    const images = createStoredPictures(createFiles({ root: await temporaryFolder(t) }))
    await images.build()
    t.equal(await images.count(), 0)
    t.strictSame(await names(images), [])
    t.equal(await images.find('simple', A), undefined)
    t.equal(await images.open('simple', A), undefined)
    t.equal(await images.remove('simple', A), false)
  })

  t.test('what is put and removed here is known at once', async (t) => {
    const root = await temporaryFolder(t)
    await putAged(root, 'simple', A, 1_000)
    await putAged(root, 'simple', B, 2_000)
    const images = createStoredPictures(createFiles({ root }))
    await images.build()

    await images.put('simple', C, Buffer.from('new one'))
    t.strictSame(await names(images), ['simple/c', 'simple/b', 'simple/a'])
    t.match((await images.newest(0, 1))[0], { bytes: 7 })
    t.equal((await images.find('simple', C))?.bytes, 7)
    const handle = await images.open('simple', C)
    t.equal(await handle?.readFile('utf8'), 'new one')
    await handle?.close()

    await images.put('simple', A, Buffer.from('again'))
    t.strictSame(
      await names(images),
      ['simple/a', 'simple/c', 'simple/b'],
      'one made anew is the newest, and once there'
    )
    t.equal(await images.count(), 3)

    t.equal(await images.remove('simple', C), true)
    t.equal(await images.remove('simple', C), false)
    t.strictSame(await names(images), ['simple/a', 'simple/b'])
    t.strictSame(await filesBelow(root), [path('simple', A), path('simple', B)])
  })

  t.test('a put that fails changes nothing', async (t) => {
    const root = await temporaryFolder(t)
    await putAged(root, 'simple', A, 1_000)
    const images = createStoredPictures(createFiles({ root, fs: failing('rename', 'ENOSPC').fs }))
    await images.build()
    await failureOf(t, images.put('simple', B, Buffer.from('x')))
    t.strictSame(await names(images), ['simple/a'])
    t.equal(await images.find('simple', B), undefined)
  })

  t.test('asking for a picture mends what was changed behind its back', async (t) => {
    const root = await temporaryFolder(t)
    await putAged(root, 'simple', A, 1_000)
    await putAged(root, 'simple', B, 2_000)
    const images = createStoredPictures(createFiles({ root }))
    await images.build()

    await nodeFs.rm(join(root, path('simple', B)))
    t.equal(await images.find('simple', B), undefined, 'one vanished')
    t.strictSame(await names(images), ['simple/a'])

    await putAged(root, 'simple', C, 3_000, 'four')
    t.strictSame(
      await images.find('simple', C),
      { series: 'simple', address: C, bytes: 4, modifiedMs: 3_000_000 },
      'one appeared'
    )
    t.strictSame(await names(images), ['simple/c', 'simple/a'])

    await putAged(root, 'simple', A, 4_000, 'longer than before')
    t.match(await images.find('simple', A), { bytes: 18, modifiedMs: 4_000_000 }, 'one was replaced')
    t.strictSame(await names(images), ['simple/a', 'simple/c'])
    t.equal(await images.count(), 2)
  })

  t.test('what changes while the index is built is not lost', async (t) => {
    const root = await temporaryFolder(t)
    await putAged(root, 'other', A, 500)
    await putAged(root, 'simple', A, 1_000)
    await putAged(root, 'simple', B, 2_000)
    const files = createFiles({ root })
    const listed = createGate()
    const goOn = createGate()
    const images = createStoredPictures({
      ...files,
      list: async (path) => {
        const entries = await files.list(path)
        if (path === 'output/simple/annotated') {
          listed.open()
          await goOn.opened
        }
        return entries
      }
    })

    const building = images.build()
    await listed.opened
    await images.put('simple', C, Buffer.from('new'))
    await images.put('simple', D, Buffer.from('new, soon removed'))
    await images.put('simple', A, Buffer.from('again'))
    await images.remove('simple', B)
    await images.remove('simple', D)
    let told = false
    const newest = names(images).finally(() => {
      told = true
    })
    const count = images.count()
    await files.list('.')
    t.notOk(told, 'nobody is told half of it')
    goOn.open()

    t.strictSame(await newest, ['simple/a', 'simple/c', 'other/a'])
    t.equal(await count, 3)
    await building
    t.strictSame(await names(images), ['simple/a', 'simple/c', 'other/a'])
    t.match((await images.newest(0, 1))[0], { bytes: 5 })
  })
})

function createGate(): { opened: Promise<void>; open: () => void } {
  let open = () => {}
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { opened, open }
}

t.test('what a disk does in the middle of things', async (t) => {
  t.test('a line that was cut off does not spoil the next', async (t) => {
    const root = await temporaryFolder(t)
    await nodeFs.writeFile(join(root, 'lines'), '{"a":1}\n{"b":')
    const files = createFiles({ root })
    await files.appendLine('lines', '{"c":3}')
    await files.appendLine('lines', '{"d":4}')
    t.equal(await files.readText('lines'), '{"a":1}\n{"b":\n{"c":3}\n{"d":4}\n')
  })

  t.test('a probe of the data folder leaves nothing, whatever fails', async (t) => {
    const root = await temporaryFolder(t)
    let failures = 2
    const files = createFiles({
      root,
      fs: {
        ...nodeFs,
        readFile: (async () => {
          failures -= 1
          throw Object.assign(new Error('again'), { code: failures >= 0 ? 'EAGAIN' : 'EIO' })
        }) as unknown as typeof nodeFs.readFile
      }
    })
    await t.rejects(files.checkWriteAccess(), { code: 'FILE_SYSTEM_ERROR', details: /EIO/ })
    t.same(await nodeFs.readdir(root), [])
  })

  t.test('a folder that cannot be listed is passed over by the sweep', async (t) => {
    const root = await temporaryFolder(t)
    await nodeFs.mkdir(join(root, 'lost+found'))
    await nodeFs.writeFile(join(root, '.x.1999999999.0123abcd.tmp'), '')
    const list = ((path: string, options: object) =>
      path.endsWith('lost+found')
        ? Promise.reject(Object.assign(new Error('no'), { code: 'EACCES' }))
        : nodeFs.readdir(path, options)) as unknown as typeof nodeFs.readdir
    t.equal(await createFiles({ root, fs: { ...nodeFs, readdir: list } }).sweep('.'), 1)
  })
})

t.test('the newest pictures come first by their age on disk, whoever looks at them', async (t) => {
  const root = await temporaryFolder(t)
  const images = createStoredPictures(createFiles({ root }))
  const [a, b, c] = ['a', 'b', 'c'].map((digit) => `0x${digit.repeat(40)}`) as [string, string, string]
  await images.put('simple', a, Buffer.from('a'))
  await images.put('simple', b, Buffer.from('b'))
  await nodeFs.mkdir(join(root, 'output/simple/annotated'), { recursive: true })
  await nodeFs.writeFile(join(root, 'output/simple/annotated', `${c}.png`), 'c')
  for (const [address, seconds] of [
    [a, 200],
    [b, 300],
    [c, 100]
  ] as const) {
    await nodeFs.utimes(join(root, 'output/simple/annotated', `${address}.png`), seconds, seconds)
  }
  for (const address of [c, a, b, a]) await images.find('simple', address)
  t.same(
    (await images.newest(0, 9)).map(({ address }) => address),
    [b, a, c]
  )
})
