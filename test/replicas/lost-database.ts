import { setTimeout as sleep } from 'node:timers/promises'
import { until } from '../chaos/server.ts'
import type { Server } from '../chaos/server.ts'
import type { Tally } from '../chaos/tally.ts'
import { openFleet } from './fleet.ts'
import type { Fleet } from './fleet.ts'

/** The longest time in which a request may be answered while the database is away. */
const REFUSED_WITHIN_MS = 15_000

export interface LostDatabaseOptions {
  seed: number
  /** How long the database is away, and how it ends, one after the other. */
  outages: ReadonlyArray<{ mode: 'fast' | 'immediate'; ms: number }>
  runs: number
}

/** The database goes away in the middle of paid calls and comes back, and its connections are cut. */
export async function lostDatabase({ seed, outages, runs }: LostDatabaseOptions): Promise<Tally> {
  const fleet = await openFleet({ scenario: 'the database goes away', seed })
  const { provider, random, askNew, finish, servers, tally, accepted, postgres } = fleet
  provider.answersAfter(() => random.between(200, 2_000))
  try {
    const [known] = await askNew(servers[0], 1)
    await finish(servers[0])
    for (const { mode, ms } of outages) {
      await askNew(servers[0], runs)
      await until('a call is open', () => provider.total.image > 1)
      await postgres.stop(mode)
      tally.faults += 1
      await Promise.all([sleep(ms), expectRefusals(fleet, known!)])
      await postgres.start()
      await finish(servers[1])
      for (const server of servers) await answersAgain(fleet, server)
    }
    await cutListeners(fleet)
    const pictured = [...accepted.values()].filter(({ state }) => state === 'pictured').length
    if (pictured !== accepted.size) {
      tally.problems.push(`${pictured} of ${accepted.size} runs made their picture`)
    }
    await fleet.checkAll()
  } finally {
    await fleet.close()
  }
  return tally
}

/** Without the database pictures are still served, and work is refused with a moment to come back. */
async function expectRefusals({ random, request, servers, tally }: Fleet, known: string): Promise<void> {
  for (const server of servers) {
    const picture = await request(server, `/dalle/simple/${known}`)
    const type = picture?.headers.get('content-type')
    await picture?.arrayBuffer()
    if (type !== 'image/png') tally.problems.push(`a picture was answered with ${picture?.status} ${type}`)
    const since = performance.now()
    const refused = await request(server, `/dalle/simple/${random.address()}?generate=1`)
    const ms = performance.now() - since
    const body = await refused?.text()
    if (refused?.status !== 503 || refused.headers.get('retry-after') === null) {
      tally.problems.push(`work was answered with ${refused?.status} ${body?.slice(0, 200)}`)
    }
    if (ms > REFUSED_WITHIN_MS) tally.problems.push(`a refusal took ${Math.round(ms)} ms`)
    const unknown = await request(server, `/dalle/simple/${random.address()}`)
    await unknown?.arrayBuffer()
    const run = unknown?.headers.get('x-dalle-run')
    if (run !== 'idle') tally.problems.push(`a picture that is not there is "${run}"`)
    const health = await request(server, '/health')
    await health?.arrayBuffer()
    if (health === undefined) tally.problems.push('/health did not answer')
  }
}

async function answersAgain({ request }: Fleet, server: Server): Promise<void> {
  await until('the server is ready', async () => {
    const ready = await request(server, '/readyz')
    await ready?.arrayBuffer()
    return ready?.status === 200
  })
}

/** Cuts every connection that listens. The event stream of the next run still has its end. */
async function cutListeners(fleet: Fleet): Promise<void> {
  const { askNew, database, servers, tally, finish } = fleet
  await database.query(
    `select pg_terminate_backend(pid) from pg_stat_activity where query ilike 'listen%' and pid <> pg_backend_pid()`
  )
  tally.faults += 1
  const [address] = await askNew(servers[0], 1)
  const stream = await fetch(`${servers[1].url}/dalle/simple/${address}/events`, {
    signal: AbortSignal.timeout(60_000)
  })
  const text = await stream.text()
  if (!text.includes('event: done') && !text.includes('"done":true')) {
    tally.problems.push(`after the cut the stream ended with ${text.slice(-300)}`)
  }
  await finish(servers[0])
}
