/** The engine as one process sees it. */
export interface EngineState {
  /** Whether it takes work. */
  isUp: boolean
  /** What the clock of the database is ahead of the one of this machine; negative when it is behind. */
  clockDifferenceSeconds: number
  /** Runs whose worker shows no more sign of life, in the whole database. */
  stalledRuns: number
  /** Live processes that work runs, in the whole database. */
  workers: number
  /** Connections of this process to the database, and statements that wait for one. */
  connections: { used: number; idle: number; waiting: number }
}

/** The engine of one process. It is up while the process is, and has no database. */
export const EMBEDDED_STATE: EngineState = Object.freeze({
  isUp: true,
  clockDifferenceSeconds: 0,
  stalledRuns: 0,
  workers: 1,
  connections: { used: 0, idle: 0, waiting: 0 }
})
