import * as nodeFs from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import t from 'tap'
import { errors } from '../../../lib/errors.ts'
import { createFiles } from '../../../lib/storage/files.ts'
import { temporaryFolder } from '../../helper.ts'
import { counted, failing, failureOf, filesBelow, put, systemError } from './faults.ts'
import type { Fs } from './faults.ts'
import { contentOf } from '../../readable.ts'

t.test('a write creates the folders, replaces the old file and leaves no other file', async (t) => {
  const root = await temporaryFolder(t)
  const { files, seen } = counted(root)
  await files.write('a/b/c.txt', 'first, longer')
  await files.write('a/b/c.txt', 'second')
  await files.write('a/b/bytes', new Uint8Array([0, 255, 128]))
  await files.write('a/b/empty', '')
  t.equal(await files.readText('a/b/c.txt'), 'second')
  t.strictSame(await files.read('a/b/bytes'), Buffer.from([0, 255, 128]))
  t.equal(await files.readText('a/b/empty'), '', 'an empty file exists')
  t.strictSame(await filesBelow(root), ['a/b/bytes', 'a/b/c.txt', 'a/b/empty'])
  t.strictSame(seen, { retries: 0, operations: Array(7).fill(true) })
})

t.test('nothing is changed or made in the place of a folder that is gone', async (t) => {
  const root = join(await temporaryFolder(t), 'gone')
  const checkPlace = async () => {
    throw errors.unavailable('It is away')
  }
  const files = createFiles({ root, checkPlace })
  const changes: Record<string, () => Promise<unknown>> = {
    write: () => files.write('a/b', ''),
    append: () => files.appendLine('a/b', 'line'),
    'make a folder': () => files.makeFolder('a'),
    remove: () => files.remove('a/b'),
    'remove old files': () => files.removeOlder('a', Date.now()),
    'set aside': () => files.setAside('a/b'),
    archive: () => files.archive('a/b'),
    move: () => files.move('a/b', 'a/c'),
    'check access': () => files.checkWriteAccess('a')
  }
  for (const [name, change] of Object.entries(changes)) {
    await t.rejects(change(), { code: 'SERVICE_UNAVAILABLE', message: 'It is away' }, name)
  }
  t.equal(await files.read('a/b'), undefined, 'reads go on')
  t.same(await nodeFs.readdir(dirname(root)), [])
})

t.test('a private file, and the folder that is made for it, are not for all users', async (t) => {
  const root = await temporaryFolder(t)
  const files = createFiles({ root })
  const modeOf = async (path: string) => (await nodeFs.stat(join(root, path))).mode & 0o777
  await files.write('open/a', '')
  const [folder, file] = [await modeOf('open'), await modeOf('open/a')]
  await files.write('simple/metadata/a', '', { isPrivate: true })
  t.equal(await modeOf('simple/metadata/a'), 0o600)
  t.equal(await modeOf('simple/metadata'), folder & 0o750)
  t.equal(await modeOf('simple'), folder, 'the folders above it are as usual')
  await files.write('open/a', 'x', { isPrivate: true })
  t.equal(await modeOf('open/a'), 0o600)
  t.equal(await modeOf('open'), folder, 'a folder that was there stays as it was')
  await files.write('open/a', 'y')
  t.equal(await modeOf('open/a'), file)
})

t.test('a move changes the time to that of the move, or keeps it', async (t) => {
  const root = await temporaryFolder(t)
  const files = createFiles({ root })
  const then = new Date('2025-01-02T03:04:05Z')
  const timeOf = async (path: string) => (await files.stat(path))!.mtimeMs
  for (const name of ['a', 'b']) {
    await put(root, `${name}/file`, '')
    await nodeFs.utimes(join(root, name, 'file'), then, then)
  }
  t.equal(await files.move('a', 'moved'), true)
  t.not(await timeOf('moved/file'), then.getTime())
  t.equal(await files.move('b', 'kept', { keepTime: true }), true)
  t.equal(await timeOf('kept/file'), then.getTime())
  t.equal(await files.move('b', 'kept', { keepTime: true }), false)
})

t.test('a reader never gets a part of a file or a mix of two', async (t) => {
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

t.test('a missing file is a result, not an error', async (t) => {
  const root = await temporaryFolder(t)
  await put(root, 'file')
  const { files, seen } = counted(root)
  for (const path of ['none', 'none/none', 'file/none', 'x'.repeat(300)]) {
    t.equal(await files.read(path), undefined)
    t.equal(await files.readText(path), undefined)
    t.equal(await files.stat(path), undefined)
    t.equal(await files.open(path), undefined)
    t.equal(await files.remove(path), false)
    t.strictSame(await files.list(path), [])
  }
  t.strictSame(await filesBelow(root), ['file'])
  t.strictSame(seen, { retries: 0, operations: Array(24).fill(true) })
})

t.test('files are opened, listed, removed and appended to', async (t) => {
  const root = await temporaryFolder(t)
  const files = createFiles({ root })
  await files.write('a/one.txt', 'one')
  t.equal((await files.stat('a/one.txt'))?.size, 3)
  const opened = (await files.open('a/one.txt'))!
  t.equal(opened.bytes, 3)
  t.equal(String(await contentOf(opened)), 'one')

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
  t.strictSame(await filesBelow(root), ['log/lines'])
})

t.test('paths outside the root are refused', async (t) => {
  const outer = await temporaryFolder(t)
  await put(outer, 'secret', 'secret')
  const files = createFiles({ root: join(outer, 'root') })
  await files.write('inside', 'x')
  for (const path of ['../secret', 'a/../../secret', '../root2/x', '..']) {
    await failureOf(t, files.write(path, 'mine'))
    await failureOf(t, files.read(path))
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

t.test('disk space has the numbers of the system and the percentage of df', async (t) => {
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

t.test('the check of write access writes a file and reads it back', async (t) => {
  const root = join(await temporaryFolder(t), 'not', 'yet', 'there')
  await createFiles({ root }).checkWriteAccess()
  t.strictSame(await nodeFs.readdir(root), [], 'the folder is made and nothing left in it')

  const forgetful = { ...nodeFs, readFile: async () => Buffer.alloc(16) } as unknown as Fs
  const error = await failureOf(t, createFiles({ root, fs: forgetful }).checkWriteAccess())
  t.match(error.details, /does not return what was written/)
  t.strictSame(await nodeFs.readdir(root), [])
})

t.test('a sweep removes temporary files, whatever process they name, and no others', async (t) => {
  const root = await temporaryFolder(t)
  const gone = 4_194_304
  const left = [
    `.picture.png.${gone}.0123abcd.tmp`,
    `deep/er/.picture.png.${gone}.89abcdef.tmp`,
    `deep/.own.${process.pid}.00000000.tmp`,
    `.write-check.${gone}.deadbeef.tmp`,
    'deep/er/.picture.png.1.0123abcd.tmp'
  ]
  const kept = [
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

  t.equal(await files.sweep('deep/er'), 2, 'a folder')
  t.equal(await files.sweep('.'), 3, 'all')
  t.equal(await files.sweep('.'), 0, 'again')
  t.equal(await files.sweep('no-such-folder'), 0)
  t.strictSame(await filesBelow(root), kept.sort())
  t.ok((await nodeFs.stat(join(root, `.folder.${gone}.0123abcd.tmp`))).isDirectory())
})

t.test('a sweep removes the temporary file of a killed writer', async (t) => {
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

t.test('after an incomplete line, the next line starts on its own', async (t) => {
  const root = await temporaryFolder(t)
  await nodeFs.writeFile(join(root, 'lines'), '{"a":1}\n{"b":')
  const files = createFiles({ root })
  await files.appendLine('lines', '{"c":3}')
  await files.appendLine('lines', '{"d":4}')
  t.equal(await files.readText('lines'), '{"a":1}\n{"b":\n{"c":3}\n{"d":4}\n')
})

t.test('the check of write access leaves no file when it fails', async (t) => {
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

t.test('a sweep skips folders that cannot be listed', async (t) => {
  const root = await temporaryFolder(t)
  await nodeFs.mkdir(join(root, 'lost+found'))
  await nodeFs.writeFile(join(root, '.x.1999999999.0123abcd.tmp'), '')
  const list = ((path: string, options: object) =>
    path.endsWith('lost+found')
      ? Promise.reject(Object.assign(new Error('no'), { code: 'EACCES' }))
      : nodeFs.readdir(path, options)) as unknown as typeof nodeFs.readdir
  t.equal(await createFiles({ root, fs: { ...nodeFs, readdir: list } }).sweep('.'), 1)
})
