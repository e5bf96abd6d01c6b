import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import t from 'tap'
import type { Test } from 'tap'
import { createEncodeQueue } from '../../../lib/image/encode-queue.ts'
import { createVariants } from '../../../lib/pictures/variants.ts'
import type { Source } from '../../../lib/pictures/variants.ts'
import { createFiles } from '../../../lib/storage/files.ts'
import type { Files } from '../../../lib/storage/files.ts'
import { ADDRESS, plainPng, temporaryFolder, until } from '../../helper.ts'

const SQUARE = { width: 50, fit: 'square', format: 'png' } as const
const CLIENT = { id: 'client', signal: new AbortController().signal }
const KILOBYTE = 1024
const addressOf = (index: number) => `0x${index.toString(16).padStart(40, '0')}`

async function setUp(t: Test, change: (files: Files) => Partial<Files> = () => ({})) {
  const root = await temporaryFolder(t)
  const files = createFiles({ root })
  await files.write(`output/simple/annotated/${ADDRESS}.png`, await plainPng(64))
  const parts = {
    files: { ...files, ...change(files) },
    encodeQueue: createEncodeQueue(),
    maxBytes: 320 * KILOBYTE
  }
  const cached = async () => await readdir(join(root, 'cache/simple')).catch(() => [])
  return { files, parts, cached }
}

/** A placeholder of a few bytes, and how often it was made. */
function placeholderOf(address: string, version = '1-0') {
  const made = { count: 0 }
  const source: Source = {
    kind: 'placeholder',
    series: 'simple',
    address,
    version,
    convert: async () => {
      made.count += 1
      return Buffer.from(`placeholder ${version}`)
    }
  }
  return { source, made }
}

t.test(
  'an image of any size is sent before it is written, made once, and found at the next start',
  async (t) => {
    let write = () => {}
    const mayWrite = new Promise<void>((resolve) => (write = resolve))
    const { parts, cached } = await setUp(t, (files) => ({
      async write(...given) {
        await mayWrite
        await files.write(...given)
      }
    }))
    const variants = createVariants(parts)
    const { source, made } = placeholderOf(addressOf(1))
    const first = await variants.convert(source, SQUARE, CLIENT)
    t.strictSame(await variants.convert(source, SQUARE, CLIENT), first, 'from memory, while the disk is slow')
    t.strictSame(await cached(), [])
    write()
    await variants.stop()
    t.strictSame(await cached(), [`${addressOf(1)}.placeholder.1-0.s50.png`])

    const next = createVariants(parts)
    await next.load()
    t.strictSame(await next.convert(source, SQUARE, CLIENT), first)
    t.equal(made.count, 1)
    const newer = placeholderOf(addressOf(1), '2-0')
    await next.convert(newer.source, SQUARE, CLIENT)
    await until(async () => (await cached()).join() === `${addressOf(1)}.placeholder.2-0.s50.png`)
  }
)

t.test('an image that cannot be written is sent, and writes pause', async (t) => {
  let attempts = 0
  const { parts } = await setUp(t, () => ({
    async write() {
      attempts += 1
      throw new Error('full')
    }
  }))
  const unkept: unknown[] = []
  const variants = createVariants({ ...parts, onUnkept: (error) => unkept.push(error), now: () => 0 })
  const source = (await variants.fileSource('annotated', 'simple', ADDRESS))!
  for (const width of [50, 51, 52]) {
    const content = await variants.convert(source, { ...SQUARE, width }, CLIENT)
    t.match(await sharp(content).metadata(), { width, height: width })
    await until(() => unkept.length === 1)
  }
  t.equal(attempts, 1, 'one attempt, which is logged once')
})

t.test('placeholders lose their place to pictures, and keep an eighth of a full cache', async (t) => {
  const { parts, cached } = await setUp(t)
  const variants = createVariants(parts)
  // Each of them counts as a block of 4 KiB: 80 fit into the cache.
  for (let index = 0; index < 100; index += 1) {
    await variants.convert(placeholderOf(addressOf(index)).source, SQUARE, {
      ...CLIENT,
      id: `client ${index}`
    })
  }
  await variants.stop()
  const next = createVariants(parts)
  await next.load()
  const source = (await next.fileSource('annotated', 'simple', ADDRESS))!
  for (let width = 16; width < 116; width += 1) await next.convert(source, { ...SQUARE, width }, CLIENT)
  await next.stop()
  const isPlaceholder = (name: string) => name.includes('.placeholder.')
  await until(async () => (await cached()).length === 80)
  t.equal((await cached()).filter(isPlaceholder).length, 10)
})

t.test('a source that has been replaced gives nothing', async (t) => {
  const { files, parts } = await setUp(t)
  const variants = createVariants(parts)
  const source = (await variants.fileSource('annotated', 'simple', ADDRESS))!
  await files.write(`output/simple/annotated/${ADDRESS}.png`, await plainPng(70))
  t.equal(await variants.convert(source, SQUARE, CLIENT), undefined)
  t.equal(await variants.fileSource('generated', 'simple', ADDRESS), undefined, 'there is no drawing')
})
