import { appendFile, mkdir, readFile, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { createBatchFiles } from '../../../../lib/engine/embedded/batch-files.ts'
import { createBatches } from '../../../../lib/engine/embedded/batches.ts'
import type { AddressEnd } from '../../../../lib/engine/batches.ts'
import { createFiles } from '../../../../lib/storage/files.ts'
import { temporaryFolder, until } from '../../../helper.ts'
import { newBatch } from '../batches-suite.ts'

const ID = '0a8f3c1e-5d27-4b6f-9c1a-2f1d0e7b8a90'
const record = { ...newBatch(3), batchId: ID, acceptedNs: 1 }

async function setUp(t: Parameters<typeof temporaryFolder>[0]) {
  const root = await temporaryFolder(t)
  const foreign: Array<[file: string, reason: string]> = []
  const files = createBatchFiles({
    files: createFiles({ root }),
    onForeign: (file, reason) => foreign.push([file, reason])
  })
  const folder = join(root, 'runs/batches')
  return { root, folder, files, foreign }
}

t.test('a line that was cut is left out, and the next one is whole', async (t) => {
  const { files, folder } = await setUp(t)
  await files.write(record)
  await files.append(ID, { index: 1, outcome: 'completed', usd: 0 })
  await appendFile(join(folder, `${ID}.jsonl`), '{"index":2,"outc')
  t.same(
    ((await files.readAll())[0]!.ends satisfies AddressEnd[]).map(({ index }) => index),
    [1]
  )
  await files.append(ID, { index: 2, outcome: 'failed', usd: 0, error: 'x'.repeat(10_000) })
  await appendFile(join(folder, `${ID}.jsonl`), '{"index":9,"outcome":"completed","usd":0}\nnull\n')
  const [batch] = await files.readAll()
  t.same(
    batch!.ends.map(({ index }) => index),
    [1, 2],
    'an index beyond the list counts as none'
  )
  t.equal(batch!.ends[1]!.error!.length, 500)
})

t.test('ends that come during a write share the next one, in their order', async (t) => {
  const { files, folder } = await setUp(t)
  await files.write(record)
  await Promise.all([0, 1, 2].map((index) => files.append(ID, { index, outcome: 'completed', usd: 0 })))
  const lines = (await readFile(join(folder, `${ID}.jsonl`), 'utf8')).trim().split('\n')
  t.same(
    lines.map((line) => JSON.parse(line).index),
    [0, 1, 2]
  )
})

t.test('files that are none of a batch are moved away and named', async (t) => {
  const { root, folder, files, foreign } = await setUp(t)
  await files.write(record)
  const other = ID.replace('0a', '1b')
  const batch = (changes: object, head: object = {}) =>
    JSON.stringify({ version: 1, record: { ...record, batchId: other, ...changes }, ...head })
  const cases: Array<[name: string, content: string, reason: RegExp]> = [
    ['notes.txt', 'mine', /its name/],
    [`${ID.replace('0a', '2c')}.jsonl`, '{}', /its name/],
    [`${other}.json`, '{"version":1', /not JSON/],
    [`${other}.json`, '7', /not the record of a batch/],
    [`${other}.json`, batch({}, { version: 2 }), /newer version/],
    [`${other}.json`, batch({ batchId: ID }), /its name/],
    [`${other}.json`, batch({ addresses: [] }), /not the record/],
    [`${other}.json`, batch({ addresses: ['0x12'] }), /no pictures/],
    [`${other}.json`, batch({ addresses: [record.addresses[0], record.addresses[0]] }), /no pictures/],
    [`${other}.json`, batch({ existing: [3] }), /no pictures/],
    [`${other}.json`, batch({ existing: [1, 1] }), /no pictures/],
    [`${other}.json`, batch({ series: '../..' }), /no pictures/]
  ]
  for (const [name, content, reason] of cases) {
    await writeFile(join(folder, name), content)
    t.same(
      (await files.readAll()).map(({ record: { batchId } }) => batchId),
      [ID]
    )
    t.match(foreign.pop(), [`runs/batches/${name}`, reason])
  }
  await mkdir(join(folder, `${other}.json`))
  await files.readAll()
  t.match(foreign.pop(), [`runs/batches/${other}.json`, /not a file/])
  t.same(await readdir(folder), [`${ID}.json`])
  t.ok((await readdir(join(root, 'archives/broken/runs/batches'))).length > 3)
})

t.test('the last fifty batches that ended are remembered', async (t) => {
  const { files, folder } = await setUp(t)
  let now = 0
  const onDiskError = (error: unknown) => {
    throw error
  }
  const batches = createBatches({ files, now: () => (now += 1), onDiskError })
  await batches.open()
  const live = await batches.add(newBatch(1))
  const ids: string[] = []
  for (let count = 0; count < 52; count += 1) {
    const { record } = await batches.add(newBatch(1))
    ids.push(record.batchId)
    await batches.note(record.batchId, { index: 0, outcome: 'completed', usd: 0 })
    await batches.end(record.batchId, { state: 'completed' })
  }
  const left = (await batches.list()).map(({ record: { batchId } }) => batchId)
  t.same(left, [live.record.batchId, ...ids.slice(2)])
  await until(async () => (await readdir(folder)).filter((name) => name.endsWith('.json')).length === 51)
})
