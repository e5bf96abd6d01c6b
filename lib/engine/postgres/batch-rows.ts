import { isServiceError } from '../../errors.ts'
import type { AddressEnd, BatchActivity, BatchEnd, BatchRecord, LivingBatch } from '../batches.ts'
import type { Database } from './database.ts'

const NS_PER_MS = 1e6
/** How long a batch that has ended is remembered, and how many of them. */
const ENDED_TTL_NS = 24 * 3600 * 1e9
const ENDED_MAX = 50
/** Any number that no other lock has: batches are added one after the other. */
const ADD_LOCK = 0x62_61_74
const REASON_CHARACTERS = 500
const UNIQUE_VIOLATION = '23505'
const NUL = /\0/g

/** The changing part of a batch. */
export interface BatchRow {
  batch_id: string
  ended: number
  end_state: BatchEnd['state'] | null
  end_reason: BatchEnd['reason'] | null
  ended_ns: number | null
  feeder: string | null
  /** Null when no process feeds the batch. */
  activity: BatchActivity | null
  pause_ms: number
}

const ROW = `batch_id, ended, end_state, end_reason, ended_ns, feeder,
  case when lease_until_ns > now_ns() then activity end as activity,
  greatest(0, coalesce(paused_until_ns - now_ns(), 0)) / ${NS_PER_MS}.0 as pause_ms`
const REMEMBERED = `(end_state is null or ended_ns > now_ns() - ${ENDED_TTL_NS})`
const NOTIFY = `pg_notify('dalle_batch', batch_id)`

/** Counts an end and adds it, unless the address has ended before. The row of the batch gives it its number. */
const ADD_END = `
  with counted as (
    update batch set ended = ended + 1
    where batch_id = $1 and not exists (select from batch_end where batch_id = $1 and index = $2)
    returning batch_id, ended),
  added as (
    insert into batch_end (batch_id, number, index, outcome, usd, code, error)
    select batch_id, ended, $2::integer, $3::text, $4::double precision, $5::text, $6::text from counted
    returning batch_id)
  select ${NOTIFY} from added`

export type BatchRows = ReturnType<typeof createBatchRows>

/**
 * The statements of batches.
 * @param feeder names this process
 * @param leaseNs how long a process feeds a batch without a renewal
 */
export function createBatchRows(
  database: Pick<Database, 'query' | 'transaction'>,
  feeder: string,
  leaseNs: number
) {
  async function living(): Promise<LivingBatch[]> {
    return await database.query<LivingBatch>(
      `select client, total - existing - ended as left from batch where end_state is null order by sequence`
    )
  }

  return {
    living,

    /** Adds a batch that this process feeds, while no other one is added. */
    async add(
      record: Omit<BatchRecord, 'acceptedNs'>,
      admit: (living: LivingBatch[]) => Promise<void>
    ): Promise<BatchRecord> {
      return await database.transaction(async () => {
        await database.query('select pg_advisory_xact_lock($1)', [ADD_LOCK])
        await admit(await living())
        const [clock] = await database.query<{ now: number }>('select now_ns() as now')
        const whole: BatchRecord = { ...record, acceptedNs: clock!.now }
        const { batchId, client, addresses, existing } = whole
        await database.query(
          `insert into batch (batch_id, client, record, total, existing, feeder, lease_until_ns)
           values ($1, $2, $3, $4, $5, $6, now_ns() + ${leaseNs})`,
          [
            ...[batchId, client.replaceAll(NUL, ''), JSON.stringify(whole)],
            ...[addresses.length, existing.length, feeder]
          ]
        )
        return whole
      })
    },

    /** The batch with this id, or all, in the order of their acceptance. */
    async read(batchId?: string): Promise<BatchRow[]> {
      return await database.query<BatchRow>(
        `select ${ROW} from batch where ${REMEMBERED} and ($1::text is null or batch_id = $1) order by sequence`,
        [batchId ?? null]
      )
    },

    async readRecord(batchId: string): Promise<BatchRecord | undefined> {
      const [row] = await database.query<{ record: BatchRecord }>(
        'select record from batch where batch_id = $1',
        [batchId]
      )
      return row?.record
    },

    /** The ends of a batch that have come after the first `known` ones. */
    async readEnds(batchId: string, known: number): Promise<AddressEnd[]> {
      const rows = await database.query<AddressEnd & { code: string | null; error: string | null }>(
        `select index, outcome, usd, code, error from batch_end where batch_id = $1 and number > $2 order by number`,
        [batchId, known]
      )
      return rows.map(({ code, error, ...end }) => ({
        ...end,
        ...(code !== null && { code }),
        ...(error !== null && { error })
      }))
    },

    async addEnd(batchId: string, { index, outcome, usd, code, error }: AddressEnd): Promise<void> {
      const reason = error?.slice(0, REASON_CHARACTERS).replaceAll(NUL, '')
      await database
        .query(ADD_END, [batchId, index, outcome, usd, code ?? null, reason ?? null])
        .catch((thrown: unknown) => {
          // Another process has noted the end of the address at the same moment.
          const isKnown = !isServiceError(thrown) && (thrown as { code?: string }).code === UNIQUE_VIOLATION
          if (!isKnown) throw thrown
        })
    },

    /** Ends a batch, unless it has ended, and forgets those that ended long ago. */
    async end(batchId: string, { state, reason }: Omit<BatchEnd, 'endedNs'>): Promise<void> {
      await database.query(
        `with ended as (
          update batch set end_state = $2, end_reason = $3, ended_ns = now_ns()
          where batch_id = $1 and end_state is null returning batch_id)
         select ${NOTIFY} from ended`,
        [batchId, state, reason === undefined ? null : JSON.stringify(reason)]
      )
      await database.query(
        `delete from batch where end_state is not null and (not ${REMEMBERED} or batch_id not in
          (select batch_id from batch where end_state is not null order by ended_ns desc limit ${ENDED_MAX}))`
      )
    },

    /** Takes a batch for this process: the one with this id, else the oldest free one that is not among `held`. */
    async claim(batchId: string | undefined, held: string[]): Promise<string | undefined> {
      const [row] = await database.query<{ batch_id: string }>(
        `update batch set feeder = $2, lease_until_ns = now_ns() + ${leaseNs}, activity = null
         where end_state is null and batch_id = (
          select batch_id from batch
          where end_state is null and ($1::text is null or batch_id = $1) and batch_id <> all ($3::text[])
            and (lease_until_ns <= now_ns() or (batch_id = $1 and feeder = $2))
          order by sequence limit 1 for update skip locked)
         returning batch_id`,
        [batchId ?? null, feeder, held]
      )
      return row?.batch_id
    },

    /** Renews the leases of this process. Returns those that it has still. */
    async renew(held: string[]): Promise<string[]> {
      const rows = await database.query<{ batch_id: string }>(
        `update batch set lease_until_ns = now_ns() + ${leaseNs}
         where feeder = $1 and batch_id = any ($2::text[]) and end_state is null returning batch_id`,
        [feeder, held]
      )
      return rows.map(({ batch_id: id }) => id)
    },

    async publish(batchId: string, activity: BatchActivity): Promise<void> {
      await database.query(
        `with changed as (
          update batch set activity = $3, paused_until_ns = now_ns() + $4::bigint
          where batch_id = $1 and feeder = $2 returning batch_id)
         select ${NOTIFY} from changed`,
        [
          ...[batchId, feeder, JSON.stringify(activity)],
          Math.round((activity.pause?.retryMs ?? 0) * NS_PER_MS)
        ]
      )
    },

    async release(batchId: string): Promise<void> {
      await database.query(
        `update batch set feeder = null, lease_until_ns = 0, activity = null where batch_id = $1 and feeder = $2`,
        [batchId, feeder]
      )
    }
  }
}
