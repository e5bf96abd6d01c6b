import { Readable } from 'node:stream'

/** One event in its wire format. */
export interface Frame {
  id: string
  bytes: Buffer
  /** The stream ends after it. */
  isLast: boolean
}

export type Subscriber = ReturnType<typeof createSubscriber>

/** A comment line, which clients ignore. */
const KEEP_ALIVE = Buffer.from(': still here\n\n')

/**
 * One subscriber of events, as a stream. While the stream has no room, it keeps only the newest frame, so a slow client
 * uses no more memory than a fast one.
 * @param lastId the id of the last event that the client received before it reconnected; if it is still the newest one,
 * it is not sent again
 */
export function createSubscriber(lastId?: string) {
  let next: Frame | undefined
  let hasRoom = false
  let isEnded = false
  let isFirst = true
  const stream = new Readable({
    highWaterMark: 1,
    read() {
      hasRoom = true
      flush()
    }
  })

  // The headers are sent with the first bytes, and the client waits for them.
  stream.push(KEEP_ALIVE)

  function flush(): void {
    if (!hasRoom || next === undefined || isEnded || stream.destroyed) return
    const { bytes, isLast } = next
    next = undefined
    hasRoom = false
    stream.push(bytes)
    if (isLast) end()
  }

  function end(): void {
    if (isEnded || stream.destroyed) return
    isEnded = true
    stream.push(null)
  }

  return {
    stream,

    /** Sends a frame. A frame that is still waiting for room is dropped for it. */
    send(frame: Frame): void {
      const isKnown = isFirst && frame.id === lastId && !frame.isLast
      isFirst = false
      // A later frame with this id has other data: the time and the queue move on within a version.
      if (isKnown) return
      next = frame
      flush()
    },

    /** Sends a comment, which keeps proxies from closing a quiet stream. Does nothing while a frame waits. */
    keepAlive(): void {
      if (!hasRoom || next !== undefined || isEnded || stream.destroyed) return
      hasRoom = false
      stream.push(KEEP_ALIVE)
    },

    /** Ends the stream after the frames that it took. */
    end
  }
}
