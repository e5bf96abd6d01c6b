import { systemClock } from '../clock.ts'
import type { StreamClock } from '../clock.ts'
import { createChannel } from './channel.ts'
import type { Channel, ChannelSource } from './channel.ts'
import { createSubscriber } from './subscriber.ts'
import type { Subscriber } from './subscriber.ts'

/** Proxies close a stream that is quiet for 30 or 60 s. */
const KEEP_ALIVE_MS = 15_000
/** How long subscribers may take to read their last frames when the hub ends. */
const END_GRACE_MS = 100

export interface HubOptions {
  clock?: StreamClock
  /** Called with the number of open streams when it changes. */
  onCount?: (streams: number) => void
}

export type Hub = ReturnType<typeof createHub>

/** All event streams of the service: one channel for each key, and one keep-alive timer for all streams. */
export function createHub({ clock = systemClock, onCount = () => {} }: HubOptions = {}) {
  const channels = new Map<string, Channel>()
  const subscribers = new Map<Subscriber, Channel>()
  let isEnding = false
  let stopKeepAlive: (() => void) | undefined
  let onEmpty = () => {}

  function leave(subscriber: Subscriber): void {
    subscribers.get(subscriber)?.leave(subscriber)
    subscribers.delete(subscriber)
    onCount(subscribers.size)
    if (subscribers.size > 0) return
    stopKeepAlive?.()
    stopKeepAlive = undefined
    onEmpty()
  }

  function keepAlive(): void {
    stopKeepAlive = clock.startTimer(KEEP_ALIVE_MS, () => {
      for (const subscriber of subscribers.keys()) subscriber.keepAlive()
      keepAlive()
    })
  }

  function destroyAll(): void {
    for (const subscriber of [...subscribers.keys()]) subscriber.stream.destroy()
  }

  function channelOf(key: string, source: Omit<ChannelSource, 'onClose'>): Channel {
    const known = channels.get(key)
    if (known !== undefined) return known
    const channel = createChannel({ ...source, onClose: () => channels.delete(key) }, clock)
    channels.set(key, channel)
    return channel
  }

  return {
    get isEnding(): boolean {
      return isEnding
    },

    /** How many streams are open. */
    get size(): number {
      return subscribers.size
    },

    /**
     * Adds a subscriber to the channel of a key.
     * @param source where the channel reads its states; used only when the channel is new
     * @param lastId the id of the last event that the client received before it reconnected
     */
    join(key: string, source: Omit<ChannelSource, 'onClose'>, lastId?: string): Subscriber {
      const channel = channelOf(key, source)
      const subscriber = createSubscriber(lastId)
      subscribers.set(subscriber, channel)
      onCount(subscribers.size)
      subscriber.stream.once('close', () => leave(subscriber))
      channel.join(subscriber)
      if (stopKeepAlive === undefined) keepAlive()
      return subscriber
    },

    /** Ends every stream, and destroys the streams whose clients do not read their end in time. */
    async end(): Promise<void> {
      isEnding = true
      for (const channel of [...channels.values()]) channel.close()
      for (const subscriber of subscribers.keys()) subscriber.end()
      if (subscribers.size === 0) return
      const stopTimer = clock.startTimer(END_GRACE_MS, destroyAll)
      await new Promise<void>((resolve) => {
        onEmpty = resolve
      })
      stopTimer()
    }
  }
}
