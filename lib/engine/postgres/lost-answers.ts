import { createRunProgress } from '../../progress/run.ts'
import type { RunState } from '../../progress/run-state.ts'
import { WORK_PHASES } from '../../progress/phases.ts'
import type { FailedRun, JournalEntry } from '../embedded/journal.ts'
import type { Database } from './database.ts'
import type { ClaimedRow } from './run-rows.ts'

const LOST = 'ANSWER_LOST'

/** Whether a record of the journal says that a paid answer was lost, so that only a forced run may pay again. */
function hasLostAnswer(entry: JournalEntry): entry is JournalEntry & { failed: FailedRun } {
  return entry.failed?.snapshot.errorCode === LOST
}

/**
 * Takes over the runs of a journal whose paid answer was lost. A run that the database has, or that has a successor
 * there, is left out. May be repeated, and while servers run.
 * @returns how many were added
 */
export async function importLostAnswers(
  database: Pick<Database, 'query'>,
  entries: readonly JournalEntry[]
): Promise<number> {
  let added = 0
  for (const { record, failed } of entries.filter(hasLostAnswer)) {
    const { runId, series, address, client, provider, step, order } = record
    const { force, replaces, definition, databaseHash } = record
    const rows = await database.query(
      `insert into run (run_id, series, address, client, provider, step, image_order, record, progress, accepted_ns,
        ended_ns, state, answer_lost)
      select $1::text, $2::text, $3::text, $4::text, $5::text, $6::text, $7::json, $8::json, $9::json, $10::bigint,
        $11::bigint, 'failed', true
      where not exists (
        select from run where series = $2 and address = $3
          and (state in ('waiting', 'working') or answer_lost or accepted_ns > $10::bigint)
      ) and not exists (
        select from picture where series = $2 and address = $3 and modified_ms > $11::bigint / 1e6
      )
      on conflict (run_id) do nothing returning 1`,
      [
        ...[runId, series, address, client ?? '', provider, step],
        order === undefined ? null : JSON.stringify(order),
        JSON.stringify({ force, replaces, definition, databaseHash }),
        JSON.stringify(stateOf(failed)),
        Math.round(record.acceptedNs),
        Math.round(failed.endedNs)
      ]
    )
    added += rows.length
  }
  return added
}

/** The runs of the database whose paid answer was lost, as records of a journal. */
export async function exportLostAnswers(database: Pick<Database, 'query'>): Promise<JournalEntry[]> {
  const rows = await database.query<ClaimedRow & { ended_ns: number }>(
    'select * from run where answer_lost order by sequence'
  )
  return rows.map((row) => {
    const { run_id: runId, series, address, provider, step, accepted_ns: acceptedNs, ended_ns: endedNs } = row
    const client = row.client === '' ? undefined : row.client
    const order = row.image_order ?? undefined
    const run = createRunProgress({
      ...{ runId, series, address, client, provider, order },
      dress: row.progress.dress,
      averages: { of: () => 0, all: () => ({}) },
      now: () => endedNs,
      startedNs: acceptedNs,
      state: row.progress,
      onChange: () => {}
    })
    return {
      sequence: row.sequence,
      record: {
        runId,
        series,
        address,
        client,
        provider,
        order,
        ...row.record,
        acceptedNs,
        step,
        restarts: 0
      },
      percent: 100,
      failed: { snapshot: run.snapshot(), endedNs, retryAfter: run.retryAfter }
    }
  })
}

/** What a run of the database knows of itself, from the last snapshot of a failed run. */
function stateOf({ snapshot, retryAfter }: FailedRun): RunState {
  const { percent, attempt, provider, degraded, degradedReason, partialImages } = snapshot
  return {
    working: WORK_PHASES[snapshot.phaseIndex - 1] ?? 'setup',
    ending: 'failed',
    failure: { code: LOST, message: snapshot.error, details: undefined, retryAfter, mayBeBilled: true },
    percent,
    attempt,
    provider,
    isStandIn: false,
    degradations: degraded ? [degradedReason] : [],
    costUsd: 0,
    partialImages,
    timings: snapshot.phases,
    dress: snapshot.dalleDress
  }
}
