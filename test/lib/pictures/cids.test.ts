import { open, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { createPictureCids } from '../../../lib/pictures/cids.ts'
import type { ReadableFile } from '../../../lib/storage/file-cache.ts'
import { expectedCid } from '../../cid.ts'
import { ADDRESS, temporaryFolder } from '../../helper.ts'

/** Pictures in memory, of which there is one. */
function createStored() {
  const state = { content: Buffer.from('first'), modifiedMs: 1, reads: 0, isThere: true }
  const fileOf = () => ({ bytes: state.content.length, modifiedMs: state.modifiedMs })
  return {
    state,
    find: async (series: string, address: string) =>
      state.isThere ? { series, address, ...fileOf() } : undefined,
    async read(): Promise<ReadableFile | undefined> {
      state.reads += 1
      return { ...fileOf(), content: state.content }
    }
  }
}

t.test('each version of a picture is read once, however many ask for it', async (t) => {
  const stored = createStored()
  const { state } = stored
  const cids = createPictureCids(stored)
  const find = async () => await cids.find('simple', ADDRESS)
  const first = expectedCid(Buffer.from('first'))
  t.same(await Promise.all([find(), find()]), [first, first])
  t.equal(await find(), first)
  t.equal(state.reads, 1)

  state.content = Buffer.from('later')
  state.modifiedMs = 2
  t.equal(await find(), expectedCid(Buffer.from('later')), 'of the same size')
  t.equal(state.reads, 2)
  state.isThere = false
  t.equal(await find(), undefined)
  t.equal(state.reads, 2)
})

t.test('what is replaced while it is read is read again', async (t) => {
  const stored = createStored()
  const { state } = stored
  let isFirst = true
  const cids = createPictureCids({
    find: stored.find,
    async read() {
      if (isFirst) Object.assign(state, { content: Buffer.from('other'), modifiedMs: 2 })
      isFirst = false
      return await stored.read()
    }
  })
  t.equal(await cids.find('simple', ADDRESS), expectedCid(Buffer.from('other')))
  Object.assign(state, { content: Buffer.from('first'), modifiedMs: 1 })
  t.equal(await cids.find('simple', ADDRESS), expectedCid(Buffer.from('first')))
})

t.test('a large file is read as a stream, and closed', async (t) => {
  const path = join(await temporaryFolder(t), 'picture.png')
  const content = Buffer.alloc(200_000, 'picture')
  await writeFile(path, content)
  const handle = await open(path)
  const cids = createPictureCids({
    find: createStored().find,
    read: async () => ({ handle, bytes: content.length, modifiedMs: 1 })
  })
  t.equal(await cids.find('simple', ADDRESS), expectedCid(content))
  t.equal(handle.fd, -1)
})
