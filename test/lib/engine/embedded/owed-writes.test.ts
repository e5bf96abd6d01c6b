import t from 'tap'
import { createOwedWrites } from '../../../../lib/engine/embedded/owed-writes.ts'
import { createClock } from '../../../clock.ts'

/** Owed writes on a disk that refuses, and what they have written. */
function refusingDisk() {
  const disk = { isFull: true, written: [] as string[], failures: [] as unknown[] }
  const clock = createClock()
  const owed = createOwedWrites({ onDiskError: (error) => disk.failures.push(error), clock })
  const write = async (key: string, content: string) =>
    await owed.write(key, async () => {
      if (disk.isFull) throw new Error(`no space for ${content}`)
      disk.written.push(content)
    })
  return { disk, clock, owed, write }
}

t.test('a write that the disk refuses is tried again until it takes it, and reported once', async (t) => {
  const { disk, clock, write } = refusingDisk()
  await write('a', 'first')
  await write('b', 'second')
  await clock.advance(5_000)
  t.same(disk.written, [])
  t.equal(disk.failures.length, 2)
  disk.isFull = false
  await clock.advance(1_000)
  t.same(disk.written, ['first', 'second'])
  await clock.advance(5_000)
  t.equal(disk.written.length, 2, 'once')
  await write('c', 'third')
  t.same(disk.written, ['first', 'second', 'third'], 'what the disk takes is written at once')
})

t.test('a newer write takes the place of the one that is owed', async (t) => {
  const { disk, clock, write } = refusingDisk()
  await write('a', 'old')
  await write('a', 'new')
  disk.isFull = false
  await clock.advance(1_000)
  t.same(disk.written, ['new'])
})

t.test('what is owed is tried for the last time at the end, and nothing waits after it', async (t) => {
  const { disk, clock, owed, write } = refusingDisk()
  await write('a', 'first')
  disk.isFull = false
  await owed.close()
  t.same(disk.written, ['first'])
  disk.isFull = true
  await write('a', 'late')
  disk.isFull = false
  await clock.advance(5_000)
  t.same(disk.written, ['first'])
})
