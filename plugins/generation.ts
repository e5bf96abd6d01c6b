import fp from 'fastify-plugin'
import { createArtifacts } from '../lib/generation/artifacts.ts'
import { createGeneration } from '../lib/generation/orchestrator.ts'
import type { Generation } from '../lib/generation/orchestrator.ts'
import type { Artist } from '../lib/image/artist.ts'
import { createLocalArtist } from '../lib/image/local/artist.ts'
import { createOpenAiArtist } from '../lib/image/openai/artist.ts'
import { createStudio } from '../lib/image/studio.ts'
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
  const { config, databases, files, images, openai, progress } = fastify

  function onEnd (run: RunProgress, error: unknown): void {
    const { series, address, runId, errorCode, provider, attempt, degraded, degradedReason } = run.snapshot()
    const durationMs = Math.round((run.endedNs - run.startedNs) / 1e6)
    const summary = { series, address, runId, provider, durationMs, attempt, ...degraded && { degraded, degradedReason } }
    if (error === undefined) {
      fastify.log.info({ ...summary, outcome: 'completed' }, 'run completed')
    } else {
      fastify.metrics.recordError(errorCode, ENDPOINT)
      fastify.log.error({ ...summary, outcome: 'failed', errorCode, err: error }, 'run failed')
    }
  }

  const studio = createStudio()
  const local = createLocalArtist(studio)
  const generation = createGeneration({
    artist: artist ?? (openai?.config.image ? createOpenAiArtist(openai) : local),
    ...config.drawsStandIn && { standIn: local },
    ...openai?.config.enhancement && { author: openai },
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
}, { name: 'generation', dependencies: ['config', 'metrics', 'files', 'databases', 'images', 'openai', 'progress'], fastify: '5.x' })
