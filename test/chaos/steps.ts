import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { openRoom } from './room.ts'
import type { Room } from './room.ts'
import type { Server } from './server.ts'
import { until } from './server.ts'
import { newTally } from './tally.ts'
import type { Tally } from './tally.ts'
import { missingProgram } from './tools.ts'

/** The moments of a paid run, as the data folder shows them. */
const MOMENTS: Record<string, (room: Room, address: string) => boolean> = {
  'the run is recorded': ({ dataDir }) =>
    existsSync(join(dataDir, 'runs')) &&
    readdirSync(join(dataDir, 'runs')).some((name) => /^\w.*json$/.test(name)),
  'the enhancement is reserved': (room) => isReserved(room, 'enhance'),
  'the enhanced prompt is kept': ({ folder }, address) =>
    existsSync(join(folder.output, 'enhanced', `${address}.txt`)),
  'the drawing is reserved': (room) => isReserved(room, 'draw'),
  'the answer is kept': ({ dataDir }, address) =>
    existsSync(join(dataDir, `runs/answers/simple/${address}.draw`)),
  'the drawing is written': ({ folder }, address) =>
    existsSync(join(folder.output, 'generated', `${address}.png`)),
  'the picture is written': ({ folder }, address) =>
    existsSync(join(folder.output, 'annotated', `${address}.png`))
}
const TOO_MANY_RESTARTS = new Set(['INTERNAL_SERVER_ERROR', 'ANSWER_LOST'])

function isReserved({ dataDir }: Room, step: 'enhance' | 'draw'): boolean {
  try {
    return readFileSync(join(dataDir, 'metrics/spending.json'), 'utf8').includes(`"step": "${step}"`)
  } catch {
    return false
  }
}

/** One kill at each step of a paid run, and one in each of its two calls. */
export async function killsAtSteps({ seed }: { seed: number }): Promise<Tally> {
  const room = await openRoom({ scenario: 'kill -9 at each step of a paid run', seed, artist: 'openai' })
  room.provider.answersAfter(() => 150)
  try {
    let server = await room.start()
    for (const [moment, isReached] of Object.entries(MOMENTS)) {
      const address = room.random.address()
      await room.ask(server, address)
      await soon(moment, () => isReached(room, address))
      server = await restart(room, server)
    }
    for (const call of ['chat', 'image']) {
      const arrived = new Promise<void>((resolve) =>
        room.provider.onCall((operation) => {
          if (operation === call) resolve()
        })
      )
      await room.askNew(server, 1)
      await arrived
      server = await restart(room, server)
    }
    await room.check(server)
  } finally {
    await room.close()
  }
  return room.tally
}

/** Looks as often as it can, so that little more happens between the moment and the kill. */
async function soon(moment: string, isReached: () => boolean): Promise<void> {
  const limit = AbortSignal.timeout(120_000)
  while (!isReached()) {
    if (limit.aborted) throw new Error(`This moment has not come: ${moment}`)
    await setImmediate()
  }
}

async function restart(room: Room, server: Server): Promise<Server> {
  await room.kill(server)
  const next = await room.start()
  await room.finish(next)
  return next
}

/** A kill at the n-th rename of a process, for each n: every write of the server ends with a rename. */
export async function killsAtRenames({ seed, renames }: { seed: number; renames: number[] }): Promise<Tally> {
  const scenario = 'kill -9 at the n-th rename'
  const missing = missingProgram('strace')
  if (missing !== undefined) return { ...newTally(scenario), skipped: missing }
  const room = await openRoom({ scenario, seed, artist: 'openai' })
  room.provider.answersAfter(() => 50)
  try {
    for (const when of renames) {
      const inject = `inject=rename:signal=SIGKILL:when=${when}`
      const under = ['strace', '-f', '-qq', '-o', '/dev/null', '-e', 'trace=rename', '-e', inject]
      // With one thread for files, strace counts all renames together.
      const server = room.spawn({ under, env: { UV_THREADPOOL_SIZE: '1' } })
      const url = await server.listening().catch(() => undefined)
      if (url !== undefined) {
        const address = room.random.address()
        await room.ask(Object.assign(server, { url }), address)
        await until(`rename ${when} or the end of the run`, async () => {
          return (
            server.hasEnded ||
            ((await room.folder.pictures()).has(address) && (await room.folder.records()).length === 0)
          )
        })
      }
      await server.end('SIGKILL')
      room.tally.kills += 1
      await room.provider.idle()
      await room.noteKept()
    }
    const last = await room.start()
    await room.finish(last, TOO_MANY_RESTARTS)
    await room.check(last)
  } finally {
    await room.close()
  }
  return room.tally
}

/** With no repeats, a kill in the call ends the run for good: only `force=1` draws again. */
export async function answerLost({ seed, restarts }: { seed: number; restarts: number }): Promise<Tally> {
  const scenario = 'kill -9 in a call that is never repeated'
  const env = { TB_DALLE_IMAGE_RETRY_ON_TIMEOUT: '0', TB_DALLE_NO_ENHANCE: '1' }
  const room = await openRoom({ scenario, seed, artist: 'openai', env })
  const { tally, provider } = room
  try {
    provider.answersAfter(() => 60_000)
    const called = new Promise<void>((resolve) => provider.onCall(() => resolve()))
    const first = await room.start()
    const [address] = (await room.askNew(first, 1)) as [string]
    await called
    await room.kill(first)
    provider.answersAfter(() => 50)
    let server = await room.start()
    for (let restart = 1; restart <= restarts; restart += 1) {
      await room.finish(server)
      const answer = await room.ask(server, address)
      if (answer?.run !== 'failed' || answer.data.errorCode !== 'ANSWER_LOST') {
        tally.problems.push(
          `after restart ${restart} generate=1 answered ${JSON.stringify(answer?.data.errorCode)}`
        )
      }
      if (provider.total.image !== 1) tally.problems.push(`${provider.total.image} calls without force`)
      if (restart === restarts) break
      await room.kill(server)
      server = await room.start()
    }
    const forced = await room.ask(server, address, '&force=1')
    if (forced?.run !== 'started') tally.problems.push(`force=1 answered ${forced?.run}`)
    await room.finish(server)
    await room.check(server)
    if (provider.total.image !== 2) tally.problems.push(`${provider.total.image} calls with force, not 2`)
  } finally {
    await room.close()
  }
  return tally
}
