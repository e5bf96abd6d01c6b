import { setTimeout as sleep } from 'node:timers/promises'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openRoom } from './room.ts'
import type { Room } from './room.ts'
import { until } from './server.ts'
import type { Server } from './server.ts'
import { newTally } from './tally.ts'
import type { Tally } from './tally.ts'
import { noNamespace } from './tools.ts'

/** The statistics are written a second after a change. */
const SAVE_MS = 1_500
const NAMESPACE = ['unshare', '--fork', '--pid', '--mount-proc']

export interface TwoOptions {
  seed: number
  pictures: number
  /** Each process has a process namespace of its own, as in two containers. */
  inNamespaces?: boolean
}

/** Two processes on one folder: one works, the other one waits and takes over. */
export async function twoProcesses({ seed, pictures, inNamespaces = false }: TwoOptions): Promise<Tally> {
  const scenario = inNamespaces ? 'two processes, in namespaces' : 'two processes'
  const skipped = inNamespaces ? await noNamespace() : undefined
  if (skipped !== undefined) return { ...newTally(scenario), skipped }
  const room = await openRoom({ scenario, seed, artist: 'openai' })
  const { tally, provider } = room
  const under = inNamespaces ? NAMESPACE : []
  provider.answersAfter(() => room.random.between(100, 600))
  try {
    const first = await room.start({ under })
    const second = await room.start({ under })
    await askBoth(room, [first, second], pictures)
    await room.finish(first)
    if (provider.total.image !== pictures) {
      tally.problems.push(`${provider.total.image} drawings were bought for ${pictures} pictures`)
    }
    await expectAveragesKept(room, second, pictures)
    if (!inNamespaces) await expectNoWait(room)
    await room.askNew(first, 4)
    await room.kill(first)
    const since = Date.now()
    await until('the second process works', async () => {
      return (await room.ask(second, room.random.address()))?.status === 200
    })
    tally.notes.push(`the second process took over in ${Date.now() - since} ms`)
    await room.finish(second)
    await room.check(second)
  } finally {
    await room.close()
  }
  return tally
}

async function askBoth(room: Room, servers: readonly Server[], pictures: number): Promise<void> {
  const addresses = Array.from({ length: pictures }, room.random.address)
  const asked = addresses.flatMap((address) => servers.map(async (server) => await room.ask(server, address)))
  for (const answer of await Promise.all(asked)) {
    if (answer?.status === 200) continue
    const is = `${answer?.status}, Retry-After ${answer?.retryAfter}`
    if (is !== '503, Retry-After 5') room.tally.problems.push(`the waiting process answered ${is}`)
  }
  if (room.accepted.size !== pictures) {
    room.tally.problems.push(`${room.accepted.size} runs for ${pictures} pictures`)
  }
}

/** A cache hit at the waiting process must not touch the statistics of the working one. */
async function expectAveragesKept(room: Room, waiting: Server, runs: number): Promise<void> {
  await room.ask(waiting, [...room.accepted.keys()][0]!)
  await sleep(SAVE_MS)
  const text = await readFile(join(room.dataDir, 'metrics/progress_phase_stats.json'), 'utf8')
  const { generationRuns } = JSON.parse(text) as { generationRuns: number }
  if (generationRuns < runs) room.tally.problems.push(`the statistics have ${generationRuns} of ${runs} runs`)
}

async function expectNoWait(room: Room): Promise<void> {
  const { code } = await room.spawn({ args: ['--no-wait'] }).exited
  if (code !== 1) room.tally.problems.push(`--no-wait ended with ${code}`)
}

/** A rolling replacement: the second process starts, the first one is stopped, and clients ask all the time. */
export async function rollingReplacement({ seed, pictures }: TwoOptions): Promise<Tally> {
  const room = await openRoom({ scenario: 'rolling replacement', seed, artist: 'openai' })
  room.provider.answersAfter(() => room.random.between(200, 3_000))
  try {
    const first = await room.start()
    const waiting = Array.from({ length: pictures }, room.random.address)
    const asking = async (servers: readonly Server[]) => {
      for (let address = waiting.pop(); address !== undefined; address = waiting.pop()) {
        await until('one of the two accepts', async () => await isAccepted(room, servers, address!))
        await sleep(100)
      }
    }
    const clients = [asking([first]), sleep(300)]
    const second = await room.start()
    clients.push(asking([first, second]), asking([second, first]))
    const end = await first.end('SIGTERM')
    if (end.code !== 0) room.tally.problems.push(`the first process ended with ${end.code}`)
    await asking([second])
    waiting.length = 0
    await Promise.race([Promise.all(clients), sleep(30_000)])
    await room.finish(second, new Set(['ANSWER_LOST']))
    await room.check(second)
  } finally {
    await room.close()
  }
  return room.tally
}

async function isAccepted(room: Room, servers: readonly Server[], address: string): Promise<boolean> {
  for (const server of servers) {
    if ((await room.ask(server, address))?.status === 200) return true
  }
  return false
}
