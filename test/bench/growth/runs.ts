import { makePicture } from '../clients/runs.ts'
import { addressOf } from '../inputs/addresses.ts'
import { cpuMs, residentMegabytes } from '../measure.ts'
import type { Bench } from '../part.ts'
import { startProvider } from '../servers/provider.ts'
import { startService } from '../servers/service.ts'
import { createGrowth } from './growth.ts'
import type { Growth } from './growth.ts'

const RUNS = 1_000
const STEP = 100
const CLIENTS = 4
/** Pictures of 256 × 256, so that an hour of runs takes minutes. */
const SCALE = 0.25

/** Run after run with a provider that answers at once. */
export async function growRuns(bench: Bench): Promise<Growth> {
  const growth = createGrowth({ name: 'runs', of: 'runs since the start', isLogarithmic: false })
  const provider = await startProvider(bench, { scale: SCALE })
  const service = await startService(bench, { dataDir: await bench.createFolder(), env: provider.env })
  let next = 0
  for (let end = STEP; end <= RUNS; end += STEP) {
    const before = await cpuMs(service.pid)
    await Promise.all(
      Array.from({ length: CLIENTS }, async () => {
        while (next < end) await makePicture(service, addressOf(next++))
      })
    )
    growth.add(end, 'CPU of a run', 'ms', ((await cpuMs(service.pid)) - before) / STEP)
    growth.add(end, 'memory', 'MB', await residentMegabytes(service.pid))
  }
  return growth.end()
}
