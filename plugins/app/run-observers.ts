import fp from 'fastify-plugin'
import type { RunProgress } from '../../lib/progress/run.ts'
import { statusLine } from '../../lib/progress/status-line.ts'

const STATUS_INTERVAL_MS = 2_000
const SHOWN_RUNS = 1_000

export interface RunLogPluginOptions {
  /** A line every two seconds while runs work, for a person at a terminal. */
  statusLine?: boolean
}

/** A log line for each step of a run; how it ended is told by who ends it. */
export default fp<RunLogPluginOptions>(
  async (fastify, options) => {
    const { log, progress } = fastify
    const told = new WeakMap<RunProgress, string>()

    const unsubscribe = progress.subscribeAll((run) => {
      const phase = run.phase ?? 'queued'
      if (run.done || told.get(run) === phase) return
      told.set(run, phase)
      log.info({ series: run.series, address: run.address, runId: run.runId, phase }, 'run')
    })

    const timer = options.statusLine
      ? setInterval(() => {
          const line = statusLine(progress.live(SHOWN_RUNS))
          if (line !== undefined) log.info(line)
        }, STATUS_INTERVAL_MS).unref()
      : undefined

    fastify.addHook('onClose', async () => {
      unsubscribe()
      clearInterval(timer)
    })
  },
  { name: 'run-log', dependencies: ['progress'], fastify: '5.x' }
)
