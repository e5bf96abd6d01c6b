import fp from 'fastify-plugin'
import type { CallClock } from '../../lib/clock.ts'
import { createEmbeddedEngine } from '../../lib/engine/embedded/engine.ts'
import { createBulkReader } from '../../lib/engine/embedded/pictures/bulk-reader.ts'
import type { FastifyBaseLogger, FastifyInstance } from 'fastify'
import type { EmbeddedEngineOptions } from '../../lib/engine/embedded/engine.ts'
import type { CircuitOptions } from '../../lib/engine/embedded/circuits.ts'
import type { Engine, LostCalls, Recovery } from '../../lib/engine/engine.ts'
import { createStateReader } from '../../lib/engine/postgres/state.ts'
import { EMBEDDED_STATE } from '../../lib/engine/state.ts'
import { createStoreName } from '../../lib/storage/store-name.ts'

declare module 'fastify' {
  interface FastifyInstance {
    engine: Engine
  }
}

export interface EnginePluginOptions {
  /** Replaces the defaults of the circuits. */
  breaker?: Omit<CircuitOptions, 'clock'>
  /** Replaces the system's clock in calls to the provider. */
  clock?: CallClock
}

/**
 * `fastify.engine`: keeps the runs, the queue, the money, the circuits and the averages. The generation plugin opens
 * it.
 */
export default fp<EnginePluginOptions>(
  async (fastify, { breaker, clock }) => {
    const { config, dataFolder, files, log, metrics, pngFiles, tracing } = fastify
    const recovered = { resumed: 0, failed: 0, set_aside: 0 } satisfies Record<Recovery, number>
    const common = {
      files,
      pngs: pngFiles,
      concurrency: config.concurrency,
      queueLimit: config.queueLimit,
      lockTtlMs: config.lockTtlMs,
      limits: config.dailyLimits,
      circuits: { ...breaker, ...(clock && { clock }) },
      archiveRuns: config.archiveRuns,
      isReplaced: dataFolder.isReplaced,
      ...(tracing && { within: tracing.within }),
      onRecover: (action: Recovery) => {
        recovered[action] += 1
        metrics.generation.recordRecovery(action)
      },
      onLost: (lost: LostCalls) => warnOfLost(engine, log, lost)
    }
    const engine: Engine =
      config.databaseUrl === undefined
        ? createEmbedded(fastify, common)
        : await createShared(fastify, config.databaseUrl, common)
    metrics.spending.watchBudget(config.dailyLimits, engine.ledger.spent)
    metrics.engine.watchOpen(() => engine.isOpen)
    let isStopping = false
    fastify.addHook('preClose', async () => {
      isStopping = true
    })
    metrics.engine.watchStopping(() => isStopping)
    const { database } = fastify
    metrics.engine.watch(
      database === undefined ? async () => EMBEDDED_STATE : createStateReader({ database })
    )
    engine.opened
      .then(() => {
        const { resumed, failed } = recovered
        if (resumed + failed > 0) log.info({ resumed, failed }, 'runs of an earlier process are taken up')
      })
      .catch(() => {})
    const startedAt = performance.now()
    const indexed = engine.pictures.reading.then(
      () => {
        const durationMs = Math.round(performance.now() - startedAt)
        log.debug({ pictures: engine.pictures.size, durationMs }, 'the index of pictures is complete')
      },
      (error: unknown) => log.error({ err: error }, 'the index of pictures could not be built')
    )
    fastify.addHook('onClose', async () => {
      await engine.close()
      await indexed
    })
    fastify.decorate('engine', engine)
  },
  { name: 'engine', dependencies: ['config', 'database', 'files', 'metrics', 'tracing'], fastify: '5.x' }
)

/** The process that had asked for a drawing was killed. A stop says by itself what it has cut. */
function warnOfLost(
  { local }: Engine,
  log: FastifyBaseLogger,
  { runId, step, calls: drawings, usd }: LostCalls
): void {
  if (step !== 'draw') return
  const run = local.oldest(Infinity).find((each) => each.runId === runId)
  const costUsd = Number(usd.toFixed(6))
  log.warn(
    { series: run?.series, address: run?.address, runId, drawings, costUsd },
    'an earlier process has lost the answer of a drawing: it counts as spent'
  )
}

type CommonOptions = Omit<EmbeddedEngineOptions, 'onForeign' | 'onDayAhead' | 'onDiskError'>

/** The engine of one process, with files in the data folder. */
function createEmbedded({ config, log }: FastifyInstance, options: CommonOptions): Engine {
  return createEmbeddedEngine({
    ...options,
    bulk: createBulkReader({ root: config.dataDir }),
    onForeign: (file, reason) =>
      log.warn(
        { file, reason },
        'a file of the journal is no record of a run and was moved to archives/broken'
      ),
    onDayAhead: (recorded, today) =>
      log.warn({ recorded, today }, 'the day of the budget lies ahead of the clock; it counts as today'),
    onDiskError: (error) =>
      log.warn({ err: error }, 'a record of runs, statistics or spending could not be read or saved')
  })
}

/** The engine of several processes. */
async function createShared(
  { config, database, dataFolder, log, tracing }: FastifyInstance,
  url: string,
  options: CommonOptions
): Promise<Engine> {
  // Without a database, a start does not need the queue.
  const [{ createNotices }, { createPostgresEngine }] = await Promise.all([
    import('../../lib/engine/postgres/notices.ts'),
    import('../../lib/engine/postgres/engine.ts')
  ])
  const onError = (error: unknown) => log.warn({ err: error }, 'the database reports an error')
  return createPostgresEngine({
    ...options,
    database: database!,
    notices: createNotices({
      url,
      onError: (error) =>
        log.warn({ reason: messageOf(error) }, 'notices of other processes do not arrive: connecting again')
    }),
    role: config.role,
    place: { store: createStoreName(config.dataDir, config.s3), dataDir: config.dataDir },
    onElsewhere(reason) {
      dataFolder.setElsewhere(reason !== undefined)
      if (reason === undefined) log.info('no other process has another data folder: this process works now')
      else log.error({ reason }, 'other processes have another data folder: this process makes no pictures')
    },
    ...(tracing && { trace: tracing }),
    onNotImported: () =>
      log.warn('the data folder has pictures that the database does not know: run "dalleserver import"'),
    onError,
    onAway: (cause) =>
      log.warn(
        { reason: messageOf(cause) },
        'the database does not answer or takes no work: runs wait for it'
      ),
    onBack: () => log.info('the database works again')
  })
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  // Where a name has several addresses, the error has no message.
  return error.message || String((error as { code?: unknown }).code ?? error.name)
}
