import { setImmediate } from 'node:timers/promises'
import type { Frame, Subscriber } from './subscriber.ts'

/** At most ten events a second. */
const GAP_MS = 100
/** How often a state that moves with time is looked at while nothing announces a change. */
const DRIFT_MS = 1_000
/** Readers served in one go; between two goes everything else has its turn. */
const READERS_AT_ONCE = 100

/** A whole state, so that whoever missed the one before has missed nothing. */
export interface State {
  event: string
  id: string
  data: unknown
  /** It changes with time, without being announced. */
  isMoving: boolean
  /** The channel ends with it. */
  isLast: boolean
}

export interface ChannelSource {
  /** The state now; undefined while there is nothing to tell. */
  read: () => Promise<State | undefined>
  /** Calls back at each change, with the new state where it is known, until the returned function is called. */
  subscribe: (listener: (state?: State) => void) => () => void
  /** Told when a state cannot be read; the channel goes on. */
  onError: (error: unknown) => void
  /** Told when it has told its last state, or its last subscriber has left. */
  onClose: () => void
}

export type Channel = ReturnType<typeof createChannel>

/**
 * Tells any number of subscribers of one thing. A state is read and written down once for all of them; the channel has one timer,
 * however many listen, and none when nothing can change.
 */
export function createChannel({ read, subscribe, onError, onClose }: ChannelSource) {
  const subscribers = new Set<Subscriber>()
  let latest: Frame | undefined
  let latestBody = ''
  let announced: State | undefined
  let isDirty = true
  let isMoving = false
  let isTelling = false
  let isClosed = false
  let toldAt = -Infinity
  let timer: NodeJS.Timeout | undefined

  const unsubscribe = subscribe((state) => {
    // How a run ended must be told, though the next one has begun.
    if (announced?.isLast !== true) announced = state
    isDirty = true
    schedule()
  })
  schedule()

  function schedule(): void {
    if (isTelling || isClosed || (!isDirty && !isMoving)) return
    clearTimeout(timer)
    const due = toldAt + (isDirty ? GAP_MS : DRIFT_MS)
    timer = setTimeout(
      () => {
        tellAll().catch(onError)
      },
      Math.max(0, due - performance.now())
    ).unref()
  }

  async function tellAll(): Promise<void> {
    isTelling = true
    isDirty = false
    toldAt = performance.now()
    try {
      const found = announced ?? (await read())
      const state = announced ?? found
      announced = undefined
      isMoving = state?.isMoving ?? false
      if (state !== undefined) await tell(state)
    } finally {
      isTelling = false
      schedule()
    }
  }

  async function tell({ event, id, data, isLast }: State): Promise<void> {
    const body = `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`
    if (body === latestBody) return
    latestBody = body
    const frame = { id, isLast, bytes: Buffer.from(`id: ${id}\n${body}`) }
    latest = frame
    let served = 0
    for (const subscriber of [...subscribers]) {
      subscriber.send(frame)
      served += 1
      if (served % READERS_AT_ONCE === 0) await setImmediate()
    }
    if (isLast) close()
  }

  function close(): void {
    if (isClosed) return
    isClosed = true
    clearTimeout(timer)
    unsubscribe()
    onClose()
  }

  return {
    /** Adds a subscriber, and tells it the newest state. */
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
