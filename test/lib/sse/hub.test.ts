import { setImmediate } from 'node:timers/promises'
import t from 'tap'
import type { Test } from 'tap'
import { createHub } from '../../../lib/sse/hub.ts'
import { createClock } from '../../clock.ts'

const COMMENT = ': still here\n\n'
const KEEP_ALIVE_MS = 15_000
const END_GRACE_MS = 100

/** A hub, and a source whose state the test sets. */
function setUp(t: Test) {
  const clock = createClock()
  const counts: number[] = []
  const hub = createHub({ clock, onCount: (streams) => counts.push(streams) })
  const listeners = new Set<() => void>()
  const current = {
    state: { event: 'progress', id: '1', data: { percent: 1 }, isMoving: false, isLast: false }
  }
  const source = {
    read: async () => current.state,
    subscribe: (listener: () => void) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    onError: t.threw
  }
  /** A subscriber that reads. */
  const join = (key: string, lastId?: string) => {
    const { stream } = hub.join(key, source, lastId)
    let text = ''
    stream.on('data', (chunk) => {
      text += String(chunk)
    })
    return { stream, text: () => text }
  }
  const announce = () => {
    for (const listener of listeners) listener()
  }
  return { hub, clock, counts, current, source, join, announce, listeners }
}

t.test('the subscribers of one key share a channel', async (t) => {
  const { clock, counts, join, listeners } = setUp(t)
  const [one, two, other] = [join('a'), join('a'), join('b')]
  await clock.advance(0)
  for (const { text } of [one, two, other]) t.match(text(), 'id: 1\n')
  t.equal(listeners.size, 2)
  t.same(counts, [1, 2, 3])
  one.stream.destroy()
  two.stream.destroy()
  await setImmediate()
  t.equal(listeners.size, 1, 'a channel without subscribers closes')
  t.equal(counts.at(-1), 1)
  other.stream.destroy()
  await setImmediate()
  t.equal(listeners.size, 0)
  t.equal(clock.timers, 0, 'a hub without subscribers has no timer')
})

t.test('a quiet stream is kept open by a comment every 15 s', async (t) => {
  const { clock, join } = setUp(t)
  const { stream, text } = join('a')
  await clock.advance(0)
  const comments = () => text().split(COMMENT).length - 1
  t.equal(comments(), 1)
  await clock.advance(KEEP_ALIVE_MS - 1)
  t.equal(comments(), 1)
  await clock.advance(1)
  t.equal(comments(), 2)
  await clock.advance(3 * KEEP_ALIVE_MS)
  t.equal(comments(), 5)
  stream.destroy()
  await setImmediate()
  const again = join('a')
  await clock.advance(KEEP_ALIVE_MS)
  t.equal(again.text().split(COMMENT).length - 1, 2, 'also after all had left')
})

t.test('a client that reconnects does not receive the event again that it has', async (t) => {
  const { clock, current, join, announce } = setUp(t)
  const fresh = join('a')
  await clock.advance(0)
  t.match(fresh.text(), 'id: 1\n')
  const back = join('a', '1')
  await clock.advance(5 * KEEP_ALIVE_MS)
  t.notMatch(back.text(), 'id: 1\n')
  current.state = { ...current.state, id: '2', data: { percent: 2 } }
  announce()
  await clock.advance(100)
  for (const { text } of [fresh, back]) t.match(text(), 'id: 2\n')
})

t.test('the end of the hub ends every stream, and destroys those that are not read', async (t) => {
  const { hub, clock, source, join, counts } = setUp(t)
  const reading = join('a')
  const { stream: unread } = hub.join('a', source)
  await clock.advance(0)
  t.notOk(hub.isEnding)
  let hasEnded = false
  const ended = hub.end().then(() => {
    hasEnded = true
  })
  t.ok(hub.isEnding)
  await clock.advance(END_GRACE_MS - 1)
  t.ok(reading.stream.destroyed)
  t.notOk(unread.destroyed)
  t.notOk(hasEnded)
  await clock.advance(1)
  t.ok(unread.destroyed)
  await ended
  t.equal(counts.at(-1), 0)
  t.equal(clock.timers, 0)
})

t.test('a hub without streams ends at once', async (t) => {
  const { hub, clock } = setUp(t)
  await hub.end()
  t.equal(clock.timers, 0)
})
