import { destination } from 'pino'

/** Lines wait until there are so many bytes, or for so long: to write each one apart takes a tenth of the CPU. */
const BATCH_BYTES = 8_192
const BATCH_MS = 20

/** Writes the lines of the log to standard output, several at a time and without blocking. The end writes all. */
export function createLogStream() {
  const output = destination({ dest: process.stdout.fd, sync: false, minLength: BATCH_BYTES })
  let isWaiting = false

  function flush(): void {
    isWaiting = false
    output.flush()
  }

  return {
    write(line: string): void {
      output.write(line)
      if (isWaiting) return
      isWaiting = true
      setTimeout(flush, BATCH_MS).unref()
    },

    /** The logger calls it for a fatal error. */
    flushSync: (): void => output.flushSync()
  }
}
