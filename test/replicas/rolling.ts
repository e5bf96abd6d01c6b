import { setTimeout as sleep } from 'node:timers/promises'
import { until } from '../chaos/server.ts'
import type { Server } from '../chaos/server.ts'
import type { Tally } from '../chaos/tally.ts'
import { openFleet } from './fleet.ts'

export interface RollingOptions {
  seed: number
  pictures: number
}

/** All processes are replaced by those of another release, one after the other, while clients ask. */
export async function rollingRestart({ seed, pictures }: RollingOptions): Promise<Tally> {
  const fleet = await openFleet({ scenario: 'rolling restart of all processes', seed })
  const { ask, provider, random, finish, tally, workers } = fleet
  // Some drawings take longer than the stop of a server.
  provider.answersAfter(() => (random.between(0, 1) < 0.1 ? 10_000 : random.between(100, 1_500)))
  let servers: Server[] = [...fleet.servers]
  const end = new AbortController()
  let asked = 0
  const asking = async () => {
    while (!end.signal.aborted) {
      const address = random.address()
      await until('one of the servers accepts', async () => {
        for (const server of servers) if ((await ask(server, address))?.status === 200) return true
        return false
      })
      asked += 1
      await sleep(random.between(100, 400))
    }
  }
  const clients = asking()
  const release = { TB_DALLE_REVISION: 'another' }
  try {
    for (const worker of workers) {
      await fleet.addWorker(release)
      await stop(worker, tally)
    }
    for (const server of fleet.servers) {
      servers = [...servers, await fleet.addServer(release)].filter((other) => other !== server)
      await stop(server, tally)
    }
    await until('enough pictures are asked for', () => asked >= pictures)
    end.abort()
    await clients
    await finish(servers[0]!)
    const { image } = provider.total
    if (image !== fleet.accepted.size) {
      tally.problems.push(`${image} drawings for ${fleet.accepted.size} runs`)
    }
    await fleet.checkAll()
  } finally {
    end.abort()
    await fleet.close()
  }
  return tally
}

async function stop(server: Server, tally: Tally): Promise<void> {
  const { code } = await server.end('SIGTERM')
  if (code !== 0) tally.problems.push(`a process ended with ${code}: ${server.log.slice(-1_000)}`)
}
