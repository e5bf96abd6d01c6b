import { setImmediate } from 'node:timers/promises'
import pg from 'pg'
import type { Test } from 'tap'
import { createDatabase } from '../../../../lib/engine/postgres/database.ts'
import { createPostgresEngine } from '../../../../lib/engine/postgres/engine.ts'
import type { PostgresEngineOptions } from '../../../../lib/engine/postgres/engine.ts'
import { createNotices } from '../../../../lib/engine/postgres/notices.ts'
import { createFiles } from '../../../../lib/storage/files.ts'
import { createPngFiles } from '../../../../lib/storage/png-files.ts'
import { CONCURRENCY, QUEUE_LIMIT } from '../engine-suite.ts'

const START_MS = 1_700_000_000_000

export type TestClock = Awaited<ReturnType<typeof freezeClock>>

/**
 * Makes the clock of a database one that moves only when the test moves it, together with the one of its processes. It
 * jumps: a timer that is started anew each time runs once in a jump.
 */
export async function freezeClock(t: Test, url: string) {
  let nowMs = START_MS
  const timers = new Set<{ dueAt: number; expire: () => void }>()
  const client = new pg.Client(url)
  await client.connect()
  t.teardown(async () => await client.end())
  await client.query(`create table dalle.test_clock (ns bigint not null);
    insert into dalle.test_clock values (${START_MS}::bigint * 1000000);
    create or replace function dalle.now_ns() returns bigint language sql volatile
      as 'select ns from dalle.test_clock'`)

  /** Moves the clock of the database alone. */
  async function advanceDatabase(ms: number): Promise<void> {
    await client.query('update dalle.test_clock set ns = ns + $1::bigint * 1000000', [ms])
  }

  return {
    now: () => nowMs,
    nowNs: () => nowMs * 1e6,
    startTimer(ms: number, expire: () => void): () => void {
      const timer = { dueAt: nowMs + ms, expire }
      timers.add(timer)
      return () => timers.delete(timer)
    },
    advanceDatabase,
    async advance(ms: number): Promise<void> {
      await advanceDatabase(ms)
      nowMs += ms
      const due = [...timers].filter(({ dueAt }) => dueAt <= nowMs).sort((a, b) => a.dueAt - b.dueAt)
      for (const timer of due) {
        if (timers.delete(timer)) timer.expire()
        await setImmediate()
      }
      await setImmediate()
    }
  }
}

/** An engine on a database, as one of its processes has it. */
export function createEngine(
  url: string,
  folder: string,
  clock: TestClock,
  changes: Partial<PostgresEngineOptions> = {}
) {
  const files = createFiles({ root: folder })
  const database = createDatabase({ url })
  const engine = createPostgresEngine({
    database,
    notices: createNotices({ url }),
    files,
    pngs: createPngFiles(files),
    role: 'all',
    concurrency: CONCURRENCY,
    queueLimit: QUEUE_LIMIT,
    lockTtlMs: 300_000,
    limits: {},
    archiveRuns: false,
    clock,
    machineNow: clock.nowNs,
    ...changes
  })
  return {
    engine,
    database,
    async stop(): Promise<void> {
      const stopped = engine.stop(0)
      await clock.advance(0)
      await stopped
      await engine.close()
      await database.close()
    }
  }
}
