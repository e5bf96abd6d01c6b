import { once } from 'node:events'
import t from 'tap'
import type { Test } from 'tap'
import type { Engine, NewRun, RunView, Worker } from '../../../lib/engine/engine.ts'
import type { ClaimedRun } from '../../../lib/engine/engine.ts'
import type { PictureFile } from '../../../lib/engine/pictures.ts'
import { errors } from '../../../lib/errors.ts'
import type { ServiceError } from '../../../lib/errors.ts'
import { until } from '../../helper.ts'
import { plainDress } from '../progress/fixtures.ts'

export const CONCURRENCY = 2
export const QUEUE_LIMIT = 3

/** An engine whose clock moves only when the test moves it. */
export interface TestEngine {
  engine: Engine
  clock: { advance(ms: number): Promise<void> }
}

export interface TestStore {
  connect(changes?: { lockTtlMs: number }): Promise<TestEngine>
  /** Stores the PNG and the title of a picture. The index of an engine that is connected does not see it yet. */
  writePicture(picture: Omit<PictureFile, 'bytes'>, title: string): Promise<PictureFile>
}

export interface EngineUnderTest {
  name: string
  /** Opens the store of a test: the same engine again and again, each time as after a restart of the process. */
  createStore(t: Test): Promise<TestStore>
}

/** An address for each number. */
export const addressOf = (index: number) => `0x${index.toString(16).padStart(40, '0')}`

/** A run of the series `simple`. */
export function newRun(address: string, changes: Partial<NewRun> = {}): NewRun {
  return {
    series: 'simple',
    address,
    provider: 'openai',
    force: false,
    replaces: false,
    definition: { suffix: 'simple' },
    databaseHash: 'sha256:0',
    dress: { ...plainDress(), original: address },
    ...changes
  }
}

/** A worker whose runs end when the test says so. */
export function createWorkerByHand(problem?: ServiceError, isMade = false) {
  const working: Array<{ run: ClaimedRun; finish: () => void; fail: (error: unknown) => void }> = []
  const forgotten: string[] = []
  const worker: Worker = {
    prepare: async ({ address }) => ({ dress: { ...plainDress(), original: address }, problem, isMade }),
    work: async (run) => {
      run.signal.throwIfAborted()
      run.progress.begin('setup')
      await new Promise<void>((resolve, reject) => {
        working.push({ run, finish: resolve, fail: reject })
        run.signal.addEventListener('abort', () => reject(run.signal.reason))
      })
    },
    forget: async ({ runId }) => {
      forgotten.push(runId)
    }
  }
  return { worker, working, forgotten }
}

/** What every engine must do. */
export function testEngine({ name, createStore }: EngineUnderTest): void {
  async function open(t: Test, problem?: ServiceError) {
    const store = await createStore(t)
    const connect = async (by = createWorkerByHand(problem)) => {
      const connected = await store.connect()
      await connected.engine.open(by.worker)
      connected.engine.start()
      return { ...connected, working: by.working }
    }
    return { ...(await connect()), connect }
  }

  /** Ends the process of an engine: working runs are left where they are. */
  async function leave({ engine, clock }: TestEngine): Promise<void> {
    const stopped = engine.stop(0)
    await clock.advance(0)
    await stopped
    await engine.close()
  }

  const ended = async (engine: Engine, address: string): Promise<RunView> => {
    await until(async () => (await engine.runs.last('simple', address))?.done === true)
    return (await engine.runs.last('simple', address))!
  }

  t.test(`${name}: a picture has one live run, which all requests join`, async (t) => {
    const { engine, working } = await open(t)
    const [address, other] = [addressOf(1), addressOf(2)]
    const accepted = await Promise.all(
      Array.from({ length: 50 }, async () => await engine.runs.accept(newRun(address)))
    )
    t.equal(accepted.filter(({ outcome }) => outcome === 'started').length, 1)
    t.equal(new Set(accepted.map(({ run }) => run.runId)).size, 1)
    t.equal((await engine.runs.join('simple', address))?.runId, accepted[0]!.run.runId)
    t.equal(await engine.runs.join('simple', other), undefined)
    t.equal(await engine.runs.last('simple', other), undefined)
    await until(() => working.length === 1)
    t.match(await engine.runs.live(10), { count: 1, runs: [{ runId: accepted[0]!.run.runId }] })
    working[0]!.finish()
    t.match((await ended(engine, address)).snapshot(), { done: true, error: '', percent: 100 })
    t.match(await engine.runs.live(10), { count: 0, runs: [] })
  })

  t.test(`${name}: the queue has an order, a limit, and a moment for each refused client`, async (t) => {
    const { engine, working } = await open(t)
    const addresses = Array.from({ length: CONCURRENCY + QUEUE_LIMIT }, (_, index) => addressOf(index))
    for (const address of addresses) await engine.runs.accept(newRun(address))
    await until(() => working.length === CONCURRENCY)
    const positions = await Promise.all(
      addresses.map(async (address) => (await engine.runs.last('simple', address))!.snapshot().queuePosition)
    )
    t.same(positions, [0, 0, 1, 2, 3])
    t.match(engine.queue.load(), { working: CONCURRENCY, waiting: QUEUE_LIMIT })
    const waits: number[] = []
    for (let client = 0; client < 3; client += 1) {
      await engine.runs.accept(newRun(addressOf(99))).catch((error: ServiceError) => {
        t.equal(error.code, 'QUEUE_FULL')
        waits.push(error.retryAfter!)
      })
    }
    t.equal(new Set(waits).size, 3, `refused clients come back at different times: ${waits}`)
    t.equal(await engine.runs.last('simple', addressOf(99)), undefined)
    working[0]!.finish()
    await until(() => working.length === CONCURRENCY + 1)
    t.equal(working[CONCURRENCY]!.run.record.address, addresses[CONCURRENCY])
  })

  t.test(`${name}: clients take turns, and the positions in the queue say so`, async (t) => {
    const { engine, working } = await open(t)
    const flood = [0, 1, 2, 3, 4].map(addressOf)
    for (const address of flood) await engine.runs.accept(newRun(address, { client: 'flood' }))
    await until(() => working.length === CONCURRENCY)
    await engine.runs.accept(newRun(addressOf(10), { client: 'other' }))
    const positionOf = async (address: string) =>
      (await engine.runs.last('simple', address))!.snapshot().queuePosition
    t.equal(await positionOf(addressOf(10)), 1, 'it came last and is next')
    t.same(await Promise.all(flood.map(positionOf)), [0, 0, 2, 3, 4])
    for (let index = 0; index < 4; index += 1) {
      working[index]!.finish()
      await until(() => working.length === CONCURRENCY + index + 1)
    }
    const begun = working.map(({ run }) => run.record.address)
    t.same(begun.slice(0, CONCURRENCY).sort(), [0, 1].map(addressOf))
    t.same(begun.slice(CONCURRENCY), [10, 2, 3, 4].map(addressOf))
  })

  t.test(`${name}: a queue that one client has filled takes the runs of another one`, async (t) => {
    const { engine } = await open(t)
    const accept = async (index: number, client: string) =>
      await engine.runs.accept(newRun(addressOf(index), { client }))
    for (let index = 0; index < CONCURRENCY + QUEUE_LIMIT; index += 1) await accept(index, 'flood')
    await t.rejects(accept(99, 'flood'), { code: 'QUEUE_FULL' })
    await accept(10, 'other')
    await t.rejects(accept(99, 'other'), { code: 'QUEUE_FULL' }, 'its share is half of three runs')
    await t.rejects(accept(99, 'flood'), { code: 'QUEUE_FULL' })
    await accept(11, 'third')
    await accept(12, 'fourth')
    await t.rejects(accept(13, 'fifth'), { code: 'QUEUE_FULL' }, 'twice the limit waits')
  })

  t.test(`${name}: clients take turns after a restart too`, async (t) => {
    const first = await open(t)
    for (let index = 0; index < 4; index += 1) {
      await first.engine.runs.accept(newRun(addressOf(index), { client: 'flood' }))
    }
    await first.engine.runs.accept(newRun(addressOf(10), { client: 'other' }))
    await leave(first)
    const second = await first.connect()
    await until(() => second.working.length === CONCURRENCY)
    t.same(second.working.map(({ run }) => [run.record.address, run.record.client]).sort(), [
      [addressOf(0), 'flood'],
      [addressOf(10), 'other']
    ])
  })

  t.test(`${name}: every change is announced, and the last one with its end`, async (t) => {
    const { engine, working } = await open(t)
    const address = addressOf(1)
    const phases: string[] = []
    const all: string[] = []
    const follow = async (list: string[]) => {
      list.push((await engine.runs.last('simple', address))!.snapshot().currentPhase)
    }
    let announced = 0
    const leaveOne = engine.events.subscribe('simple', address, () => {
      announced += 1
      follow(phases).catch(t.threw)
    })
    const leaveAll = engine.events.subscribeAll(() => {
      follow(all).catch(t.threw)
    })
    await engine.runs.accept(newRun(address))
    await until(() => working.length === 1)
    working[0]!.run.progress.begin('image_wait')
    working[0]!.finish()
    await until(() => phases.at(-1) === 'completed' && all.at(-1) === 'completed')
    leaveOne()
    leaveAll()
    const count = announced
    await engine.runs.accept(newRun(address, { force: true }))
    await until(() => working.length === 2)
    t.equal(announced, count, 'after the end of the subscription nothing is announced')
  })

  t.test(`${name}: a failure is remembered for ten minutes, also over a restart`, async (t) => {
    const first = await open(t)
    const address = addressOf(1)
    await first.engine.runs.accept(newRun(address))
    await until(() => first.working.length === 1)
    first.working[0]!.fail(errors.image('it is no picture'))
    const { runId } = await ended(first.engine, address)
    await leave(first)
    const second = await first.connect()
    const view = (await second.engine.runs.last('simple', address))!
    t.match(view, { runId, done: true, failed: true })
    t.match(view.snapshot(), {
      errorCode: 'IMAGE_DOWNLOAD_ERROR',
      error: /no picture/,
      currentPhase: 'failed'
    })
    t.equal(second.engine.runs.secondsSinceEnd(view), 0)
    await second.clock.advance(600_001)
    t.equal(await second.engine.runs.last('simple', address), undefined)
    await leave(second)
  })

  t.test(`${name}: a run that takes too long fails because of that, unless it lost an answer`, async (t) => {
    const store = await createStore(t)
    const { engine, clock } = await store.connect()
    const working: string[] = []
    const lost = addressOf(0)
    await engine.open({
      ...createWorkerByHand().worker,
      async work({ record: { address }, signal }) {
        const stopped = once(signal, 'abort')
        working.push(address)
        await stopped
        throw address === lost ? errors.answerLost(1) : errors.image('cut')
      }
    })
    engine.start()
    for (const address of [lost, addressOf(1)]) await engine.runs.accept(newRun(address))
    await until(() => working.length === 2)
    await clock.advance(300_000)
    const codeOf = async (address: string) =>
      (await engine.runs.last('simple', address))?.snapshot().errorCode
    await until(async () => {
      await clock.advance(1_000)
      return Boolean((await codeOf(lost)) && (await codeOf(addressOf(1))))
    })
    t.equal(await codeOf(lost), 'ANSWER_LOST')
    t.equal(await codeOf(addressOf(1)), 'GENERATION_TIMEOUT')
    await engine.close()
  })

  t.test(`${name}: a lost answer is remembered until a new run replaces it`, async (t) => {
    const first = await open(t)
    const address = addressOf(1)
    await first.engine.runs.accept(newRun(address))
    await until(() => first.working.length === 1)
    first.working[0]!.fail(errors.answerLost(2))
    await ended(first.engine, address)
    await leave(first)
    const second = await first.connect()
    await second.clock.advance(86_400_000)
    const lost = await second.engine.runs.last('simple', address)
    t.equal(lost?.snapshot().errorCode, 'ANSWER_LOST')
    const away = errors.unavailable('the provider is away')
    const refused = await second.engine.runs.reject(newRun(address, { force: true }), away)
    t.match(refused.snapshot(), { error: 'the provider is away' })
    const after = await second.engine.runs.last('simple', address)
    t.equal(after?.runId, lost?.runId, 'a run that was refused at once does not replace it')
    await second.engine.runs.accept(newRun(address, { force: true }))
    await until(() => second.working.length === 1)
    second.working[0]!.finish()
    t.match((await ended(second.engine, address)).snapshot(), { error: '' })
    await leave(second)
    const third = await first.connect()
    t.not((await third.engine.runs.last('simple', address))?.failed, true)
  })

  t.test(`${name}: after a restart all runs go on, in their order and under their ids`, async (t) => {
    const first = await open(t)
    const addresses = [5, 3, 4, 1, 2].map(addressOf)
    const ids: string[] = []
    for (const address of addresses) ids.push((await first.engine.runs.accept(newRun(address))).run.runId)
    await until(() => first.working.length === CONCURRENCY)
    const { run } = first.working.find((job) => job.run.record.runId === ids[0])!
    run.progress.begin('image_wait')
    await run.reach('drawing')
    await leave(first)

    const second = await first.connect()
    t.match(await second.engine.runs.live(10), { count: 5, runs: ids.map((runId) => ({ runId })) })
    for (let index = 0; index < addresses.length; index += 1) {
      const job = () => second.working.find(({ run }) => run.record.runId === ids[index])
      await until(() => job() !== undefined)
      // Two runs work at once, so a run begins at the latest with the one after it.
      t.ok(second.working.length <= index + CONCURRENCY)
      const { run, finish } = job()!
      t.equal(run.record.step, index === 0 ? 'drawing' : 'accepted')
      finish()
      t.match((await ended(second.engine, addresses[index]!)).snapshot(), { runId: ids[index], error: '' })
    }
    await leave(second)
    t.match(await (await first.connect()).engine.runs.live(10), { count: 0 }, 'nothing is left')
  })

  t.test(`${name}: three restarts without a new step end a run`, async (t) => {
    let current = await open(t)
    const address = addressOf(1)
    await current.engine.runs.accept(newRun(address))
    await until(() => current.working.length === 1)
    for (let restart = 1; restart <= 3; restart += 1) {
      await leave(current)
      current = { ...current, ...(await current.connect()) }
      await until(() => current.working.length === 1)
      t.equal(current.working[0]!.run.record.restarts, restart)
    }
    await current.working[0]!.run.reach('enhanced')
    await leave(current)
    current = { ...current, ...(await current.connect()) }
    await until(() => current.working.length === 1)
    t.equal(current.working[0]!.run.record.restarts, 1, 'a new step starts the count again')
    for (let restart = 2; restart <= 3; restart += 1) {
      await leave(current)
      current = { ...current, ...(await current.connect()) }
      await until(() => current.working.length === 1)
    }
    await leave(current)
    current = { ...current, ...(await current.connect()) }
    t.match((await ended(current.engine, address)).snapshot(), { error: /ended 3 times/ })
    t.equal(current.working.length, 0)
  })

  t.test(`${name}: a run that cannot be prepared does not stop the start`, async (t) => {
    const first = await open(t)
    for (const index of [1, 2]) await first.engine.runs.accept(newRun(addressOf(index)))
    await leave(first)
    const { worker, working, forgotten } = createWorkerByHand()
    const prepare: Worker['prepare'] = async (record) => {
      if (record.address === addressOf(1)) throw errors.template('a slot has no value')
      return await worker.prepare(record)
    }
    const second = await first.connect({ worker: { ...worker, prepare }, working, forgotten })
    await until(() => second.working.length === 1)
    t.equal(working[0]!.run.record.address, addressOf(2), 'the other run goes on')
    await leave(second)
    const third = await first.connect()
    t.match(await third.engine.runs.live(10), { count: 2 }, 'its record is kept')
  })

  t.test(`${name}: a run that cannot go on fails with its reason`, async (t) => {
    const first = await open(t)
    const address = addressOf(1)
    await first.engine.runs.accept(newRun(address))
    await leave(first)
    const second = await first.connect(createWorkerByHand(errors.invalidSeries('simple')))
    t.match((await ended(second.engine, address)).snapshot(), { errorCode: 'INVALID_SERIES' })
    await leave(second)
    const third = await first.connect()
    t.match(await third.engine.runs.live(10), { count: 0 })
  })

  t.test(`${name}: a run whose picture is made does not go on`, async (t) => {
    const first = await open(t)
    await first.engine.runs.accept(newRun(addressOf(1)))
    await leave(first)
    const second = await first.connect(createWorkerByHand(undefined, true))
    await until(async () => (await second.engine.runs.live(10)).count === 0)
    t.equal(second.working.length, 0)
    t.not((await second.engine.runs.last('simple', addressOf(1)))?.failed, true)
    await leave(second)
    t.match(await (await first.connect()).engine.runs.live(10), { count: 0 })
  })

  t.test(`${name}: a run can be cancelled while it waits and while it works`, async (t) => {
    const { engine, working } = await open(t)
    for (let index = 0; index <= CONCURRENCY; index += 1) await engine.runs.accept(newRun(addressOf(index)))
    await until(() => working.length === CONCURRENCY)
    for (const index of [CONCURRENCY, 0]) {
      const run = await engine.runs.cancel('simple', addressOf(index), errors.cancelled())
      t.match(run?.snapshot(), { done: true, errorCode: 'CANCELLED' })
    }
    t.ok(working.find(({ run }) => run.record.address === addressOf(0))!.run.signal.aborted)
    t.equal(await engine.runs.cancel('simple', addressOf(0), errors.cancelled()), undefined)
  })
}
