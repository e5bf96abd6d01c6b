import { setTimeout as sleep } from 'node:timers/promises'
import { until } from '../chaos/server.ts'
import type { Server } from '../chaos/server.ts'
import type { Tally } from '../chaos/tally.ts'
import { openFleet } from './fleet.ts'
import type { Fleet } from './fleet.ts'

/** The pause before a request that was refused is sent again. */
const PAUSE_MS = 200

export interface SharedWorkOptions {
  seed: number
  /** Requests for one picture at the same time. */
  requests: number
  /** Runs on a budget of a fifth of them. */
  runs: number
}

/** What two servers and two workers do together while nothing breaks. */
export async function sharedWork({ seed, requests, runs }: SharedWorkOptions): Promise<Tally> {
  const budget = Math.floor(runs / 5)
  const limit = 3 + budget
  const fleet = await openFleet({
    scenario: 'two servers and two workers',
    seed,
    env: {
      TB_DALLE_DAILY_IMAGE_LIMIT: String(limit),
      TB_DALLE_QUEUE_LIMIT: '10000',
      TB_DALLE_CONCURRENCY: '2'
    }
  })
  const watching = new AbortController()
  const samples = fleet.watchLedger(watching.signal, { images: limit })
  try {
    await oneRunForAll(fleet, requests)
    await cancelledElsewhere(fleet)
    await oneBudget(fleet, runs, budget)
    watching.abort()
    fleet.tally.notes.push(`the ledger was checked ${await samples} times`)
    await fleet.checkAll()
  } finally {
    watching.abort()
    await fleet.close()
  }
  return fleet.tally
}

/** Requests for one picture at both servers: one run, one paid call, and every answer shows it. */
async function oneRunForAll({ servers, ask, random, tally, finish, provider }: Fleet, requests: number) {
  const address = random.address()
  const askPatiently = async (server: Server) => {
    for (;;) {
      const answer = await ask(server, address)
      // A server that has too much to do for a moment says so.
      if (answer?.status !== 503 || answer.retryAfter === null) return answer
      await sleep(PAUSE_MS)
    }
  }
  const answers = await Promise.all(
    Array.from({ length: requests }, async (_, index) => await askPatiently(servers.at(index % 2)!))
  )
  const ids = new Set(answers.map((answer) => answer?.data.runId ?? `status ${answer?.status}`))
  if (ids.size !== 1) tally.problems.push(`${requests} requests saw ${[...ids].slice(0, 5).join(', ')}`)
  const started = answers.filter((answer) => answer?.run === 'started').length
  if (started !== 1) tally.problems.push(`${requests} requests started ${started} runs`)
  await finish(servers[1])
  if (provider.total.image !== 1) {
    tally.problems.push(`${requests} requests bought ${provider.total.image} drawings`)
  }
}

/** A server cancels what the other one has accepted: a run that works, and one that waits. */
async function cancelledElsewhere(fleet: Fleet): Promise<void> {
  const { accepted, provider, request, servers, askNew, tally } = fleet
  let release = () => {}
  provider.holdAnswers('image', new Promise((resolve) => (release = resolve)))
  const working = await askNew(servers[0], 4)
  await until('four drawings are asked for', () => provider.total.image === 5)
  const waiting = await askNew(servers[0], 1)
  for (const address of [...waiting, ...working]) {
    const response = await cancel(servers[1], address)
    if (response !== 200) tally.problems.push(`a run of the other server was cancelled with ${response}`)
    await until('both servers show the end', async () => {
      const seen = await Promise.all(
        servers.map(async (server) => await request(server, `/dalle/simple/${address}`))
      )
      const bodies = await Promise.all(seen.map(async (response) => await response?.text()))
      return bodies.every((body) => body?.includes('CANCELLED'))
    })
    accepted.delete(address)
  }
  release()
  provider.holdAnswers('image', Promise.resolve())
  await provider.idle()
}

async function cancel(server: Server, address: string): Promise<number> {
  return (await fetch(`${server.url}/dalle/simple/${address}`, { method: 'DELETE' })).status
}

/** More runs than the budget allows, at both servers. */
async function oneBudget(fleet: Fleet, runs: number, budget: number): Promise<void> {
  const { accepted, ask, live, pollUntil, provider, random, servers, tally } = fleet
  // Four calls were cancelled: the provider may charge for them, so they stay in the budget of this day.
  const before = provider.total.image
  const addresses = Array.from({ length: runs }, random.address)
  await Promise.all(addresses.map(async (address, index) => await ask(servers.at(index % 2)!, address)))
  const end = new AbortController()
  const polling = pollUntil(servers[0], end.signal)
  await until('all runs have ended', () => live().length === 0)
  end.abort()
  await polling
  const bought = provider.total.image - before
  if (bought > budget) tally.problems.push(`${bought} drawings were bought on a budget of ${budget}`)
  for (const [address, { state, errorCode }] of accepted) {
    if (state !== 'failed') continue
    if (errorCode !== 'BUDGET_EXHAUSTED') tally.problems.push(`${address} failed with ${errorCode}`)
    accepted.delete(address)
    tally.declared += 1
  }
}
