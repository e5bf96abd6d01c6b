import { setImmediate } from 'node:timers/promises'
import { systemClock } from '../clock.ts'
import type { StreamClock } from '../clock.ts'
import type { Frame, Subscriber } from './subscriber.ts'

/** At most ten events a second. */
const MIN_INTERVAL_MS = 100
/** How often a moving state is read while no change is announced. */
const MOVING_INTERVAL_MS = 1_000
/** A channel ends when its source has had no state for this long, such as a picture that nothing makes. */
const EMPTY_MS = 60_000
/** Subscribers that are served before other work gets its turn. */
const BATCH_SIZE = 100

/** A complete state. A subscriber that missed earlier states has missed nothing. */
export interface State {
  event: string
  id: string
  data: unknown
  /** The state changes with time although no change is announced. */
  isMoving: boolean
  /** The channel closes after it. */
  isLast: boolean
}

export interface ChannelSource {
  /** Reads the current state; undefined when there is none. */
  read: () => Promise<State | undefined>
  /** Calls `listener` at each change, with the new state where it is known. The result ends the subscription. */
  subscribe: (listener: (state?: State) => void) => () => void
  /** Called when a state cannot be read. The channel goes on. */
  onError: (error: unknown) => void
  /** Called when the channel closes: after its last state, without any state, or when its last subscriber leaves. */
  onClose: () => void
}

export type Channel = ReturnType<typeof createChannel>

/**
 * Sends the states of one source to any number of subscribers. The channel reads and serializes each state once. It has
 * one timer for all subscribers, and none while no change is expected.
 */
export function createChannel(
  { read, subscribe, onError, onClose }: ChannelSource,
  clock: StreamClock = systemClock
) {
  const subscribers = new Set<Subscriber>()
  let latest: Frame | undefined
  let latestBody = ''
  let announced: State | undefined
  let isDirty = true
  let isMoving = false
  let isPublishing = false
  let isClosed = false
  let publishedAt = -Infinity
  let stopTimer = () => {}

  const unsubscribe = subscribe((state) => {
    // The end of a run must be sent, even if the next run has started.
    if (announced?.isLast !== true) announced = state
    isDirty = true
    schedule()
  })
  const stopEmptyTimer = clock.startTimer(EMPTY_MS, () => {
    for (const subscriber of subscribers) subscriber.end()
    close()
  })
  schedule()

  function schedule(): void {
    if (isPublishing || isClosed || (!isDirty && !isMoving)) return
    stopTimer()
    const dueAt = publishedAt + (isDirty ? MIN_INTERVAL_MS : MOVING_INTERVAL_MS)
    const delayMs = Math.max(0, dueAt - clock.now())
    stopTimer = clock.startTimer(delayMs, () => {
      publish().catch(onError)
    })
  }

  async function publish(): Promise<void> {
    isPublishing = true
    isDirty = false
    publishedAt = clock.now()
    try {
      const current = announced ?? (await read())
      // A state that was announced during the read is newer.
      const state = announced ?? current
      announced = undefined
      isMoving = state?.isMoving ?? false
      if (state !== undefined) await broadcast(state)
    } finally {
      isPublishing = false
      schedule()
    }
  }

  async function broadcast({ event, id, data, isLast }: State): Promise<void> {
    const body = `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`
    if (body === latestBody) return
    latestBody = body
    const frame = { id, isLast, bytes: Buffer.from(`id: ${id}\n${body}`) }
    latest = frame
    stopEmptyTimer()
    let served = 0
    for (const subscriber of [...subscribers]) {
      subscriber.send(frame)
      served += 1
      if (served % BATCH_SIZE === 0) await setImmediate()
    }
    if (isLast) close()
  }

  function close(): void {
    if (isClosed) return
    isClosed = true
    stopTimer()
    stopEmptyTimer()
    unsubscribe()
    onClose()
  }

  return {
    /** Adds a subscriber and sends it the newest state. */
    join(subscriber: Subscriber): void {
      subscribers.add(subscriber)
      if (latest !== undefined) subscriber.send(latest)
    },

    leave(subscriber: Subscriber): void {
      subscribers.delete(subscriber)
      if (subscribers.size === 0) close()
    },

    close
  }
}
