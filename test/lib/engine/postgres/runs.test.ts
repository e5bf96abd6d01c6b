import t from 'tap'
import type { Test } from 'tap'
import { systemClock } from '../../../../lib/clock.ts'
import type { Engine } from '../../../../lib/engine/engine.ts'
import { createTickets } from '../../../../lib/engine/postgres/tickets.ts'
import { errors } from '../../../../lib/errors.ts'
import { untilWritten } from '../../../../lib/generation/paid-step.ts'
import { migrate } from '../../../../lib/engine/postgres/migrate.ts'
import { createClock } from '../../../clock.ts'
import { temporaryFolder, until } from '../../../helper.ts'
import { createTestDatabase, noPostgres, startPostgres } from '../../../peers/postgres.ts'
import { CONCURRENCY, addressOf, createWorkerByHand, newRun } from '../engine-suite.ts'
import { createEngine, freezeClock } from './engines.ts'
import type { TestClock } from './engines.ts'

const ADDRESS = addressOf(1)

/** A second clock of processes, which stands still: a process that hangs. */
function standStill(): TestClock {
  const { now, nowNs, startTimer } = createClock()
  return { now, nowNs, startTimer, advance: async () => {}, advanceDatabase: async () => {} }
}

async function openDatabase(t: Test) {
  const url = await createTestDatabase()
  const folder = await temporaryFolder(t)
  const clock = await freezeClock(t, url)
  const connect = async (changes: Parameters<typeof createEngine>[3] = {}, ownClock: TestClock = clock) => {
    const connected = createEngine(url, folder, ownClock, changes)
    const { worker, working, forgotten } = createWorkerByHand()
    await connected.engine.open(worker)
    connected.engine.start()
    t.teardown(connected.stop)
    return { ...connected, working, forgotten }
  }
  return { clock, connect }
}

/** An engine with a server of its own, by the clock of the machine. */
async function openReal(t: Test, changes: Parameters<typeof createEngine>[3] = {}) {
  const server = await startPostgres(t)
  const url = await server.createDatabase()
  await migrate(url)
  const nowNs = () => Math.round((performance.timeOrigin + performance.now()) * 1e6)
  const real = { ...systemClock, nowNs, advance: async () => {}, advanceDatabase: async () => {} }
  const { engine, stop } = createEngine(url, await temporaryFolder(t), real, changes)
  t.teardown(stop)
  return { server, engine }
}

const last = async (engine: Engine, address = ADDRESS) => (await engine.runs.last('simple', address))!

t.test('several processes', { skip: noPostgres }, async (t) => {
  t.test('a run is the same for all of them', async (t) => {
    const { clock, connect } = await openDatabase(t)
    const traces: string[] = []
    const [front, back] = [
      await connect({
        role: 'http',
        trace: { current: () => 'of the request', continue: (_, work) => work() }
      }),
      await connect({
        role: 'worker',
        trace: {
          current: () => 'of the request',
          continue(traceparent, work) {
            traces.push(traceparent)
            work()
          }
        }
      })
    ]
    const engines = [front.engine, back.engine]
    const accepted = await Promise.all(
      Array.from({ length: 20 }, async (_, index) => await engines[index % 2]!.runs.accept(newRun(ADDRESS)))
    )
    t.equal(accepted.filter(({ outcome }) => outcome === 'started').length, 1)
    t.equal(new Set(accepted.map(({ run }) => run.runId)).size, 1)

    await until(() => back.working.length === 1)
    t.equal(front.working.length, 0, 'a process that serves does not work')
    t.same(traces, ['of the request'], 'the trace of the request goes on in the worker')
    const { progress } = back.working[0]!.run
    progress.begin('image_wait')
    progress.addPartial({ image: Buffer.from('half'), mediaType: 'image/png' })
    await until(async () => {
      // Changes that follow soon share a write.
      await clock.advance(250)
      return (await last(front.engine)).snapshot().partialImages === 1
    })
    t.same(await front.engine.runs.partial('simple', ADDRESS), {
      image: Buffer.from('half'),
      mediaType: 'image/png'
    })
    const [one, other] = await Promise.all(engines.map(async (engine) => await last(engine)))
    t.same(one!.snapshot(), other!.snapshot())
    t.equal(one!.version, other!.version)
    t.equal(one!.snapshot().currentPhase, 'image_wait')

    let announcedEnd = ''
    front.engine.events.subscribeAll((run) => {
      announcedEnd = run?.snapshot().runId ?? announcedEnd
    })
    back.working[0]!.finish()
    await until(() => announcedEnd === progress.runId)
    t.match((await last(front.engine)).snapshot(), { done: true, percent: 100 })
    t.equal(await front.engine.runs.partial('simple', ADDRESS), undefined)
    t.match(await front.engine.runs.ended(60, 10), [{ runId: progress.runId }])
  })

  t.test(
    'a process whose data folder is another one leaves all runs to the others until it is back',
    async (t) => {
      const { clock, connect } = await openDatabase(t)
      let isOther = true
      let looks = 0
      const isReplaced = async () => {
        looks += 1
        return isOther
      }
      const lost = await connect({ isReplaced })
      await lost.engine.runs.accept(newRun(ADDRESS))
      await until(() => looks > 0)
      const healthy = await connect()
      // A ticket that the first one holds is replaced within five seconds, until it holds as many as it may.
      await until(async () => {
        await clock.advance(1_000)
        return healthy.working.length === 1
      })
      healthy.working[0]!.finish()
      await until(async () => (await last(healthy.engine)).done)
      t.equal((await last(healthy.engine)).snapshot().error, '')
      t.equal(lost.working.length, 0)

      isOther = false
      const count = CONCURRENCY + 1
      for (let index = 2; index < 2 + count; index += 1) {
        await lost.engine.runs.accept(newRun(addressOf(index)))
      }
      await until(async () => {
        await clock.advance(1_000)
        return healthy.working.length - 1 + lost.working.length === count
      })
      t.ok(lost.working.length > 0, 'it works when its folder is back')
    }
  )

  t.test('a run is cancelled from another process, while it waits and while it works', async (t) => {
    const { connect } = await openDatabase(t)
    const [front, back] = [await connect({ role: 'http' }), await connect({ concurrency: 1 })]
    for (const index of [1, 2]) await front.engine.runs.accept(newRun(addressOf(index)))
    await until(() => back.working.length === 1)
    for (const index of [2, 1]) {
      const run = await front.engine.runs.cancel('simple', addressOf(index), errors.cancelled())
      t.match(run?.snapshot(), { done: true, errorCode: 'CANCELLED', error: 'Generation was cancelled' })
    }
    t.ok(back.working[0]!.run.signal.aborted)
    t.match(await back.engine.runs.live(10), { count: 0 })
  })

  t.test('a run whose process hangs goes on in another one, and the first one writes nothing', async (t) => {
    const { clock, connect } = await openDatabase(t)
    const frozen = await connect({ concurrency: 1 }, standStill())
    let endsOfFrozen = 0
    frozen.engine.local.subscribe((run) => {
      if (run.done) endsOfFrozen += 1
    })
    await frozen.engine.runs.accept(newRun(ADDRESS))
    await until(() => frozen.working.length === 1)
    const successor = await connect()
    await clock.advance(5_000)
    await clock.advance(5_000)
    t.equal(successor.working.length, 0, 'the lease lasts')
    await clock.advance(5_001)
    await until(async () => {
      // A look for runs without a ticket may have begun before.
      await clock.advance(250)
      return successor.working.length === 1
    })
    t.equal(successor.working[0]!.run.record.restarts, 1)

    const old = frozen.working[0]!.run
    old.progress.begin('annotate')
    await t.rejects(old.reach('drawn'), { code: 'SERVICE_UNAVAILABLE' })
    await until(() => old.signal.aborted)
    t.not((await last(successor.engine)).snapshot().currentPhase, 'annotate')
    successor.working[0]!.finish()
    await until(async () => (await last(successor.engine)).done)
    t.match((await last(successor.engine)).snapshot(), { error: '', percent: 100 })
    t.equal(endsOfFrozen, 0)
  })

  t.test('a process that wakes after the end of its run removes the answer that it has kept', async (t) => {
    const { clock, connect } = await openDatabase(t)
    const frozen = await connect({ concurrency: 1 }, standStill())
    await frozen.engine.runs.accept(newRun(ADDRESS))
    await until(() => frozen.working.length === 1)
    const { run } = frozen.working[0]!
    await clock.advance(15_001)
    const successor = await connect()
    await until(() => successor.working.length === 1)
    t.same(frozen.forgotten, [], 'the successor may use the answer')
    successor.working[0]!.finish()
    await until(async () => (await last(successor.engine)).done)
    await t.rejects(run.reach('drawn'), { code: 'SERVICE_UNAVAILABLE' })
    await until(() => frozen.forgotten.length === 1)
    t.same([frozen.forgotten, successor.forgotten], [[run.record.runId], []])
  })

  t.test('a process that claims its own run again follows the new work', async (t) => {
    const { clock, connect } = await openDatabase(t)
    const { engine, working, database } = await connect()
    await engine.runs.accept(newRun(ADDRESS))
    await until(() => working.length === 1)
    // As after a time without the database: the lease is over, and the process works.
    await clock.advanceDatabase(15_001)
    const tickets = createTickets({ database, onError: t.threw })
    await tickets.open()
    t.teardown(tickets.close)
    await tickets.add()
    await until(() => working.length === 2)
    await t.rejects(working[0]!.run.reach('drawn'), { code: 'SERVICE_UNAVAILABLE' })
    await until(() => engine.local.oldest(10).length < 2)
    t.notOk(working[1]!.run.signal.aborted)
    t.equal(engine.local.oldest(10).length, 1)
    const run = await engine.runs.cancel('simple', ADDRESS, errors.cancelled())
    t.match(run?.snapshot(), { errorCode: 'CANCELLED' })
    t.ok(working[1]!.run.signal.aborted)
  })

  t.test('a run that was to end when its worker gave it back does not begin again', async (t) => {
    const { connect } = await openDatabase(t)
    const front = await connect({ role: 'http' })
    await front.engine.runs.accept(newRun(ADDRESS))
    const { code, message } = errors.cancelled()
    await front.database.query('update run set cancel = $1', [JSON.stringify({ code, message })])
    const back = await connect({ role: 'worker' })
    await until(async () => (await last(front.engine)).done || back.working.length > 0)
    t.match((await last(front.engine)).snapshot(), { errorCode: 'CANCELLED' })
    t.equal(back.working.length, 0)
  })

  t.test('a ticket too many steals no run, and a lost ticket is replaced', async (t) => {
    const { clock, connect } = await openDatabase(t)
    const one = await connect({ concurrency: 1 })
    await one.engine.runs.accept(newRun(ADDRESS))
    await until(() => one.working.length === 1)
    const other = await connect({ concurrency: 1 })
    // As after a theft by a clock that is ahead: BullMQ gives a ticket out again.
    const tickets = createTickets({ database: other.database, onError: t.threw })
    await tickets.open()
    t.teardown(tickets.close)
    await tickets.add(3)
    await until(async () => (await tickets.countWaiting()) === 0)
    t.equal(other.working.length, 0)

    for (const index of [2, 3]) await one.engine.runs.accept(newRun(addressOf(index)))
    await until(() => other.working.length === 1)
    await one.database.query("delete from job where state = 'waiting'")
    one.working[0]!.finish()
    await until(async () => (await last(one.engine)).done)
    t.equal(one.working.length, 1, 'nothing says that a run waits')
    await clock.advance(5_000)
    await until(() => one.working.length === 2)
  })

  t.test('processes that make other pictures refuse to start', async (t) => {
    const { connect } = await openDatabase(t)
    await connect()
    const folder = await temporaryFolder(t)
    t.ok(folder)
    const { worker } = createWorkerByHand()
    const other = await connect()
    await t.rejects(
      other.engine.open({ ...worker, makes: { databaseHash: 'sha256:1', artist: '' } }),
      /other attribute databases/
    )
    await t.rejects(
      other.engine.open({ ...worker, makes: { databaseHash: '', artist: 'a model provider' } }),
      /draws with/
    )
  })

  t.test(
    'a database that is away in the middle of a call costs neither the run nor its picture',
    async (t) => {
      const { server, engine } = await openReal(t)
      const picture = { series: 'simple', address: ADDRESS, bytes: 1, modifiedMs: 1 }
      let answer = () => {}
      let calls = 0
      const { worker } = createWorkerByHand()
      await engine.open({
        ...worker,
        async work({ progress, record, signal }) {
          progress.begin('image_wait')
          const expected = { usd: 1, images: 1 }
          const call = await engine.ledger.reserve({
            runId: record.runId,
            step: 'draw',
            expected,
            repeatsLost: 0
          })
          calls += 1
          await new Promise<void>((resolve) => {
            answer = resolve
          })
          call.settle(expected)
          await untilWritten({}, signal, async () => await engine.pictures.put(picture))
        }
      })
      engine.start()
      await engine.runs.accept(newRun(ADDRESS))
      await until(() => calls === 1)
      await server.stop('immediate')
      await t.rejects(engine.runs.last('simple', ADDRESS), { code: 'SERVICE_UNAVAILABLE', retryAfter: 5 })
      await t.rejects(engine.runs.accept(newRun(addressOf(2))), { code: 'SERVICE_UNAVAILABLE' })
      answer()
      await server.start()
      await until(
        async () => (await engine.runs.last('simple', ADDRESS).catch(() => undefined))?.done === true
      )
      t.match((await last(engine)).snapshot(), { error: '', percent: 100 })
      t.equal(calls, 1)
      t.ok(await engine.pictures.find('simple', ADDRESS))
      t.same(engine.ledger.spent(), { usd: 1, images: 1 })
    }
  )

  t.test(
    'a database that is away is reported once, with its reason, and once when it works again',
    async (t) => {
      const reports: string[] = []
      const { server, engine } = await openReal(t, {
        onAway: (cause) => reports.push(`away: ${String(cause)}`),
        onBack: () => reports.push('back'),
        onError: (error) => reports.push(`error: ${String(error)}`)
      })
      await engine.open(createWorkerByHand().worker)
      engine.start()
      await server.stop('immediate')
      await until(() => reports.length > 0)
      for (let ask = 0; ask < 3; ask += 1) {
        await t.rejects(engine.runs.accept(newRun(ADDRESS)), { code: 'SERVICE_UNAVAILABLE' })
      }
      await server.start()
      await until(() => reports.length > 1)
      t.match(reports, [/^away: .*(?:terminat|ECONN|closed)/, /^back$/])
    }
  )

  t.test('a run whose call is not admitted, because the database is away, goes on later', async (t) => {
    const { server, engine } = await openReal(t)
    const { worker } = createWorkerByHand()
    let attempts = 0
    let isAccepted = false
    await engine.open({
      ...worker,
      async work({ signal }) {
        attempts += 1
        if (attempts > 1) return
        await until(() => isAccepted)
        await server.stop('immediate')
        await t.rejects(engine.circuits.of('chat').admit(), { code: 'SERVICE_UNAVAILABLE' })
        t.ok(signal.aborted, 'no fallback takes the place of the call')
        await server.start()
        signal.throwIfAborted()
      }
    })
    engine.start()
    await engine.runs.accept(newRun(ADDRESS))
    isAccepted = true
    await until(async () => (await engine.runs.last('simple', ADDRESS).catch(() => undefined))?.done === true)
    t.match((await last(engine)).snapshot(), { error: '', degraded: false })
    t.equal(attempts, 2)
  })
})
