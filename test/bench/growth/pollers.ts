import { measureLoads } from '../clients/load.ts'
import type { Target } from '../clients/load.ts'
import type { Bench } from '../part.ts'
import { startProvider } from '../servers/provider.ts'
import { startService } from '../servers/service.ts'
import { createGrowth } from './growth.ts'
import type { Growth } from './growth.ts'

const COUNTS = [1, 10, 100, 1_000]

/** Clients that poll one live run, each as fast as it is answered. */
export async function growPollers(bench: Bench): Promise<Growth> {
  const growth = createGrowth({ name: 'pollers', of: 'pollers at once', isLogarithmic: true })
  const provider = await startProvider(bench)
  const service = await startService(bench, { dataDir: await bench.createFolder(), env: provider.env })
  const url = service.url + (await provider.startEndlessRun(service))
  const targets: Record<string, Target> = {}
  for (const connections of COUNTS) {
    targets[connections] = { url, connections, pid: service.pid, after: service.emptyLog }
  }
  const figures = await measureLoads(bench, targets)
  for (const count of COUNTS) {
    const { perSecond, cpuUs, p99Ms } = figures[count]!
    growth.add(count, 'polls a second', '/s', perSecond)
    growth.add(count, 'CPU of a poll', 'µs', cpuUs)
    growth.add(count, 'p99 of a poll, divided by the pollers', 'µs', (p99Ms / count) * 1000)
  }
  return growth.end()
}
