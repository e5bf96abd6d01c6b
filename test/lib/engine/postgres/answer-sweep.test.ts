import t from 'tap'
import { createFileRows } from '../../../../lib/engine/postgres/file-rows.ts'
import { sweepAnswers } from '../../../../lib/generation/answer-sweep.ts'
import { createAnswers } from '../../../../lib/generation/answers.ts'
import { createFiles } from '../../../../lib/storage/files.ts'
import type { Files } from '../../../../lib/storage/files.ts'
import { createS3 } from '../../../../lib/storage/s3.ts'
import { createStoredFiles } from '../../../../lib/storage/stored-files.ts'
import { temporaryFolder, until } from '../../../helper.ts'
import { createTestDatabase, noPostgres } from '../../../peers/postgres.ts'
import { startStore } from '../../../peers/s3.ts'
import { addressOf, createWorkerByHand, newRun } from '../engine-suite.ts'
import { createEngine, freezeClock } from './engines.ts'

const AN_HOUR_MS = 3_600_000
const PAID = { usd: 0.04, images: 1 }

for (const kind of ['a shared folder', 'an object store']) {
  t.test(`answers that no run will use are removed from ${kind}`, { skip: noPostgres }, async (t) => {
    const folder = await temporaryFolder(t)
    const url = await createTestDatabase()
    const { engine, database, stop } = createEngine(url, folder, await freezeClock(t, url))
    t.teardown(stop)
    const local = createFiles({ root: folder, isShared: true })
    const files: Files =
      kind === 'a shared folder'
        ? local
        : createStoredFiles({
            local,
            rows: createFileRows(database),
            store: createS3({ ...(await startStore(t)).config, firstWaitMs: 0 })
          })
    const answers = createAnswers(files)
    const { worker, working } = createWorkerByHand()
    await engine.open(worker)
    engine.start()
    const parts = { files, answers, runs: engine.runs, pictures: engine.pictures }
    const later = { ...parts, now: () => Date.now() + AN_HOUR_MS }

    const [made, failed, unknown] = [addressOf(1), addressOf(2), addressOf(3)]
    for (const address of [made, failed]) await engine.runs.accept(newRun(address))
    await until(() => working.length === 2)
    const source = { bytes: Buffer.from('a drawing') }
    for (const { run } of working) await answers.keep(run.record, { source, expense: PAID })
    await answers.keep(
      { ...working[0]!.run.record, address: unknown, runId: 'unknown' },
      { source, expense: PAID }
    )
    t.equal(await sweepAnswers(later), 0, 'their runs live')

    const of = (address: string) => working.find(({ run }) => run.record.address === address)!
    of(made).finish()
    of(failed).fail(new Error('the caption cannot be drawn'))
    for (const address of [made, failed]) {
      await until(async () => (await engine.runs.last('simple', address))?.done === true)
    }
    t.equal(await sweepAnswers(parts), 0, 'the run may be about to remove its answer')
    t.equal(await sweepAnswers(later), 1)
    t.equal(await answers.runOf('simple', made), undefined)
    t.equal(await answers.runOf('simple', failed), of(failed).run.record.runId, 'it is paid for')
    t.equal(await answers.runOf('simple', unknown), 'unknown', 'no picture is made from it')
  })
}
