import { setTimeout as sleep } from 'node:timers/promises'
import fp from 'fastify-plugin'
import type { FastifyBaseLogger, FastifyInstance } from 'fastify'
import { createExhaustionWatch, readBudget } from '../../lib/engine/daily-budget.ts'
import type { DailyBudget } from '../../lib/engine/daily-budget.ts'
import type { Worker } from '../../lib/engine/engine.ts'
import { sweepAnswers } from '../../lib/generation/answer-sweep.ts'
import { createAnswers } from '../../lib/generation/answers.ts'
import type { Answers } from '../../lib/generation/answers.ts'
import { createArtifacts } from '../../lib/generation/artifacts.ts'
import { createFailedPictures } from '../../lib/generation/failed-pictures.ts'
import type { FailedPictures } from '../../lib/generation/failed-pictures.ts'
import { createGeneration } from '../../lib/generation/generation.ts'
import type { Generation } from '../../lib/generation/generation.ts'
import { countLosses } from '../../lib/generation/losses.ts'
import { createWorker } from '../../lib/generation/worker.ts'
import type { Artist } from '../../lib/image/artist.ts'
import { createLocalArtist, loadDrawing } from '../../lib/image/local/artist.ts'
import { createOpenAiArtist } from '../../lib/provider/artist.ts'
import { createOwnProvider } from '../../lib/provider/own.ts'
import type { OwnProvider } from '../../lib/provider/own.ts'
import type { ExpectedCost } from '../../lib/provider/providers.ts'
import { repeatWork } from '../../lib/repeat-work.ts'
import { reasonOf } from '../../lib/storage/data-folder.ts'
import { ANOTHER_FOLDER, isOfAnotherFolder } from '../../lib/storage/folder-lock.ts'
import { isDiskAway } from '../../lib/storage/system-errors.ts'
import { waitForTurn } from '../../lib/storage/turn.ts'
import { isOwnServer } from '../http/request-log/request-id.ts'

declare module 'fastify' {
  interface FastifyInstance {
    generation: Generation
    /** What a new picture is expected to cost. */
    expectedCost: ExpectedCost
    /** What is left of the daily limits. */
    readBudget: () => DailyBudget
    /** With TB_DALLE_AUTOSTART: the missing pictures whose run is not started again without a request for it. */
    failedPictures: FailedPictures | undefined
  }
}

/**
 * How long a run waits for the file system. A client that asks for a run is refused earlier; one that was accepted must
 * not fail because the machine is busy. After it the watchdog takes the disk for broken.
 */
const PATIENCE_MS = 30_000
/** How often answers are looked for that no run will use. */
const SWEEP_INTERVAL_MS = 10 * 60_000
/** How often a service that has started on a full disk looks whether there is room. */
const ROOM_INTERVAL_MS = 1_000
/** How long clients wait for the runs of other processes when this one stops. Less than the 10 s of open requests. */
const WAITERS_GRACE_MS = 8_000
/** How often the pictures of another process are looked for. */
const FOLLOW_INTERVAL_MS = 1_000

export interface GenerationPluginOptions {
  /** Draws in place of the artist that the configuration chooses. */
  artist?: Artist
  /** A model provider of the application, in place of those of the configuration. */
  provider?: OwnProvider
}

/** `fastify.generation`: makes pictures, and the worker that does the runs of the engine. */
export default fp<GenerationPluginOptions>(
  async (fastify, options) => {
    const { config, dataFolder, dresses, engine, files, log, metrics, providers, pictures, records } = fastify
    const local = createLocalArtist(pictures.encodeQueue)
    const own =
      options.provider &&
      createOwnProvider(options.provider, {
        repeatsLostDrawings: config.repeatsLostDrawings,
        ledger: engine.ledger,
        onCall: metrics.provider.recordCall,
        onCharge: metrics.spending.recordCharge
      })
    const enhancer = own ? own.enhancer : providers?.canEnhance ? providers : undefined
    const artist =
      options.artist ??
      own?.artist(dresses.databases) ??
      (providers?.canDraw ? createOpenAiArtist(providers, dresses.databases) : local)
    const parts = {
      artist,
      ...(config.drawsStandIn && { standIn: local }),
      artifacts: createArtifacts(files),
      pictures: pictures.stored,
      databases: dresses.databases,
      records
    }
    // Requests that the budget refuses are no warnings.
    const watchBudget = createExhaustionWatch(({ usd: leftUsd, images: leftImages, until }) =>
      log.warn(
        { leftUsd, leftImages, until },
        'the daily budget is spent: less is left than one picture reserves, and new pictures are refused'
      )
    )
    const checkBudget = () => {
      if (!isSmallBudget) watchBudget(fastify.readBudget())
    }
    const generation = createGeneration({
      ...parts,
      engine,
      isBuiltIn: artist === local,
      failureHoldMs: config.failureHoldMs,
      enhances: enhancer !== undefined,
      checkFolder: dataFolder.refusal,
      maxPictures: config.maxPictures,
      onJoin: metrics.generation.recordCoalesced,
      onReject: (reason) => {
        metrics.generation.recordRejection(reason)
        if (reason === 'budget_exhausted') checkBudget()
      }
    })
    const failedPictures = config.autostart
      ? createFailedPictures({
          files,
          events: engine.events,
          onDiskError: (error) => log.error({ err: error }, 'the failure of a run cannot be kept')
        })
      : undefined
    const answers = createAnswers(files)
    const ledger = countLosses(engine.ledger)
    const worker = createWorker({
      ...parts,
      ...(enhancer && { enhancer }),
      ledger,
      answers,
      encodeQueue: pictures.encodeQueue,
      embedPrompt: config.embedPrompt,
      checkFolder: async (series) => await dataFolder.refusal(series, PATIENCE_MS),
      findSeries: dresses.series.get,
      diskErrorsOf: ({ series, address, runId }) => logUnwritten(log.child({ series, address, runId }))
    })
    // A process that only serves draws nothing: the limits of all processes add up.
    const concurrency = config.role === 'http' ? 0 : config.concurrency
    metrics.generation.watch(engine.queue.load, { ...config, concurrency }, artist.provider)
    await takeTurn(fastify, worker)
    if (config.role !== 'http') keepSwept(fastify, answers)
    startRuns(fastify)
    fastify.addHook('onListen', async () => {
      loadDrawing().catch((error: unknown) => log.error({ err: error }, 'no picture can be drawn'))
    })
    fastify.addHook('preClose', async () => {
      generation.refuse()
      // With a database, another process may still end the runs that clients wait for.
      const patience =
        config.databaseUrl === undefined ? undefined : sleep(WAITERS_GRACE_MS, undefined, { ref: false })
      const before = { ...ledger.lost }
      await engine.stop(config.stopGraceMs)
      const drawings = ledger.lost.drawings - before.drawings
      if (drawings > 0) {
        const costUsd = Number((ledger.lost.usd - before.usd).toFixed(6))
        log.warn(
          { drawings, costUsd },
          'the stop cut drawings: they count as spent, and are bought again once at most'
        )
      }
      if (patience === undefined) generation.suspend()
      else patience.then(generation.suspend, generation.suspend)
    })
    // An artist of another application that is not free has no price.
    const unpriced =
      artist.provider === local.provider ? { usd: 0, images: 0 } : { usd: undefined, images: 1 }
    const expectedCost = own?.expected() ?? providers?.expected() ?? unpriced
    fastify.decorate('expectedCost', expectedCost)
    const isSmallBudget = warnOfSmallBudget(fastify, expectedCost)
    const onePicture = { ...expectedCost, usd: expectedCost.usd ?? 0 }
    fastify.decorate('readBudget', () => readBudget(engine.ledger, onePicture, Date.now()))
    metrics.spending.watchExhaustion(() => fastify.readBudget().isExhausted)
    const unwatch = engine.local.subscribe(({ done }) => {
      if (done) checkBudget()
    })
    fastify.addHook('onClose', async () => unwatch())
    fastify.decorate('failedPictures', failedPictures)
    fastify.decorate('generation', generation)
  },
  {
    name: 'generation',
    // The engine opens here, and runs may end at once: what observes them comes before.
    dependencies: [
      ...['config', 'dresses', 'engine', 'files', 'metrics', 'pictures', 'providers', 'records'],
      'run-observers'
    ],
    fastify: '5.x'
  }
)

/** Logs that a paid answer cannot be written: once for all tries, and with one reason if the disk takes nothing. */
export function logUnwritten(log: Pick<FastifyBaseLogger, 'error'>) {
  return (error: unknown, attempt = 1): void => {
    if (attempt > 1) return
    const reason = isOfAnotherFolder(error) ? ANOTHER_FOLDER : isDiskAway(error) ? reasonOf(error) : undefined
    const cause = reason === undefined ? { err: error } : { reason }
    log.error(cause, 'a paid picture cannot be written yet')
  }
}

/** Every run would be refused, with nothing spent. @returns whether that is so */
function warnOfSmallBudget({ engine, log }: FastifyInstance, { usd }: ExpectedCost): boolean {
  const limit = engine.ledger.limits.usd
  if (limit === undefined || usd === undefined || usd <= limit) return false
  log.warn(
    { budgetUsd: limit, reservedUsd: Number(usd.toFixed(6)) },
    'the daily budget is less than one picture reserves: no picture can be bought'
  )
  return true
}

/**
 * Opens the engine when this process has the data folder to itself. Until then the server serves what exists, and
 * follows the runs and the pictures of the other process.
 */
async function takeTurn(fastify: FastifyInstance, worker: Worker): Promise<void> {
  const { config, engine, files, folderLock: lock, log } = fastify
  // Several processes work with one database, and each statement of it decides for itself.
  if (config.databaseUrl !== undefined) return await engine.open(worker)
  async function onTurn(): Promise<void> {
    const swept = await files.sweep('.')
    if (swept > 0) log.info({ files: swept }, 'removed left-over temporary files')
    await engine.open(worker)
  }

  if (await lock.tryAcquire()) return await onTurn()
  const holder = await lock.holder()
  if (config.noWait) throw new Error(`another process works on the data folder: ${holder}.`)
  log.warn({ holder }, 'another process works on the data folder: this one serves its pictures and waits')
  const onError = (error: unknown) =>
    log.error({ err: error }, 'the data folder cannot be followed or locked')
  /**
   * As at the first start, a process that cannot read what it has spent ends. In another application the service starts
   * no run then, lets another process work on the folder, and tries again later.
   */
  const giveUp = async (error: unknown) => {
    if (isOwnServer(fastify)) setImmediate(() => crash(error))
    onError(error)
    await lock.release()
  }
  const follow = () => {
    engine.pictures.follow().catch(onError)
  }
  engine.wait(worker)
  const startFollowing = () => setInterval(follow, FOLLOW_INTERVAL_MS).unref()
  let timer = startFollowing()
  const stopWaiting = waitForTurn({
    lock,
    async onTurn() {
      clearInterval(timer)
      try {
        await engine.pictures.follow()
        await onTurn()
      } catch (error) {
        await giveUp(error)
        timer = startFollowing()
        return false
      }
      log.info('the data folder is free: this process works now')
      return true
    },
    onError
  })
  fastify.addHook('preClose', async () => {
    await stopWaiting()
    clearInterval(timer)
  })
}

/** Begins to work on runs. On a full disk those of an earlier process would fail, so they wait until there is room. */
function startRuns(fastify: FastifyInstance): void {
  const { dataFolder, engine, log } = fastify
  let stop = async () => {}
  async function look(signal: AbortSignal): Promise<void> {
    if (!(await dataFolder.hasRoom()) || signal.aborted) return
    log.info('the disk of the data folder has room again: runs start')
    engine.start()
    stop().catch(onError)
  }
  const onError = (error: unknown) => log.warn({ err: error }, 'the data folder cannot be checked for room')
  // The server listens first: drawing would delay it.
  fastify.addHook('onReady', async () => {
    if (fastify.startedOnFullDisk) stop = repeatWork(look, { everyMs: ROOM_INTERVAL_MS, onError })
    else engine.start()
  })
  fastify.addHook('preClose', async () => await stop())
}

/** Removes answers that no run will use, at first when the engine is open. */
function keepSwept(fastify: FastifyInstance, answers: Answers): void {
  const { engine, files, log } = fastify
  let isClosed = false
  let stop = async () => {}
  async function sweep(): Promise<void> {
    const { runs, pictures } = engine
    const swept = await sweepAnswers({ files, answers, runs, pictures })
    if (swept > 0) log.info({ files: swept }, 'removed kept answers whose pictures are made')
  }
  const onError = (error: unknown) => log.warn({ err: error }, 'kept answers cannot be swept now')
  engine.opened
    .then(() => {
      if (!isClosed) stop = repeatWork(sweep, { everyMs: SWEEP_INTERVAL_MS, onError, isAtOnce: true })
    })
    .catch(() => {})
  fastify.addHook('onClose', async () => {
    isClosed = true
    await stop()
  })
}

/** Ends the process by an uncaught exception. */
function crash(error: unknown): never {
  throw error
}
