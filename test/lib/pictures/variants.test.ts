import { readdir, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import type { Test } from 'tap'
import { createEncodeQueue } from '../../../lib/image/encode-queue.ts'
import type { EncodeQueue } from '../../../lib/image/encode-queue.ts'
import { FORMATS } from '../../../lib/pictures/variant-request.ts'
import type { VariantRequest } from '../../../lib/pictures/variant-request.ts'
import { THUMBNAIL, createVariants } from '../../../lib/pictures/variants.ts'
import type { Variants } from '../../../lib/pictures/variants.ts'
import { createFiles } from '../../../lib/storage/files.ts'
import { ADDRESS, plainPng, temporaryFolder, until } from '../../helper.ts'
import { contentOf } from '../../readable.ts'

const REQUEST = { width: 64, format: 'png' } as const
const { signal } = new AbortController()
const CLIENT = { id: 'client', signal }
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
    ...queue,
    add: (task, client, goesFirst) => {
      state.tasks += 1
      return queue.add(task, client, goesFirst)
    }
  }
  return { encodeQueue, state }
}

/** Keeps all slots of a queue busy until the result is called. */
function occupy(queue: EncodeQueue): () => Promise<void> {
  let release = () => {}
  const released = new Promise<void>((resolve) => {
    release = resolve
  })
  const busy = [1, 2].map(async () => await queue.run(async () => await released))
  return async () => {
    release()
    await Promise.all(busy)
  }
}

async function openAndClose(
  variants: Variants,
  address: string,
  id = 'client',
  request: VariantRequest = REQUEST
): Promise<number> {
  const { file } = (await variants.read('simple', address, request, { ...CLIENT, id }))!
  return (await contentOf(file))!.length
}

t.test('concurrent requests share one encode, and the result is kept', async (t) => {
  const { files } = await setUp(t, [ADDRESS])
  const { encodeQueue, state } = countingQueue()
  const variants = createVariants({ files, encodeQueue, maxBytes: 1e9 })
  await Promise.all(Array.from({ length: 20 }, async () => await openAndClose(variants, ADDRESS)))
  await openAndClose(variants, ADDRESS)
  t.equal(state.tasks, 1)
  t.equal(await variants.read('simple', address('1'), REQUEST, CLIENT), undefined, 'no picture, no variant')
})

t.test('a variant that no request waits for is not made', async (t) => {
  const { files, cached } = await setUp(t, [ADDRESS])
  const client = new AbortController()
  const { encodeQueue, state } = countingQueue()
  const release = occupy(encodeQueue)
  const variants = createVariants({
    files,
    encodeQueue: {
      ...encodeQueue,
      add(task, id, goesFirst) {
        client.abort(new Error('left'))
        return encodeQueue.add(task, id, goesFirst)
      }
    },
    maxBytes: 1e9
  })
  await t.rejects(variants.read('simple', ADDRESS, REQUEST, { ...CLIENT, signal: client.signal }), {
    message: 'left'
  })
  await variants.stop()
  t.equal(state.tasks, 1, 'it has left the queue, which is still busy')
  await release()
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
  await t.rejects(variants.read('simple', ADDRESS, REQUEST, CLIENT), { message: 'full' })
  isFull = false
  clock = 29_999
  await t.rejects(variants.read('simple', ADDRESS, REQUEST, CLIENT), { code: 'FILE_SYSTEM_ERROR' })
  t.equal(state.tasks, 1)
  clock = 30_000
  await openAndClose(variants, ADDRESS)
  t.equal(state.tasks, 2)
})

t.test('clients take turns, and sizes of the gallery go before others', async (t) => {
  const addresses = ['1', '2', '3', '4'].map(address)
  const { files } = await setUp(t, addresses)
  const queue = createEncodeQueue()
  const order: string[] = []
  const variants = createVariants({
    files,
    encodeQueue: {
      ...queue,
      add: (task, client, goesFirst) =>
        queue.add(
          async () => {
            order.push(`${client} ${goesFirst}`)
            return await task()
          },
          client,
          goesFirst
        )
    },
    maxBytes: 1e9
  })
  const release = occupy(queue)
  const thumbnail = { width: THUMBNAIL, format: 'webp' } as const
  const requests = addresses.flatMap((each) =>
    FORMATS.map(async (format) => await openAndClose(variants, each, 'flood', { width: 64, format }))
  )
  requests.push(openAndClose(variants, addresses[0]!, 'flood', thumbnail))
  await until(() => variants.underway === 17)
  requests.push(openAndClose(variants, addresses[1]!, 'other', thumbnail))
  // The same picture as the flood has far behind in its line.
  requests.push(openAndClose(variants, addresses[3]!, 'third', { width: 64, format: 'png' }))
  await until(() => variants.underway === 18)
  await release()
  await Promise.all(requests)
  t.same(order.slice(0, 2).sort(), ['flood true', 'other true'])
  t.equal(order.length, 18)
})

t.test('one client cannot fill the room of conversions', async (t) => {
  const { files } = await setUp(t, ['1', '2'].map(address))
  const many = Array.from({ length: 301 }, (_, index) => `0x${index.toString(16).padStart(40, '0')}`)
  const png = await plainPng(8)
  for (const each of many) await files.write(`output/simple/annotated/${each}.png`, png)
  const { encodeQueue } = countingQueue()
  const release = occupy(encodeQueue)
  const variants = createVariants({ files, encodeQueue, maxBytes: 1e9 })
  const flood = many.slice(0, 300).map(async (each) => await openAndClose(variants, each, 'flood'))
  await until(() => variants.underway === 300)
  await t.rejects(openAndClose(variants, many[300]!, 'flood'), { code: 'SERVICE_UNAVAILABLE', retryAfter: 5 })
  const others = [
    openAndClose(variants, many[300]!, 'other'),
    openAndClose(variants, many[300]!, 'flood', { width: THUMBNAIL, format: 'webp' })
  ]
  await until(() => variants.underway === 302)
  await release()
  await Promise.all([...flood, ...others])
})

t.test('on a disk that is almost full the cache does not grow', async (t) => {
  const addresses = ['1', '2'].map(address)
  const { files, cached } = await setUp(t, addresses)
  let isLow = true
  const { encodeQueue } = countingQueue()
  const variants = createVariants({ files, encodeQueue, maxBytes: 1e9, isDiskLow: async () => isLow })
  await t.rejects(openAndClose(variants, addresses[0]!), { code: 'FILE_SYSTEM_ERROR' })
  isLow = false
  await openAndClose(variants, addresses[0]!)
  isLow = true
  await openAndClose(variants, addresses[1]!)
  await until(async () => (await cached()).length === 1)
  t.match(await cached(), [new RegExp(`^${addresses[1]!}`)])
})
