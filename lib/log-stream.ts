import { write, writeSync } from 'node:fs'

/** Lines wait for so long: to write each one apart takes a tenth of the CPU. */
const BATCH_MS = 20
/** A pipe that is full is tried again after so long. */
const RETRY_MS = 50
/** How long the end of the process waits for a reader that stands still. */
const END_MS = 500
/** Characters that wait for a reader that stands still. Further lines are lost, not the memory of the server. */
const WAITING_MAX = 8_000_000
/** To wait for it is the only way to sleep without other work. */
const NEVER_SET = new Int32Array(new SharedArrayBuffer(4))

export type LogStream = ReturnType<typeof createLogStream>

/**
 * Writes the lines of the log, several at a time and without blocking. The end of the process writes what is left. A
 * reader that has gone, or stands still, holds up nothing: sonic-boom, pino's own, waits for it at the end for ever.
 * @param descriptor standard output; a pipe must not block
 */
export function createLogStream(descriptor: number) {
  /** Lines that are not being written. */
  let waiting = ''
  /** What is left of the lines that are being written; empty if there are none. */
  let current = Buffer.alloc(0)
  /** Whether the system has `current`. Else it waits for its next attempt. */
  let isUnderWay = false
  let isPlanned = false
  let isReaderGone = false

  function plan(ms: number, next: () => void): void {
    if (isPlanned) return
    isPlanned = true
    setTimeout(() => {
      isPlanned = false
      next()
    }, ms).unref()
  }

  function writeNext(): void {
    if (isUnderWay) return
    if (current.length === 0) {
      current = Buffer.from(waiting)
      waiting = ''
    }
    if (current.length === 0) return
    isUnderWay = true
    write(descriptor, current, onWritten)
  }

  function onWritten(error: NodeJS.ErrnoException | null, bytes: number): void {
    isUnderWay = false
    if (error?.code === 'EAGAIN') return plan(RETRY_MS, writeNext)
    isReaderGone ||= error?.code === 'EPIPE'
    current = error === null ? current.subarray(bytes) : Buffer.alloc(0)
    if (current.length > 0) writeNext()
    else if (waiting !== '') plan(BATCH_MS, writeNext)
  }

  function flushSync(): void {
    if (isReaderGone) return
    // What the system has, it writes before the process ends.
    let left = Buffer.concat([isUnderWay ? Buffer.alloc(0) : current, Buffer.from(waiting)])
    if (!isUnderWay) current = Buffer.alloc(0)
    waiting = ''
    const startedAt = performance.now()
    while (left.length > 0 && performance.now() - startedAt < END_MS) {
      try {
        left = left.subarray(writeSync(descriptor, left))
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') return
        Atomics.wait(NEVER_SET, 0, 0, RETRY_MS)
      }
    }
  }

  process.on('exit', flushSync)

  return {
    write(line: string): void {
      if (isReaderGone || waiting.length > WAITING_MAX) return
      waiting += line
      if (!isUnderWay) plan(BATCH_MS, writeNext)
    },

    /** The logger calls it after a fatal error. */
    flushSync
  }
}
