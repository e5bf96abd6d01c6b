import { setTimeout as sleep } from 'node:timers/promises'
import { openRoom } from './room.ts'
import type { Room } from './room.ts'
import type { Server } from './server.ts'
import type { Tally } from './tally.ts'

/** Runs that wait or work at the same time. */
const BACKLOG = 10
/** Ends that the contract names for a run which was killed too often within one step. */
const DECLARED = new Set(['ANSWER_LOST', 'INTERNAL_SERVER_ERROR'])

export interface KillOptions {
  artist: 'openai' | 'local'
  kills: number
  seed: number
  /** How long the provider takes, in milliseconds. */
  delay: readonly [least: number, most: number]
  /** How long a server lives after it listens, in milliseconds. */
  life: readonly [least: number, most: number]
}

/** Kills at random moments of busy runs, each with a restart. */
export async function killsAtRandom({ artist, kills, seed, delay, life }: KillOptions): Promise<Tally> {
  const scenario = artist === 'openai' ? 'kill -9 at random, provider' : 'kill -9 at random, built-in artist'
  const room = await openRoom({ scenario, seed, artist })
  room.tally.notes.push(`seed ${seed}`)
  room.provider.answersAfter(() => room.random.between(...delay))
  try {
    for (let kill = 0; kill < kills; kill += 1) {
      const server = await room.start()
      await liveFor(room, server, room.random.between(...life))
      await room.kill(server)
      const half = await room.folder.half()
      if (half.length > 0) room.tally.problems.push(`kill ${kill}: not whole: ${half.join(', ')}`)
    }
    const last = await room.start()
    await room.finish(last, DECLARED)
    await room.check(last)
  } finally {
    await room.close()
  }
  return room.tally
}

/** Asks for new pictures and polls the old ones, until the moment of the kill. */
export async function liveFor(room: Room, server: Server, ms: number): Promise<void> {
  const end = AbortSignal.timeout(Math.round(ms))
  const polling = room.pollUntil(server, end)
  while (!end.aborted) {
    if (room.live().length < BACKLOG) await room.ask(server, room.random.address())
    await sleep(room.random.between(10, 150))
  }
  await polling
}
