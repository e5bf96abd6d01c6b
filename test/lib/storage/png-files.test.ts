import * as nodeFs from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { createPngFiles } from '../../../lib/storage/png-files.ts'
import { createFiles } from '../../../lib/storage/files.ts'
import { ADDRESS, plainPng, temporaryFolder } from '../../helper.ts'
import { filesBelow, put } from './faults.ts'
import { openStored } from '../pictures/open-stored.ts'
import { wholePng } from '../pictures/png.ts'

const PATH = 'output/simple/annotated/p.png'

t.test('a PNG is whole with its signature and its end; trailing bytes are tolerated', async (t) => {
  const root = await temporaryFolder(t)
  const png = await plainPng(64)
  const flipped = Buffer.from(png)
  flipped[0] = 0
  const zeros = (count: number) => Buffer.alloc(count)
  const cases: Array<[what: string, content: Buffer, whole: boolean]> = [
    ['a real one', png, true],
    ['the smallest', wholePng(''), true],
    ['with a line end behind it', Buffer.concat([png, Buffer.from('\n')]), true],
    ['with 1000 bytes behind it', Buffer.concat([png, zeros(1000)]), true],
    ['filled up with a block of zeros', Buffer.concat([png.subarray(0, -8), zeros(4096)]), false],
    ['with far too much behind it', Buffer.concat([png, zeros(1024)]), false],
    ['empty', Buffer.alloc(0), false],
    ['one byte', png.subarray(0, 1), false],
    ['the signature only', png.subarray(0, 8), false],
    ['the end only', png.subarray(-12), false],
    ['cut in the middle', png.subarray(0, png.length >> 1), false],
    ['without its last byte', png.subarray(0, -1), false],
    ['another first byte', flipped, false],
    ['a JPEG', Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), zeros(100)]), false],
    ['text', Buffer.from('not found, but at some length'), false],
    ['zeros', zeros(5000), false]
  ]
  for (const [what, content, whole] of cases) {
    await put(root, PATH, content)
    const pngs = createPngFiles(createFiles({ root }))
    t.equal((await pngs.stat(PATH))?.bytes, whole ? content.length : undefined, what)
    const opened = await pngs.open(PATH)
    t.equal(opened !== undefined, whole, what)
    await opened?.handle.close()
  }
})

t.test('each version of a PNG is read once', async (t) => {
  const root = await temporaryFolder(t)
  const files = createFiles({ root })
  let opens = 0
  const pngs = createPngFiles({
    ...files,
    open: async (path) => {
      opens += 1
      return await files.open(path)
    }
  })
  const file = await put(root, PATH, wholePng('one'))
  for (let round = 0; round < 5; round += 1) t.equal((await pngs.stat(PATH))?.bytes, 23)
  t.equal(opens, 1)
  await nodeFs.writeFile(file, wholePng('another'))
  await nodeFs.utimes(file, 5_000, 5_000)
  for (let round = 0; round < 5; round += 1) t.equal((await pngs.stat(PATH))?.bytes, 27)
  t.equal(opens, 2)
  await nodeFs.truncate(file, 26)
  t.equal(await pngs.stat(PATH), undefined, 'cut while the server runs')

  await nodeFs.writeFile(file, 'written here')
  const { size: bytes, mtimeMs: modifiedMs } = await nodeFs.stat(file)
  pngs.trust(PATH, { bytes, modifiedMs })
  t.equal((await pngs.stat(PATH))?.bytes, 12)
  t.equal(opens, 3)
})

t.test(
  'the index is built without opening a picture, and a broken one leaves it when it is found',
  async (t) => {
    const root = await temporaryFolder(t)
    const [a, b, c] = ['a', 'b', 'c'].map((digit) => `0x${digit.repeat(40)}`) as [string, string, string]
    const path = (address: string) => `output/simple/annotated/${address}.png`
    await put(root, path(a), wholePng())
    await put(root, path(b), 'broken')
    await put(root, path(c), 'broken')
    const files = createFiles({ root })
    let opens = 0
    const images = openStored({
      ...files,
      open: async (path) => {
        opens += 1
        return await files.open(path)
      }
    })
    const gone: string[] = []
    images.subscribe((_series, address, file) => file === undefined && gone.push(address))
    await images.build()
    t.equal((await images.newest(0, 9)).length, 3)
    t.equal(opens, 0)
    t.equal(await images.find('simple', b), undefined)
    t.equal(await images.read('simple', c), undefined)
    t.ok(await images.find('simple', a))
    t.equal((await images.newest(0, 9)).length, 1)
    t.strictSame(gone, [b, c])
  }
)

t.test('a broken picture that is found while the index is built does not enter it', async (t) => {
  const root = await temporaryFolder(t)
  await put(root, `output/simple/annotated/${ADDRESS}.png`, 'broken')
  const files = createFiles({ root })
  const images = openStored({
    ...files,
    statAll: async (path, entries) => {
      const stats = await files.statAll(path, entries)
      t.equal(await images.find('simple', ADDRESS), undefined)
      return stats
    }
  })
  await images.build()
  t.equal((await images.newest(0, 9)).length, 0)
})

t.test('a new picture and a new stand-in move what is broken to archives/broken', async (t) => {
  const root = await temporaryFolder(t)
  const images = openStored(createFiles({ root }), { standIns: true })
  await put(root, `output/simple/annotated/${ADDRESS}.png`, 'cut')
  await put(root, `output/simple/standin/${ADDRESS}.png/folder`, 'x')
  t.equal(await images.findStandIn('simple', ADDRESS), undefined)
  t.equal(await images.readStandIn('simple', ADDRESS), undefined)
  t.equal(await images.remove('simple', ADDRESS), false, 'there is no picture to remove')
  await images.putStandIn('simple', ADDRESS, wholePng('stand-in'))
  t.equal((await images.findStandIn('simple', ADDRESS))?.bytes, 28)
  await images.put('simple', ADDRESS, wholePng('picture'))
  await images.put('simple', ADDRESS, wholePng('another'))
  t.strictSame(await filesBelow(root), [
    `archives/broken/simple/annotated/${ADDRESS}.png`,
    `archives/broken/simple/standin/${ADDRESS}.png/folder`,
    `output/simple/annotated/${ADDRESS}.png`
  ])
  const kept = join(root, `archives/broken/simple/annotated/${ADDRESS}.png`)
  t.equal(await nodeFs.readFile(kept, 'utf8'), 'cut')
})
