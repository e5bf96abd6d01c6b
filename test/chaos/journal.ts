import { mkdir, readFile, truncate, writeFile } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { openRoom } from './room.ts'
import type { Room } from './room.ts'
import type { Server } from './server.ts'
import type { Tally } from './tally.ts'
import { run } from './tools.ts'

const nameOf = (digit: string) => `${digit.repeat(8)}-${`${digit.repeat(4)}-`.repeat(3)}${digit.repeat(12)}`

/** Files of a journal that the server did not write, or not like this. Each is made from a good record. */
const FOREIGN: Record<string, (path: string, record: string) => Promise<unknown>> = {
  [`${nameOf('1')}.json`]: async (path, record) => await writeFile(path, record.slice(0, record.length / 2)),
  [`${nameOf('2')}.json`]: async (path) => await writeFile(path, ''),
  [`${nameOf('3')}.json`]: async (path) => await writeFile(path, '{}'),
  [`${nameOf('4')}.json`]: async (path, record) =>
    await writeFile(path, record.replace('"version":1', '"version":2')),
  [`${nameOf('5')}.json`]: async (path, record) => await writeFile(path, record),
  [`${nameOf('6')}.json`]: async (path) => await writeFile(path, Buffer.alloc(5_000, 0xff)),
  [`${nameOf('7')}.json`]: async (path) => await writeFile(path, 'null'),
  [`${nameOf('8')}.json`]: async (path) => await mkdir(path),
  [`${nameOf('9')}.json`]: async (path) => await run('mkfifo', [path]),
  [`${nameOf('a')}.json`]: async (path, record) => {
    await writeFile(
      path,
      record.replace(/"runId":"[^"]*"/, `"runId":"${nameOf('a')}"`).replace(/0x[0-9a-f]{40}/, '0x')
    )
  },
  'notes.txt': async (path) => await writeFile(path, 'not of the server')
}

/** A journal with files that are cut, foreign or newer: they are moved aside, and the runs go on. */
export async function foreignJournal({ seed }: { seed: number }): Promise<Tally> {
  const room = await openRoom({ scenario: 'journal with foreign files', seed, artist: 'openai' })
  const { tally, provider, dataDir, folder } = room
  provider.answersAfter(() => 700)
  try {
    const first = await room.start()
    await room.askNew(first, 6)
    await room.kill(first)
    const [name] = await folder.records()
    const record = await readFile(join(dataDir, 'runs', name!), 'utf8')
    for (const [file, make] of Object.entries(FOREIGN)) {
      await make(join(dataDir, 'runs', file), record)
      tally.faults += 1
    }
    await cutAnswers(room)
    const second = await room.start()
    await room.finish(second)
    for (const file of Object.keys(FOREIGN)) checkAside(room, second, file)
    await room.check(second)
  } finally {
    await room.close()
  }
  return tally
}

/** Cuts the kept answers. A cut answer is no answer, so the drawing is bought once more. */
async function cutAnswers({ dataDir, folder, kept, tally }: Room): Promise<void> {
  for (const address of await folder.answers()) {
    await truncate(join(dataDir, `runs/answers/simple/${address}.draw`), 100)
    kept.delete(address)
    tally.faults += 1
  }
}

function checkAside({ dataDir, tally }: Room, server: Server, file: string): void {
  if (existsSync(join(dataDir, 'runs', file))) tally.problems.push(`runs/${file} was not moved aside`)
  if (!existsSync(join(dataDir, 'archives/broken/runs', file))) tally.problems.push(`runs/${file} is lost`)
  if (!server.log.includes(`runs/${file}`)) tally.problems.push(`the log does not name runs/${file}`)
}
