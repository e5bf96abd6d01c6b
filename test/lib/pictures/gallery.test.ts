import t from 'tap'
import type { Test } from 'tap'
import { readCursor, writeCursor } from '../../../lib/pictures/cursor.ts'
import type { Order } from '../../../lib/pictures/cursor.ts'
import { createGallery } from '../../../lib/pictures/gallery.ts'
import type { PictureFile, PictureListener } from '../../../lib/pictures/stored.ts'

const address = (index: number) => `0x${String(index).padStart(40, '0')}`
const picture = (series: string, index: number, modifiedMs = index): PictureFile => ({
  series,
  address: address(index),
  bytes: 1,
  modifiedMs
})

/** A gallery of pictures that are not on disk; each title is the path of its file. */
async function galleryOf(t: Test, pictures: PictureFile[]) {
  let change: PictureListener = () => {}
  const gallery = createGallery({
    images: {
      newest: async () => pictures,
      subscribe: (listener) => {
        change = listener
        return () => {}
      },
      find: async () => undefined,
      open: async () => undefined
    },
    files: { readText: async (path) => `The ${path}` }
  })
  await gallery.reading
  t.teardown(gallery.stop)
  return { gallery, change: (...args: Parameters<PictureListener>) => change(...args) }
}

const keys = (pictures: PictureFile[]) =>
  pictures.map(({ series, address }) => `${series}/${Number(address)}`)

t.test('pages follow each other to the end, in both orders', async (t) => {
  const { gallery } = await galleryOf(
    t,
    [1, 2, 3, 4, 5, 6].map((at) => picture(at % 2 ? 'odd' : 'even', at))
  )
  const expected = {
    newest: ['even/6', 'odd/5', 'even/4', 'odd/3', 'even/2', 'odd/1'],
    series: ['even/6', 'even/4', 'even/2', 'odd/5', 'odd/3', 'odd/1']
  }
  for (const order of ['newest', 'series'] as Order[]) {
    const found: string[] = []
    let page = await gallery.page({ order, limit: 2 })
    for (;;) {
      t.equal(page.total, 6)
      found.push(...keys(page.pictures))
      if (page.next === undefined) break
      page = await gallery.page({ order, limit: 2, cursor: readCursor(writeCursor(page.next)) })
    }
    t.same(found, expected[order], order)
  }
})

t.test('later pages leave out pictures that are newer than the first page', async (t) => {
  const { gallery, change } = await galleryOf(
    t,
    [1, 2, 3].map((at) => picture('a', at))
  )
  const { next } = await gallery.page({ order: 'newest', limit: 1 })
  change('a', address(4), picture('a', 4))
  t.same(keys((await gallery.page({ order: 'newest', limit: 9, cursor: next })).pictures), ['a/2', 'a/1'])
  t.same(keys((await gallery.page({ order: 'newest', limit: 1 })).pictures), ['a/4'])
})

t.test('a page has only the series and the words of the request', async (t) => {
  const { gallery } = await galleryOf(t, [picture('a', 1), picture('b', 2), picture('b', 3)])
  const one = await gallery.page({ order: 'newest', limit: 9, series: 'b' })
  t.same([keys(one.pictures), one.series], [['b/3', 'b/2'], [{ name: 'b', count: 2 }]])
  const found = await gallery.page({ order: 'newest', limit: 9, text: `THE ${address(3)}` })
  t.same(keys(found.pictures), ['b/3'])
  t.same((await gallery.page({ order: 'newest', limit: 9, text: 'nothing' })).total, 0)
})

t.test('a changed or removed picture is announced once and leaves its neighbours in order', async (t) => {
  const { gallery, change } = await galleryOf(
    t,
    [1, 2, 3].map((at) => picture('a', at))
  )
  let calls = 0
  const changed = new Promise<void>((resolve) => {
    gallery.subscribe(() => {
      calls += 1
      if (calls === 2) resolve()
    })
  })
  change('a', address(2), undefined)
  change('a', address(2), undefined)
  change('a', address(1), picture('a', 1, 9))
  await changed
  t.equal(gallery.revision, 2)
  t.match(gallery.changes, [
    { address: address(1), isThere: true },
    { address: address(2), isThere: false }
  ])
  t.equal(gallery.size, 2)
  const newest = (await gallery.get('a', address(1)))!
  t.match(gallery.neighbours(newest), { newer: undefined, older: { address: address(3) } })
  t.equal(await gallery.get('a', address(2)), undefined)
})

t.test('the format of a cursor stays the same', async (t) => {
  const cursor = {
    order: 'series',
    asOf: 5,
    finishedSeries: 'abcdef',
    modifiedMs: 4,
    series: 'a',
    address: '0x1'
  }
  const text = Buffer.from('["series",5,"abcdef",4,"a","0x1"]').toString('base64url')
  t.equal(writeCursor({ ...cursor, order: 'series' }), text)
  t.same(readCursor(text), cursor)
  for (const invalid of ['', 'x', Buffer.from('["other",5,"",4,"a","0x1"]').toString('base64url')]) {
    t.equal(readCursor(invalid), undefined)
  }
})
