import t from 'tap'
import type { Test } from 'tap'
import { readCursor, writeCursor } from '../../../lib/engine/cursor.ts'
import type { Order } from '../../../lib/engine/cursor.ts'
import type { Engine } from '../../../lib/engine/engine.ts'
import type { PictureFile } from '../../../lib/engine/pictures.ts'
import { until } from '../../helper.ts'
import type { TestStore } from './engine-suite.ts'
import { addressOf } from './engine-suite.ts'

interface Wanted {
  series: string
  index: number
  /** Unix seconds. */
  at?: number
  title?: string
}

const keys = (pictures: PictureFile[]) =>
  pictures.map(({ series, address }) => `${series}/${Number(address)}`)

/** A store that is opened for its pictures only. */
export interface PicturesUnderTest {
  name: string
  createStore(t: Test): Promise<
    Pick<TestStore, 'writePicture'> & {
      /** The index has the pictures that were written before. */
      connect(): Promise<{ engine: Pick<Engine, 'pictures'> }>
    }
  >
}

/** What the picture index of every engine must do. */
export function testPictureIndex({ name, createStore }: PicturesUnderTest): void {
  async function open(t: Test, ...existing: Wanted[]) {
    const store = await createStore(t)
    const write = async ({ series, index, at = index, title = `Number ${index} of ${series}` }: Wanted) =>
      await store.writePicture({ series, address: addressOf(index), modifiedMs: at * 1_000 }, title)
    for (const picture of existing) await write(picture)
    const { pictures } = (await store.connect()).engine
    // The first page waits until the pictures that exist are listed.
    await pictures.page({ order: 'newest', limit: 1 })
    return { pictures, write, put: async (wanted: Wanted) => await pictures.put(await write(wanted)) }
  }

  t.test(`${name}: pages of pictures follow each other to the end, in both orders`, async (t) => {
    const numbers = [1, 2, 3, 4, 5, 6]
    const { pictures, put } = await open(t, { series: 'odd', index: 1 }, { series: 'even', index: 2 })
    for (const index of numbers.slice(2)) await put({ series: index % 2 ? 'odd' : 'even', index })
    const expected = {
      newest: ['even/6', 'odd/5', 'even/4', 'odd/3', 'even/2', 'odd/1'],
      series: ['even/6', 'even/4', 'even/2', 'odd/5', 'odd/3', 'odd/1']
    }
    for (const order of ['newest', 'series'] as Order[]) {
      const found: string[] = []
      let page = await pictures.page({ order, limit: 2 })
      for (;;) {
        t.equal(page.total, 6)
        found.push(...keys(page.pictures))
        if (page.next === undefined) break
        page = await pictures.page({ order, limit: 2, cursor: readCursor(writeCursor(page.next)) })
      }
      t.same(found, expected[order], order)
      const rest = await pictures.page({ order, limit: 2, without: new Set(['even', 'none']) })
      t.same(keys(rest.pictures), ['odd/5', 'odd/3'], `${order} without a series`)
      t.same([rest.total, rest.series], [3, [{ name: 'odd', count: 3 }]])
      const last = await pictures.page({ order, limit: 2, without: new Set(['even']), cursor: rest.next })
      t.same([keys(last.pictures), last.next], [['odd/1'], undefined])
    }
    t.equal(pictures.size, 6)
  })

  t.test(`${name}: later pages leave out pictures that are newer than the first page`, async (t) => {
    const { pictures, put } = await open(
      t,
      { series: 'a', index: 1 },
      { series: 'a', index: 2 },
      { series: 'a', index: 3 }
    )
    const { next } = await pictures.page({ order: 'newest', limit: 1 })
    await put({ series: 'a', index: 4 })
    t.same(keys((await pictures.page({ order: 'newest', limit: 9, cursor: next })).pictures), ['a/2', 'a/1'])
    t.same(keys((await pictures.page({ order: 'newest', limit: 1 })).pictures), ['a/4'])
  })

  t.test(`${name}: a page has only the series and the words of the request`, async (t) => {
    const { pictures } = await open(
      t,
      { series: 'a', index: 1, title: 'The calm owl' },
      { series: 'b', index: 2, title: 'The calm fox' },
      { series: 'b', index: 3, title: 'An angry OWL' }
    )
    await until(() => pictures.unread === 0)
    const one = await pictures.page({ order: 'newest', limit: 9, series: 'b' })
    t.same([keys(one.pictures), one.series], [['b/3', 'b/2'], [{ name: 'b', count: 2 }]])
    const search = async (text: string) =>
      keys((await pictures.page({ order: 'newest', limit: 9, text })).pictures)
    t.same(await search('owl'), ['b/3', 'a/1'])
    t.same(await search('CALM owl'), ['a/1'])
    t.same(await search(`angry ${addressOf(3)}`), ['b/3'])
    t.same((await pictures.page({ order: 'newest', limit: 9, text: 'nothing' })).total, 0)
    t.match(await pictures.get('a', addressOf(1)), { title: 'The calm owl' })
  })

  t.test(
    `${name}: each change of a picture is announced once, and its neighbours stay in order`,
    async (t) => {
      const existing = [1, 2, 3].map((index) => ({ series: 'a', index }))
      const { pictures, put } = await open(t, ...existing)
      await until(() => pictures.unread === 0)
      let calls = 0
      // A database goes on counting after a restart.
      const { revision } = pictures
      const unsubscribe = pictures.subscribe(() => (calls += 1))
      await pictures.remove('a', addressOf(2))
      await pictures.remove('a', addressOf(2))
      await put({ series: 'a', index: 1, at: 9 })
      await until(() => pictures.revision === revision + 2)
      t.equal(calls, 2)
      t.match(pictures.changes.slice(0, 2), [
        { revision: revision + 2, address: addressOf(1), isThere: true },
        { revision: revision + 1, address: addressOf(2), isThere: false }
      ])
      t.equal(pictures.size, 2)
      const newest = (await pictures.get('a', addressOf(1)))!
      t.match(await pictures.neighbours(newest), { newer: undefined, older: { address: addressOf(3) } })
      t.match(await pictures.find('a', addressOf(3)), { series: 'a', modifiedMs: 3_000 })
      t.ok(pictures.mayHave('a', addressOf(3)))
      unsubscribe()
      await pictures.remove('a', addressOf(3))
      t.equal(calls, 2)
    }
  )
}
