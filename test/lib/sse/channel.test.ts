import { setImmediate } from 'node:timers/promises'
import t from 'tap'
import type { Test } from 'tap'
import { createChannel } from '../../../lib/sse/channel.ts'
import type { ChannelSource, State } from '../../../lib/sse/channel.ts'
import { createSubscriber } from '../../../lib/sse/subscriber.ts'
import type { Frame } from '../../../lib/sse/subscriber.ts'
import { createClock } from '../../clock.ts'
import { until } from '../../helper.ts'

function state(id: string, options: Partial<State> = {}): State {
  return { event: 'progress', id, data: { id }, isMoving: false, isLast: false, ...options }
}

/** A subscriber that records its frames. */
function createRecorder() {
  const frames: Frame[] = []
  const send = (frame: Frame) => {
    frames.push(frame)
  }
  const subscriber = { ...createSubscriber(), send }
  return { subscriber, ids: () => frames.map(({ id }) => id), frames }
}

/** A channel whose source has the state that the test sets. */
function setUp(t: Test, source: Partial<ChannelSource> = {}) {
  const clock = createClock()
  const seen = { reads: 0, closed: 0, unsubscribed: 0 }
  const current: { state: State | undefined } = { state: undefined }
  let listener: (state?: State) => void = () => {}
  const channel = createChannel(
    {
      read: async () => {
        seen.reads += 1
        return current.state
      },
      subscribe: (given) => {
        listener = given
        return () => {
          seen.unsubscribed += 1
        }
      },
      onError: t.threw,
      onClose: () => {
        seen.closed += 1
      },
      ...source
    },
    clock
  )
  const announce = (state?: State) => listener(state)
  return { channel, clock, current, seen, announce }
}

t.test('the first state is sent at once, and later ones at most ten times a second', async (t) => {
  const { channel, clock, current, announce, seen } = setUp(t)
  const { subscriber, ids } = createRecorder()
  channel.join(subscriber)
  current.state = state('1')
  await clock.advance(0)
  t.same(ids(), ['1'])

  for (const id of ['2', '3', '4']) {
    current.state = state(id)
    announce()
    await clock.advance(33)
  }
  t.same(ids(), ['1'], 'after 99 ms')
  await clock.advance(1)
  t.same(ids(), ['1', '4'], 'after 100 ms the newest state is sent')
  t.equal(seen.reads, 2)
  t.equal(clock.timers, 0, 'without changes no timer waits')

  for (let ms = 0; ms < 1_000; ms += 1) {
    current.state = state(`after ${ms} ms`)
    announce()
    await clock.advance(1)
  }
  t.equal(ids().length, 12, 'a state that changes each millisecond is sent ten times a second')
})

t.test('a moving state is read once a second, and sent when it has changed', async (t) => {
  const { channel, clock, current, seen } = setUp(t)
  const { subscriber, ids } = createRecorder()
  channel.join(subscriber)
  current.state = state('1', { isMoving: true })
  await clock.advance(0)
  await clock.advance(1_000)
  t.equal(seen.reads, 2)
  t.same(ids(), ['1'], 'the same state is not sent again')
  current.state = state('2', { isMoving: true })
  await clock.advance(999)
  t.same(ids(), ['1'])
  await clock.advance(1)
  t.same(ids(), ['1', '2'])
  current.state = state('3')
  await clock.advance(1_000)
  t.same(ids(), ['1', '2', '3'])
  t.equal(clock.timers, 0, 'a state that does not move is not read again')
})

t.test('without a state nothing is sent', async (t) => {
  const { channel, clock, current, announce } = setUp(t)
  const { subscriber, ids } = createRecorder()
  channel.join(subscriber)
  await clock.advance(10_000)
  t.same(ids(), [])
  current.state = state('1')
  announce()
  await clock.advance(0)
  t.same(ids(), ['1'])
})

t.test('the last state of a run is sent although the next run has announced its first one', async (t) => {
  const { channel, clock, current, announce, seen } = setUp(t)
  const { subscriber, ids, frames } = createRecorder()
  channel.join(subscriber)
  current.state = state('1')
  await clock.advance(0)
  announce(state('1.done', { isLast: true }))
  announce(state('2'))
  await clock.advance(100)
  t.same(ids(), ['1', '1.done'])
  t.ok(frames[1]!.isLast)
  t.equal(seen.closed, 1, 'the channel closes after the last state')
  t.equal(seen.unsubscribed, 1)
  t.equal(clock.timers, 0)
})

t.test('a state that is announced during a read replaces what was read', async (t) => {
  let finish = (_state: State) => {}
  const { channel, clock, announce } = setUp(t, {
    read: async () =>
      await new Promise((resolve) => {
        finish = resolve
      })
  })
  const { subscriber, ids } = createRecorder()
  channel.join(subscriber)
  await clock.advance(0)
  announce(state('new'))
  finish(state('old'))
  await setImmediate()
  t.same(ids(), ['new'])
})

t.test('a new subscriber receives the newest frame', async (t) => {
  const { channel, clock, current, seen } = setUp(t)
  const [early, late] = [createRecorder(), createRecorder()]
  channel.join(early.subscriber)
  current.state = state('1')
  await clock.advance(0)
  channel.join(late.subscriber)
  t.same(late.ids(), ['1'])
  t.equal(late.frames[0], early.frames[0])
  t.equal(seen.reads, 1)
})

t.test('a state is read and serialized once for a thousand subscribers', async (t) => {
  const { channel, clock, current, seen } = setUp(t)
  const recorders = Array.from({ length: 1_000 }, createRecorder)
  for (const { subscriber } of recorders) channel.join(subscriber)
  let serialized = 0
  const data = {
    toJSON: () => {
      serialized += 1
      return {}
    }
  }
  current.state = state('1', { data })
  let others = 0
  await clock.advance(0)
  while (recorders.at(-1)!.frames.length === 0) {
    others += 1
    await setImmediate()
  }
  t.ok(others > 1, 'other work gets its turn in between')
  await until(() => recorders.every(({ frames }) => frames.length === 1))
  t.equal(seen.reads, 1)
  t.equal(serialized, 1)
  t.equal(new Set(recorders.map(({ frames }) => frames[0]!.bytes)).size, 1)
})

t.test('a state that cannot be read is reported, and the channel goes on', async (t) => {
  const failures: unknown[] = []
  let isBroken = true
  const { channel, clock, announce } = setUp(t, {
    read: async () => {
      if (isBroken) throw new Error('broken')
      return state('1')
    },
    onError: (error) => failures.push(error)
  })
  const { subscriber, ids } = createRecorder()
  channel.join(subscriber)
  await clock.advance(0)
  t.match(failures, [{ message: 'broken' }])
  isBroken = false
  announce()
  await clock.advance(100)
  t.same(ids(), ['1'])
})

t.test('the channel closes when its last subscriber leaves', async (t) => {
  const { channel, clock, announce, seen } = setUp(t)
  const [one, other] = [createRecorder(), createRecorder()]
  channel.join(one.subscriber)
  channel.join(other.subscriber)
  channel.leave(one.subscriber)
  t.equal(seen.closed, 0)
  channel.leave(other.subscriber)
  t.equal(seen.closed, 1)
  t.equal(seen.unsubscribed, 1)
  announce()
  channel.close()
  t.equal(clock.timers, 0)
  t.equal(seen.closed, 1)
})

t.test('a channel without any state ends after a minute', async (t) => {
  const { channel, clock, seen } = setUp(t)
  const { subscriber } = createRecorder()
  channel.join(subscriber)
  const ended = new Promise((resolve) => subscriber.stream.resume().once('end', resolve))
  await clock.advance(59_000)
  t.equal(seen.closed, 0)
  await clock.advance(1_000)
  await ended
  t.same([seen.closed, seen.unsubscribed, clock.timers], [1, 1, 0])

  const other = setUp(t)
  other.channel.join(createRecorder().subscriber)
  await other.clock.advance(59_000)
  other.announce(state('1'))
  await other.clock.advance(600_000)
  t.equal(other.seen.closed, 0, 'one that has had a state stays')
})
