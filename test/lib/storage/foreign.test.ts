import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import * as nodeFs from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import t from 'tap'
import type { Test } from 'tap'
import { createFiles, whyNoFile } from '../../../lib/storage/files.ts'
import { TOP_FOLDERS } from '../../../lib/storage/layout.ts'
import { temporaryFolder } from '../../helper.ts'
import { counted, failureOf, filesBelow, put, systemError } from './faults.ts'
import type { Fs } from './faults.ts'

/** A data folder beside a folder that does not belong to it, which holds one secret. */
async function besideSecret(t: Test) {
  const outer = await temporaryFolder(t)
  const root = join(outer, 'data')
  await nodeFs.mkdir(root)
  await put(outer, 'outside/secret.txt', 'secret')
  return { outer, root, outside: join(outer, 'outside'), files: createFiles({ root }) }
}

async function socketAt(t: Test, path: string): Promise<void> {
  // The path of a socket may have 107 bytes only.
  const server = createServer().listen(path)
  await once(server, 'listening')
  t.teardown(() => server.close())
}

t.test('a FIFO, a socket, a device and a folder are no files, and reading them never waits', async (t) => {
  const root = await temporaryFolder(t)
  const files = createFiles({ root })
  execFileSync('mkfifo', [join(root, 'fifo')])
  await socketAt(t, join(root, 'socket'))
  await nodeFs.mkdir(join(root, 'folder'))
  const odd = ['fifo', 'socket', 'folder']
  if (process.getuid?.() === 0) {
    execFileSync('mknod', [join(root, 'device'), 'c', '1', '5'])
    odd.push('device')
  }
  for (const path of odd) {
    for (let round = 0; round < 7; round += 1) {
      t.equal(await files.open(path), undefined, `open ${path}`)
      t.equal(await files.read(path), undefined, `read ${path}`)
      t.equal(await files.readText(path), undefined, `readText ${path}`)
    }
    t.equal((await files.stat(path))?.isFile(), false, `${path} is there`)
  }
  for (const path of ['fifo', 'folder']) await failureOf(t, files.appendLine(path, 'x'))
  await files.write('fifo', 'a file now')
  t.equal(await files.readText('fifo'), 'a file now')
  const reasons = (await files.list('.')).map((entry) => `${entry.name}: ${whyNoFile(entry)}`).sort()
  t.match(reasons.join('\n'), /fifo: undefined\nfolder: it is a folder\nsocket: it is not a regular file/)
})

t.test('links out of the data folder are not followed, for reading, writing and removing', async (t) => {
  const { outer, root, outside, files } = await besideSecret(t)
  await nodeFs.symlink(outside, join(root, 'out'))
  await nodeFs.symlink('../outside', join(root, 'relative'))
  await nodeFs.symlink(join(outside, 'secret.txt'), join(root, 'file'))
  await nodeFs.symlink(join(outside, 'none'), join(root, 'dangling'))
  await nodeFs.symlink('loop', join(root, 'loop'))
  for (const path of ['out/secret.txt', 'relative/secret.txt', 'file', 'dangling', 'loop', 'loop/x']) {
    t.equal(await files.read(path), undefined, path)
    t.equal(await files.readText(path), undefined, path)
    t.equal(await files.open(path), undefined, path)
    t.equal(await files.stat(path), undefined, path)
    await failureOf(t, files.appendLine(path, 'mine'))
  }
  for (const folder of ['out', 'relative']) {
    const error = await failureOf(t, files.list(folder))
    t.equal(error.details, 'Could not list a folder: a link on the way leads out of the data folder')
    for (const operation of [
      () => files.write(`${folder}/secret.txt`, 'mine'),
      () => files.write(`${folder}/deep/er/new.txt`, 'mine'),
      () => files.appendLine(`${folder}/secret.txt`, 'mine'),
      () => files.remove(`${folder}/secret.txt`),
      () => files.setAside(`${folder}/secret.txt`),
      () => files.makeFolder(`${folder}/new`)
    ]) {
      await failureOf(t, operation())
    }
  }
  await failureOf(t, files.write('dangling/new.txt', 'mine'))
  await failureOf(t, files.makeFolder('dangling/new'))
  await failureOf(t, files.makeFolder('dangling'))
  t.strictSame(await files.statAll('.', await files.list('.')), new Map(), 'a listing has none of them')
  t.equal(await files.sweep('.'), 0)

  await files.write('file', 'mine')
  t.equal(await files.readText('file'), 'mine', 'a write replaces the link and not what it leads to')
  t.equal(await files.remove('out'), true, 'a remove takes the link away')
  t.strictSame(await filesBelow(outer), ['data/file', 'outside/secret.txt'])
  t.equal(await nodeFs.readFile(join(outside, 'secret.txt'), 'utf8'), 'secret')
})

t.test('links that stay inside work, and the data folder itself may be a link', async (t) => {
  const outer = await temporaryFolder(t)
  await put(outer, 'real/pictures/one.txt', 'one')
  await nodeFs.symlink('real', join(outer, 'data'))
  await nodeFs.symlink('pictures', join(outer, 'real/linked'))
  await nodeFs.symlink('../pictures/one.txt', join(outer, 'real/pictures/same.txt'))
  await nodeFs.symlink(join(outer, 'data/pictures'), join(outer, 'real/through-the-link'))
  const files = createFiles({ root: join(outer, 'data') })
  for (const folder of ['pictures', 'linked', 'through-the-link']) {
    t.equal(await files.readText(`${folder}/one.txt`), 'one', folder)
    t.equal(await files.readText(`${folder}/same.txt`), 'one', folder)
    t.equal((await files.list(folder)).length, 2, folder)
    t.strictSame([...(await files.statAll(folder, await files.list(folder))).keys()].sort(), [
      'one.txt',
      'same.txt'
    ])
  }
  await files.write('linked/deep/two.txt', 'two')
  await files.appendLine('linked/lines', 'first')
  t.equal(await files.remove('linked/lines'), true)
  t.strictSame(await filesBelow(outer), ['real/pictures/deep/two.txt', 'real/pictures/one.txt'])

  await put(outer, 'next/three.txt', 'three')
  await nodeFs.rm(join(outer, 'data'))
  await nodeFs.symlink('next', join(outer, 'data'))
  t.equal(await files.readText('three.txt'), 'three', 'the data folder was linked anew')
})

t.test('a folder of the service may be a link inside, and no other one', async (t) => {
  const { root, outside, files } = await besideSecret(t)
  await files.refuseLinks(TOP_FOLDERS)
  await nodeFs.mkdir(join(root, 'pictures'))
  await nodeFs.symlink('pictures', join(root, 'output'))
  await files.refuseLinks(TOP_FOLDERS)
  t.match(TOP_FOLDERS, [
    'output',
    'user-series',
    'series',
    'databases',
    'cache',
    'metrics',
    'runs',
    'archives'
  ])
  for (const folder of TOP_FOLDERS) {
    for (const target of [outside, join(outside, 'none'), folder]) {
      await nodeFs.rm(join(root, folder), { force: true })
      await nodeFs.symlink(target, join(root, folder))
      const error = await failureOf(t, files.refuseLinks(TOP_FOLDERS))
      t.equal(
        error.details,
        `${folder} in it is a link that leads out of it or to nothing; mount the folder there instead`
      )
    }
    await nodeFs.rm(join(root, folder))
  }
})

t.test('what is in the way of a file is moved to archives/broken and keeps its content', async (t) => {
  const root = await temporaryFolder(t)
  const files = createFiles({ root })
  await put(root, 'output/simple/annotated/a.png/inner/x', 'x')
  await failureOf(t, files.write('output/simple/annotated/a.png', 'new'))
  await files.write('output/simple/annotated/a.png', 'new', { setAside: true })
  t.equal(await files.setAside('output/simple/annotated/a.png'), true)
  t.equal(await files.setAside('output/simple/annotated/a.png'), false, 'nothing is left')
  await nodeFs.symlink('a.png', join(root, 'output/simple/annotated/a.png'))
  execFileSync('mkfifo', [join(root, 'output/simple/annotated/b.png')])
  await put(root, 'metrics/c', 'c')
  for (const path of ['output/simple/annotated/a.png', 'output/simple/annotated/b.png', 'metrics/c']) {
    t.equal(await files.setAside(path), true, path)
  }
  t.strictSame(await filesBelow(root), [
    'archives/broken/metrics/c',
    'archives/broken/simple/annotated/a.png.2',
    'archives/broken/simple/annotated/a.png/inner/x'
  ])
  t.strictSame((await nodeFs.readdir(join(root, 'archives/broken/simple/annotated'))).sort(), [
    'a.png',
    'a.png.2',
    'a.png.3',
    'b.png'
  ])
  t.equal(await nodeFs.readFile(join(root, 'archives/broken/simple/annotated/a.png.2'), 'utf8'), 'new')
})

t.test('a file in archives/ is whole from the moment that it has its name', async (t) => {
  const root = await temporaryFolder(t)
  const names: string[][] = []
  const rename: Fs['rename'] = async (from, to) => {
    // A backup may read the folder now.
    if (String(to).includes('archives')) names.push(await nodeFs.readdir(join(root, 'archives/simple/title')))
    await nodeFs.rename(from, to)
  }
  const files = createFiles({ root, fs: { ...nodeFs, rename } })
  for (const content of ['first', 'second']) {
    await put(root, 'output/simple/title/a.txt', content)
    t.equal(await files.archive('output/simple/title/a.txt'), true)
  }
  t.match(names, [[/^\..*\.tmp$/], [/^\..*\.tmp$/, 'a.txt']], 'only a temporary file takes the name before')
  t.same(await filesBelow(root), ['archives/simple/title/a.txt', 'archives/simple/title/a.txt.2'])

  // A process was killed between the two: the name is free again after the sweep of the next start.
  await put(root, `archives/simple/title/${names[1]![0]}`, '')
  await nodeFs.rm(join(root, 'archives/simple/title/a.txt.2'))
  t.equal(await files.sweep('.'), 1)
  t.same(await filesBelow(root), ['archives/simple/title/a.txt'])
})

t.test('what is in the way is moved to another disk too', async (t) => {
  const root = await temporaryFolder(t)
  const rename: Fs['rename'] = async (from, to) => {
    if (String(to).includes('archives')) throw systemError('EXDEV')
    await nodeFs.rename(from, to)
  }
  const files = createFiles({ root, fs: { ...nodeFs, rename } })
  await put(root, 'output/simple/annotated/a.png/inner/x', 'x')
  await nodeFs.symlink('elsewhere', join(root, 'output/simple/annotated/a.png/link'))
  execFileSync('mkfifo', [join(root, 'output/simple/annotated/a.png/fifo')])
  await put(root, 'output/simple/annotated/b.png', 'b')
  execFileSync('mkfifo', [join(root, 'output/simple/annotated/c.png')])
  for (const name of ['a', 'b', 'c']) {
    t.equal(await files.setAside(`output/simple/annotated/${name}.png`), true)
  }
  t.strictSame(await filesBelow(root), [
    'archives/broken/simple/annotated/a.png/inner/x',
    'archives/broken/simple/annotated/b.png'
  ])
  t.strictSame(await nodeFs.readdir(join(root, 'output/simple/annotated')), [])
  t.equal(await nodeFs.readlink(join(root, 'archives/broken/simple/annotated/a.png/link')), 'elsewhere')
})

t.test('a file that is longer than the limit counts as missing', async (t) => {
  const root = await temporaryFolder(t)
  const files = createFiles({ root })
  await files.write('text', 'x'.repeat(100))
  t.equal((await files.readText('text', { maxBytes: 100 }))?.length, 100)
  t.equal(await files.readText('text', { maxBytes: 99 }), undefined)
  t.equal(await files.read('text', { maxBytes: 99 }), undefined)
})

/** The real file system on which fsync of files, or of folders, fails. */
function withoutFlush(code: string, fails: 'files' | 'folders'): Fs {
  const open = async (...args: Parameters<typeof nodeFs.open>): Promise<FileHandle> => {
    const handle = await nodeFs.open(...args)
    const isFolder = (await handle.stat()).isDirectory()
    const sync = async () => await Promise.reject(systemError(code))
    return isFolder === (fails === 'folders') ? Object.assign(handle, { sync }) : handle
  }
  return { ...nodeFs, open }
}

t.test('a file system without fsync is a warning once; any other error of fsync is a failure', async (t) => {
  for (const code of ['EINVAL', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP']) {
    for (const fails of ['files', 'folders'] as const) {
      const warnings: string[] = []
      const files = createFiles({
        root: await temporaryFolder(t),
        fs: withoutFlush(code, fails),
        onWarning: (message) => warnings.push(message)
      })
      await files.write('a', 'a')
      await files.write('b', 'b')
      await files.checkWriteAccess()
      t.equal(await files.remove('b'), true)
      t.equal(await files.readText('a'), 'a')
      t.equal(warnings.length, 1, `${code} of ${fails}`)
      t.match(warnings[0], new RegExp(`cannot flush files \\(${code}\\)`))
    }
  }
  for (const code of ['EIO', 'ENOSPC', 'EDQUOT']) {
    const root = await temporaryFolder(t)
    const { files } = counted(root, withoutFlush(code, 'files'))
    t.equal(((await failureOf(t, files.write('a', 'a'))).cause as { code: string }).code, code)
    t.strictSame(await filesBelow(root), [])
  }
})

t.test('a stale handle of a network share is tried again', async (t) => {
  const root = await temporaryFolder(t)
  await put(root, 'there', 'there')
  for (const name of ['open', 'realpath', 'rename', 'readFile', 'stat', 'readdir'] as const) {
    let failures = 2
    const real = nodeFs[name] as (...args: unknown[]) => Promise<unknown>
    const fake = async (...args: unknown[]) => {
      failures -= 1
      if (failures >= 0) throw systemError('ESTALE')
      return await real(...args)
    }
    const { files, seen } = counted(root, { ...nodeFs, [name]: fake } as Fs)
    await files.write('there', 'there')
    t.equal(await files.readText('there'), 'there')
    t.ok(await files.stat('there'))
    t.equal((await files.list('.')).length, 1)
    t.equal(seen.retries, 2, name)
    t.ok(seen.operations.every(Boolean))
  }
})

t.test('names with control characters or invalid UTF-8 do not disturb a listing', async (t) => {
  const root = await temporaryFolder(t)
  const files = createFiles({ root })
  await put(root, 'folder/fine', 'fine')
  const odd = [
    Buffer.from('a\nb\x1b[31m.json'),
    Buffer.from([0x61, 0xff, 0xfe, 0x2e]),
    Buffer.from([0xc3, 0x28])
  ]
  for (const name of odd) {
    await nodeFs.writeFile(Buffer.concat([Buffer.from(`${root}/folder/`), name]), 'odd')
    await nodeFs.mkdir(Buffer.concat([Buffer.from(`${root}/`), name]))
  }
  const entries = await files.list('folder')
  t.equal(entries.length, 4)
  t.strictSame([...(await files.statAll('folder', entries)).keys()].sort(), ['a\nb\x1b[31m.json', 'fine'])
  t.equal(await files.sweep('.'), 0)
  t.equal(entries.filter((entry) => whyNoFile(entry) === 'its name is not UTF-8').length, 2)
})
