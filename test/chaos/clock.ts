import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { openRoom } from './room.ts'
import type { Room } from './room.ts'
import { until } from './server.ts'
import type { Server } from './server.ts'
import type { Tally } from './tally.ts'
import { makeFolder } from './tools.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
/** The module reads the file this often. */
const READ_MS = 20
/** Far more than the failure hold, and far less than the jump. */
const HELD_MS = 30_000

/** What a server answers once a failure holds no more. */
const BEGUN = new Set(['started', 'joined', 'cached'])

/** Moves the clock of a server by the milliseconds in a file: its calendar at once, its uptime never. */
const CLOCK_MODULE = `
import { readFileSync } from 'node:fs'
const Real = Date
let shift = 0
function read () {
  try { shift = Number(readFileSync(process.env.CHAOS_CLOCK, 'utf8')) || 0 } catch {}
}
read()
setInterval(read, ${READ_MS}).unref()
globalThis.Date = class Date extends Real {
  constructor (...parts) {
    if (parts.length === 0) super(Real.now() + shift)
    else super(...parts)
  }
  static now () { return Real.now() + shift }
}
const origin = performance.timeOrigin + shift
Object.defineProperty(performance, 'timeOrigin', { get: () => origin })
`

/** The clock jumps by an hour either way, between two starts and during runs, near midnight UTC. */
export async function jumpingClock({ seed, jumps }: { seed: number; jumps: number }): Promise<Tally> {
  const room = await openRoom({ scenario: 'clock that jumps an hour', seed, artist: 'openai' })
  const { tally, provider } = room
  const folder = await makeFolder()
  const file = join(folder, 'clock')
  // 23:40 UTC, so that an hour more is the next day.
  const evening = DAY_MS - 20 * 60_000 - (Date.now() % DAY_MS)
  const set = async (hours: number) => await writeFile(file, String(evening + hours * HOUR_MS))
  const env = {
    CHAOS_CLOCK: file,
    NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(CLOCK_MODULE)}`
  }
  provider.answersAfter(() => room.random.between(100, 1_500))
  let lastDay = ''
  const checkDay = async () => {
    const { day = '' } = (await room.folder.spending()) ?? {}
    if (day < lastDay) tally.problems.push(`the day of the budget went back from ${lastDay} to ${day}`)
    lastDay = day
  }
  try {
    for (let jump = 0; jump < jumps; jump += 1) {
      const before = [1, 0, -1, 0][jump % 4]!
      await set(before)
      const server = await room.start({ env })
      await expectNoHold(room, server)
      await room.askNew(server, 3)
      await failOne(room, server)
      await sleep(room.random.between(100, 600))
      await checkDay()
      await set([-1, 1, 1, -1][jump % 4]!)
      tally.faults += 1
      await room.askNew(server, 2)
      await sleep(READ_MS * 5)
      await checkDay()
      await room.kill(server)
    }
    await set(0)
    const last = await room.start({ env })
    await expectNoHold(room, last)
    await room.finish(last, new Set(['ANSWER_LOST']))
    await checkDay()
    await room.check(last)
  } finally {
    await room.close()
    await rm(folder, { recursive: true })
  }
  return tally
}

/** A run that fails by the clock of before the jump. */
async function failOne(room: Room, server: Server): Promise<void> {
  room.provider.script('image', 'model_not_found')
  await until('a run has failed', async () => {
    await Promise.all([...room.accepted.values()].map(async (run) => await room.poll(server, run)))
    return [...room.accepted.values()].some(({ state }) => state === 'failed')
  })
}

/** A failure holds its picture for the time that is set, not for an hour. */
async function expectNoHold(room: Room, server: Server): Promise<void> {
  for (const { address, state } of [...room.accepted.values()]) {
    if (state !== 'failed') continue
    const limit = Date.now() + HELD_MS
    // A busy server may refuse for a while.
    while (!BEGUN.has((await room.ask(server, address))?.run ?? '')) {
      if (Date.now() > limit) {
        room.tally.problems.push(`${address}: its failure still holds after the jump`)
        break
      }
      await sleep(100)
    }
  }
}
