import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { checkFolder } from './check.ts'
import type { Accepted } from './check.ts'
import { SERIES, viewFolder } from './folder.ts'
import { startProvider } from './provider.ts'
import { createRandom } from './random.ts'
import { spawnServer, startServer, until } from './server.ts'
import type { Server, ServerOptions } from './server.ts'
import { newTally } from './tally.ts'

const REQUEST_LIMIT_MS = 60_000
const POLL_MS = 60

/** What `generate=1` was answered. */
export interface Answered {
  status: number
  retryAfter: string | null
  run: string | null
  data: Partial<SnapshotData>
}

interface SnapshotData {
  runId: string
  done: boolean
  error: string
  errorCode: string
  percent: number
  etaSeconds: number
}

export interface RoomOptions {
  scenario: string
  seed: number
  artist: 'openai' | 'local'
  /** The data folder; by default a new one that `close` removes. */
  dataDir?: string
  env?: Record<string, string>
  /** Pictures as heavy as real ones. */
  heavy?: boolean
  /** How often each live run is polled, in milliseconds. */
  pollMs?: number | undefined
}

export type Room = Awaited<ReturnType<typeof openRoom>>

/** A data folder with its provider, its servers one after the other, and everything that was promised to clients. */
export async function openRoom({
  scenario,
  seed,
  artist,
  env = {},
  heavy = false,
  pollMs = POLL_MS,
  ...options
}: RoomOptions) {
  const own = options.dataDir === undefined ? await mkdtemp(join(tmpdir(), 'dalle-chaos-')) : undefined
  const dataDir = options.dataDir ?? own!
  const random = createRandom(seed)
  const provider = await startProvider(heavy ? { scale: 1, noise: true } : {})
  const tally = newTally(scenario)
  const accepted = new Map<string, Accepted>()
  const servers: Server[] = []
  /** The number of calls of a picture at the moment when its answer was seen on disk. */
  const kept = new Map<string, { image?: number; chat?: number }>()
  const folder = viewFolder(dataDir)
  const optionsOf = (more: Partial<ServerOptions>): ServerOptions => ({
    dataDir,
    ...more,
    env: {
      TB_DALLE_CONCURRENCY: '4',
      TB_DALLE_FAILURE_HOLD: '50ms',
      TB_DALLE_MIN_FREE_MB: '0',
      ...(artist === 'openai' && provider.env),
      ...env,
      ...more.env
    }
  })

  async function request(server: Server, path: string): Promise<Response | undefined> {
    return await fetch(server.url + path, { signal: AbortSignal.timeout(REQUEST_LIMIT_MS) }).catch(
      () => undefined
    )
  }

  const pathOf = (address: string) => `/dalle/${SERIES}/${address}`

  /** Asks for a picture. Undefined when the server has not answered. */
  async function ask(server: Server, address: string, more = ''): Promise<Answered | undefined> {
    const response = await request(server, `${pathOf(address)}?generate=1${more}`)
    const body = (await response?.json().catch(() => undefined)) as
      { data?: Partial<SnapshotData> } | undefined
    if (response === undefined || body === undefined) return undefined
    const data = body.data ?? {}
    const { status, headers } = response
    const run = headers.get('x-dalle-run')
    if (status === 200 && run === 'started') accept(address, data)
    return { status, retryAfter: headers.get('retry-after'), run, data }
  }

  function accept(address: string, { runId = '' }: Partial<SnapshotData>): void {
    const runs = 1 + (accepted.get(address)?.runs ?? 0)
    accepted.set(address, { address, runId, runs, state: 'live', errorCode: '', error: '' })
    kept.delete(address)
    tally.accepted += 1
  }

  /** Looks once at a run, as a client does, and compares what it sees with what was promised. */
  async function poll(server: Server, run: Accepted): Promise<void> {
    const response = await request(server, pathOf(run.address))
    if (response?.status !== 200) {
      await response?.arrayBuffer().catch(() => {})
      return
    }
    if (response.headers.get('content-type') === 'image/png') {
      if (await response.arrayBuffer().catch(() => undefined)) run.state = 'pictured'
      return
    }
    const body = (await response.json().catch(() => undefined)) as
      { data?: Partial<SnapshotData> } | undefined
    if (body?.data === undefined) return
    const { runId, done = false, error = '', errorCode = '', percent = 0, etaSeconds = 0 } = body.data
    if (runId === undefined) {
      tally.forgotten += 1
      tally.problems.push(`${run.address}: a poller saw {} for the accepted run ${run.runId}`)
      run.state = 'failed'
    } else if (runId !== run.runId) {
      tally.problems.push(`${run.address}: the run ${run.runId} became ${runId}`)
      run.runId = runId
    }
    const isEtaSound = Number.isFinite(etaSeconds) && etaSeconds >= 0 && etaSeconds < 3_000
    if (!isEtaSound || percent < 0 || percent > 100) {
      tally.problems.push(`${run.address}: percent ${percent}, ETA ${etaSeconds} s`)
    }
    if (done && error !== '') Object.assign(run, { state: 'failed', errorCode, error })
  }

  const live = () => [...accepted.values()].filter(({ state }) => state === 'live')

  /** Polls all live runs until the signal, so that each promise is looked at all the time. */
  async function pollUntil(server: Server, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await Promise.all(live().map(async (run) => await poll(server, run)))
      await sleep(pollMs)
    }
  }

  /** Remembers which answers are on disk: their calls may not be made again. */
  async function noteKept(): Promise<void> {
    const [answers, pictures, enhanced] = await Promise.all([
      folder.answers(),
      folder.pictures(),
      folder.enhanced()
    ])
    for (const address of accepted.keys()) {
      const calls = provider.callsOf(await folder.prompt(address))
      const known = kept.get(address) ?? {}
      if (answers.has(address) || pictures.has(address)) known.image ??= calls.image
      if (enhanced.has(address)) known.chat ??= calls.chat
      kept.set(address, known)
    }
  }

  return {
    dataDir,
    folder,
    provider,
    random,
    tally,
    accepted,
    kept,
    request,
    ask,
    live,
    poll,

    async start(more: Partial<ServerOptions> = {}): Promise<Server> {
      const server = await startServer(optionsOf(more))
      servers.push(server)
      return server
    },

    /** Starts a server that may end before it listens. */
    spawn: (more: Partial<ServerOptions> = {}) => spawnServer(optionsOf(more)),

    /** Asks for new pictures. A server that has too much to do is asked again until it accepts them. */
    async askNew(server: Server, count: number): Promise<string[]> {
      const addresses = Array.from({ length: count }, random.address)
      const accept = async (address: string) =>
        await until('a run is accepted', async () => (await ask(server, address))?.status === 200)
      await Promise.all(addresses.map(accept))
      return addresses
    },

    pollUntil,
    noteKept,

    /** Ends a server by kill -9, and remembers which answers it has kept. */
    async kill(server: Server): Promise<void> {
      await server.end('SIGKILL')
      tally.kills += 1
      await provider.idle()
      await noteKept()
    },

    /** Waits until every accepted run has ended. Runs that failed in a declared way are asked for once more. */
    async finish(server: Server, declared: ReadonlySet<string> = new Set()): Promise<void> {
      for (let round = 0; round < 3; round += 1) {
        const limit = new AbortController()
        const polling = pollUntil(server, limit.signal)
        await until(`${scenario}: all runs have ended`, () => live().length === 0 || server.hasEnded).finally(
          () => limit.abort()
        )
        await polling
        if (server.hasEnded) tally.problems.push(`the server has ended: ${server.log.slice(-1_500)}`)
        const failed = [...accepted.values()].filter(({ state }) => state === 'failed')
        const again = failed.filter(({ errorCode }) => declared.has(errorCode))
        if (again.length === 0) return
        tally.declared += again.length
        for (const { address, errorCode } of again) {
          const more = errorCode === 'ANSWER_LOST' ? '&force=1' : ''
          await until('a new run', async () => (await ask(server, address, more))?.run !== 'failed')
        }
      }
    },

    /**
     * The full check of the folder, the calls and the money. Ends the server first.
     * @param hasSpending false when the scenario has removed the record of what was spent
     */
    async check(server: Server, hasSpending = true): Promise<void> {
      await provider.idle()
      const { code } = await server.end('SIGTERM')
      if (code !== 0) tally.problems.push(`the last server ended with ${code}: ${server.log.slice(-1_500)}`)
      await checkFolder({ tally, accepted, kept, folder, provider, isPaid: artist === 'openai', hasSpending })
    },

    async close(): Promise<void> {
      for (const server of servers) await server.end('SIGKILL')
      await provider.close()
      if (own !== undefined) await rm(own, { recursive: true, force: true })
    }
  }
}
