import type { Tally } from '../chaos/tally.ts'
import { lostDatabase } from './lost-database.ts'
import { lostServers } from './lost-servers.ts'
import { lostWorkers, wrongClock } from './lost-workers.ts'
import { rollingRestart } from './rolling.ts'
import { randomSchedules } from './schedules.ts'
import { sharedWork } from './shared-work.ts'

const OUTAGES = [
  { mode: 'immediate', ms: 5_000 },
  { mode: 'fast', ms: 5_000 },
  { mode: 'immediate', ms: 60_000 },
  { mode: 'fast', ms: 60_000 }
] as const

/** The long forms of the scenarios for several processes on one database. */
export function replicas({ seed, schedules, minutes }: Record<'seed' | 'schedules' | 'minutes', number>) {
  return {
    'replicas-shared-work': async () => await sharedWork({ seed, requests: 1_000, runs: 500 }),
    'replicas-lost-workers': async () => await lostWorkers({ seed }),
    'replicas-lost-servers': async () => await lostServers({ seed }),
    'replicas-clock': async () => await wrongClock({ seed }),
    'replicas-database': async () => await lostDatabase({ seed, outages: OUTAGES, runs: 20 }),
    'replicas-rolling': async () => await rollingRestart({ seed, pictures: 40 }),
    'replicas-schedules': async () => await randomSchedules({ seed, schedules, minutes })
  } satisfies Record<string, () => Promise<Tally>>
}
