import { setImmediate } from 'node:timers/promises'
import t from 'tap'
import type { Test } from 'tap'
import type { AdmittedCall, Circuit, Engine } from '../../../../lib/engine/engine.ts'
import { createPostgresCircuits } from '../../../../lib/engine/postgres/circuits.ts'
import { createDatabase } from '../../../../lib/engine/postgres/database.ts'
import type { Database, Values } from '../../../../lib/engine/postgres/database.ts'
import { createNotices } from '../../../../lib/engine/postgres/notices.ts'
import { createClock } from '../../../clock.ts'
import { until } from '../../../helper.ts'
import { createTestDatabase, noPostgres } from '../../../peers/postgres.ts'
import { testCircuits } from '../circuits-suite.ts'
import { createLink } from './link.ts'

const FAILURE = { verdict: 'failure', reason: 'overloaded' } as const
const FATAL = { verdict: 'fatal', reason: 'no_money' } as const
const SUCCESS = { verdict: 'success' } as const

function createGate(): { promise: Promise<void>; resolve: () => void } {
  let resolve = () => {}
  const promise = new Promise<void>((_resolve) => {
    resolve = _resolve
  })
  return { promise, resolve: () => resolve() }
}

if (noPostgres === false) {
  let shared: Promise<string> | undefined
  /** A database without circuits. */
  const emptied = async () => {
    shared ??= createTestDatabase()
    const url = await shared
    const database = createDatabase({ url })
    await database.query('truncate circuit')
    await database.close()
    return url
  }

  /** A database that tells when the statements that are under way have ended, and their rows are taken in. */
  const watchStatements = (plain: Database) => {
    const open = new Set<Promise<unknown>>()
    const database: Database = {
      ...plain,
      async query<Row extends object>(text: string, values?: Values): Promise<Row[]> {
        const rows = plain.query<Row>(text, values)
        open.add(rows)
        return await rows.finally(() => open.delete(rows))
      }
    }
    const settled = async () => {
      while (open.size > 0) await Promise.allSettled(open)
      await setImmediate()
    }
    return { database, settled }
  }

  /** A process of its own on a database. */
  const connect = async (t: Test, url: string) => {
    const { database, settled } = watchStatements(createDatabase({ url, connections: 3 }))
    const notices = createNotices({ url })
    await notices.start()
    const clock = createClock()
    const circuits = createPostgresCircuits({ database, notices, clock, timers: clock })
    await circuits.open()
    t.teardown(async () => {
      await circuits.stop()
      await notices.stop()
      await database.close()
    })
    /** Lets time pass for this process and for the database. */
    const advance = async (ms: number) => {
      await database.query(
        `update circuit set opened_ns = opened_ns - $1::bigint, probe_until_ns = probe_until_ns - $1::bigint,
          cool_until_ns = cool_until_ns - $1::bigint`,
        [ms * 1e6]
      )
      // What was read of the time before must be taken in at the time before.
      await settled()
      await clock.advance(ms)
    }
    return { circuits, circuit: circuits.of('draw'), clock: { advance }, database, hands: clock }
  }
  /** Asks again when no connection was free in time. */
  const admitOnBusyMachine = async (circuit: Circuit) => {
    for (;;) {
      try {
        return await circuit.admit()
      } catch (error) {
        if ((error as { code?: string }).code !== 'SERVICE_UNAVAILABLE') throw error
      }
    }
  }
  const start = async (circuit: Circuit) => {
    const admission = await circuit.admit()
    if (!admission.isAdmitted) throw new Error('the circuit rejected the call')
    return admission
  }
  const call = async (circuit: Circuit, verdict: Parameters<AdmittedCall['end']>[0]) =>
    await (await start(circuit)).end(verdict)

  testCircuits({
    name: 'postgres',
    createStore: async (t) => ({
      async connect() {
        const { circuits, clock } = await connect(t, await emptied())
        return { engine: { circuits } as unknown as Engine, clock }
      },
      writePicture: async () => {
        throw new Error('circuits have no pictures')
      }
    })
  })

  t.test('failures of several processes open a circuit for all of them', async (t) => {
    const url = await emptied()
    const all = await Promise.all([1, 2, 3, 4].map(async () => await connect(t, url)))
    const changes: string[][] = all.map(({ circuits }) => {
      const seen: string[] = []
      circuits.subscribe((operation, state) => seen.push(`${operation} ${state}`))
      return seen
    })
    for (let index = 0; index < 5; index += 1) await call(all[index % 4]!.circuit, FAILURE)
    for (const { circuit } of all) t.match(await circuit.admit(), { isAdmitted: false })
    await until(() => changes.every((seen) => seen.length > 0))
    for (const { circuit } of all) {
      t.match(circuit.report(), { state: 'OPEN', failures: 5, lastFailure: { reason: 'overloaded' } })
      t.match(circuit.rejection(), { isAdmitted: false, waitMs: Number })
    }

    await all[0]!.clock.advance(30_000)
    for (const { hands } of all.slice(1)) await hands.advance(30_000)
    t.same(
      changes.flat(),
      all.flatMap(() => ['draw OPEN', 'draw HALF_OPEN'])
    )
    t.equal(all[3]!.circuit.rejection(), undefined)
    const admissions = await Promise.all(
      Array.from({ length: 200 }, async (_, index) => await admitOnBusyMachine(all[index % 4]!.circuit))
    )
    const probes = admissions.filter((admission) => admission.isAdmitted)
    t.equal(probes.length, 1, 'one of 200 calls may try')
    await until(() => all.every(({ circuit }) => circuit.rejection()?.waitMs === 0))
    await probes[0]!.end(SUCCESS)
    await call(all[1]!.circuit, { verdict: 'ignored' })
    await call(all[2]!.circuit, SUCCESS)
    await until(() => all.every(({ circuit }) => circuit.report().state === 'CLOSED'))
    t.equal(all[3]!.circuit.report().successes, 2)
  })

  t.test('a process that dies with the probe frees it; one that lives keeps it', async (t) => {
    const url = await emptied()
    const [dying, living] = [await connect(t, url), await connect(t, url)]
    await call(dying.circuit, FATAL)
    await dying.clock.advance(30_000)
    await living.hands.advance(30_000)
    const first = await start(dying.circuit)
    for (let seconds = 0; seconds < 20; seconds += 5) {
      t.match(await living.circuit.admit(), { isAdmitted: false, waitMs: 0 })
      const left = async () => {
        const [row] = await living.database.query<{ left: number }>(
          'select probe_until_ns - now_ns() as left from circuit'
        )
        return row!.left
      }
      await dying.clock.advance(5_000)
      await until(async () => (await left()) > 10e9)
    }
    // The process of the probe dies: its lease is renewed no more.
    await living.database.query('update circuit set probe_until_ns = now_ns() - 1')
    const second = await start(living.circuit)
    await first.end(SUCCESS)
    t.match(await living.circuit.admit(), { isAdmitted: false }, 'its late end has no effect')
    await second.end(FAILURE)
    t.match(living.circuit.report(), { state: 'OPEN' }, 'a failed probe opens the circuit again')
  })

  t.test('a probe that is admitted too late for its call is free again', async (t) => {
    const url = await emptied()
    const living = await connect(t, url)
    await call(living.circuit, FATAL)
    await living.clock.advance(30_000)
    const { database } = living
    const { promise: gate, resolve: openGate } = createGate()
    const clock = createClock()
    const slow = createPostgresCircuits({
      database: {
        async query<Row extends object>(...statement: Parameters<typeof database.query>) {
          if (statement[0].startsWith('update circuit')) await gate
          return await database.query<Row>(...statement)
        }
      },
      notices: { subscribe: () => () => {}, onGap: () => () => {} },
      clock,
      timers: clock
    })
    t.teardown(slow.stop)
    await slow.open()
    const isRefused = t.rejects(slow.of('draw').admit(), { code: 'SERVICE_UNAVAILABLE' })
    await clock.advance(3_000)
    await isRefused
    openGate()
    const isProbed = async () =>
      (await database.query(`select 1 from circuit where state = 'HALF_OPEN' and probe is null`)).length === 1
    await until(isProbed)
    t.match(await living.circuit.admit(), { isAdmitted: true })
  })

  t.test('all processes wait as long as the provider asks one of them', async (t) => {
    const url = await emptied()
    const [asked, other] = [await connect(t, url), await connect(t, url)]
    await asked.circuit.coolDown(60_000)
    await until(() => other.circuit.coolDownMs() > 50_000)
    await other.circuit.coolDown(1_000)
    t.ok(other.circuit.coolDownMs() > 50_000)
  })

  t.test('while the database is away no call is admitted, and ends are reported afterwards', async (t) => {
    const link = await createLink(t, await emptied())
    const { circuit, hands } = await connect(t, link.url)
    const working = await start(circuit)
    await link.cut()
    await t.rejects(circuit.admit(), { code: 'SERVICE_UNAVAILABLE' })
    const ended = working.end(FATAL)
    await until(async () => {
      await hands.advance(1_000)
      return hands.timers > 0
    })
    await ended
    t.equal(circuit.report().state, 'CLOSED')
    await link.mend()
    await until(async () => {
      await hands.advance(1_000)
      return circuit.report().state === 'OPEN'
    })
  })
} else {
  t.test('the circuits of several processes', { skip: noPostgres }, async () => {})
}
