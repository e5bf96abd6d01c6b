import fp from 'fastify-plugin'
import { createArtifacts } from '../lib/generation/artifacts.ts'
import { createGeneration } from '../lib/generation/orchestrator.ts'
import type { Generation } from '../lib/generation/orchestrator.ts'
import type { Artist } from '../lib/image/artist.ts'
import { createLocalArtist } from '../lib/image/local/artist.ts'
import type { RunProgress } from '../lib/progress/run.ts'

declare module 'fastify' {
  interface FastifyInstance {
    generation: Generation
  }
}

/** How long runs at work may go on when the server stops; within the 10 s that open requests get. */
const STOP_GRACE_MS = 8_000

/** The route that failed runs are counted under. */
const ENDPOINT = '/dalle/:series/:address'

export interface GenerationPluginOptions {
  /** Who draws, in place of the artist that the configuration would choose. */
  artist?: Artist
}

/** `fastify.generation`: makes pictures. */
export default fp<GenerationPluginOptions>(async (fastify, { artist }) => {
  const { config, databases, files, images, progress, studio } = fastify

  function onEnd (run: RunProgress, error: unknown): void {
    const { series, address, runId, errorCode, provider } = run.snapshot()
    const durationMs = Math.round((run.endedNs - run.startedNs) / 1e6)
    const summary = { series, address, runId, provider, durationMs }
    if (error === undefined) {
      fastify.log.info({ ...summary, outcome: 'completed' }, 'run completed')
    } else {
      fastify.metrics.recordError(errorCode, ENDPOINT)
      fastify.log.error({ ...summary, outcome: 'failed', errorCode, err: error }, 'run failed')
    }
  }

  const generation = createGeneration({
    artist: artist ?? createLocalArtist(studio),
    studio,
    artifacts: createArtifacts(files),
    images,
    databases,
    tracker: progress,
    concurrency: config.concurrency,
    queueLimit: config.queueLimit,
    embedPrompt: config.embedPrompt,
    lockTtlMs: config.lockTtlMs,
    failureHoldMs: config.failureHoldMs,
    onEnd
  })
  fastify.addHook('preClose', async () => await generation.stop(STOP_GRACE_MS))
  fastify.decorate('generation', generation)
}, { name: 'generation', dependencies: ['config', 'metrics', 'files', 'databases', 'images', 'progress', 'studio', 'event-streams'], fastify: '5.x' })
