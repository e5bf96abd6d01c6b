import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { createJournal } from '../../../../lib/engine/embedded/journal.ts'
import type { RunRecord } from '../../../../lib/engine/engine.ts'
import { createFiles } from '../../../../lib/storage/files.ts'
import { temporaryFolder } from '../../../helper.ts'

const SEED = 'ab12'.repeat(16)

const record = (runId: string, changes: Partial<RunRecord> = {}): RunRecord => ({
  runId,
  series: 'simple',
  address: SEED,
  provider: 'local',
  force: false,
  replaces: false,
  order: { input: 'a', seed: SEED, recipe: 'default', enhance: false, image: true, annotate: false },
  acceptedNs: 1,
  definition: { suffix: 'simple' },
  databaseHash: '',
  step: 'accepted',
  restarts: 0,
  ...changes
})

t.test('the journal keeps the order of a run, and no run of another name without one', async (t) => {
  const root = await temporaryFolder(t)
  const foreign: string[] = []
  const journal = createJournal({
    files: createFiles({ root }),
    onForeign: (file, reason) => foreign.push(`${file}: ${reason}`)
  })
  const ids = [1, 2, 3].map((digit) => `00000000-0000-0000-0000-00000000000${digit}`)
  const kept = record(ids[0]!)
  const records = [kept, record(ids[1]!, { order: undefined }), record(ids[2]!, { address: '../x' })]
  for (const each of records) await journal.write({ sequence: 1, record: each, percent: 0 })
  const read = await journal.read()
  t.same(
    read.map((entry) => entry.record),
    [kept]
  )
  t.equal(foreign.length, 2)
  t.match(foreign[0], /it names no picture/)
  t.equal((await readdir(join(root, 'archives/broken/runs'))).length, 2)
})
