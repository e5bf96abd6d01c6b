import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { assertSchemaCompatibility, runMigrations } from 'bullmq'
import pg from 'pg'
import { PACKAGE_ROOT } from '../../package.ts'
import { QUEUE_SCHEMA, SCHEMA, connectionOptions, isDatabaseAway } from './database.ts'
import { UnusableDatabase } from './unusable-database.ts'

/** Any number that no other program uses: one process at a time migrates. */
const LOCK = 0x64_61_6c_65
const FOLDER = join(PACKAGE_ROOT, 'lib/engine/postgres/migrations')
const LEAST_VERSION = 13

interface Migration {
  /** The name of its file without the extension; they sort in the order in which they are applied. */
  name: string
  sql: string
}

/** Creates and updates the tables. Several processes may call it at the same time. Returns what was applied. */
export async function migrate(url: string): Promise<string[]> {
  return await withClient(url, async (client) => {
    await checkServer(client)
    // Another process may need long for its migrations, and the queue for its own.
    await client.query('set statement_timeout = 0')
    await client.query('select pg_advisory_lock($1)', [LOCK])
    const known = await readMigrations()
    await client.query(`create schema if not exists ${SCHEMA}`)
    await client.query(
      `create table if not exists ${SCHEMA}.migration
        (name text primary key, applied_at timestamptz not null default now())`
    )
    refuseNewer(await appliedNames(client), known)
    await runMigrations(client, QUEUE_SCHEMA)
    const applied = await appliedNames(client)
    const missing = known.filter(({ name }) => !applied.includes(name))
    for (const { name, sql } of missing) {
      await client.query('begin')
      await client.query(`set local search_path = ${SCHEMA}, public`)
      await client.query(sql)
      await client.query(`insert into ${SCHEMA}.migration (name) values ($1)`, [name])
      await client.query('commit')
    }
    return missing.map(({ name }) => name)
  })
}

/**
 * Checks that the tables are those of this version, and that the server takes writes.
 * @throws UnusableDatabase
 */
export async function checkSchema(url: string): Promise<void> {
  await withClient(url, async (client) => {
    await checkServer(client)
    const known = await readMigrations()
    const applied = await appliedNames(client).catch((): string[] => [])
    refuseNewer(applied, known)
    const missing = known.filter(({ name }) => !applied.includes(name))
    if (missing.length > 0) {
      throw new UnusableDatabase(
        `The database lacks ${missing.length} of ${known.length} migrations: run "dalleserver migrate" first.`
      )
    }
    await assertSchemaCompatibility(client, QUEUE_SCHEMA)
  })
}

/**
 * Runs `work` with a connection of its own.
 * @throws UnusableDatabase that says in one line why the database cannot be used
 */
async function withClient<Result>(
  url: string,
  work: (client: pg.Client) => Promise<Result>
): Promise<Result> {
  const client = new pg.Client({
    ...connectionOptions(url),
    query_timeout: undefined,
    connectionTimeoutMillis: 10_000
  })
  client.on('error', () => {})
  try {
    await client.connect()
    return await work(client)
  } catch (error) {
    if (error instanceof UnusableDatabase) throw error
    throw new UnusableDatabase(`The database cannot be used: ${reasonOf(error)}.`, {
      mayPass: isDatabaseAway(error) && !isUnknownHost(error),
      isWrongUrl: isWrongUrl(error)
    })
  } finally {
    await client.end().catch(() => {})
  }
}

/** A name that does not exist is a wrong URL. While names cannot be looked up, the code is another one. */
function isUnknownHost(error: unknown): boolean {
  return (error as { code?: string }).code === 'ENOTFOUND'
}

/** Whether the server or the name service says that the URL is wrong: its host, database, user or password. */
function isWrongUrl(error: unknown): boolean {
  const { code = '', message } = error as { code?: string; message: string }
  return isUnknownHost(error) || ['3D000', '28000', '28P01'].includes(code) || NO_PASSWORD.test(message)
}

/** What helps against errors of the server, by SQLSTATE. The message of the server comes first where it says more. */
const ADVICE: Record<string, (message: string) => string> = {
  '53100': () => 'its disk is full',
  // The message names a file of the server.
  '58P01': () => NO_EXTENSION,
  '0A000': (message) => (message.includes('pg_trgm') ? NO_EXTENSION : message),
  '42501': (message) => `${message}: its user needs "grant create on database", for the tables and pg_trgm`,
  '28000': (message) =>
    message.includes('no encryption')
      ? `${message}: add sslmode=verify-full to the URL if the server wants TLS`
      : message
}
const NO_EXTENSION = 'the server lacks the extension pg_trgm (it is in the package postgresql-contrib)'
/** pg says that a password "must be a string" when the URL has none. */
const NO_PASSWORD = /client password must be a/

/** One line without the password: messages of pg contain names of hosts, users and databases only. */
function reasonOf(error: unknown): string {
  const { message, code } = (error instanceof AggregateError ? error.errors[0] : error) as Error & {
    code?: string
  }
  if (NO_PASSWORD.test(message)) return 'the server asks for a password, and the URL has none'
  const line = (message || code || 'unknown error').replaceAll(/\s+/g, ' ').replace(/\.$/, '')
  return ADVICE[code ?? '']?.(line) ?? line
}

async function checkServer(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{
    version: number
    text: string
    encoding: string
    is_read_only: boolean
  }>(
    `select current_setting('server_version_num')::int / 10000 as version, current_setting('server_version') as text,
      current_setting('server_encoding') as encoding,
      pg_is_in_recovery() or current_setting('default_transaction_read_only') = 'on' as is_read_only`
  )
  const { version, text, encoding, is_read_only: isReadOnly } = rows[0]!
  if (version < LEAST_VERSION) {
    throw new UnusableDatabase(
      `The database is PostgreSQL ${text}: version ${LEAST_VERSION} or newer is needed.`
    )
  }
  if (encoding !== 'UTF8') {
    throw new UnusableDatabase(
      `The encoding of the database is ${encoding}: create it with UTF8 (createdb -E UTF8 -T template0).`
    )
  }
  if (isReadOnly) throw new UnusableDatabase('The database is read-only: name the server that takes writes.')
}

async function appliedNames(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(`select name from ${SCHEMA}.migration order by name`)
  return rows.map(({ name }) => name)
}

function refuseNewer(applied: string[], known: Migration[]): void {
  const foreign = applied.filter((name) => !known.some((migration) => migration.name === name))
  if (foreign.length === 0) return
  throw new UnusableDatabase(
    `The database has the migration ${foreign.at(-1)} of a newer version: start that version of dalleserver.`
  )
}

async function readMigrations(): Promise<Migration[]> {
  const files = (await readdir(FOLDER)).filter((file) => file.endsWith('.sql')).sort()
  return await Promise.all(
    files.map(async (file) => ({
      name: file.slice(0, -'.sql'.length),
      sql: await readFile(join(FOLDER, file), 'utf8')
    }))
  )
}
