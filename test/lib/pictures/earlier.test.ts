import t from 'tap'
import { hasEarlier } from '../../../lib/pictures/earlier.ts'
import { createFiles } from '../../../lib/storage/files.ts'
import { ADDRESS, temporaryFolder } from '../../helper.ts'

t.test('a picture has an earlier version if a copy of it is in the archive', async (t) => {
  const files = createFiles({ root: await temporaryFolder(t) })
  const has = async (address = ADDRESS, series = 'simple') => await hasEarlier(files, series, address)
  t.equal(await has(), false, 'there is no archive')
  await files.write(`output/simple/annotated/${ADDRESS}.png`, 'now')
  await files.write(`archives/simple/generated/${ADDRESS}.png`, 'a drawing')
  await files.write(`archives/broken/simple/annotated/${ADDRESS}.png`, 'broken')
  t.equal(await has(), false)

  const path = `archives/simple/annotated/${ADDRESS}.png`
  await files.write(path, 'first')
  t.equal(await has(), true)
  t.equal(await has(ADDRESS, 'noir'), false, 'another series has its own')
  t.equal(await has(ADDRESS.replace('0xf', '0xa')), false)

  await files.write(`${path}.2`, 'second')
  await files.remove(path)
  t.equal(await has(), true, 'a later copy is enough')
  await files.remove(`${path}.2`)
  t.equal(await has(), false)
})

t.test('copies of a picture with a similar name do not count', async (t) => {
  const files = createFiles({ root: await temporaryFolder(t) })
  await files.write('archives/simple/annotated/a.png.b.png', 'of the picture a.png.b')
  await files.write('archives/simple/annotated/a.png.notes', 'of another program')
  t.equal(await hasEarlier(files, 'simple', 'a'), false)
  t.equal(await hasEarlier(files, 'simple', 'a.png.b'), true)
  await files.makeFolder('archives/simple/annotated/folder.png')
  t.equal(await hasEarlier(files, 'simple', 'folder'), false, 'a folder is no copy')
})
