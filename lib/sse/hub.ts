import { createChannel } from './channel.ts'
import type { Channel, ChannelSource } from './channel.ts'
import { createSubscriber } from './subscriber.ts'
import type { Subscriber } from './subscriber.ts'

/** Proxies close a stream that is quiet for longer than 30 or 60 s. */
const KEEP_ALIVE_MS = 15_000
/** How long subscribers may take to fetch what they were told before the end. */
const END_GRACE_MS = 100

export type Hub = ReturnType<typeof createHub>

/** All event streams of the service: a channel for each thing that is listened to, and one timer that keeps them all open. */
export function createHub(keepAliveMs = KEEP_ALIVE_MS) {
  const channels = new Map<string, Channel>()
  const subscribers = new Map<Subscriber, Channel>()
  let isEnding = false
  let keepAlive: NodeJS.Timeout | undefined

  function leave(subscriber: Subscriber): void {
    subscribers.get(subscriber)?.leave(subscriber)
    subscribers.delete(subscriber)
    if (subscribers.size > 0) return
    clearInterval(keepAlive)
    keepAlive = undefined
  }

  function channelOf(key: string, source: Omit<ChannelSource, 'onClose'>): Channel {
    const known = channels.get(key)
    if (known !== undefined) return known
    const channel = createChannel({ ...source, onClose: () => channels.delete(key) })
    channels.set(key, channel)
    return channel
  }

  return {
    /** How many streams are open. */
    get size(): number {
      return subscribers.size
    },

    get isEnding(): boolean {
      return isEnding
    },

    /**
     * A new subscriber of what the key names.
     * @param source where the channel takes its states from, used when nobody else listens yet
     * @param lastId the id of the last event that the subscriber had before its connection broke
     */
    join(key: string, source: Omit<ChannelSource, 'onClose'>, lastId?: string): Subscriber {
      const channel = channelOf(key, source)
      const subscriber = createSubscriber(lastId)
      subscribers.set(subscriber, channel)
      subscriber.stream.once('close', () => leave(subscriber))
      channel.join(subscriber)
      keepAlive ??= setInterval(() => {
        for (const each of subscribers.keys()) each.keepAlive()
      }, keepAliveMs).unref()
      return subscriber
    },

    /** Ends every stream, and cuts those whose subscribers do not take their end. */
    async end(): Promise<void> {
      isEnding = true
      for (const channel of [...channels.values()]) channel.close()
      for (const subscriber of subscribers.keys()) subscriber.end()
      for (
        const until = performance.now() + END_GRACE_MS;
        subscribers.size > 0 && performance.now() < until;
      ) {
        await new Promise((resolve) => setTimeout(resolve, 5))
      }
      for (const subscriber of [...subscribers.keys()]) subscriber.stream.destroy()
    }
  }
}
