import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { until } from '../chaos/server.ts'
import type { Server } from '../chaos/server.ts'
import type { Tally } from '../chaos/tally.ts'
import { openFleet } from './fleet.ts'
import type { Fleet } from './fleet.ts'

const CLOCK_AHEAD_MS = 10_000

/** Workers that die, freeze and wake up, or have a wrong clock. Each case has a worker of its own beside it. */
export async function lostWorkers({ seed }: { seed: number }): Promise<Tally> {
  const fleet = await openFleet({ scenario: 'lost workers', seed, servers: 2, workers: 1 })
  try {
    const first = fleet.workers[0]!
    const second = await killedInCall(fleet, first)
    const third = await killedAfterAnswer(fleet, second)
    await frozen(fleet, third)
    await fleet.checkAll()
  } finally {
    await fleet.close()
  }
  return fleet.tally
}

/** Resolves when the provider is asked for a drawing. */
async function drawingAsked({ provider }: Fleet): Promise<void> {
  await new Promise<void>((resolve) => {
    provider.onCall((operation) => {
      if (operation === 'image') resolve()
    })
  })
}

async function askOne({ askNew, servers }: Fleet): Promise<string> {
  const [address] = (await askNew(servers[0], 1)) as [string]
  return address
}

async function expectCalls({ folder, provider, tally }: Fleet, address: string, calls: number, what: string) {
  const { image } = provider.callsOf(await folder.prompt(address))
  if (image !== calls) tally.problems.push(`${what}: ${image} drawings were bought in place of ${calls}`)
}

/** The answer is lost, so the drawing is bought once more. */
async function killedInCall(fleet: Fleet, worker: Server): Promise<Server> {
  fleet.provider.answersAfter((operation) => (operation === 'image' ? 1_000 : 10))
  const asked = drawingAsked(fleet)
  const address = await askOne(fleet)
  await asked
  await fleet.kill(worker)
  const next = await fleet.addWorker()
  await fleet.finish(fleet.servers[1])
  await expectCalls(fleet, address, 2, 'killed in the call')
  return next
}

/** The answer is kept, so another worker finishes the picture without a further call. */
async function killedAfterAnswer(fleet: Fleet, worker: Server): Promise<Server> {
  fleet.provider.answersAfter(() => 10)
  const address = await askOne(fleet)
  const answer = join(fleet.dataDir, `runs/answers/simple/${address}.draw`)
  await until('the answer is kept', () => existsSync(answer))
  await fleet.kill(worker)
  const next = await fleet.addWorker()
  await fleet.finish(fleet.servers[1])
  await expectCalls(fleet, address, 1, 'killed after the answer')
  return next
}

/** A worker that sleeps longer than its lease loses its run, and does not disturb it when it wakes up. */
async function frozen(fleet: Fleet, worker: Server): Promise<void> {
  const { provider, finish, servers } = fleet
  let release = () => {}
  provider.holdAnswers('image', new Promise((resolve) => (release = resolve)))
  const asked = drawingAsked(fleet)
  const address = await askOne(fleet)
  await asked
  process.kill(worker.pid(), 'SIGSTOP')
  provider.holdAnswers('image', Promise.resolve())
  await fleet.addWorker()
  await finish(servers[1])
  release()
  process.kill(worker.pid(), 'SIGCONT')
  await provider.idle()
  await expectCalls(fleet, address, 2, 'frozen')
}

/** A worker whose clock is wrong does not start, so it takes no run that another one works on. */
export async function wrongClock({ seed }: { seed: number }): Promise<Tally> {
  const shift =
    `const now = Date.now; Date.now = () => now() + ${CLOCK_AHEAD_MS};` +
    `Object.defineProperty(performance, 'timeOrigin', { value: performance.timeOrigin + ${CLOCK_AHEAD_MS} })`
  const fleet = await openFleet({ scenario: 'a clock that is wrong', seed, servers: 1, workers: 1 })
  const { provider, finish, servers, tally } = fleet
  try {
    let release = () => {}
    provider.holdAnswers('image', new Promise((resolve) => (release = resolve)))
    const asked = drawingAsked(fleet)
    const address = await askOne(fleet)
    await asked
    const env = { NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(shift)}` }
    const wrong = fleet.spawn({ env: { TB_DALLE_ROLE: 'worker', ...env } })
    const { code } = await wrong.exited
    if (code !== 1 || !wrong.log.includes('clock')) {
      tally.problems.push(`a worker with a wrong clock ended with ${code}: ${wrong.log.slice(-500)}`)
    }
    release()
    await finish(servers[0])
    await expectCalls(fleet, address, 1, 'a wrong clock')
    await fleet.checkAll()
  } finally {
    await fleet.close()
  }
  return tally
}
