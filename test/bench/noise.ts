import { readFile } from 'node:fs/promises'
import { loadavg } from 'node:os'
import { median } from './measure.ts'

const STEPS = 20_000_000
const SAMPLES = 5

export interface Noise {
  /** Milliseconds of the same work at different moments. */
  loopMs: { min: number; median: number; max: number }
  /** Share of the CPU time that the host of a virtual machine took; NaN where the system does not say it. */
  stealShare: number
  /** Load of the machine before the first measurement, and the highest between measurements. */
  load: { before: number; max: number }
}

/** Measures how much other programs disturb: the same work takes longer while they use the CPU. */
export async function createNoiseMeter() {
  const loops: number[] = []
  const loads: number[] = []
  const before = await readCpu()

  /** Call it while nothing else of the benchmark runs. */
  function sample(): void {
    loads.push(loadavg()[0]!)
    for (let index = 0; index < SAMPLES; index += 1) {
      const startedAt = performance.now()
      work()
      loops.push(performance.now() - startedAt)
    }
  }

  sample()
  return {
    sample,
    summarize: async (): Promise<Noise> => {
      const after = await readCpu()
      return {
        loopMs: { min: Math.min(...loops), median: median(loops), max: Math.max(...loops) },
        stealShare: (after.steal - before.steal) / (after.all - before.all),
        load: { before: loads[0]!, max: Math.max(...loads) }
      }
    }
  }
}

/** One line that says how noisy the machine was. */
export function formatNoise({ loopMs, stealShare, load }: Noise): string {
  const { min, median, max } = loopMs
  const steal = Number.isNaN(stealShare)
    ? ''
    : `; the host took ${(stealShare * 100).toFixed(1)} % of the CPU`
  return [
    `Noise: the same loop took ${min.toFixed(0)} ms at least, ${median.toFixed(0)} ms in the median,`,
    `${max.toFixed(0)} ms at most; load ${load.before.toFixed(1)} before, ${load.max.toFixed(1)} at most${steal}`
  ].join(' ')
}

/** A linear congruential generator: work that needs nothing but the CPU. */
function work(): number {
  let state = 1
  for (let step = 0; step < STEPS; step += 1) state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0
  return state
}

async function readCpu(): Promise<{ all: number; steal: number }> {
  const [line = ''] = (await readFile('/proc/stat', 'utf8').catch(() => '')).split('\n')
  const times = line.split(/\s+/).slice(1, 9).map(Number)
  return { all: times.reduce((sum, ticks) => sum + ticks, 0), steal: times[7] ?? Number.NaN }
}
