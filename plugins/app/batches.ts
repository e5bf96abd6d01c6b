import fp from 'fastify-plugin'
import { createBatches } from '../../lib/batches/batches.ts'
import type { Batches } from '../../lib/batches/batches.ts'
import type { Clock } from '../../lib/clock.ts'
import { sentenceOf } from '../../lib/errors.ts'
import type { ErrorCode } from '../../lib/errors.ts'

declare module 'fastify' {
  interface FastifyInstance {
    batches: Batches
  }
}

/** Pauses that are part of the usual pace. They are not logged. */
const USUAL_PAUSES: ErrorCode[] = ['QUEUE_FULL', 'RATE_LIMITED']

export interface BatchesPluginOptions {
  /** The clock of the pauses of batches. */
  batchesClock?: Pick<Clock, 'now' | 'startTimer'>
}

/** `fastify.batches`: many addresses of a series in one request. */
export default fp<BatchesPluginOptions>(
  async (fastify, { batchesClock }) => {
    const { config, dataFolder, dresses, engine, generation, limits, log, metrics } = fastify
    const batches = createBatches({
      engine,
      generation,
      databases: dresses.databases,
      findSeries: dresses.series.get,
      strictChecksum: config.strictChecksum,
      checkFolder: dataFolder.refusal,
      expected: fastify.expectedCost,
      failureHoldMs: config.failureHoldMs,
      concurrency: config.concurrency,
      queueLimit: config.queueLimit,
      maxPictures: config.maxPictures,
      runsPerMinute: limits.batchRunsPerMinute,
      count: limits.countBatchRun,
      onAddressEnd: metrics.batches.recordAddressEnd,
      onAccept: ({ batchId, series, client, addresses, existing, estimatedUsd }) =>
        log.info(
          { batchId, series, client, total: addresses.length, existing: existing.length, estimatedUsd },
          'batch accepted'
        ),
      onPause({ batchId }, error, ms) {
        const { code } = error
        // While the server stops, no run may start.
        if (USUAL_PAUSES.includes(code) || !engine.isOpen) return
        log.warn({ batchId, code, reason: sentenceOf(error), retryMs: Math.round(ms) }, 'batch paused')
      },
      onResume: ({ batchId }) => log.debug({ batchId }, 'batch goes on'),
      onEnd: ({ batchId, series, state, reason, counts, costUsd, acceptedAt }) =>
        log.info({ batchId, series, state, reason, counts, costUsd, acceptedAt }, 'batch ended'),
      onDiskError(error) {
        // A database that is away has warnings. A disk that fails needs somebody.
        const level = config.databaseUrl === undefined ? 'error' : 'warn'
        log[level]({ err: error }, 'batches cannot be read or kept yet')
      },
      onDiskWorks: () => log.info('batches can be read and kept again'),
      ...(batchesClock && { clock: batchesClock })
    })
    metrics.batches.watch(batches.load)
    // The generation plugin starts the engine in the same hook, before.
    fastify.addHook('onReady', async () => {
      batches.start().catch((error: unknown) => log.error({ err: error }, 'the batches cannot go on'))
    })
    fastify.addHook('preClose', async () => batches.stop())
    fastify.decorate('batches', batches)
  },
  {
    name: 'batches',
    dependencies: ['config', 'dresses', 'engine', 'files', 'generation', 'limits', 'metrics', 'providers'],
    fastify: '5.x'
  }
)
