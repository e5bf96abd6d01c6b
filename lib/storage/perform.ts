import pRetry from 'p-retry'
import { errors, isServiceError } from '../errors.ts'
import { FILE_ACTIONS } from './file-types.ts'
import type { FileOperation } from './file-types.ts'
import { NO_FILE, TRANSIENT, codeOf, reasonOf } from './system-errors.ts'

const RETRIES = 3
const FIRST_WAIT_MS = 20
/** The operations that make, change or remove something. */
const CHANGES = new Set<FileOperation>(['write', 'append', 'remove', 'move', 'make_folder', 'write_check'])

export interface PerformOptions {
  /** Called before each operation that changes the folder. What it throws refuses the operation. */
  checkPlace?: (() => Promise<void>) | undefined
  /** Called once for each operation, after its retries. */
  onOperation?: ((kind: FileOperation, ok: boolean) => void) | undefined
  /** Called before each retry. */
  onRetry?: (() => void) | undefined
  /** Milliseconds before the first retry; each further wait is twice as long. Tests set 0. */
  firstWaitMs?: number | undefined
}

/** Runs file operations: with retries, and with errors that name the reason but no path. */
export function createPerform({
  checkPlace,
  onOperation = () => {},
  onRetry = () => {},
  firstWaitMs = FIRST_WAIT_MS
}: PerformOptions) {
  /** Runs an operation and retries transient errors. */
  async function perform<T>(kind: FileOperation, operation: () => Promise<T>): Promise<T> {
    try {
      if (checkPlace !== undefined && CHANGES.has(kind)) await checkPlace()
      const result = await pRetry(operation, {
        retries: RETRIES,
        minTimeout: firstWaitMs,
        randomize: true,
        shouldRetry: ({ error }) => TRANSIENT.has(codeOf(error)),
        onFailedAttempt: ({ error, retriesLeft }) => {
          if (retriesLeft > 0 && TRANSIENT.has(codeOf(error))) onRetry()
        }
      })
      onOperation(kind, true)
      return result
    } catch (error) {
      onOperation(kind, false)
      if (isServiceError(error)) throw error
      const code = codeOf(error)
      throw errors.fileSystem(`Could not ${FILE_ACTIONS[kind]}: ${reasonOf(code)}`, error)
    }
  }

  /** Like `perform`, but the result is undefined if the file does not exist, which an error of `absent` says. */
  async function performIfExists<T>(
    kind: FileOperation,
    operation: () => Promise<T>,
    absent = NO_FILE
  ): Promise<T | undefined> {
    return await perform(kind, async () => {
      try {
        return await operation()
      } catch (error) {
        if (absent.has(codeOf(error))) return undefined
        throw error
      }
    })
  }

  return { perform, performIfExists }
}
