import { AsyncLocalStorage } from 'node:async_hooks'
import pg from 'pg'
import { errors } from '../../errors.ts'
import type { ServiceError } from '../../errors.ts'

/** Where the tables of the service and of the queue are. */
export const SCHEMA = 'dalle'
export const QUEUE_SCHEMA = 'bullmq'

/** How long a request waits for a connection, and for the answer of a statement, in milliseconds. */
const CONNECT_MS = 5_000
const STATEMENT_MS = 10_000
/** A process that hangs in a transaction loses it after this time, in milliseconds: others wait for its locks. */
const IDLE_TRANSACTION_MS = 60_000

/** SQLSTATE classes and codes that say nothing about the statement: the server is away, stops, or is full. */
const AWAY = /^(?:08|53|57P|25006|25P03|55P03|57014)/

export interface DatabaseOptions {
  url: string
  /** Connections of the pool. */
  connections?: number
  /** Called when a connection breaks that is not in use. */
  onError?: (error: Error) => void
}

export type Values = readonly unknown[]

interface Transaction {
  client: pg.PoolClient
  isOpen: boolean
  /** The last statement. A connection takes one at a time. */
  last: Promise<unknown>
}

export type Database = ReturnType<typeof createDatabase>

/**
 * The connection to PostgreSQL. Statements inside `transaction` use its connection, however deep they are called.
 * Columns of the type bigint are numbers: nanoseconds of today stay exact to a quarter of a microsecond.
 */
export function createDatabase({ url, connections = 10, onError = () => {} }: DatabaseOptions) {
  const pool = new pg.Pool({
    ...connectionOptions(url),
    max: connections,
    connectionTimeoutMillis: CONNECT_MS,
    idleTimeoutMillis: 30_000
  })
  pool.on('error', onError)
  // The server may end a connection before its first user listens to errors. Statements on it then fail.
  pool.on('connect', (client) => client.on('error', () => {}))
  const context = new AsyncLocalStorage<Transaction>()

  /** The transaction that this context is in. What a transaction has started may go on after its end. */
  function openTransaction(): Transaction | undefined {
    const transaction = context.getStore()
    return transaction?.isOpen === true ? transaction : undefined
  }

  return {
    /** For libraries that bring their own statements. Do not use it for those of the service. */
    pool,

    /** The client of the transaction that this asynchronous context is in; undefined outside of one. */
    get client(): pg.PoolClient | undefined {
      return openTransaction()?.client
    },

    /**
     * The rows of one statement.
     * @throws SERVICE_UNAVAILABLE when the database is away; else the error of the statement
     */
    async query<Row extends object>(text: string, values: Values = []): Promise<Row[]> {
      const transaction = openTransaction()
      try {
        const ask = async () => await (transaction?.client ?? pool).query<Row>(text, [...values])
        if (transaction === undefined) return (await ask()).rows
        const result = transaction.last.then(ask, ask)
        transaction.last = result
        return (await result).rows
      } catch (error) {
        throw asDatabaseError(error)
      }
    },

    /**
     * Runs `work` in one transaction: all of its statements are kept, or none is. Inside another transaction it is a
     * part of that one.
     * @throws what `work` throws, and SERVICE_UNAVAILABLE when the database is away
     */
    async transaction<Result>(work: () => Promise<Result>): Promise<Result> {
      if (openTransaction() !== undefined) return await work()
      const client = await pool.connect().catch((error: unknown) => {
        throw asDatabaseError(error)
      })
      let broken: Error | undefined
      const noteBroken = (error: Error) => {
        broken = error
      }
      // A connection that breaks inside a transaction emits an error, which would end the process.
      client.on('error', noteBroken)
      const transaction: Transaction = { client, isOpen: true, last: Promise.resolve() }
      try {
        await client.query('begin')
        const result = await context.run(transaction, work)
        transaction.isOpen = false
        const { command } = await client.query('commit')
        // PostgreSQL answers so when a statement has failed whose error `work` has caught.
        if (command === 'ROLLBACK') {
          throw new Error('a statement of the transaction has failed: nothing is kept')
        }
        return result
      } catch (error) {
        transaction.isOpen = false
        await client.query('rollback').catch(noteBroken)
        throw asDatabaseError(error)
      } finally {
        client.off('error', noteBroken)
        client.release(broken)
      }
    },

    /** Runs `work` outside of the transaction that this context is in: what it does stays, however that one ends. */
    outside: <Result>(work: () => Result): Result => context.exit(work),

    async close(): Promise<void> {
      await pool.end()
    }
  }
}

/** What every connection to the database of the service needs. */
export function connectionOptions(url: string): pg.ClientConfig {
  return {
    connectionString: withStrictTls(url),
    application_name: 'dalleserver',
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    query_timeout: STATEMENT_MS + 1_000,
    options: [
      `-c search_path=${SCHEMA},${QUEUE_SCHEMA},public`,
      `-c statement_timeout=${STATEMENT_MS}`,
      `-c idle_in_transaction_session_timeout=${IDLE_TRANSACTION_MS}`,
      '-c TimeZone=UTC'
    ].join(' '),
    types: { getTypeParser }
  }
}

/** pg checks the certificate in these modes too. Their own names make it write a long warning at each start. */
function withStrictTls(url: string): string {
  if (url.includes('uselibpqcompat=true')) return url
  return url.replace(/([?&]sslmode=)(?:prefer|require|verify-ca)(?=&|$)/, '$1verify-full')
}

/** The types of pg, with bigint (20) and numeric (1700) as numbers. */
const getTypeParser: typeof pg.types.getTypeParser = ((oid: number, format?: 'text') =>
  oid === 20 || oid === 1700 ? Number : pg.types.getTypeParser(oid, format)) as typeof pg.types.getTypeParser

/** Whether the error says that the database cannot be reached or takes no work now. */
export function isDatabaseAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const { code = '' } = error as { code?: string }
  if (error instanceof pg.DatabaseError) return AWAY.test(code)
  return (
    /^E[A-Z_]+$/.test(code) ||
    error instanceof AggregateError ||
    /timeout|terminated|Connection|not queryable/.test(error.message)
  )
}

function asDatabaseError(error: unknown): unknown {
  return isDatabaseAway(error) ? databaseAway(error) : error
}

const answersOfAbsence = new WeakSet<object>()

/** The answer to requests that need the database while it is away. */
export function databaseAway(cause?: unknown): ServiceError {
  const answer = errors.unavailable('The database is not available', 'Ask again in a moment', cause)
  answersOfAbsence.add(answer)
  return answer
}

/** Whether an error of any part of the service is `databaseAway`. */
export function saysDatabaseAway(error: unknown): boolean {
  return error instanceof Error && answersOfAbsence.has(error)
}
