import { setTimeout as sleep } from 'node:timers/promises'
import { openRoom } from './room.ts'
import type { Tally } from './tally.ts'

/** Longer than a stop waits for working runs. */
const TOO_LONG_MS = 15_000

export interface TerminateOptions {
  seed: number
  rounds: number
  /** In the first round all calls outlast the stop. */
  outlasting: boolean
}

/** SIGTERM while runs work and wait: the next start goes on with them. */
export async function terminateUnderLoad({ seed, rounds, outlasting }: TerminateOptions): Promise<Tally> {
  const env = { TB_DALLE_CONCURRENCY: '3' }
  const room = await openRoom({ scenario: 'SIGTERM under load', seed, artist: 'openai', env })
  const { tally, provider, random } = room
  try {
    for (let round = 0; round < rounds; round += 1) {
      const isOutlasting = outlasting && round === 0
      provider.answersAfter(() => (isOutlasting ? TOO_LONG_MS : random.between(100, 1_500)))
      const server = await room.start()
      const end = new AbortController()
      const polling = room.pollUntil(server, end.signal)
      await room.askNew(server, 8)
      await sleep(random.between(0, 1_500))
      const { code } = await server.end('SIGTERM')
      end.abort()
      await polling
      if (code !== 0) tally.problems.push(`SIGTERM ended the server with ${code}: ${server.log.slice(-800)}`)
      await provider.idle()
      await room.noteKept()
    }
    const last = await room.start()
    await room.finish(last, new Set(['ANSWER_LOST']))
    await room.check(last)
  } finally {
    await room.close()
  }
  return tally
}
