import * as nodeFs from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { createPictureFiles } from '../../../../../lib/engine/embedded/pictures/picture-files.ts'
import { createFiles } from '../../../../../lib/storage/files.ts'
import { createPngFiles } from '../../../../../lib/storage/png-files.ts'
import { temporaryFolder } from '../../../../helper.ts'
import { openStored } from '../../../pictures/open-stored.ts'
import type { OpenStored } from '../../../pictures/open-stored.ts'
import { wholePng } from '../../../pictures/png.ts'
import { failing, failureOf, filesBelow, put } from '../../../storage/faults.ts'
import { contentOf } from '../../../../readable.ts'

const address = (digit: string) => `0x${digit.repeat(40)}`
const [A, B, C, D] = ['a', 'b', 'c', 'd'].map(address) as [string, string, string, string]
const path = (series: string, address: string) => `output/${series}/annotated/${address}.png`
const names = async (images: OpenStored, skip = 0, take = 100) =>
  (await images.newest(skip, take)).map(({ series, address }) => `${series}/${address[2]}`)

async function putAged(
  root: string,
  series: string,
  address: string,
  unixSeconds: number,
  content = 'png'
): Promise<void> {
  await nodeFs.utimes(await put(root, path(series, address), wholePng(content)), unixSeconds, unixSeconds)
}

t.test('the data folder of a Go server is read, newest picture first', async (t) => {
  const root = await temporaryFolder(t)
  await putAged(root, 'simple', A, 1_000, '12345')
  await putAged(root, 'simple', B, 3_000)
  await putAged(root, 'other', A, 2_000)
  await putAged(root, 'other', C, 4_000)
  for (const other of [
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

  const images = openStored(createFiles({ root }))
  await images.build()
  t.strictSame(await names(images), ['other/c', 'simple/b', 'other/a', 'simple/a'])
  t.strictSame(await images.newest(3, 1), [
    { series: 'simple', address: A, bytes: 25, modifiedMs: 1_000_000 }
  ])
  t.strictSame(await names(images, 1, 2), ['simple/b', 'other/a'], 'a page of them')
  t.strictSame(await names(images, 4, 2), [], 'behind the end')
  t.equal((await names(images)).length, 4)
  t.equal(await images.find('simple', address('e')), undefined, 'a folder is not a picture')
})

t.test('without an output folder there are no pictures', async (t) => {
  const images = openStored(createFiles({ root: await temporaryFolder(t) }))
  await images.build()
  t.equal((await names(images)).length, 0)
  t.strictSame(await names(images), [])
  t.equal(await images.find('simple', A), undefined)
  t.equal(await images.read('simple', A), undefined)
  t.equal(await images.remove('simple', A), false)
})

t.test('the index follows the pictures of another process', async (t) => {
  const root = await temporaryFolder(t)
  const own = openStored(createFiles({ root }))
  await putAged(root, 'simple', A, 1_000)
  await own.build()
  const changes: string[] = []
  own.subscribe((series, address, file) => changes.push(`${file ? '+' : '-'}${series}/${address[2]}`))
  await own.follow()
  t.same(changes, [])

  const other = openStored(createFiles({ root }))
  await other.put('birds', B, wholePng('b'))
  await other.put('simple', C, wholePng('c'))
  await own.follow()
  t.same(changes.splice(0).sort(), ['+birds/b', '+simple/c'])
  t.same((await names(own)).sort(), ['birds/b', 'simple/a', 'simple/c'])
  await other.remove('simple', A)
  await other.put('birds', B, wholePng('b again'))
  await own.follow()
  t.same(changes.splice(0).sort(), ['+birds/b', '-simple/a'])
  await nodeFs.rm(join(root, 'output/birds/annotated'), { recursive: true })
  await own.follow()
  t.same(changes.splice(0), ['-birds/b'], 'also when the folder is gone')
  await own.follow()
  t.same(changes, [])
})

t.test('a picture that is not found stays in the list while the folder is another one', async (t) => {
  const root = await temporaryFolder(t)
  await putAged(root, 'simple', A, 1_000)
  const files = createFiles({ root })
  let isOther = true
  const isReplaced = async () => isOther
  const list = createPictureFiles(files, createPngFiles(files), undefined, { isReplaced })
  await list.build()
  await nodeFs.rm(join(root, 'output'), { recursive: true })
  t.equal(await list.find('simple', A), undefined)
  t.match(list.get('simple', A), { address: A })
  isOther = false
  t.equal(await list.find('simple', A), undefined)
  t.equal(list.get('simple', A), undefined)
})

t.test('the list keeps one object of a picture until its file changes', async (t) => {
  const root = await temporaryFolder(t)
  await putAged(root, 'simple', A, 1_000)
  const files = createFiles({ root })
  const list = createPictureFiles(files, createPngFiles(files), (file) => ({ ...file, title: '' }))
  await list.build()
  const first = list.get('simple', A)!
  const changes: unknown[][] = []
  list.subscribe((_series, _address, ...change) => changes.push(change))

  list.put({ series: 'simple', address: A, bytes: first.bytes, modifiedMs: first.modifiedMs })
  t.equal(list.get('simple', A), first)
  list.put({ series: 'simple', address: A, bytes: 9, modifiedMs: 2_000_000 })
  const second = list.get('simple', A)!
  t.strictSame(second, { series: 'simple', address: A, bytes: 9, modifiedMs: 2_000_000, title: '' })
  t.strictSame(list.entries(), [second])
  list.remove('simple', A)
  list.remove('simple', A)
  const expected = [
    [first, first],
    [second, first],
    [undefined, second],
    [undefined, undefined]
  ]
  t.ok(
    changes.length === expected.length &&
      expected.every((change, index) => change.every((file, at) => file === changes[index]![at])),
    'each change names the objects after it and before it'
  )
})

t.test('pictures that are put or removed change the index at once', async (t) => {
  const root = await temporaryFolder(t)
  await putAged(root, 'simple', A, 1_000)
  await putAged(root, 'simple', B, 2_000)
  const images = openStored(createFiles({ root }))
  await images.build()

  await images.put('simple', C, Buffer.from('new one'))
  t.strictSame(await names(images), ['simple/c', 'simple/b', 'simple/a'])
  t.match((await images.newest(0, 1))[0], { bytes: 7 })
  t.equal((await images.find('simple', C))?.bytes, 7)
  t.equal(String(await contentOf(await images.read('simple', C))), 'new one')

  await images.put('simple', A, Buffer.from('again'))
  t.strictSame(
    await names(images),
    ['simple/a', 'simple/c', 'simple/b'],
    'a picture that is made again is the newest, and is listed once'
  )
  t.equal((await names(images)).length, 3)

  t.equal(await images.remove('simple', C), true)
  t.equal(await images.remove('simple', C), false)
  t.strictSame(await names(images), ['simple/a', 'simple/b'])
  t.strictSame(await filesBelow(root), [
    `archives/simple/annotated/${C}.png`,
    path('simple', A),
    path('simple', B)
  ])
})

t.test('a put that fails changes nothing', async (t) => {
  const root = await temporaryFolder(t)
  await putAged(root, 'simple', A, 1_000)
  const images = openStored(createFiles({ root, fs: failing('rename', 'ENOSPC').fs }))
  await images.build()
  await failureOf(t, images.put('simple', B, Buffer.from('x')))
  t.strictSame(await names(images), ['simple/a'])
  t.equal(await images.find('simple', B), undefined)
})

t.test('find corrects the index after a change on disk', async (t) => {
  const root = await temporaryFolder(t)
  await putAged(root, 'simple', A, 1_000)
  await putAged(root, 'simple', B, 2_000)
  const images = openStored(createFiles({ root }))
  await images.build()

  await nodeFs.rm(join(root, path('simple', B)))
  t.equal(await images.find('simple', B), undefined, 'one vanished')
  t.strictSame(await names(images), ['simple/a'])

  await putAged(root, 'simple', C, 3_000, 'four')
  t.strictSame(
    await images.find('simple', C),
    { series: 'simple', address: C, bytes: 24, modifiedMs: 3_000_000 },
    'one appeared'
  )
  t.strictSame(await names(images), ['simple/c', 'simple/a'])

  await putAged(root, 'simple', A, 4_000, 'longer than before')
  t.match(await images.find('simple', A), { bytes: 38, modifiedMs: 4_000_000 }, 'one was replaced')
  t.strictSame(await names(images), ['simple/a', 'simple/c'])
  t.equal((await names(images)).length, 2)
})

t.test('changes during the build of the index are kept', async (t) => {
  const root = await temporaryFolder(t)
  await putAged(root, 'other', A, 500)
  await putAged(root, 'simple', A, 1_000)
  await putAged(root, 'simple', B, 2_000)
  const files = createFiles({ root })
  const listed = createGate()
  const goOn = createGate()
  const images = openStored({
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
  let isAnswered = false
  const newest = names(images).finally(() => {
    isAnswered = true
  })
  await files.list('.')
  t.notOk(isAnswered, 'newest waits until the index is built')
  goOn.open()

  t.strictSame(await newest, ['simple/a', 'simple/c', 'other/a'])
  t.equal((await names(images)).length, 3)
  await building
  t.strictSame(await names(images), ['simple/a', 'simple/c', 'other/a'])
  t.match((await images.newest(0, 1))[0], { bytes: 5 })
})
function createGate(): { opened: Promise<void>; open: () => void } {
  let open = () => {}
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { opened, open }
}
t.test(
  'the newest pictures come first by their time on disk; finding them does not change the order',
  async (t) => {
    const root = await temporaryFolder(t)
    const images = openStored(createFiles({ root }))
    const [a, b, c] = ['a', 'b', 'c'].map((digit) => `0x${digit.repeat(40)}`) as [string, string, string]
    await images.put('simple', a, wholePng('a'))
    await images.put('simple', b, wholePng('b'))
    await nodeFs.mkdir(join(root, 'output/simple/annotated'), { recursive: true })
    await nodeFs.writeFile(join(root, 'output/simple/annotated', `${c}.png`), wholePng('c'))
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
  }
)
