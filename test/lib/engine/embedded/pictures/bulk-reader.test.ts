import { execFileSync } from 'node:child_process'
import { mkdir, symlink, utimes } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { Worker } from 'node:worker_threads'
import t from 'tap'
import type { Test } from 'tap'
import { seedOf } from '../../../../../lib/dress/attributes.ts'
import { createBulkReader } from '../../../../../lib/engine/embedded/pictures/bulk-reader.ts'
import type { BulkReaderOptions } from '../../../../../lib/engine/embedded/pictures/bulk-reader.ts'
import { createPictureIndex } from '../../../../../lib/engine/embedded/pictures/picture-index.ts'
import { readDetails } from '../../../../../lib/engine/picture-details.ts'
import { createFiles } from '../../../../../lib/storage/files.ts'
import { createPngFiles } from '../../../../../lib/storage/png-files.ts'
import { temporaryFolder } from '../../../../helper.ts'
import { wholePng } from '../../../pictures/png.ts'
import { put } from '../../../storage/faults.ts'
import { addressOf } from '../../engine-suite.ts'
import { testFacets } from '../../facets-suite.ts'

type StartThread = NonNullable<BulkReaderOptions['startThread']>

/** Node runs no TypeScript in threads: from source, tsx is loaded first. */
function fromSource(): StartThread {
  const file = import.meta.resolve('../../../../../lib/engine/embedded/pictures/reading-thread.ts')
  const code = `import('${import.meta.resolve('tsx/esm/api')}').then(({ register }) => {
    register()
    return import('${file}')
  })`
  return (options) => new Worker(code, { ...options, eval: true })
}

const THREAD = extname(import.meta.url) === '.ts' ? { startThread: fromSource() } : {}

function openReader(t: Test, root: string, options: Partial<BulkReaderOptions> = {}) {
  const reader = createBulkReader({ root, worthAThread: 1, ...THREAD, ...options })
  t.teardown(reader.close)
  return reader
}

testFacets({
  name: 'embedded, read in a thread',
  createStore: async (t) => {
    const folder = await temporaryFolder(t)
    return {
      folder,
      async open() {
        const files = createFiles({ root: folder })
        const index = createPictureIndex({
          files,
          pngs: createPngFiles(files),
          bulk: openReader(t, folder)
        })
        t.teardown(index.stop)
        return index
      }
    }
  }
})

const SERIES = 'simple'
const PICTURE = (address: string) => `output/${SERIES}/annotated/${address}.png`
const TITLE = (address: string) => `output/${SERIES}/title/${address}.txt`
const DRESS = (address: string) => `output/${SERIES}/selector/${address}.json`
const RECORD = (address: string) => `output/${SERIES}/metadata/${seedOf(address)}.json`

const HERON = [{ name: 'noun', value: 'heron,herons,waders,bird,chordate' }]
const OTTER = [{ attribute: 'noun', record: 'sea otter,weasels,carnivores,mammal,chordate' }]

/** Writes the files of a picture, as far as they are given. */
async function write(
  root: string,
  address: string,
  { png = wholePng(), ...texts }: { png?: Buffer; title?: string; dress?: object; record?: object }
): Promise<void> {
  await put(root, PICTURE(address), png)
  if (texts.title !== undefined) await put(root, TITLE(address), texts.title)
  if (texts.dress !== undefined) await put(root, DRESS(address), JSON.stringify(texts.dress))
  if (texts.record !== undefined) await put(root, RECORD(address), JSON.stringify(texts.record))
}

t.test('the thread finds what is found one by one, and leaves what is not simple', async (t) => {
  const root = await temporaryFolder(t)
  const elsewhere = await temporaryFolder(t)
  const cases: Array<[string, (address: string) => Promise<unknown>]> = [
    ['all files', (a) => write(root, a, { title: 'An  owl\n', dress: { original: a, attributes: HERON } })],
    ['only a PNG', (a) => write(root, a, {})],
    ['a record without a dress', (a) => write(root, a, { record: { selectedRecords: OTTER } })],
    [
      'a dress of another address',
      async (a) => {
        const dress = { original: addressOf(99), attributes: HERON }
        await write(root, a, { dress, record: { selectedRecords: OTTER } })
      }
    ],
    ['a title of more characters than are kept', (a) => write(root, a, { title: 'ü'.repeat(600) })],
    ['a title that is too long to be read', (a) => write(root, a, { title: 'x'.repeat(70_000) })],
    [
      'a dress that is no JSON',
      async (a) => {
        await write(root, a, {})
        await put(root, DRESS(a), '{')
      }
    ]
  ]
  const left: typeof cases = [
    ['no PNG', async () => {}],
    ['a PNG that is cut', (a) => write(root, a, { png: wholePng().subarray(0, -8), title: 'cut' })],
    ['a PNG of a few bytes', (a) => write(root, a, { png: Buffer.from('png') })],
    [
      'a link to a title',
      async (a) => {
        await write(root, a, {})
        await symlink(await put(root, 'elsewhere.txt', 'A linked title'), join(root, TITLE(a)))
      }
    ],
    [
      'a link to a picture outside the data folder',
      async (a) => await symlink(await put(elsewhere, 'picture.png', wholePng()), join(root, PICTURE(a)))
    ],
    ['a folder in place of a picture', async (a) => await mkdir(join(root, PICTURE(a)))],
    [
      'a pipe in place of a dress',
      async (a) => {
        await write(root, a, {})
        execFileSync('mkfifo', [join(root, DRESS(a))])
      }
    ]
  ]
  const all = [...cases, ...left]
  for (const [index, [, make]] of all.entries()) await make(addressOf(index))

  const files = createFiles({ root })
  const pngs = createPngFiles(files)
  const pictures = all.map((_, index) => ({ series: SERIES, address: addressOf(index) }))
  const found = await openReader(t, root).pictures(pictures)
  t.equal(found.length, all.length)
  for (const [index, [name]] of all.entries()) {
    const { address } = pictures[index]!
    const expected = index < cases.length ? await readDetails(files, pngs, SERIES, address) : undefined
    t.same(found[index], expected, name)
  }
  t.match(found[0], { title: 'An owl' })
  t.match(found[2], { facets: [{ facet: 'class', value: 'mammal' }] })
})

t.test('sizes and times are those of the disk; links and missing files are left', async (t) => {
  const root = await temporaryFolder(t)
  const folder = `output/${SERIES}/annotated`
  const first = await put(root, `${folder}/a.png`, 'four')
  await utimes(first, 1_000.25, 2_000.25)
  await put(root, `${folder}/b c\u00fc.png`, '')
  await symlink(first, join(root, folder, 'link.png'))
  await mkdir(join(root, folder, 'folder.png'))
  const names = ['a.png', 'missing.png', 'link.png', 'folder.png', 'b c\u00fc.png']
  const stats = await openReader(t, root).stats(folder, names)
  t.same(stats[0], { bytes: 4, modifiedMs: 2_000_250 })
  t.same(stats.slice(1, 4), [undefined, undefined, undefined])
  t.equal(stats[4]?.bytes, 0)
})

t.test('nothing outside the data folder is read', async (t) => {
  const [root, elsewhere] = [await temporaryFolder(t), await temporaryFolder(t)]
  await put(elsewhere, `annotated/${addressOf(1)}.png`, wholePng())
  await mkdir(join(root, 'output'))
  await symlink(elsewhere, join(root, 'output', SERIES))
  const reader = openReader(t, root)
  t.same(await reader.stats(`output/${SERIES}/annotated`, [`${addressOf(1)}.png`]), [undefined])
  t.same(await reader.stats('../../etc', ['hostname']), [undefined])
  t.same(await reader.pictures([{ series: SERIES, address: addressOf(1) }]), [undefined])
})

t.test('few files start no thread; a running thread reads few files too', async (t) => {
  const root = await temporaryFolder(t)
  for (const index of [1, 2, 3]) await write(root, addressOf(index), { title: `Number ${index}` })
  let started = 0
  const startThread: StartThread = (options) => {
    started += 1
    const start =
      THREAD.startThread ??
      ((given) => {
        const file = '../../../../../lib/engine/embedded/pictures/reading-thread.js'
        return new Worker(new URL(file, import.meta.url), given)
      })
    return start(options)
  }
  const reader = openReader(t, root, { startThread, worthAThread: 3 })
  const one = [{ series: SERIES, address: addressOf(1) }]
  t.same(await reader.pictures(one), [undefined])
  t.equal(started, 0)
  t.match(await reader.pictures(one, 2), [{ title: 'Number 1' }], 'more will be asked for')
  t.match(await reader.pictures(one), [{ title: 'Number 1' }])
  t.equal(started, 1)
})

for (const [name, code] of [
  ['ends', 'process.exit()'],
  ['fails', 'throw new Error("no thread")'],
  ['cannot be asked', 'setInterval(() => {}, 1_000); setImmediate(() => process.exit(1))']
] as const) {
  t.test(`a thread that ${name} leaves all pictures to others`, async (t) => {
    const root = await temporaryFolder(t)
    for (const index of [1, 2]) await write(root, addressOf(index), { title: `Number ${index}` })
    let started = 0
    const startThread: StartThread = () => {
      started += 1
      return new Worker(code, { eval: true })
    }
    const files = createFiles({ root })
    const bulk = openReader(t, root, { startThread })
    const index = createPictureIndex({ files, pngs: createPngFiles(files), bulk })
    t.teardown(index.stop)
    await index.reading
    t.equal(index.unread, 0)
    const { pictures } = await index.page({ order: 'newest', limit: 9 })
    t.same(pictures.map(({ title }) => title).sort(), ['Number 1', 'Number 2'])
    t.equal(started, 1)
  })
}

t.test('what was asked for is left to others when the reader closes', async (t) => {
  const root = await temporaryFolder(t)
  await write(root, addressOf(1), { title: 'Number 1' })
  const reader = openReader(t, root, {
    startThread: () => new Worker('setInterval(() => {}, 9)', { eval: true })
  })
  const answer = reader.pictures([{ series: SERIES, address: addressOf(1) }])
  reader.close()
  t.same(await answer, [undefined])
  t.same(await reader.stats('output', ['a']), [undefined], 'no thread starts any more')
})
