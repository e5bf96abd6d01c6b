import { execFile, spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import pg from 'pg'
import { migrate } from '../../lib/engine/postgres/migrate.ts'

const PROGRAMS = '/usr/lib/postgresql'
const run = promisify(execFile)

/** The folder of PostgreSQL's programs; undefined where it is not installed. */
function findPrograms(): string | undefined {
  const versions = existsSync(PROGRAMS) ? readdirSync(PROGRAMS) : []
  const newest = versions.sort((a, b) => Number(b) - Number(a))[0]
  return newest === undefined ? undefined : join(PROGRAMS, newest, 'bin')
}

/** Why tests with PostgreSQL cannot run on this machine; false if they can. */
export const noPostgres =
  findPrograms() === undefined && 'PostgreSQL is not installed (apt-get install postgresql)'

export interface PostgresServer {
  /** The URL of a database of this server. */
  url(database: string): string
  /** Ends the server: `fast` as systemd does, `immediate` as a crash. */
  stop(mode: 'fast' | 'immediate'): Promise<void>
  start(): Promise<void>
  /** Ends the server and removes its folder, also while the process exits. */
  end(): void
  /** Creates a database, empty or as a copy of another one that nobody uses, and returns its URL. */
  createDatabase(template?: string): Promise<string>
}

/** A test, or whatever else ends what it has started. */
export interface Owner {
  teardown(end: () => void | Promise<void>): void
}

/**
 * Starts a PostgreSQL of its own in a temporary folder, until its owner ends.
 * @param options.fsync whether each commit waits for the disk, as in production
 */
export async function startPostgres(t: Owner, { fsync = false } = {}): Promise<PostgresServer> {
  const programs = findPrograms()!
  const folder = mkdtempSync(join(tmpdir(), 'dalleserver-postgres-'))
  // PostgreSQL does not run as root.
  const isRoot = process.getuid?.() === 0
  if (isRoot) {
    spawnSync('chown', ['postgres', folder])
    chmodSync(folder, 0o755)
  }
  const commandOf = (program: string, args: string[]): [string, string[]] => {
    const command = join(programs, program)
    const user = ['--reuid=postgres', '--regid=postgres', '--init-groups', command, ...args]
    return isRoot ? ['setpriv', user] : [command, args]
  }
  const control = async (program: string, ...args: string[]) => {
    await run(...commandOf(program, args), { cwd: folder })
  }
  const data = join(folder, 'data')
  const port = await freePort()
  const server = ['-D', data, '-l', join(folder, 'log'), '-w']
  await control(
    'initdb',
    '-D',
    data,
    '-A',
    'trust',
    '-U',
    'postgres',
    '--no-sync',
    '-E',
    'UTF8',
    '--locale=C.UTF-8'
  )
  const url = (database: string) => `postgres://postgres@127.0.0.1:${port}/${database}`
  const start = async () => {
    // Without fsync the tests take half the time. What is committed survives all but a crash of the machine.
    const sync = fsync ? 'on' : 'off'
    const options = `-p ${port} -k ${folder} -c listen_addresses=127.0.0.1 -c max_connections=200 -c fsync=${sync}`
    await control('pg_ctl', ...server, '-o', options, 'start')
  }
  const stop = async (mode: string) => await control('pg_ctl', ...server, '-m', mode, 'stop')
  await start()
  const end = () => {
    spawnSync(...commandOf('pg_ctl', [...server, '-m', 'immediate', 'stop']), { cwd: folder })
    rmSync(folder, { recursive: true, force: true })
  }
  t.teardown(end)
  return {
    url,
    end,
    start,
    stop,
    async createDatabase(template = 'template1') {
      const name = `test_${randomUUID().replaceAll('-', '')}`
      const client = new pg.Client(url('postgres'))
      await client.connect()
      await client.query(`create database ${name} template ${template}`)
      await client.end()
      return url(name)
    }
  }
}

let shared: Promise<PostgresServer & { template: string }> | undefined

/** A server with a database that has all tables. Copies of it are made faster than the tables. */
async function startShared(): Promise<PostgresServer & { template: string }> {
  const server = await startPostgres({ teardown: () => {} })
  process.once('exit', server.end)
  const url = await server.createDatabase()
  await migrate(url)
  return { ...server, template: new URL(url).pathname.slice(1) }
}

/** A new database with all tables. The tests of a process share one server, which runs until the process ends. */
export async function createTestDatabase(): Promise<string> {
  shared ??= startShared()
  const { createDatabase, template } = await shared
  return await createDatabase(template)
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}
