import { randomUUID } from 'node:crypto'
import { systemClock } from '../../clock.ts'
import type { Clock } from '../../clock.ts'
import { repeatWork } from '../../repeat-work.ts'
import type { CircuitOptions } from '../embedded/circuits.ts'
import type {
  AdmittedCall,
  CallVerdict,
  Circuit,
  CircuitReport,
  CircuitState,
  Circuits,
  RejectedCall
} from '../engine.ts'
import { createCircuitStatements } from './circuit-statements.ts'
import type { CircuitRow } from './circuit-statements.ts'
import { databaseAway } from './database.ts'
import type { Database } from './database.ts'
import { announce } from './notices.ts'
import type { Notices } from './notices.ts'
import { createWrites } from './writes.ts'

/** How often the copies of the circuits are read anew, in milliseconds. */
const REFRESH_MS = 1_000
/** How long a call waits for the admission, and a paid answer for the report of its end. */
const ADMIT_MS = 3_000
const REPORT_MS = 1_000
/** A process that holds the probe renews its lease. After the end of the process the probe is free again. */
const LEASE_MS = 15_000
const RENEW_MS = 5_000

export interface PostgresCircuitsOptions extends CircuitOptions {
  database: Pick<Database, 'query'>
  notices: Pick<Notices, 'subscribe' | 'onGap'>
  /** Called when the database cannot be read or written, and the service goes on. */
  onError?: (error: unknown) => void
  timers?: Pick<Clock, 'startTimer'>
}

/** A circuit as this process knows it. Its times are by the clock of this process. */
interface Copy {
  row: CircuitRow
  openUntil: number
  coolUntil: number
  /** The state that the listeners know. */
  shown: CircuitState
  cancelTimer: () => void
}

export type PostgresCircuits = ReturnType<typeof createPostgresCircuits>

/**
 * The circuits of all processes. Each decision is a statement on the row of an operation, by the database's clock.
 * `rejection`, `report` and `coolDownMs` answer from a copy that is at most a second old.
 */
export function createPostgresCircuits(options: PostgresCircuitsOptions) {
  const { database, notices, clock = systemClock, timers = systemClock, onError = () => {} } = options
  const statements = createCircuitStatements(database, options, LEASE_MS)
  const writes = createWrites({ onError, clock: timers })
  const copies = new Map<string, Copy>()
  const listeners = new Set<(operation: string, state: CircuitState) => void>()
  const ends = new Set<() => void>()
  let stopRefreshing = async () => {}
  let isStopped = false

  function copyOf(operation: string): Copy {
    const known = copies.get(operation)
    if (known !== undefined) return known
    const row: CircuitRow = {
      operation,
      state: 'CLOSED',
      ...{ era: -1, failures: 0, successes: 0, rejected: 0, open_ms: 0, cool_ms: 0 },
      ...{ is_probing: false, last_failure: null, last_failure_ms: null }
    }
    const copy: Copy = { row, openUntil: 0, coolUntil: 0, shown: 'CLOSED', cancelTimer: () => {} }
    copies.set(operation, copy)
    return copy
  }

  /** An open circuit admits a call when its time is over, so that it is half-open then. */
  function stateOf({ row, openUntil }: Copy): CircuitState {
    return row.state === 'OPEN' && clock.now() >= openUntil ? 'HALF_OPEN' : row.state
  }

  function show(copy: Copy): void {
    const state = stateOf(copy)
    copy.cancelTimer()
    if (state === 'OPEN' && !isStopped) {
      const ms = Math.max(1, copy.openUntil - clock.now())
      copy.cancelTimer = timers.startTimer(ms, () => show(copy))
    }
    if (state === copy.shown) return
    copy.shown = state
    for (const listener of listeners) listener(copy.row.operation, state)
  }

  function take(row: CircuitRow): void {
    const copy = copyOf(row.operation)
    // Answers may arrive in another order than that of their statements.
    if (row.era < copy.row.era) return
    if (row.era > copy.row.era) copy.openUntil = clock.now() + row.open_ms
    copy.coolUntil = Math.max(copy.coolUntil, row.cool_ms > 0 ? clock.now() + row.cool_ms : 0)
    copy.row = row
    show(copy)
  }

  async function refresh(): Promise<void> {
    for (const row of await statements.read()) take(row)
  }

  function refreshSoon(): void {
    refresh().catch(onError)
  }

  /** Takes in a row after a change of this process, and lets the others know of a new state. */
  function changed(row: CircuitRow | undefined, era: number): void {
    if (row === undefined) return
    take(row)
    if (row.era !== era) announce(database, 'dalle_circuit', row.operation).catch(onError)
  }

  /** What a promise resolves to, or `late()` after `ms` milliseconds. */
  async function within<T>(promise: Promise<T>, ms: number, late: () => T): Promise<T> {
    let cancel = () => {}
    const timeout = new Promise<T>((resolve) => {
      cancel = timers.startTimer(ms, () => {
        resolve((async () => late())())
      })
    })
    return await Promise.race([promise, timeout]).finally(cancel)
  }

  function rejectionOf(copy: Copy): RejectedCall | undefined {
    const state = stateOf(copy)
    const isHeld = state === 'OPEN' || (copy.row.state === 'HALF_OPEN' && copy.row.is_probing)
    return isHeld ? { isAdmitted: false, waitMs: Math.max(0, copy.openUntil - clock.now()) } : undefined
  }

  /** A call that was admitted in an era, perhaps as the probe of a half-open circuit. */
  function admitted(operation: string, era: number, probe: string | null): AdmittedCall {
    let cancelRenewal = () => {}
    const renewLater = () => {
      cancelRenewal = timers.startTimer(RENEW_MS, () => {
        statements.renew(operation, probe!).catch(onError)
        renewLater()
      })
    }
    const stopRenewal = () => {
      cancelRenewal()
      ends.delete(stopRenewal)
    }
    if (probe !== null) {
      renewLater()
      ends.add(stopRenewal)
    }
    return {
      isAdmitted: true,
      async end(verdict: CallVerdict): Promise<void> {
        stopRenewal()
        // The answer of the call must be kept soon, whatever the database does.
        const written = writes.add(async () => {
          changed(await statements.end(operation, era, probe, verdict), era)
        })
        await within(written, REPORT_MS, () => {})
      }
    }
  }

  async function admit(operation: string): Promise<AdmittedCall | RejectedCall> {
    const probe = randomUUID()
    for (;;) {
      const before = copyOf(operation).row
      const tried = before.state === 'CLOSED' ? undefined : await statements.tryProbe(operation, probe)
      if (tried !== undefined) {
        changed(tried, before.era)
        if (tried.is_probe) return admitted(operation, tried.era, probe)
        return rejectionOf(copyOf(operation)) ?? { isAdmitted: false, waitMs: 0 }
      }
      const row = await statements.find(operation)
      take(row)
      if (row.state === 'CLOSED') return admitted(operation, row.era, null)
    }
  }

  /** Admits a call in time, or refuses it: then an admission that arrives later ends at once. */
  async function admitSoon(operation: string): Promise<AdmittedCall | RejectedCall> {
    const admitting = admit(operation)
    return await within(admitting, ADMIT_MS, () => {
      admitting
        .then(async (late) => {
          if (late.isAdmitted) await late.end({ verdict: 'ignored' })
        })
        .catch(onError)
      throw databaseAway()
    })
  }

  function circuitOf(operation: string): Circuit {
    return {
      admit: async () => await admitSoon(operation),
      rejection: () => rejectionOf(copyOf(operation)),
      report: () => reportOf(copyOf(operation), stateOf(copyOf(operation))),
      coolDownMs: () => Math.max(0, copyOf(operation).coolUntil - clock.now()),

      async coolDown(ms: number): Promise<void> {
        const copy = copyOf(operation)
        const until = clock.now() + ms
        copy.coolUntil = Math.max(copy.coolUntil, until)
        const written = writes.add(async () => {
          await statements.coolDown(operation, Math.max(0, until - clock.now()))
          await announce(database, 'dalle_circuit', operation)
        })
        await within(written, REPORT_MS, () => {})
      }
    }
  }

  const stops = [notices.subscribe('dalle_circuit', refreshSoon), notices.onGap(refreshSoon)]

  return {
    of: circuitOf,

    subscribe(listener: (operation: string, state: CircuitState) => void): () => void {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },

    /** Reads the circuits, and does so again at each change and each second. */
    async open(): Promise<void> {
      await refresh().catch(onError)
      stopRefreshing = repeatWork(refresh, { everyMs: REFRESH_MS, onError, clock: timers })
    },

    /** Writes what waits, if that is possible now. */
    async stop(): Promise<void> {
      isStopped = true
      for (const stop of [...stops, ...ends]) stop()
      await stopRefreshing()
      for (const copy of copies.values()) copy.cancelTimer()
      await writes.stop()
    }
  } satisfies Circuits & Record<string, unknown>
}

function reportOf({ row }: Copy, state: CircuitState): CircuitReport {
  const { failures, successes, rejected, last_failure: reason, last_failure_ms: at } = row
  return {
    state,
    failures,
    successes,
    rejected,
    lastFailure: reason === null || at === null ? undefined : { reason, at }
  }
}
