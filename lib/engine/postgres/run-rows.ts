import type { RunFailure, RunState } from '../../progress/run-state.ts'
import type { PartialImage } from '../../progress/run.ts'
import type { Provider } from '../../schemas/progress.ts'
import type { ImageOrder } from '../../schemas/order.ts'
import type { RunRecord, RunStep } from '../engine.ts'
import type { Claim } from './claims.ts'
import type { Database } from './database.ts'

/** Changes that concern the queue. The notice says which. */
export type QueueChange = 'accepted' | 'begun' | 'ended'

/** What readers see of a run. */
export interface RunRow {
  run_id: string
  sequence: number
  series: string
  address: string
  client: string
  state: 'waiting' | 'working' | 'completed' | 'failed'
  version: number
  accepted_ns: number
  ended_ns: number | null
  provider: Provider
  image_order: ImageOrder | null
  progress: RunState
}

/** What tells whether a reader has the newest version of the run that it wants. */
export type NewestRun = Pick<RunRow, 'run_id' | 'version' | 'state' | 'client'>

/** A run as its worker gets it. */
export interface ClaimedRow extends RunRow {
  fence: number
  step: RunStep
  restarts: number
  record: Pick<RunRecord, 'force' | 'replaces' | 'definition' | 'databaseHash'>
  cancel: RunFailure | null
  traceparent: string | null
}

export interface NewRow {
  runId: string
  series: string
  address: string
  client: string
  provider: Provider
  order: ImageOrder | undefined
  record: ClaimedRow['record']
  progress: RunState
  acceptedNs: number
  traceparent: string | undefined
}

const LIVE = "state in ('waiting', 'working')"
const VIEW =
  'run_id, sequence, series, address, client, state, version, accepted_ns, ended_ns, provider, image_order, progress'
/** Sends the notice of a run: its id, its picture, and whether it has ended or must end. */
const NOTICE = (kind: 'changed' | 'ended' | 'cancel', row: string) =>
  `pg_notify('dalle_run', concat_ws(' ', ${row}.run_id, ${row}.series || '/' || ${row}.address, '${kind}'))`

export type RunRows = ReturnType<typeof createRunRows>

/** The statements on the table of runs. Times are those of the database's clock. */
export function createRunRows(database: Pick<Database, 'query'>) {
  /** The runs of these ids, in their order; undefined where there is none. */
  async function readAll(runIds: readonly string[]): Promise<Array<RunRow | undefined>> {
    const rows = await database.query<RunRow>(`select ${VIEW} from run where run_id = any ($1::text[])`, [
      runIds
    ])
    const byId = new Map(rows.map((row) => [row.run_id, row]))
    return runIds.map((runId) => byId.get(runId))
  }

  return {
    /** What fills the queue: live runs beyond the slots of all workers, what a client has, and the clients. */
    async occupancy(
      client: string,
      aliveNs: number
    ): Promise<{ total: number; own: number; clients: number }> {
      const rows = await database.query<{ live: number; slots: number; own: number; clients: number }>(
        `select count(*) as live, count(*) filter (where state = 'waiting' and client = $1) as own,
          count(distinct client) filter (where state = 'waiting') as clients,
          (select coalesce(sum(slots), 0) from process where seen_ns > now_ns() - $2) as slots
        from run where ${LIVE}`,
        [client, aliveNs]
      )
      const { live, slots, own, clients } = rows[0]!
      return { total: live - slots, own, clients }
    },

    /** Adds a waiting run. False if the picture has a live one. What only a new run replaces is replaced. */
    async insert(row: NewRow): Promise<boolean> {
      const rows = await database.query(
        `with added as (
          insert into run
            (run_id, series, address, client, provider, image_order, record, progress, accepted_ns, traceparent)
          values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
          on conflict (series, address) where ${LIVE} do nothing
          returning run_id, series, address
        ), replaced as (
          delete from run using added
          where run.series = added.series and run.address = added.address and run.answer_lost
        )
        select ${NOTICE('changed', 'added')}, pg_notify('dalle_work', 'accepted') from added`,
        [...valuesOf(row), row.traceparent ?? null]
      )
      return rows.length > 0
    },

    /** Adds a run that has failed before its begin. */
    async insertFailed(row: NewRow): Promise<void> {
      await database.query(
        `with added as (
          insert into run
            (run_id, series, address, client, provider, image_order, record, progress, accepted_ns, state, ended_ns)
          values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'failed', now_ns())
          returning run_id, series, address
        )
        select ${NOTICE('ended', 'added')} from added`,
        valuesOf(row)
      )
    },

    /**
     * For each picture, the version of the run that answers for it: the live one, else one whose answer was lost, else
     * the last one that ended within `rememberedNs`.
     */
    async newest(
      pictures: ReadonlyArray<Pick<RunRow, 'series' | 'address'>>,
      rememberedNs: number
    ): Promise<Array<NewestRun | undefined>> {
      const rows = await database.query<NewestRun | { run_id: null }>(
        `select newest.* from unnest($1::text[], $2::text[]) with ordinality as asked (series, address, place)
        left join lateral (
          select run_id, version, state, client from run
          where run.series = asked.series and run.address = asked.address
            and (${LIVE} or answer_lost or ended_ns > now_ns() - $3)
          order by ${LIVE} desc, answer_lost desc, sequence desc limit 1
        ) as newest on true
        order by place`,
        [pictures.map(({ series }) => series), pictures.map(({ address }) => address), rememberedNs]
      )
      return rows.map((row) => (row.run_id === null ? undefined : row))
    },

    async read(runId: string): Promise<RunRow | undefined> {
      return (await readAll([runId]))[0]
    },

    readAll,

    /** Whether a run has completed: its row says so for a day, and its picture as long as there is one. */
    async hasCompleted(runId: string, series: string, address: string): Promise<boolean> {
      const rows = await database.query(
        `select from run where run_id = $1 and state = 'completed'
        union all
        select from picture where series = $2 and address = $3 and run_id = $1`,
        [runId, series, address]
      )
      return rows.length > 0
    },

    async countLive(): Promise<number> {
      return (await database.query<{ count: number }>(`select count(*) from run where ${LIVE}`))[0]!.count
    },

    /** The oldest live runs. @param limit Infinity for all */
    async oldest(limit: number): Promise<RunRow[]> {
      return await database.query<RunRow>(
        `select ${VIEW} from run where ${LIVE} order by sequence limit $1`,
        [Number.isFinite(limit) ? limit : null]
      )
    },

    /** The newest runs that ended after a moment, the last one first. */
    async endedAfter(ns: number, limit: number): Promise<RunRow[]> {
      return await database.query<RunRow>(
        `select ${VIEW} from run where ended_ns > $1 order by ended_ns desc limit $2`,
        [ns, limit]
      )
    },

    /**
     * Claims the run whose turn it is; undefined if none waits. A run whose lease is over waits again. Each client has
     * one run in a round; in a round, the client comes first whose last run began first.
     */
    async claimNext(worker: string, leaseNs: number): Promise<ClaimedRow | undefined> {
      const rows = await database.query<ClaimedRow>(
        `with open as (
          select run_id, client, sequence, row_number() over (partition by client order by sequence) as round
          from run where ${LIVE} and lease_until_ns <= now_ns()
        ), next as (
          select run.run_id, run.client from run join open using (run_id)
          left join client_turn on client_turn.client = open.client
          where run.${LIVE} and run.lease_until_ns <= now_ns()
          order by open.round, coalesce(client_turn.turn, 0), open.sequence
          limit 1 for no key update of run skip locked
        ), turned as (
          insert into client_turn (client, turn, began_ns) select client, nextval('turn'), now_ns() from next
          on conflict (client) do update set turn = excluded.turn, began_ns = excluded.began_ns
        ), claimed as (
          update run set state = 'working', fence = fence + 1, version = version + 1, worker = $1,
            lease_until_ns = now_ns() + $2, claimed_ns = now_ns(),
            restarts = restarts + case when fence > 0 then 1 else 0 end
          from next where run.run_id = next.run_id
          returning run.*
        )
        select claimed.*, ${NOTICE('changed', 'claimed')}, pg_notify('dalle_work', 'begun') from claimed`,
        [worker, leaseNs]
      )
      return rows[0]
    },

    /** Prolongs the lease of a claim. Undefined when the claim has ended; else why the run must end, if it must. */
    async renew(
      { runId, fence }: Claim,
      leaseNs: number
    ): Promise<{ cancel: RunFailure | null } | undefined> {
      const rows = await database.query<{ cancel: RunFailure | null }>(
        `update run set lease_until_ns = now_ns() + $3 where run_id = $1 and fence = $2 and state = 'working'
        returning cancel`,
        [runId, fence, leaseNs]
      )
      return rows[0]
    },

    /**
     * Gives a run back: another worker may claim it after `delayNs`.
     * @param isCounted whether it counts as a restart
     */
    async release({ runId, fence }: Claim, delayNs: number, isCounted: boolean): Promise<boolean> {
      const rows = await database.query(
        `with released as (
          update run set state = 'waiting', version = version + 1, lease_until_ns = now_ns() + $3, worker = null,
            restarts = greatest(0, restarts - $4)
          where run_id = $1 and fence = $2 and state = 'working' returning run_id, series, address
        ), gone as (delete from partial_image using released where partial_image.run_id = released.run_id)
        select ${NOTICE('changed', 'released')}, pg_notify('dalle_work', 'accepted') from released`,
        [runId, fence, delayNs, isCounted ? 0 : 1]
      )
      return rows.length > 0
    },

    /** Writes what readers see. False when the claim has ended. */
    async write({ runId, fence }: Claim, progress: RunState): Promise<boolean> {
      const rows = await database.query(
        `with written as (
          update run set progress = $3, version = version + 1
          where run_id = $1 and fence = $2 and state = 'working' returning run_id, series, address
        )
        select ${NOTICE('changed', 'written')} from written`,
        [runId, fence, JSON.stringify(progress)]
      )
      return rows.length > 0
    },

    /** Keeps the newest unfinished image. */
    async writePartial({ runId, fence }: Claim, { image, mediaType }: PartialImage): Promise<void> {
      await database.query(
        `insert into partial_image (run_id, media_type, image)
        select run_id, $3, $4 from run where run_id = $1 and fence = $2 and state = 'working'
        on conflict (run_id) do update set media_type = excluded.media_type, image = excluded.image`,
        [runId, fence, mediaType, image]
      )
    },

    /** The newest unfinished image of the live run of a picture. */
    async readPartial(series: string, address: string): Promise<PartialImage | undefined> {
      const rows = await database.query<{ media_type: string; image: Buffer }>(
        `select media_type, image from partial_image join run using (run_id)
        where series = $1 and address = $2 and ${LIVE}`,
        [series, address]
      )
      return rows[0] && { mediaType: rows[0].media_type, image: rows[0].image }
    },

    /** Keeps a finished step, or who draws. False when the claim has ended. */
    async note(
      { runId, fence }: Claim,
      { step, restarts, provider }: Pick<RunRecord, 'step' | 'restarts' | 'provider'>
    ): Promise<boolean> {
      const rows = await database.query(
        `update run set step = $3, restarts = $4, provider = $5
        where run_id = $1 and fence = $2 and state = 'working' returning run_id`,
        [runId, fence, step, restarts, provider]
      )
      return rows.length > 0
    },

    /** Moves the time from which a claimed run has worked, after it has paused for `pausedNs`. */
    async postpone({ runId, fence }: Claim, pausedNs: number): Promise<void> {
      await database.query(
        `with postponed as (
          update run set claimed_ns = claimed_ns + $3
          where run_id = $1 and fence = $2 and state = 'working' returning run_id
        )
        select pg_notify('dalle_work', 'begun') from postponed`,
        [runId, fence, Math.round(pausedNs)]
      )
    },

    /** Writes how a run ended. False when the claim has ended. */
    async end({ runId, fence }: Claim, progress: RunState): Promise<boolean> {
      const rows = await database.query(
        `with ended as (
          update run set state = $4, ended_ns = now_ns(), progress = $3, version = version + 1, answer_lost = $5,
            cancel = null, worker = null
          where run_id = $1 and fence = $2 and state = 'working' returning run_id, series, address
        ), gone as (delete from partial_image using ended where partial_image.run_id = ended.run_id)
        select ${NOTICE('ended', 'ended')}, pg_notify('dalle_work', 'ended') from ended`,
        [runId, fence, ...endOf(progress)]
      )
      return rows.length > 0
    },

    /** Ends a run that no worker holds. False when one has claimed it, or it has ended. */
    async endOpen(runId: string, progress: RunState): Promise<boolean> {
      const rows = await database.query(
        `with ended as (
          update run set state = $3, ended_ns = now_ns(), progress = $2, version = version + 1, answer_lost = $4,
            fence = fence + 1
          where run_id = $1 and (state = 'waiting' or (state = 'working' and lease_until_ns <= now_ns()))
          returning run_id, series, address
        ), gone as (delete from partial_image using ended where partial_image.run_id = ended.run_id)
        select ${NOTICE('ended', 'ended')}, pg_notify('dalle_work', 'ended') from ended`,
        [runId, ...endOf(progress)]
      )
      return rows.length > 0
    },

    /** Asks the worker of a run to end it. */
    async askToEnd(runId: string, reason: RunFailure): Promise<void> {
      await database.query(
        `with asked as (
          update run set cancel = $2 where run_id = $1 and state = 'working' returning run_id, series, address
        )
        select ${NOTICE('cancel', 'asked')} from asked`,
        [runId, JSON.stringify(reason)]
      )
    }
  }
}

function valuesOf(row: NewRow): unknown[] {
  const { runId, series, address, client, provider, order, record, progress, acceptedNs } = row
  const texts = [order === undefined ? null : JSON.stringify(order), JSON.stringify(record)]
  return [runId, series, address, client, provider, ...texts, JSON.stringify(progress), acceptedNs]
}

function endOf(progress: RunState): [string, string, boolean] {
  const { ending, failure } = progress
  return [JSON.stringify(progress), ending!, failure?.code === 'ANSWER_LOST']
}

/** The record of a claimed run. */
export function recordOf(row: ClaimedRow): RunRecord {
  const { run_id: runId, series, address, client, provider, step, restarts, record } = row
  return {
    ...record,
    runId,
    series,
    address,
    client: client === '' ? undefined : client,
    provider,
    acceptedNs: row.accepted_ns,
    order: row.image_order ?? undefined,
    step,
    restarts
  }
}
