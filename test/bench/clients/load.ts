import { cpuMs, median } from '../measure.ts'
import { autocannonClient } from './autocannon.ts'
import type { Load, LoadClient } from './client.ts'
import { findWrk } from './wrk.ts'

const CONNECTIONS = 50
const SECONDS = 2
/** Requests after which V8 has compiled what is measured, and the most loads until then. */
const WARM_UP_REQUESTS = 2_000
const WARM_UPS_MAX = 5

export interface Target {
  url: string
  headers?: Record<string, string>
  /** The status that the server has to answer. */
  status?: number
  /** The length that the body has to have. */
  bytes?: number
  connections?: number
  /** The process of the server, whose CPU time is measured. */
  pid?: number
  /** Called after each load. */
  after?: () => Promise<void>
}

/** The medians of all rounds. */
export interface Figures extends Omit<Load, 'requests'> {
  /** CPU time of the server for each request, in microseconds. NaN if unknown. */
  cpuUs: number
  /** The lowest and the highest rate of all rounds. */
  range: [number, number]
}

export function chooseClient(): LoadClient {
  return findWrk() ?? autocannonClient
}

/**
 * Puts a load on each target in turn, round after round, so that other programs on the machine disturb all alike.
 * @throws when a target does not answer as it has to
 */
export async function measureLoads<Name extends string>(
  { client, rounds }: { client: LoadClient; rounds: number },
  targets: Record<Name, Target>
): Promise<Record<Name, Figures>> {
  const all = Object.entries<Target>(targets).map(([name, target]) => ({
    name,
    target,
    loads: [] as Measured[]
  }))
  for (const { target } of all) {
    await checkAnswer(target)
    await warmUp(client, target)
  }
  for (let round = 0; round < rounds; round += 1) {
    for (const { target, loads } of all) loads.push(await measureLoad(client, target))
  }
  return Object.fromEntries(all.map(({ name, loads }) => [name, summarize(loads)])) as Record<Name, Figures>
}

/** The same request by a client that has the answer, as its ETag says. */
export async function unchanged(target: Target): Promise<Target> {
  const response = await fetch(target.url)
  await response.arrayBuffer()
  const etag = response.headers.get('etag')
  if (etag === null) throw new Error(`${target.url} has no ETag`)
  return { ...target, headers: { 'If-None-Match': etag }, status: 304 }
}

type Measured = Load & { cpuUs: number }

async function warmUp(client: LoadClient, target: Target): Promise<void> {
  let requests = 0
  for (let load = 0; load < WARM_UPS_MAX && requests < WARM_UP_REQUESTS; load += 1) {
    requests += (await measureLoad(client, target)).requests
  }
}

async function measureLoad(client: LoadClient, target: Target): Promise<Measured> {
  const { url, headers, connections = CONNECTIONS, pid } = target
  const cpu = async () => (pid === undefined ? Number.NaN : await cpuMs(pid))
  const before = await cpu()
  const load = await client.measure({ url, headers, connections, seconds: SECONDS })
  const spent = (await cpu()) - before
  await target.after?.()
  return { ...load, cpuUs: (spent / load.requests) * 1000 }
}

function summarize(loads: Measured[]): Figures {
  const middle = (figure: keyof Measured) => median(loads.map((load) => load[figure]))
  const rates = loads.map(({ perSecond }) => perSecond)
  return {
    perSecond: middle('perSecond'),
    p50Ms: middle('p50Ms'),
    p99Ms: middle('p99Ms'),
    cpuUs: middle('cpuUs'),
    range: [Math.min(...rates), Math.max(...rates)],
    failed: loads.reduce((sum, { failed }) => sum + failed, 0)
  }
}

async function checkAnswer({ url, headers, status = 200, bytes }: Target): Promise<void> {
  const response = await fetch(url, { headers, redirect: 'manual' })
  const { length } = new Uint8Array(await response.arrayBuffer())
  if (response.status !== status || (bytes !== undefined && length !== bytes)) {
    throw new Error(`${url} answers ${response.status} with ${length} bytes`)
  }
}
