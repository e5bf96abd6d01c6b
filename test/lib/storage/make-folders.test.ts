import * as nodeFs from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { makeFolders } from '../../../lib/storage/make-folders.ts'
import { temporaryFolder } from '../../helper.ts'

const isFolder = async (path: string) => (await nodeFs.stat(path)).isDirectory()

t.test('missing folders are made, however many calls make them at once', async (t) => {
  const root = await temporaryFolder(t)
  await Promise.all(['a/b/c', 'a/b/d', 'a/b/c', 'a'].map((path) => makeFolders(nodeFs, join(root, path))))
  t.ok(await isFolder(join(root, 'a/b/c')))
  t.ok(await isFolder(join(root, 'a/b/d')))
  await makeFolders(nodeFs, join(root, 'a/b'))
  await nodeFs.symlink(join(root, 'a'), join(root, 'link'))
  await makeFolders(nodeFs, join(root, 'link/e'))
  t.ok(await isFolder(join(root, 'a/e')))
})

t.test('where no folder can be made, the error of the system says why', async (t) => {
  const root = await temporaryFolder(t)
  await nodeFs.writeFile(join(root, 'file'), '')
  await t.rejects(makeFolders(nodeFs, join(root, 'file')), { code: 'EEXIST' })
  await t.rejects(makeFolders(nodeFs, join(root, 'file/below')), { code: 'ENOTDIR' })
  if (process.platform === 'linux') {
    await t.rejects(makeFolders(nodeFs, '/proc/nothing/can/be/made'), { code: 'ENOENT' })
  }
})
