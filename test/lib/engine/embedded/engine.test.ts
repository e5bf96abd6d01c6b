import { mkdir, readFile, readdir, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import type { Test } from 'tap'
import { createEmbeddedEngine } from '../../../../lib/engine/embedded/engine.ts'
import type { EmbeddedEngineOptions } from '../../../../lib/engine/embedded/engine.ts'
import { errors } from '../../../../lib/errors.ts'
import { createFiles } from '../../../../lib/storage/files.ts'
import { createPngFiles } from '../../../../lib/storage/png-files.ts'
import { createClock } from '../../../clock.ts'
import { temporaryFolder, until } from '../../../helper.ts'
import { wholePng } from '../../pictures/png.ts'
import { put } from '../../storage/faults.ts'
import { testBatches } from '../batches-suite.ts'
import { testCircuits } from '../circuits-suite.ts'
import { testCosts } from '../cost-suite.ts'
import {
  CONCURRENCY,
  QUEUE_LIMIT,
  addressOf,
  createWorkerByHand,
  newRun,
  testEngine
} from '../engine-suite.ts'
import type { EngineUnderTest } from '../engine-suite.ts'
import { testRunTime } from '../run-time-suite.ts'
import { testPictureIndex } from '../picture-index-suite.ts'

function connect(root: string, options: Partial<EmbeddedEngineOptions> = {}) {
  const clock = createClock()
  const files = createFiles({ root })
  const engine = createEmbeddedEngine({
    files,
    pngs: createPngFiles(files),
    circuits: { clock },
    concurrency: CONCURRENCY,
    queueLimit: QUEUE_LIMIT,
    lockTtlMs: 300_000,
    limits: {},
    archiveRuns: false,
    clock,
    now: clock.nowNs,
    ...options
  })
  return { engine, clock }
}

function stopAtEnd(t: Test, { engine, clock }: ReturnType<typeof connect>): void {
  t.teardown(async () => {
    const stopped = engine.stop(0)
    await clock.advance(0)
    await stopped
    await engine.close()
  })
}

async function open(t: Test, options: Partial<EmbeddedEngineOptions> = {}, root?: string) {
  const folder = root ?? (await temporaryFolder(t))
  const { engine, clock } = connect(folder, options)
  const { worker, working } = createWorkerByHand()
  await engine.open(worker)
  engine.start()
  stopAtEnd(t, { engine, clock })
  return { engine, clock, working, folder }
}

const embedded: EngineUnderTest = {
  name: 'embedded',
  createStore: async (t) => {
    const folder = await temporaryFolder(t)
    return {
      async connect(changes) {
        const connected = connect(folder, changes)
        stopAtEnd(t, connected)
        return connected
      },
      async writePicture({ series, address, modifiedMs }, title) {
        const png = wholePng()
        const path = await put(folder, `output/${series}/annotated/${address}.png`, png)
        await utimes(path, modifiedMs / 1_000, modifiedMs / 1_000)
        await put(folder, `output/${series}/title/${address}.txt`, title)
        return { series, address, modifiedMs, bytes: png.length }
      }
    }
  }
}
testEngine(embedded)
testBatches(embedded)
testCircuits(embedded)
testCosts(embedded)
testRunTime(embedded)
testPictureIndex(embedded)

t.test('a run is on disk before it is accepted, and off the disk when its picture is made', async (t) => {
  const { engine, working, folder } = await open(t)
  const { run } = await engine.runs.accept(newRun(addressOf(1)))
  const entry = JSON.parse(await readFile(join(folder, 'runs', `${run.runId}.json`), 'utf8'))
  t.match(entry, { version: 1, record: { runId: run.runId, address: addressOf(1), step: 'accepted' } })
  await until(() => working.length === 1)
  working[0]!.finish()
  await until(async () => (await readdir(join(folder, 'runs'))).length === 0)
})

t.test(
  'no run begins while the data folder is another one, and one that waits can be cancelled',
  async (t) => {
    let isOther = true
    const { engine, clock, working } = await open(t, { concurrency: 1, isReplaced: async () => isOther })
    for (const index of [1, 2, 3]) await engine.runs.accept(newRun(addressOf(index)))
    // Longer than a run may work: the wait is no part of it.
    await clock.advance(400_000)
    t.equal(working.length, 0)
    t.match(await engine.runs.live(10), { count: 3 })
    const cancelled = engine.runs.cancel('simple', addressOf(1), errors.cancelled())
    await clock.advance(1_000)
    t.match((await cancelled)?.snapshot(), { errorCode: 'CANCELLED' })
    isOther = false
    for (const index of [2, 3]) {
      await until(async () => {
        await clock.advance(1_000)
        return working.length === index - 1
      })
      working[index - 2]!.finish()
      await until(async () => (await engine.runs.last('simple', addressOf(index)))?.done === true)
      t.equal((await engine.runs.last('simple', addressOf(index)))!.snapshot().error, '')
    }
  }
)

t.test(
  'a run that waits for a disk that does not answer can be cancelled, and does not hold up a stop',
  async (t) => {
    const { engine, clock, working } = await open(t, { isReplaced: async () => await new Promise(() => {}) })
    for (const index of [1, 2]) await engine.runs.accept(newRun(addressOf(index)))
    const cancelled = await engine.runs.cancel('simple', addressOf(1), errors.cancelled())
    t.match(cancelled?.snapshot(), { errorCode: 'CANCELLED' })
    const stopped = engine.stop(0)
    await clock.advance(0)
    await stopped
    t.equal(working.length, 0)
  }
)

t.test('a run that ended while the disk refused to keep its end does not begin again', async (t) => {
  const folder = await temporaryFolder(t)
  let isRefusing = false
  const checkPlace = async () => {
    if (isRefusing) throw errors.unavailable('The data folder is away')
  }
  const { engine, clock, working } = await open(
    t,
    { files: createFiles({ root: folder, checkPlace }) },
    folder
  )
  for (const index of [1, 2]) await engine.runs.accept(newRun(addressOf(index)))
  await until(() => working.length === 2)
  isRefusing = true
  working[0]!.finish()
  working[1]!.fail(errors.unavailable('on purpose'))
  for (const index of [1, 2]) {
    await until(async () => (await engine.runs.last('simple', addressOf(index)))?.done === true)
  }
  t.equal((await readdir(join(folder, 'runs'))).length, 2, 'the disk does not know it yet')
  isRefusing = false
  const openRecords = async () =>
    (
      await Promise.all(
        (await readdir(join(folder, 'runs'))).map((name) =>
          // It may be removed meanwhile.
          readFile(join(folder, 'runs', name), 'utf8').catch(() => undefined)
        )
      )
    )
      .filter((text) => text !== undefined)
      .map((text) => JSON.parse(text) as { failed?: object })
      .filter(({ failed }) => failed === undefined)
  await until(async () => {
    await clock.advance(1_000)
    return (await openRecords()).length === 0
  })
  t.equal((await readdir(join(folder, 'runs'))).length, 1, 'the failure is remembered')
})

t.test('the record of an older version, which does not say who asked, goes on', async (t) => {
  const first = await open(t, { concurrency: 1 })
  const { run } = await first.engine.runs.accept(newRun(addressOf(1)))
  const stopped = first.engine.stop(0)
  await first.clock.advance(0)
  await stopped
  const text = await readFile(join(first.folder, 'runs', `${run.runId}.json`), 'utf8')
  t.notMatch(text, /"client"/)
  const second = await open(t, {}, first.folder)
  await until(() => second.working.length === 1)
  t.equal(second.working[0]!.run.record.runId, run.runId)
})

t.test('a run that cannot be kept is refused, for every request that joined it', async (t) => {
  const folder = await temporaryFolder(t)
  const files = createFiles({ root: folder })
  const full = async () => {
    throw errors.fileSystem('no space is left on the disk')
  }
  const { engine, working } = await open(t, { files: { ...files, write: full } }, folder)
  const asked = await Promise.allSettled([
    engine.runs.accept(newRun(addressOf(1))),
    engine.runs.accept(newRun(addressOf(1))),
    engine.runs.join('simple', addressOf(1))
  ])
  t.same(
    asked.map(({ status }) => status),
    ['rejected', 'rejected', 'rejected']
  )
  t.equal(await engine.runs.last('simple', addressOf(1)), undefined)
  t.equal(working.length, 0)
  await until(() => engine.queue.load().waiting === 0)
})

t.test('files that are no records are moved aside and named, and the start goes on', async (t) => {
  const first = await open(t)
  const { run } = await first.engine.runs.accept(newRun(addressOf(1)))
  await until(() => first.working.length === 1)
  const stopped = first.engine.stop(0)
  await first.clock.advance(0)
  await stopped
  const runs = join(first.folder, 'runs')
  const good = await readFile(join(runs, `${run.runId}.json`), 'utf8')
  const id = (digit: string) => `${digit.repeat(8)}-0000-4000-8000-000000000000`
  const foreign: Record<string, string> = {
    [`${id('1')}.json`]: good.slice(0, 100),
    [`${id('2')}.json`]: '',
    [`${id('3')}.json`]: JSON.stringify({ ...JSON.parse(good), version: 2 }),
    [`${id('4')}.json`]: good,
    [`${id('5')}.json`]: good.replace('"simple"', '"../etc"'),
    [`${id('6')}.json`]: 'null',
    [`${id('8')}.json`]: good.replace('"suffix":"simple"', '"suffix":"birds"').replace(run.runId, id('8')),
    'notes.txt': 'mine',
    [`${id('7')}.json`]: ' '.repeat(5 * 1024 * 1024)
  }
  for (const [name, text] of Object.entries(foreign)) await writeFile(join(runs, name), text)
  await mkdir(join(runs, 'a-folder.json'))

  const named: string[] = []
  const actions: string[] = []
  const second = await open(
    t,
    {
      onForeign: (file, reason) => named.push(`${file}: ${reason}`),
      onRecover: (action) => actions.push(action)
    },
    first.folder
  )
  t.equal((await second.engine.runs.last('simple', addressOf(1)))?.runId, run.runId)
  t.equal(named.length, 10, named.join('\n'))
  t.ok(named.some((line) => /newer version/.test(line)))
  t.same(actions.filter((action) => action === 'resumed').length, 1)
  // The run goes on, and its record may be written again at this moment.
  const records = (await readdir(runs)).filter((name) => !name.endsWith('.tmp'))
  t.same(records, [`${run.runId}.json`])
  t.equal((await readdir(join(first.folder, 'archives/broken/runs'))).length, 10)
})

t.test('the time until the end counts the wait in the queue', async (t) => {
  const { engine, working, clock } = await open(t)
  const etaOf = async (address: string) => (await engine.runs.last('simple', address))!.snapshot().etaSeconds
  await engine.runs.accept(newRun(addressOf(0)))
  await until(() => working.length === 1)
  working[0]!.run.progress.begin('image_wait')
  await clock.advance(20_000)
  working[0]!.finish()
  await until(async () => (await engine.runs.last('simple', addressOf(0)))?.done === true)

  for (let index = 1; index <= CONCURRENCY + QUEUE_LIMIT; index += 1) {
    await engine.runs.accept(newRun(addressOf(index)))
  }
  await until(() => working.length === 1 + CONCURRENCY)
  for (const { run } of working.slice(1)) run.progress.begin('image_wait')
  t.equal(await etaOf(addressOf(1)), 20, 'it works')
  t.equal(await etaOf(addressOf(3)), 40, 'first in the queue')
  t.equal(await etaOf(addressOf(4)), 40, 'second in the queue: two runs work at once')
  t.equal(await etaOf(addressOf(5)), 60, 'third in the queue')
  await clock.advance(5_000)
  t.equal(await etaOf(addressOf(3)), 35)
})

t.test('refused clients are told the real pace of the queue', async (t) => {
  const { engine, working, clock } = await open(t)
  for (let index = 0; index < CONCURRENCY + QUEUE_LIMIT; index += 1) {
    await engine.runs.accept(newRun(addressOf(index)))
  }
  for (let index = 0; index < 3; index += 1) {
    await until(() => working.length > index)
    await clock.advance(30_000)
    working[index]!.finish()
    await until(async () => (await engine.runs.last('simple', addressOf(index)))?.done === true)
  }
  t.same([1, 2, 3].map(engine.queue.secondsUntilFree), [30, 60, 90])
  t.equal(engine.queue.secondsUntilFree(), 30, 'nobody waits longer than the whole queue takes')
})

t.test('a failure that an older version wrote is read, and its snapshot is whole', async (t) => {
  const folder = await temporaryFolder(t)
  const first = await open(t, {}, folder)
  const { run } = await first.engine.runs.accept(newRun(addressOf(1)))
  await until(() => first.working.length === 1)
  first.working[0]!.fail(errors.image('no picture'))
  await until(async () => (await first.engine.runs.last('simple', addressOf(1)))?.done === true)
  const expected = (await first.engine.runs.last('simple', addressOf(1)))!.snapshot()
  const stopped = first.engine.stop(0)
  await first.clock.advance(0)
  await stopped
  await first.engine.close()

  const path = join(folder, 'runs', `${run.runId}.json`)
  const entry = JSON.parse(await readFile(path, 'utf8'))
  delete entry.failed.snapshot.startedAt
  delete entry.failed.snapshot.nextPollMs
  delete entry.failed.mayBeBilled
  delete entry.failed.costUsd
  await writeFile(path, JSON.stringify(entry))
  const second = await open(t, {}, folder)
  const view = (await second.engine.runs.last('simple', addressOf(1)))!
  t.match(view, { mayBeBilled: true, costUsd: 0 }, 'what is not known is not bought again')
  const snapshot = view.snapshot()
  t.same(snapshot, expected)
  t.match(snapshot, { errorCode: 'IMAGE_DOWNLOAD_ERROR', nextPollMs: 0, startedAt: /^20\d\d-.*Z$/ })
})

t.test('a start after the clock went back breaks no run, no time and no hold', async (t) => {
  const folder = await temporaryFolder(t)
  const ahead = createClock()
  await ahead.advance(3_600_000)
  const first = await open(t, { now: ahead.nowNs }, folder)
  await first.engine.runs.accept(newRun(addressOf(1)))
  await first.engine.runs.accept(newRun(addressOf(2)))
  await until(() => first.working.length === 2)
  first.working[1]!.fail(errors.image('no picture'))
  await until(async () => (await first.engine.runs.last('simple', addressOf(2)))?.done === true)
  const stopped = first.engine.stop(0)
  await first.clock.advance(0)
  await stopped
  await first.engine.close()

  const second = await open(t, {}, folder)
  const failed = (await second.engine.runs.last('simple', addressOf(2)))!
  t.equal(second.engine.runs.secondsSinceEnd(failed), 0)
  await until(() => second.working.length === 1)
  const { progress } = second.working[0]!.run
  t.ok(progress.queuedNs >= 0)
  t.ok(progress.snapshot().etaSeconds >= 0)
  await second.clock.advance(600_001)
  t.equal(
    await second.engine.runs.last('simple', addressOf(2)),
    undefined,
    'the failure is forgotten in time'
  )
  second.working[0]!.finish()
  await until(() => progress.done)
})
