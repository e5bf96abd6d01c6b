import { mkdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import t from 'tap'
import type { Test } from 'tap'
import { compareBytes } from '../../../lib/records/index-of-records.ts'
import { parseRecord } from '../../../lib/records/record.ts'
import type { ImageRecord } from '../../../lib/schemas/image-record.ts'
import { createRecords } from '../../../lib/records/store.ts'
import { seedOf } from '../../../lib/dress/attributes.ts'
import { createFiles } from '../../../lib/storage/files.ts'
import { ADDRESS, temporaryFolder } from '../../helper.ts'
import { GO_RECORD, OLD_RECORD, SEED } from './samples.ts'

async function setUp(t: Test) {
  const root = await temporaryFolder(t)
  const skipped: string[] = []
  const records = createRecords({
    files: createFiles({ root }),
    root,
    onUnreadable: (file, reason) => skipped.push(`${file}: ${reason}`)
  })
  async function put(path: string, content: unknown): Promise<void> {
    const file = join(root, 'output', path)
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content))
  }
  const list = async (series?: string) => {
    const found: string[] = []
    for await (const { path } of records.list(series)) found.push(path)
    return found
  }
  return { root, records, skipped, put, list }
}

t.test('records are listed by input, series and path, at any depth', async (t) => {
  const { put, list } = await setUp(t)
  t.same(await list(), [], 'without an output folder there are none')
  await put('b/metadata/1.json', { ...GO_RECORD, input: 'B', series: { name: 'b' } })
  await put('a/metadata/2.json', { ...GO_RECORD, input: 'B', series: { name: 'a' } })
  await put('a/metadata/1.json', { ...GO_RECORD, input: 'B', series: { name: 'a' } })
  await put('a/deep/er/metadata/3.json', { ...OLD_RECORD, input: 'a', series: { name: 'A' } })
  await put('a/archive/metadata/4.json', GO_RECORD)
  await put('a/annotated/metadata/5.json', GO_RECORD)
  await put('a/metadata/6.txt', GO_RECORD)
  const all = ['a/metadata/1.json', 'a/metadata/2.json', 'b/metadata/1.json', 'a/deep/er/metadata/3.json']
  t.same(
    await list(),
    all.map((path) => `output/${path}`)
  )
  t.same(await list('A'), ['output/a/deep/er/metadata/3.json'], 'the name of a series matches exactly')
  t.same(await list('nosuch'), [])
})

t.test('a file that is no record is skipped and reported once for each change', async (t) => {
  const { root, put, list, skipped, records } = await setUp(t)
  await put(`simple/metadata/${SEED}.json`, GO_RECORD)
  await put('simple/metadata/cut.json', '{"metadataVersion":')
  await put('simple/metadata/empty.json', '')
  await put('simple/metadata/other.json', { any: 'thing' })
  await mkdir(join(root, 'output/simple/metadata/folder.json'))
  await symlink('/etc/passwd', join(root, 'output/simple/metadata/link.json'))
  t.same(await list(), [`output/simple/metadata/${SEED}.json`])
  t.same(await list(), [`output/simple/metadata/${SEED}.json`])
  t.equal(skipped.length, 3)
  t.match(skipped.sort()[0], /^output\/simple\/metadata\/cut.json: it is not JSON/)
  t.equal(await records.read('simple', 'cut'), undefined)
  t.equal(skipped.length, 3)
  await put('simple/metadata/cut.json', { ...GO_RECORD, imageId: 'sha256:mended' })
  t.equal((await records.find('sha256:mended'))?.path, 'output/simple/metadata/cut.json')
})

t.test('an image is found by its id, else by its seed, and no longer when it is gone', async (t) => {
  const { root, records, put } = await setUp(t)
  await put('b/metadata/1.json', {
    ...GO_RECORD,
    input: 'second',
    imageId: 'sha256:b',
    series: { name: 'b' }
  })
  await put('a/metadata/1.json', { ...GO_RECORD, input: 'first', imageId: 'sha256:a', series: { name: 'a' } })
  t.equal((await records.find('sha256:b'))?.record.input, 'second')
  t.equal((await records.find(SEED))?.record.input, 'first')
  t.equal(await records.find('sha256:c'), undefined)
  t.equal(await records.find(''), undefined)
  await put('b/metadata/1.json', {
    ...GO_RECORD,
    input: 'changed',
    imageId: 'sha256:c',
    series: { name: 'b' }
  })
  t.equal((await records.find('sha256:c'))?.record.input, 'changed')
  t.equal(await records.find('sha256:b'), undefined)
  await rm(join(root, 'output/a'), { recursive: true })
  t.equal(await records.find('sha256:a'), undefined)
})

t.test('the record of an address is found by its 64 digits and by its address', async (t) => {
  const { records, put } = await setUp(t)
  await put(`simple/metadata/${ADDRESS}.json`, { ...GO_RECORD, input: 'Go', seed: ADDRESS })
  t.equal((await records.read('simple', ADDRESS))?.record.input, 'Go')
  await put(`simple/metadata/${seedOf(ADDRESS)}.json`, {
    ...OLD_RECORD,
    input: ADDRESS,
    seed: seedOf(ADDRESS)
  })
  t.equal((await records.read('simple', ADDRESS))?.record.input, ADDRESS)
  t.equal((await records.find(ADDRESS))?.record.input, ADDRESS)
  t.equal((await records.find(ADDRESS.toUpperCase().replace('X', 'x')))?.record.input, ADDRESS)
})

t.test('a record is written under the path-safe name of its seed', async (t) => {
  const { root, records } = await setUp(t)
  const record = parseRecord(JSON.stringify(GO_RECORD), root) as ImageRecord
  await records.write({ ...record, seed: 'A Seed/of..Text' })
  const text = await readFile(join(root, 'output/simple/metadata/a-seed-of-text.json'), 'utf8')
  t.equal(JSON.parse(text).artifacts.annotated, join(root, 'output/simple/annotated', `${SEED}.png`))
  t.match(await records.read('simple', 'A Seed/of..Text'), { record: { seed: 'A Seed/of..Text' } })
  t.equal(await records.sourceOf('simple'), 'embedded')
  await mkdir(join(root, 'series'))
  await writeFile(join(root, 'series/simple.json'), '{}')
  t.equal(await records.sourceOf('simple'), join(root, 'series/simple.json'))
})

t.test('a record is read by its owner only, as one of the Go server', async (t) => {
  const { root, records } = await setUp(t)
  const record = parseRecord(JSON.stringify(GO_RECORD), root) as ImageRecord
  const path = join(root, await records.write(record))
  t.equal((await stat(path)).mode & 0o777, 0o600)
  t.equal((await stat(dirname(path))).mode & 0o777 & ~0o750, 0)
})

t.test('texts are compared by their bytes', async (t) => {
  const texts = ['', 'A', 'a', 'ä', '\uffee', '\u{1f600}']
  t.same([...texts].reverse().sort(compareBytes), texts)
})
