import { setTimeout as sleep } from 'node:timers/promises'
import { Queue, Worker, createPostgresBackend } from 'bullmq'
import type { PgPool, PgPoolClient, PgQueryResult } from 'bullmq'
import type pg from 'pg'
import { isDatabaseAway } from './database.ts'
import type { Database } from './database.ts'

/** The name of the queue in BullMQ. */
const QUEUE = 'dalle_runs'
/** Milliseconds until a worker tries again while the database is away. */
const RETRY_MS = 1_000
const WORKER = {
  autorun: false,
  runRetryDelay: RETRY_MS,
  // Seconds after which a worker looks for a ticket without a notice.
  drainDelay: 5,
  lockDuration: 30_000,
  stalledInterval: 15_000,
  maxStalledCount: 100
}
/**
 * Tickets carry nothing, so a lost one costs nothing: none is kept after its end. They have few attempts, because the
 * wait before each one doubles, and a ticket that waits for hours counts as one that a run has.
 */
const TICKET = {
  removeOnComplete: true,
  removeOnFail: true,
  attempts: 5,
  backoff: { type: 'exponential', delay: 500, jitter: 0.5 }
}

export interface TicketsOptions {
  database: Pick<Database, 'pool' | 'client'>
  /** Called when BullMQ reports an error. It goes on by itself. */
  onError: (error: Error) => void
}

export type Tickets = ReturnType<typeof createTickets>

/**
 * The queue, kept by BullMQ in PostgreSQL. A job is a ticket: it lets one worker claim one run, and does not name the
 * run, because clients take turns. A ticket too many finds no run and ends.
 */
export function createTickets({ database, onError }: TicketsOptions) {
  const connection = createPoolFacade(database)
  const createQueue = () => new Queue(QUEUE, { connection }, createPostgresBackend)
  const createWorker = (concurrency: number, use: () => Promise<void>) =>
    new Worker(QUEUE, use, { connection, concurrency, ...WORKER }, createPostgresBackend)
  let queue: ReturnType<typeof createQueue> | undefined
  let worker: ReturnType<typeof createWorker> | undefined
  let starting: Promise<void> | undefined
  const stopping = new AbortController()

  /** Starts a worker when the database is there. One that did not find it remembers that, so another one is made. */
  async function startWorker(concurrency: number, use: () => Promise<void>): Promise<void> {
    while (!stopping.signal.aborted) {
      const made = createWorker(concurrency, use)
      made.on('error', onError)
      try {
        await made.waitUntilReady()
        worker = made
        made.run().catch(onError)
        return
      } catch (error) {
        onError(error as Error)
        await made.close()
        await sleep(RETRY_MS, undefined, { ref: false, signal: stopping.signal }).catch(() => {})
      }
    }
  }

  async function stop(): Promise<void> {
    stopping.abort()
    await starting
    await worker?.close()
  }

  return {
    /** Connects. Call it while the database is there: BullMQ remembers a failure. */
    async open(): Promise<void> {
      queue = createQueue()
      queue.on('error', onError)
      await queue.waitUntilReady()
    },

    /** Adds tickets, as a part of the transaction that this asynchronous context is in. */
    async add(count = 1): Promise<void> {
      for (let added = 0; added < count; added += 1) await queue!.add('run', {}, TICKET)
    },

    /** How many tickets no worker has taken. */
    async countWaiting(): Promise<number> {
      const { waiting = 0, delayed = 0 } = await queue!.getJobCounts('waiting', 'delayed')
      return waiting + delayed
    },

    /**
     * Takes tickets, `concurrency` at a time, as soon as the database is there.
     * @param use works on a run, if one waits
     */
    work(concurrency: number, use: () => Promise<void>): void {
      starting = startWorker(concurrency, use)
    },

    /** Takes no more tickets. Resolves when `use` has ended for all that were taken. */
    stop,

    async close(): Promise<void> {
      await stop()
      await queue?.close()
    }
  }
}

/**
 * The pool as BullMQ sees it. Inside a transaction of the service it is the connection of that transaction. Errors of a
 * database that is away have the form by which BullMQ recognizes them, so that it waits before it tries again.
 */
function createPoolFacade(database: TicketsOptions['database']): PgPool {
  const { pool } = database
  const facade = {
    async query<Row>(text: string, values?: readonly unknown[]): Promise<PgQueryResult<Row>> {
      try {
        const result: unknown = await (database.client ?? pool).query(text, values as unknown[])
        return result as PgQueryResult<Row>
      } catch (error) {
        throw asRefused(error)
      }
    },
    async connect() {
      try {
        return createClientFacade(await pool.connect())
      } catch (error) {
        throw asRefused(error)
      }
    },
    // The pool belongs to the service.
    end: async () => {},
    on: () => facade,
    removeAllListeners: () => facade,
    options: { keepAlive: true }
  }
  return facade as unknown as PgPool
}

/**
 * A connection as BullMQ sees it. BullMQ listens with one until it emits an error, so it emits each that it meets. One
 * that has met an error does not go back to the pool: it may be about to end.
 */
function createClientFacade(client: pg.PoolClient): PgPoolClient {
  let broken: Error | undefined
  const ownMethods: Record<string | symbol, unknown> = {
    async query(text: string, values?: unknown[]) {
      try {
        return await client.query(text, values)
      } catch (error) {
        broken = error as Error
        client.emit('error', error as Error)
        throw asRefused(error)
      }
    },
    release(error?: Error | boolean): void {
      client.release(error ?? broken)
    }
  }
  return new Proxy(client, {
    get(target, name) {
      if (Object.hasOwn(ownMethods, name)) return ownMethods[name]
      const value: unknown = Reflect.get(target, name, target)
      return typeof value === 'function' ? (value.bind(target) as unknown) : value
    }
  }) as unknown as PgPoolClient
}

function asRefused(cause: unknown): unknown {
  if (!isDatabaseAway(cause)) return cause
  return Object.assign(new Error('ECONNREFUSED: the database is not available', { cause }), {
    code: 'ECONNREFUSED'
  })
}
