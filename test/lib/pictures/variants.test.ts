import { readdir, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import type { Test } from 'tap'
import { createEncodeQueue } from '../../../lib/image/encode-queue.ts'
import type { EncodeQueue } from '../../../lib/image/encode-queue.ts'
import { createVariants } from '../../../lib/pictures/variants.ts'
import type { Variants } from '../../../lib/pictures/variants.ts'
import { createFiles } from '../../../lib/storage/files.ts'
import { ADDRESS, plainPng, temporaryFolder } from '../../helper.ts'

const REQUEST = { width: 64, format: 'png' } as const
const { signal } = new AbortController()
const address = (digit: string) => `0x${digit.repeat(40)}`

async function setUp(t: Test, addresses: string[]) {
  const root = await temporaryFolder(t)
  const files = createFiles({ root })
  const png = await plainPng(128)
  for (const each of addresses) await files.write(`output/simple/annotated/${each}.png`, png)
  return { root, files, cached: async () => await readdir(join(root, 'cache/simple')).catch(() => []) }
}

/** Counts the tasks of a real queue. */
function countingQueue() {
  const queue = createEncodeQueue()
  const state = { tasks: 0 }
  const encodeQueue: EncodeQueue = {
    run: async (task, signal, isUrgent) => {
      state.tasks += 1
      return await queue.run(task, signal, isUrgent)
    }
  }
  return { encodeQueue, state }
}

async function openAndClose(variants: Variants, address: string): Promise<number> {
  const handle = (await variants.open('simple', address, REQUEST, signal))!
  const { size } = await handle.stat()
  await handle.close()
  return size
}

t.test('concurrent requests share one encode, and the result is kept', async (t) => {
  const { files } = await setUp(t, [ADDRESS])
  const { encodeQueue, state } = countingQueue()
  const variants = createVariants({ files, encodeQueue, maxBytes: 1e9 })
  await Promise.all(Array.from({ length: 20 }, async () => await openAndClose(variants, ADDRESS)))
  await openAndClose(variants, ADDRESS)
  t.equal(state.tasks, 1)
  t.equal(await variants.open('simple', address('1'), REQUEST, signal), undefined, 'no picture, no variant')
})

t.test('a variant that no request waits for is not made', async (t) => {
  const { files, cached } = await setUp(t, [ADDRESS])
  let begin = () => {}
  const encodeQueue: EncodeQueue = {
    run: async (task) => {
      await new Promise<void>((resolve) => {
        begin = resolve
        client.abort(new Error('left'))
      })
      return await task()
    }
  }
  const client = new AbortController()
  const variants = createVariants({ files, encodeQueue, maxBytes: 1e9 })
  await t.rejects(variants.open('simple', ADDRESS, REQUEST, client.signal), { message: 'left' })
  begin()
  await variants.stop()
  t.same(await cached(), [])
})

t.test('a full cache removes the variants that were not requested for the longest time', async (t) => {
  const addresses = ['1', '2', '3', '4'].map(address)
  const { root, files, cached } = await setUp(t, addresses)
  const first = createVariants({ files, encodeQueue: createEncodeQueue(), maxBytes: 1e9 })
  const size = await openAndClose(first, addresses[0]!)
  for (const each of addresses.slice(1, 3)) await openAndClose(first, each)
  for (const [index, name] of (await cached()).sort().entries()) {
    await utimes(join(root, 'cache/simple', name), 1000 + index, 1000 + index)
  }
  await files.write('cache/simple/strange.txt', 'not a variant')

  let removed = () => {}
  const removal = new Promise<void>((resolve) => {
    removed = resolve
  })
  const watched = {
    ...files,
    remove: async (path: string) => await files.remove(path).finally(removed)
  }
  const { encodeQueue, state } = countingQueue()
  const second = createVariants({ files: watched, encodeQueue, maxBytes: size * 3 })
  await second.load()
  await openAndClose(second, addresses[0]!)
  t.equal(state.tasks, 0, 'the variants of the first start are found')
  await openAndClose(second, addresses[3]!)
  await removal
  t.same((await cached()).map((name) => name[2]).sort(), ['1', '3', '4', 'r'])
})

t.test('after a failed write no variants are made for half a minute', async (t) => {
  const { files } = await setUp(t, [ADDRESS])
  const { encodeQueue, state } = countingQueue()
  let clock = 0
  let isFull = true
  const variants = createVariants({
    files: {
      ...files,
      write: async (path, content) => {
        if (isFull) throw new Error('full')
        await files.write(path, content)
      }
    },
    encodeQueue,
    maxBytes: 1e9,
    now: () => clock
  })
  await t.rejects(variants.open('simple', ADDRESS, REQUEST, signal), { message: 'full' })
  isFull = false
  clock = 29_999
  await t.rejects(variants.open('simple', ADDRESS, REQUEST, signal), { code: 'FILE_SYSTEM_ERROR' })
  t.equal(state.tasks, 1)
  clock = 30_000
  await openAndClose(variants, ADDRESS)
  t.equal(state.tasks, 2)
})
