import { setTimeout as sleep } from 'node:timers/promises'
import { measureLoads } from '../clients/load.ts'
import { openStreams } from '../clients/streams.ts'
import { cpuMs, residentMegabytes } from '../measure.ts'
import type { Bench } from '../part.ts'
import { startProvider } from '../servers/provider.ts'
import { startService } from '../servers/service.ts'
import type { Service } from '../servers/service.ts'
import { createGrowth } from './growth.ts'
import type { Growth } from './growth.ts'

const COUNTS = [1, 10, 100, 1_000]
const WATCHED_MS = 4_000

/** Event streams of one live run. */
export async function growStreams(bench: Bench): Promise<Growth> {
  const growth = createGrowth({ name: 'streams', of: 'event streams', isLogarithmic: true })
  const provider = await startProvider(bench)
  const service = await startService(bench, { dataDir: await bench.createFolder(), env: provider.env })
  const path = await provider.startEndlessRun(service)
  let open = 0
  for (const count of COUNTS) {
    const urls = Array.from({ length: count - open }, () => `${service.url}${path}/events`)
    bench.teardown(await openStreams(urls))
    open = count
    const target = { url: service.url + path, pid: service.pid, after: service.emptyLog }
    const { poll } = await measureLoads(bench, { poll: target })
    growth.add(count, 'CPU of a poll of the run', 'µs', poll.cpuUs)
    growth.add(count, 'CPU in a second without requests', 'ms', await cpuOfSecond(service))
    growth.add(count, 'memory', 'MB', await residentMegabytes(service.pid))
  }
  return growth.end()
}

async function cpuOfSecond({ pid }: Service): Promise<number> {
  const [before, startedAt] = [await cpuMs(pid), performance.now()]
  await sleep(WATCHED_MS)
  return ((await cpuMs(pid)) - before) / ((performance.now() - startedAt) / 1000)
}
