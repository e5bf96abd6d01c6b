import fp from 'fastify-plugin'
import { createArtifacts } from '../../lib/generation/artifacts.ts'
import { createGeneration } from '../../lib/generation/orchestrator.ts'
import type { Generation } from '../../lib/generation/orchestrator.ts'
import type { Artist } from '../../lib/image/artist.ts'
import { createLocalArtist } from '../../lib/image/local/artist.ts'
import { createOpenAiArtist } from '../../lib/provider/artist.ts'
import { outcomeOf } from '../../lib/generation/outcome.ts'
import type { RunProgress } from '../../lib/progress/run.ts'

declare module 'fastify' {
  interface FastifyInstance {
    generation: Generation
  }
}

/** How long runs at work may go on when the server stops; within the 10 s that open requests get. */
const STOP_GRACE_MS = 8_000

/** The route that failed runs are counted under. */
const ENDPOINT = '/dalle/:series/:address'

const NS_PER_SECOND = 1e9

export interface GenerationPluginOptions {
  /** Who draws, in place of the artist that the configuration would choose. */
  artist?: Artist
}

/** `fastify.generation`: makes pictures. */
export default fp<GenerationPluginOptions>(
  async (fastify, { artist }) => {
    const { config, databases, files, images, metrics, openai, progress, encodeQueue, tracing } = fastify

    function onEnd(run: RunProgress, error: unknown): void {
      const { series, address, runId, errorCode, attempt, degraded, degradedReason } = run.snapshot()
      const { provider } = run
      const outcome = outcomeOf({ errorCode, degraded })
      const seconds = (run.endedNs - run.startedNs) / NS_PER_SECOND
      const phaseSeconds = Object.fromEntries(
        Object.entries(run.durationsNs()).map(([phase, ns]) => [phase, ns / NS_PER_SECOND])
      )
      metrics.generation.recordEnd({
        outcome,
        provider,
        seconds,
        queuedSeconds: run.queuedNs / NS_PER_SECOND,
        phaseSeconds
      })

      const phasesMs = Object.fromEntries(
        Object.entries(phaseSeconds).map(([phase, spent]) => [phase, Math.round(spent * 1000)])
      )
      const summary = {
        series,
        address,
        runId,
        provider,
        outcome,
        durationMs: Math.round(seconds * 1000),
        phasesMs,
        attempt,
        ...(run.costUsd > 0 && { costUsd: Number(run.costUsd.toFixed(6)) }),
        ...(degraded && { degraded, degradedReason })
      }
      if (error === undefined) {
        fastify.log.info(summary, 'run completed')
      } else {
        metrics.recordError(errorCode, ENDPOINT)
        // Who is turned away at once is no news: the open circuit was.
        if (run.hasBegun) fastify.log.error({ ...summary, errorCode, err: error }, 'run failed')
        else fastify.log.info({ ...summary, errorCode }, 'run ended before it began')
      }
    }

    if (tracing !== undefined) progress.subscribeAll(tracing.follow)
    const local = createLocalArtist(encodeQueue)
    const intended = artist ?? (openai?.config.image ? createOpenAiArtist(openai) : local)
    const generation = createGeneration({
      artist: intended,
      ...(config.drawsStandIn && { standIn: local }),
      ...(openai?.config.enhancement && { enhancer: openai }),
      encodeQueue,
      artifacts: createArtifacts(files),
      images,
      databases,
      tracker: progress,
      concurrency: config.concurrency,
      queueLimit: config.queueLimit,
      embedPrompt: config.embedPrompt,
      lockTtlMs: config.lockTtlMs,
      failureHoldMs: config.failureHoldMs,
      onJoin: metrics.generation.recordCoalesced,
      onReject: metrics.generation.recordRejection,
      onEnd,
      ...(tracing && { within: tracing.within })
    })
    metrics.generation.watch(generation.load, config, intended.provider)
    fastify.addHook('preClose', async () => await generation.stop(STOP_GRACE_MS))
    fastify.decorate('generation', generation)
  },
  {
    name: 'generation',
    dependencies: [
      'config',
      'metrics',
      'files',
      'databases',
      'images',
      'openai',
      'progress',
      'encodeQueue',
      'event-streams',
      'tracing'
    ],
    fastify: '5.x'
  }
)
