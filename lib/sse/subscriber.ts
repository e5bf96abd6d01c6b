import { Readable } from 'node:stream'

/** One event as it goes over the wire. */
export interface Frame {
  id: string
  bytes: Buffer
  /** Nothing comes after it. */
  isLast: boolean
}

export type Subscriber = ReturnType<typeof createSubscriber>

const KEEP_ALIVE = Buffer.from(': still here\n\n')

/**
 * One subscriber of events, as a stream. It takes a frame when there is room for it; while there is none only the newest frame is
 * kept for it, so that a slow subscriber costs no more memory than a quick one.
 * @param lastId the id of the last event that it had before its connection broke; that one is not told again
 */
export function createSubscriber(lastId?: string) {
  let next: Frame | undefined
  let hasRoom = false
  let isEnded = false
  const stream = new Readable({
    highWaterMark: 1,
    read() {
      hasRoom = true
      hand()
    }
  })

  // Headers go out with the first bytes, and a client waits for them to know that it is connected.
  stream.push(KEEP_ALIVE)

  function hand(): void {
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

    /** Tells of a newer state; one that was not taken yet is dropped for it. */
    send(frame: Frame): void {
      if (frame.id === lastId && !frame.isLast) return
      next = frame
      hand()
    },

    /** A line that subscribers ignore, which keeps proxies from closing a quiet stream. Left out while anything else is under way. */
    keepAlive(): void {
      if (!hasRoom || next !== undefined || isEnded || stream.destroyed) return
      hasRoom = false
      stream.push(KEEP_ALIVE)
    },

    /** Ends the stream behind what it has taken. */
    end
  }
}
