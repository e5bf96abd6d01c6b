import type { CircuitOptions } from '../embedded/circuits.ts'
import type { CallVerdict, CircuitState } from '../engine.ts'
import type { Database } from './database.ts'

const NS_PER_MS = 1e6

/** A row of the table `circuit`, with its times as milliseconds from now. */
export interface CircuitRow {
  operation: string
  state: CircuitState
  era: number
  failures: number
  successes: number
  rejected: number
  open_ms: number
  cool_ms: number
  is_probing: boolean
  last_failure: string | null
  /** Unix milliseconds. */
  last_failure_ms: number | null
}

export type CircuitStatements = ReturnType<typeof createCircuitStatements>

/** The statements of the circuit breakers. Each is one decision on the row of an operation. */
export function createCircuitStatements(
  database: Pick<Database, 'query'>,
  {
    failureThreshold = 5,
    resetTimeoutMs = 30_000,
    successThreshold = 2
  }: Pick<CircuitOptions, 'failureThreshold' | 'resetTimeoutMs' | 'successThreshold'>,
  leaseMs: number
) {
  const resetNs = Math.round(resetTimeoutMs * NS_PER_MS)
  const leaseNs = Math.round(leaseMs * NS_PER_MS)
  const row = `operation, state, era, failures, successes, rejected, last_failure,
    last_failure_ns / ${NS_PER_MS} as last_failure_ms,
    greatest(0, ceil((opened_ns + ${resetNs} - now_ns()) / ${NS_PER_MS}.0)) as open_ms,
    greatest(0, coalesce(cool_until_ns - now_ns(), 0) / ${NS_PER_MS}.0) as cool_ms,
    probe is not null and probe_until_ns > now_ns() as is_probing`
  /** A call has an effect only in its era, and a probe only while it is the one that was admitted. */
  const own = 'operation = $1 and era = $2 and probe is not distinct from $3::uuid'
  /** Whether a circuit that is not closed admits a call. */
  const may = `(state = 'OPEN' and opened_ns + ${resetNs} <= clock.now
    or state = 'HALF_OPEN' and (probe is null or probe_until_ns <= clock.now))`
  const closes = `(state = 'HALF_OPEN' and successful_probes + 1 >= ${successThreshold})`
  const opens = `(state = 'HALF_OPEN' or $5::boolean or failures + 1 >= ${failureThreshold})`

  async function one(text: string, values: unknown[]): Promise<CircuitRow | undefined> {
    return (await database.query<CircuitRow>(text, values))[0]
  }

  return {
    async read(): Promise<CircuitRow[]> {
      return await database.query<CircuitRow>(`select ${row} from circuit`)
    },

    /** The row of an operation. Its first use makes it. */
    async find(operation: string): Promise<CircuitRow> {
      const select = `select ${row} from circuit where operation = $1`
      const found = await one(select, [operation])
      if (found !== undefined) return found
      await database.query('insert into circuit (operation) values ($1) on conflict do nothing', [operation])
      return (await one(select, [operation]))!
    },

    /**
     * Makes a call the probe, or counts its rejection. Undefined if the circuit is closed.
     * @returns the row, and whether the call is the probe
     */
    async tryProbe(
      operation: string,
      probe: string
    ): Promise<(CircuitRow & { is_probe: boolean }) | undefined> {
      const [tried] = await database.query<CircuitRow & { is_probe: boolean }>(
        `update circuit set rejected = rejected + (not ${may})::integer,
          era = era + (${may} and state = 'OPEN')::integer,
          successful_probes = case when ${may} and state = 'OPEN' then 0 else successful_probes end,
          state = case when ${may} then 'HALF_OPEN' else state end,
          probe = case when ${may} then $2::uuid else probe end,
          probe_until_ns = case when ${may} then clock.now + ${leaseNs} else probe_until_ns end
         from (select now_ns() as now) as clock
         where operation = $1 and state <> 'CLOSED'
         returning ${row}, coalesce(probe = $2::uuid, false) as is_probe`,
        [operation, probe]
      )
      return tried
    },

    async renew(operation: string, probe: string): Promise<void> {
      await database.query(
        `update circuit set probe_until_ns = now_ns() + ${leaseNs} where operation = $1 and probe = $2`,
        [operation, probe]
      )
    },

    /** Counts the end of a call. Undefined if it has no effect. */
    async end(
      operation: string,
      era: number,
      probe: string | null,
      result: CallVerdict
    ): Promise<CircuitRow | undefined> {
      const call = [operation, era, probe]
      if (result.verdict === 'ignored') {
        if (probe === null) return undefined
        return await one(`update circuit set probe = null where ${own} returning ${row}`, call)
      }
      if (result.verdict === 'success') {
        return await one(
          `update circuit set successes = successes + 1, failures = 0, probe = null,
            successful_probes = successful_probes + (state = 'HALF_OPEN')::integer,
            state = case when ${closes} then 'CLOSED' else state end, era = era + ${closes}::integer
           where ${own} returning ${row}`,
          call
        )
      }
      return await one(
        `update circuit set failures = failures + 1, last_failure = $4, last_failure_ns = now_ns(), probe = null,
          state = case when ${opens} then 'OPEN' else state end, era = era + ${opens}::integer,
          opened_ns = case when ${opens} then now_ns() else opened_ns end
         where ${own} returning ${row}`,
        [...call, result.reason, result.verdict === 'fatal']
      )
    },

    async coolDown(operation: string, ms: number): Promise<void> {
      await database.query(
        `insert into circuit (operation, cool_until_ns) values ($1, now_ns() + $2::bigint)
         on conflict (operation) do update
         set cool_until_ns = greatest(circuit.cool_until_ns, excluded.cool_until_ns)`,
        [operation, Math.round(ms * NS_PER_MS)]
      )
    }
  }
}
