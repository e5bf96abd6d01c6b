/** What an outage reports. */
export interface OutageOptions {
  /** Called with the first failure, and with a later one that says something else. */
  onBegin: (error: unknown) => void
  /** Called at the first success after failures. */
  onEnd: () => void
}

export type Outage = ReturnType<typeof createOutage>

/** Reports failures that repeat until something works again: once at their begin, and once at their end. */
export function createOutage({ onBegin, onEnd }: OutageOptions) {
  let last: string | undefined

  return {
    /** A try has failed. */
    fail(error: unknown): void {
      const reason = error instanceof Error ? error.message : String(error)
      if (reason === last) return
      last = reason
      onBegin(error)
    },

    /** A try has succeeded. */
    succeed(): void {
      if (last === undefined) return
      last = undefined
      onEnd()
    }
  }
}
