import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import type { Test } from 'tap'
import { createEmbeddedEngine } from '../../../../lib/engine/embedded/engine.ts'
import { errors } from '../../../../lib/errors.ts'
import type { Files } from '../../../../lib/storage/files.ts'
import { createFiles } from '../../../../lib/storage/files.ts'
import { createPngFiles } from '../../../../lib/storage/png-files.ts'
import { createClock } from '../../../clock.ts'
import { temporaryFolder, until } from '../../../helper.ts'
import { newBatch } from '../batches-suite.ts'
import { addressOf, createWorkerByHand, newRun } from '../engine-suite.ts'

function connect(
  t: Test,
  root: string,
  onDiskError: (error: unknown) => void = t.threw,
  wrap = (files: Files): Files => files
) {
  const clock = createClock()
  const files = wrap(createFiles({ root }))
  const engine = createEmbeddedEngine({
    files,
    pngs: createPngFiles(files),
    concurrency: 1,
    queueLimit: 5,
    lockTtlMs: 300_000,
    limits: {},
    archiveRuns: false,
    clock,
    now: clock.nowNs,
    onDiskError
  })
  t.teardown(async () => {
    const stopped = engine.stop(0)
    await clock.advance(0)
    await stopped
    await engine.close()
  })
  return engine
}

t.test('a process that waits shows the runs of the one that works, and changes nothing', async (t) => {
  const folder = await temporaryFolder(t)
  const first = connect(t, folder)
  const { worker, working } = createWorkerByHand()
  await first.open(worker)
  first.start()
  const diskErrors: unknown[] = []
  const second = connect(t, folder, (error) => diskErrors.push(error))
  const [one, two, none] = [addressOf(1), addressOf(2), addressOf(3)]
  t.equal(await second.findElsewhere('simple', one), undefined, 'nothing is read before it waits')
  second.wait(createWorkerByHand().worker)
  t.equal(await second.findElsewhere('simple', one), undefined)

  const { run } = await first.runs.accept(newRun(one))
  await first.runs.accept(newRun(two))
  await writeFile(join(folder, 'runs/foreign.json'), 'foreign')
  const seen = (await second.findElsewhere('simple', one))!
  t.match([seen.runId, seen.done, seen.snapshot().dalleDress.original], [run.runId, false, one])
  t.equal((await second.findElsewhere('simple', two))?.done, false)
  t.equal(await second.findElsewhere('simple', none), undefined)
  t.same(diskErrors, [])
  t.ok((await readdir(join(folder, 'runs'))).includes('foreign.json'), 'a foreign file stays where it is')

  await until(() => working.length === 1)
  working[0]!.fail(errors.generationTimeout(300))
  await until(async () => (await second.findElsewhere('simple', one))?.failed === true)
  t.match((await second.findElsewhere('simple', one))!.snapshot(), {
    runId: run.runId,
    done: true,
    errorCode: 'GENERATION_TIMEOUT'
  })
  await until(() => working.length === 2)
  working[1]!.finish()
  await until(async () => (await second.findElsewhere('simple', two)) === undefined)

  await first.stop(0)
  await second.open(createWorkerByHand().worker)
  t.equal(await second.findElsewhere('simple', one), undefined)
  t.match(await second.runs.last('simple', one), { runId: run.runId, failed: true }, 'it is its own now')
})

t.test('a record that cannot be shown hides no other run', async (t) => {
  const folder = await temporaryFolder(t)
  const first = connect(t, folder)
  await first.open(createWorkerByHand().worker)
  const [broken, whole] = [addressOf(1), addressOf(2)]
  await first.runs.accept(newRun(broken))
  const { run } = await first.runs.accept(newRun(whole))
  const diskErrors: unknown[] = []
  const second = connect(t, folder, (error) => diskErrors.push(error))
  const { worker } = createWorkerByHand()
  second.wait({
    ...worker,
    prepare: async (record) => {
      if (record.address === broken) throw new Error('no dress')
      return await worker.prepare(record)
    }
  })
  t.equal((await second.findElsewhere('simple', whole))?.runId, run.runId)
  t.equal(await second.findElsewhere('simple', broken), undefined)
  t.match(diskErrors, [{ message: 'no dress' }])
})

t.test(
  'a process that cannot take the folder over goes on with what another one does, and can try again',
  async (t) => {
    const folder = await temporaryFolder(t)
    const first = connect(t, folder)
    await first.open(createWorkerByHand().worker)
    let isBroken = true
    const second = connect(t, folder, t.threw, (files) => ({
      ...files,
      async list(path) {
        if (isBroken && path === 'runs') throw errors.fileSystem('broken')
        return await files.list(path)
      }
    }))
    const { worker } = createWorkerByHand()
    second.wait(worker)
    await t.rejects(second.open(worker), { code: 'FILE_SYSTEM_ERROR' })
    t.equal(second.isOpen, false)

    isBroken = false
    const { run } = await first.runs.accept(newRun(addressOf(1)))
    const { record } = await first.batches.add(newBatch(2))
    t.equal((await second.findElsewhere('simple', addressOf(1)))?.runId, run.runId)
    t.equal((await second.batches.find(record.batchId))?.record.batchId, record.batchId)
    await first.stop(0)
    await second.open(worker)
    t.equal(second.isOpen, true)
    t.equal((await second.runs.last('simple', addressOf(1)))?.runId, run.runId)
  }
)
