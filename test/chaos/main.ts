// npm run test:chaos -- --help: kills, faults and jumps against real servers, and one table of what they broke.
import { parseArgs } from 'node:util'
import { jumpingClock } from './clock.ts'
import { failingCalls, fullDisk, readOnlyDisk } from './disk.ts'
import { replicas } from '../replicas/scenarios.ts'
import { foreignJournal } from './journal.ts'
import { killsAtRandom } from './kills.ts'
import { LOSS_NAMES, lostFolder } from './lost-folder.ts'
import { rollingReplacement, twoProcesses } from './processes.ts'
import { answerLost, killsAtRenames, killsAtSteps } from './steps.ts'
import { formatTable, isClean, newTally } from './tally.ts'
import type { Tally } from './tally.ts'
import { terminateUnderLoad } from './terminate.ts'

const USAGE = `Usage: npm run test:chaos -- [options]

  --kills 200            kills at random moments; half of them with the provider, half with the built-in artist
  --seed N               repeats the same moments and pictures; by default the time
  --schedules 500        random schedules for several processes on one database
  --minutes N            no random schedule begins later; by default all of them are done
  --only TEXT            only the scenarios whose key contains the text
`
/** How long the provider takes, and how long a server lives before a kill, in milliseconds. */
const DELAY = [200, 3_000] as const
const LIFE = { openai: [300, 6_000], local: [300, 4_000] } as const
const RENAMES = Array.from({ length: 24 }, (_, index) => index + 1)

function scenarios({
  kills,
  schedules,
  minutes,
  seed
}: Record<'kills' | 'schedules' | 'minutes' | 'seed', number>): Record<string, () => Promise<Tally>> {
  const random = (artist: 'openai' | 'local') => async () =>
    await killsAtRandom({ artist, kills: Math.ceil(kills / 2), seed, delay: DELAY, life: LIFE[artist] })
  return {
    'kills-provider': random('openai'),
    'kills-built-in': random('local'),
    steps: async () => await killsAtSteps({ seed }),
    renames: async () => await killsAtRenames({ seed, renames: RENAMES }),
    'answer-lost': async () => await answerLost({ seed, restarts: 2 }),
    'disk-full': async () => await fullDisk({ seed, runs: 4 }),
    'disk-read-only': async () => await readOnlyDisk({ seed, runs: 4 }),
    'disk-calls': async () => await failingCalls({ seed, rounds: 8 }),
    ...Object.fromEntries(
      LOSS_NAMES.map((name) => [name.replace(' ', '-'), async () => await lostFolder({ seed, name })])
    ),
    'two-processes': async () => await twoProcesses({ seed, pictures: 20 }),
    'two-namespaces': async () => await twoProcesses({ seed, pictures: 20, inNamespaces: true }),
    rolling: async () => await rollingReplacement({ seed, pictures: 20 }),
    terminate: async () => await terminateUnderLoad({ seed, rounds: 4, outlasting: true }),
    clock: async () => await jumpingClock({ seed, jumps: 4 }),
    journal: async () => await foreignJournal({ seed }),
    ...replicas({ seed, schedules, minutes })
  }
}

/** A scenario that ends with an error is broken too, and the others go on. */
async function attempt(key: string, scenario: () => Promise<Tally>): Promise<Tally> {
  process.stderr.write(`${new Date().toISOString()} ${key}\n`)
  try {
    return await scenario()
  } catch (error) {
    return { ...newTally(key), problems: [(error as Error).message] }
  }
}

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '200' },
    schedules: { type: 'string', default: '500' },
    minutes: { type: 'string', default: 'Infinity' },
    seed: { type: 'string', default: String(Math.floor(Date.now() / 1000)) },
    only: { type: 'string', default: '' },
    help: { type: 'boolean', default: false }
  }
})
if (values.help) {
  process.stdout.write(USAGE)
} else {
  process.stderr.write(`seed ${values.seed}\n`)
  const numbers = {
    kills: Number(values.kills),
    schedules: Number(values.schedules),
    minutes: Number(values.minutes),
    seed: Number(values.seed)
  }
  const tallies: Tally[] = []
  for (const [key, scenario] of Object.entries(scenarios(numbers))) {
    if (key.includes(values.only)) tallies.push(await attempt(key, scenario))
  }
  process.stdout.write(formatTable(tallies))
  if (!tallies.every(isClean)) process.exitCode = 1
}
