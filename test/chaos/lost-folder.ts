import { mkdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { openRoom } from './room.ts'
import type { Room } from './room.ts'
import type { Server } from './server.ts'
import { newTally } from './tally.ts'
import type { Tally } from './tally.ts'
import { makeFolder, noMount, run } from './tools.ts'

/** Time in which a server would buy a picture that it may not buy. */
const BUY_MS = 2_500

interface Loss {
  name: string
  /** Where the data folder is, below a folder of its own. */
  prepare?: (dataDir: string) => Promise<void>
  lose: (dataDir: string) => Promise<unknown>
  restore?: (dataDir: string) => Promise<unknown>
  needsMount?: boolean
}

const LOSSES: readonly Loss[] = [
  {
    name: 'folder removed',
    // The server may write a file meanwhile.
    lose: async (dataDir) =>
      await rm(dataDir, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 })
  },
  {
    name: 'folder replaced',
    async lose(dataDir) {
      await rename(dataDir, `${dataDir}.old`)
      await mkdir(dataDir)
    },
    async restore(dataDir) {
      await rm(dataDir, { recursive: true })
      await rename(`${dataDir}.old`, dataDir)
    }
  },
  {
    name: 'folder unmounted',
    needsMount: true,
    async prepare(dataDir) {
      await mkdir(`${dataDir}.disk`)
      await run('mount', ['--bind', `${dataDir}.disk`, dataDir])
    },
    lose: async (dataDir) => await run('umount', ['-l', dataDir]),
    restore: async (dataDir) => await run('mount', ['--bind', `${dataDir}.disk`, dataDir])
  }
]

export const LOSS_NAMES = LOSSES.map(({ name }) => name)

/** The data folder goes away under a running server: nothing is bought until it is back. */
export async function lostFolder({ seed, name }: { seed: number; name: string }): Promise<Tally> {
  const loss = LOSSES.find((known) => known.name === name)!
  const skipped = loss.needsMount ? await noMount() : undefined
  if (skipped !== undefined) return { ...newTally(name), skipped }
  const base = await makeFolder()
  const dataDir = join(base, 'data')
  await mkdir(dataDir)
  await loss.prepare?.(dataDir)
  const room = await openRoom({ scenario: name, seed, artist: 'openai', dataDir })
  try {
    const server = await room.start()
    await room.askNew(server, 2)
    await room.finish(server)
    await loss.lose(dataDir)
    room.tally.faults += 1
    // Only a folder that is brought back has its pictures.
    if (loss.restore === undefined) room.accepted.clear()
    await expectNoPurchase(room, server)
    await loss.restore?.(dataDir)
    await server.end('SIGKILL')
    const next = await room.start()
    await room.askNew(next, 1)
    await room.finish(next)
    await room.check(next, loss.restore !== undefined)
  } finally {
    await room.close()
    if (loss.needsMount) await run('umount', ['-l', dataDir]).catch(() => {})
    await rm(base, { recursive: true, force: true })
  }
  return room.tally
}

async function expectNoPurchase(room: Room, server: Server): Promise<void> {
  const { provider, tally } = room
  const before = { ...provider.total }
  const address = room.random.address()
  const answer = await room.ask(server, address)
  if (answer?.status !== 503) tally.problems.push(`a new picture was answered ${answer?.status}, not 503`)
  else if (answer.retryAfter === null) tally.problems.push('the refusal has no Retry-After')
  await sleep(BUY_MS)
  await provider.idle()
  const bought = provider.total.image - before.image
  const enhanced = provider.total.chat - before.chat
  if (bought + enhanced > 0) tally.problems.push(`${bought} drawings and ${enhanced} prompts were bought`)
  room.accepted.delete(address)
  const health = await room.request(server, '/health?check=liveness')
  if (health?.status !== 200) tally.problems.push('the server does not answer any more')
}
