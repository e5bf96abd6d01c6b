import { measureLoads } from '../clients/load.ts'
import { addressOf } from '../inputs/addresses.ts'
import { median, residentMegabytes, time } from '../measure.ts'
import type { Bench } from '../part.ts'
import { startProvider } from '../servers/provider.ts'
import { startService } from '../servers/service.ts'
import { createGrowth } from './growth.ts'
import type { Growth } from './growth.ts'

const COUNTS = [10, 100, 300, 1_000]
/** Runs that wait for the provider. The others wait in the queue. */
const WORKING = 4
/** The latest runs whose acceptance is measured. */
const ACCEPTED = 10

export async function growWaitingRuns(bench: Bench): Promise<Growth> {
  const growth = createGrowth({ name: 'waiting-runs', of: 'waiting runs', isLogarithmic: true })
  const provider = await startProvider(bench)
  provider.openai.behave('image', 'hang')
  const dataDir = await bench.createFolder()
  const env = { ...provider.env, TB_DALLE_CONCURRENCY: String(WORKING) }
  const service = await startService(bench, { dataDir, env })
  const path = (index: number) => `/dalle/simple/${addressOf(index)}`
  const accepts: number[] = []
  for (const count of COUNTS) {
    while (accepts.length < WORKING + count) {
      accepts.push(await time(async () => await service.get(`${path(accepts.length)}?generate=1`)))
    }
    const target = { pid: service.pid, after: service.emptyLog }
    const { working, waiting, metrics } = await measureLoads(bench, {
      working: { ...target, url: service.url + path(0) },
      waiting: { ...target, url: service.url + path(WORKING + count - 1) },
      metrics: { ...target, url: `${service.url}/metrics` }
    })
    growth.add(count, 'accepting a run', 'ms', median(accepts.slice(-ACCEPTED)))
    growth.add(count, 'CPU of a poll of a run that works', 'µs', working.cpuUs)
    growth.add(count, 'CPU of a poll of the run that waits longest', 'µs', waiting.cpuUs)
    growth.add(count, 'CPU of a scrape of the metrics', 'µs', metrics.cpuUs)
    growth.add(count, 'memory', 'MB', await residentMegabytes(service.pid))
  }
  return growth.end()
}
