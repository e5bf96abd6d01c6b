import { appendFile, mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { openRoom } from './room.ts'
import type { Room } from './room.ts'
import { until } from './server.ts'
import type { Server } from './server.ts'
import { newTally } from './tally.ts'
import type { Tally } from './tally.ts'
import { injectFor, missingProgram, mountDisk, noMount, run } from './tools.ts'

const DISK_MB = 64
/** A fault stays as long as several writes need, and their repeats. */
const FAULT_MS = 2_500
const WRITTEN = ['output', 'runs', 'metrics'] as const
/** What `strace` lets fail. A fault of write would also hit the sockets; a full disk is a fault of write. */
const FAULTS = [
  ['fsync', 'EIO'],
  ['rename', 'EIO'],
  ['rename', 'ENOSPC'],
  ['openat', 'EDQUOT']
] as const
/** Before anything is paid for, a disk that refuses ends the run, and the next request makes the picture. */
const DECLARED = new Set(['FILE_SYSTEM_ERROR'])

interface Fault {
  begin: () => Promise<void>
  end: () => Promise<void>
}

/** A disk that takes no more while drawings are paid for: they stay in memory until it does. */
async function refusedWhileDrawing(room: Room, count: number, { begin, end }: Fault): Promise<void> {
  const { provider, tally } = room
  let release = () => {}
  const released = new Promise<void>((resolve) => {
    release = resolve
  })
  let drawings = 0
  const allCalled = new Promise<void>((resolve) => {
    provider.onCall((operation) => {
      if (operation === 'image' && ++drawings === count) resolve()
    })
  })
  provider.holdAnswers('image', released)
  const server = await room.start()
  await room.askNew(server, count)
  await allCalled
  await begin()
  tally.faults += 1
  release()
  const complaint = await server.printed(/"address":"0x[^\n]*a paid picture cannot be written yet/)
  if (complaint === undefined) throw new Error(`The server has ended: ${server.log.slice(-1_500)}`)
  await expectRefusal(room, server)
  await end()
  await room.finish(server)
  if (provider.total.image !== count) {
    tally.problems.push(`${provider.total.image} drawings bought for ${count} pictures`)
  }
  await room.check(server)
}

/** A run that cannot be kept is not accepted, and nothing is bought for it. */
async function expectRefusal(room: Room, server: Server): Promise<void> {
  const { provider, tally } = room
  const before = provider.total.image
  const answer = await room.ask(server, room.random.address())
  if (answer?.status !== 503) tally.problems.push(`a run that cannot be kept was answered ${answer?.status}`)
  await sleep(500)
  if (provider.total.image !== before) tally.problems.push('a drawing was bought that cannot be kept')
}

/** A disk that fills up, and is emptied. */
export async function fullDisk({ seed, runs }: { seed: number; runs: number }): Promise<Tally> {
  const scenario = 'disk full'
  const skipped = await noMount()
  if (skipped !== undefined) return { ...newTally(scenario), skipped }
  const disk = await mountDisk(DISK_MB)
  const room = await openRoom({ scenario, seed, artist: 'openai', dataDir: disk.folder, heavy: true })
  const filler = join(disk.folder, 'filler')
  const fill = async (bytes: number) => {
    while (
      await appendFile(filler, Buffer.alloc(bytes)).then(
        () => true,
        () => false
      )
    );
  }
  try {
    await refusedWhileDrawing(room, runs, {
      begin: async () => {
        for (const bytes of [2 ** 20, 2 ** 12]) await fill(bytes)
      },
      end: async () => await rm(filler)
    })
  } finally {
    await room.close()
    await disk.unmount()
  }
  return room.tally
}

/** A disk that becomes read-only, and writable again. */
export async function readOnlyDisk({ seed, runs }: { seed: number; runs: number }): Promise<Tally> {
  const scenario = 'disk read-only'
  const skipped = await noMount()
  if (skipped !== undefined) return { ...newTally(scenario), skipped }
  const disk = await mountDisk(DISK_MB)
  // The file of the lock is open for writing, so the system does not make its own mount read-only.
  for (const name of WRITTEN) {
    const folder = join(disk.folder, name)
    await mkdir(folder)
    await run('mount', ['--bind', folder, folder])
  }
  const room = await openRoom({ scenario, seed, artist: 'openai', dataDir: disk.folder })
  const remount = async (mode: 'ro' | 'rw') => {
    for (const name of WRITTEN) {
      const args = ['-o', `remount,bind,${mode}`, join(disk.folder, name)]
      // It is busy during a write.
      await until(
        `the remount of ${name}`,
        async () => (await run('mount', args).catch(() => undefined)) !== undefined
      )
    }
  }
  try {
    await refusedWhileDrawing(room, runs, {
      begin: async () => await remount('ro'),
      end: async () => await remount('rw')
    })
  } finally {
    await room.close()
    await disk.unmount()
  }
  return room.tally
}

/** System calls that fail for a while, in the middle of runs. */
export async function failingCalls({ seed, rounds }: { seed: number; rounds: number }): Promise<Tally> {
  const scenario = 'system calls that fail'
  const skipped = missingProgram('strace')
  if (skipped !== undefined) return { ...newTally(scenario), skipped }
  const room = await openRoom({ scenario, seed, artist: 'openai' })
  room.provider.answersAfter(() => room.random.between(100, 2_000))
  try {
    const server = await room.start()
    for (let round = 0; round < rounds; round += 1) {
      const [call, error] = FAULTS[round % FAULTS.length]!
      await room.askNew(server, 4)
      await sleep(room.random.between(0, 800))
      await injectFor(server.pid(), call, error, FAULT_MS)
      room.tally.faults += 1
      await room.finish(server, DECLARED)
    }
    await room.check(server)
  } finally {
    await room.close()
  }
  return room.tally
}
