import { createHash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import Fastify from 'fastify'
import type { FastifyInstance } from 'fastify'
import sharp from 'sharp'
import type { Test } from 'tap'
import app, { serverOptionsFor } from '../app.ts'
import type { AppOptions } from '../app.ts'
import { createConfig } from '../lib/config/config.ts'
import { errors } from '../lib/errors.ts'
import type { Artist, Drawing } from '../lib/image/artist.ts'
import type { Snapshot } from '../lib/schemas/progress.ts'
import { checkResponses } from './documented.ts'

/** Bounds a hang, however busy the machine is; nothing is expected to take this long. */
const LIMIT_SECONDS = 120
const MANY_RUNS = 1_000
const POLL_INTERVAL_MS = 10
const RETRY_MS = 200

export const ADDRESS = '0xf503017d7baf7fbc0fff7492b751025c6a78179b'

/** Creates an empty folder and removes it after the test. */
export async function temporaryFolder(t: Test): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'dalleserver-'))
  // A step of a cancelled run may still write.
  t.teardown(() => rm(folder, { recursive: true, force: true, maxRetries: 10 }))
  return folder
}

export interface TestServer {
  app: FastifyInstance
  /** e.g. `http://127.0.0.1:43210`. */
  url: string
  dataDir: string
}

export interface BuildOptions extends Omit<AppOptions, 'config'> {
  /** Settings by the names of their variables. */
  settings?: Record<string, string>
  /** Adds routes or hooks to the service before it listens. */
  extend?: (app: FastifyInstance) => void
  dataDir?: string
  /** Receives every line of the log. */
  onLogLine?: (line: Record<string, unknown>) => void
}

/** Starts the service on a free port. Every response is checked against the schema of its route. */
export async function build(t: Test, options: BuildOptions = {}): Promise<TestServer> {
  const { app: server, dataDir } = await createServer(t, options)
  const url = await server.listen({ port: 0, host: '127.0.0.1' })
  return { app: server, url, dataDir }
}

export interface TestApp {
  app: FastifyInstance
  dataDir: string
  /** Injects a request. The response is that of `fetch`. */
  ask: (path: string, init?: InjectedRequest) => Promise<Response>
}

interface InjectedRequest {
  method?: string
  headers?: Record<string, string>
  body?: string
}

/** The service without a socket: faster, and enough where connections and streams do not matter. */
export async function buildApp(t: Test, options: BuildOptions = {}): Promise<TestApp> {
  const { app: server, dataDir } = await createServer(t, options)
  await server.ready()
  const ask = async (path: string, { method = 'GET', headers = {}, body }: InjectedRequest = {}) => {
    const response = await server.inject({ method: method as 'GET', url: path, headers, payload: body })
    const { statusCode: status, headers: given, rawPayload } = response
    const fields = Object.entries(given).map(([name, value]) => [name, String(value)] as [string, string])
    const isEmpty = status === 204 || status === 304
    return new Response(isEmpty ? null : new Uint8Array(rawPayload), { status, headers: fields })
  }
  return { app: server, dataDir, ask }
}

async function createServer(
  t: Test,
  { settings = {}, extend, dataDir, onLogLine, ...options }: BuildOptions
) {
  const folder = dataDir ?? (await temporaryFolder(t))
  const config = createConfig({
    TB_DALLE_DATA_DIR: folder,
    TB_DALLE_PORT: '0',
    LOG_LEVEL: 'silent',
    ...settings
  })
  const stream = { write: (line: string) => onLogLine?.(JSON.parse(line)) }
  const server: FastifyInstance = Fastify({
    ...serverOptionsFor(config),
    ...(onLogLine && { logger: { stream } })
  })
  checkResponses(t, server)
  // A busy machine makes the event loop late.
  const defaults = { isLate: () => false, textAgeMs: 0, fileCheckMs: 0, watchesModels: false }
  // A server that does not start is closed too.
  t.teardown(async () => {
    await cancelRuns(server).catch(() => {})
    await server.close()
  })
  await server.register(app, { config, ...defaults, ...options })
  extend?.(server)
  return { app: server, dataDir: folder }
}

/** A run that goes on after its test would hold the stop of the service for seconds. */
async function cancelRuns(server: FastifyInstance): Promise<void> {
  if (!server.hasDecorator('engine') || !server.engine.isOpen) return
  const { runs } = server.engine
  for (const run of (await runs.live(MANY_RUNS)).runs) {
    const { series, address } = run.snapshot()
    await runs.cancel(series, address, errors.cancelled())
  }
}

/** An artist that delivers a picture, or fails, when the test says so. */
export function createScriptedArtist() {
  const asked: Array<{
    address: string
    deliver: () => void
    fail: (error: Error) => void
    signal: AbortSignal
  }> = []
  const artist: Artist = {
    provider: 'local',
    compose: ({ original: address }) => ({
      draw: async (signal) =>
        await new Promise<Drawing>((resolve, reject) => {
          asked.push({
            address,
            signal,
            deliver: () => resolve({ downloadMode: 'local', download: async () => await plainPng() }),
            fail: reject
          })
        })
    })
  }
  return { artist, asked }
}

/** A PNG of random grey pixels, which compresses badly. */
export async function noisyPng(width: number, height = width, background = '#999'): Promise<Buffer> {
  const noise = { type: 'gaussian' as const, mean: 128, sigma: 50 }
  return await sharp({ create: { width, height, channels: 3, background, noise } })
    .png()
    .toBuffer()
}

/** A real PNG of one colour. */
export async function plainPng(side = 256, background = '#336699'): Promise<Buffer> {
  return await sharp({ create: { width: side, height: side, channels: 3, background } })
    .png()
    .toBuffer()
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** The bytes of a response. */
export async function bodyOf(response: Response): Promise<Buffer> {
  return Buffer.from(await response.arrayBuffer())
}

/** The body of a response. It has no type, so that each test can read what it expects. */
export async function json(response: Response): Promise<ReturnType<typeof JSON.parse>> {
  return await response.json()
}

/** Requests the URL until the run has ended; returns the last snapshot. */
export async function pollUntilDone(
  url: string,
  ask: (url: string) => Promise<Response> = fetch
): Promise<Snapshot> {
  let snapshot: Snapshot | undefined
  await until(async () => {
    const response = await ask(url)
    const { data } = await json(response)
    // A machine under load has no time for the request.
    if (response.status === 503 && data === undefined) return false
    snapshot = data as Snapshot
    return snapshot.done
  })
  return snapshot!
}

/**
 * Waits until the condition holds. A test that knows an event (a line of output, a closed socket) waits for that.
 * @throws when the condition does not hold within the limit
 */
export async function until(
  condition: () => boolean | Promise<boolean>,
  seconds = LIMIT_SECONDS
): Promise<void> {
  for (const end = Date.now() + seconds * 1000; ;) {
    if (await condition()) return
    if (Date.now() > end) throw new Error(`not true after ${seconds} s: ${condition.toString()}`)
    await sleep(POLL_INTERVAL_MS)
  }
}

/** Asks a server in a process of its own for a run, and again while it has no time for one: it answers 503 then. */
export async function askForRun(url: string, init?: RequestInit): Promise<Response> {
  for (;;) {
    const response = await fetch(url, init)
    if (response.status !== 503) return response
    await response.arrayBuffer()
    await sleep(RETRY_MS)
  }
}
