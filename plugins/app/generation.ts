import fp from 'fastify-plugin'
import { createArtifacts } from '../../lib/generation/artifacts.ts'
import { createGeneration } from '../../lib/generation/generation.ts'
import type { Generation } from '../../lib/generation/generation.ts'
import type { Artist } from '../../lib/image/artist.ts'
import { createLocalArtist } from '../../lib/image/local/artist.ts'
import { createOpenAiArtist } from '../../lib/provider/artist.ts'

declare module 'fastify' {
  interface FastifyInstance {
    generation: Generation
  }
}

/** How long working runs may go on when the server stops. Less than the 10 s of open requests. */
const STOP_GRACE_MS = 8_000

export interface GenerationPluginOptions {
  /** Draws in place of the artist that the configuration chooses. */
  artist?: Artist
}

/** `fastify.generation`: makes pictures. */
export default fp<GenerationPluginOptions>(
  async (fastify, options) => {
    const { config, dresses, files, metrics, openai, pictures, progress, tracing } = fastify
    const local = createLocalArtist(pictures.encodeQueue)
    const artist = options.artist ?? (openai?.config.image ? createOpenAiArtist(openai) : local)
    const generation = createGeneration({
      artist,
      ...(config.drawsStandIn && { standIn: local }),
      ...(openai?.config.enhancement && { enhancer: openai }),
      encodeQueue: pictures.encodeQueue,
      artifacts: createArtifacts(files),
      pictures: pictures.stored,
      databases: dresses.databases,
      tracker: progress,
      concurrency: config.concurrency,
      queueLimit: config.queueLimit,
      embedPrompt: config.embedPrompt,
      lockTtlMs: config.lockTtlMs,
      failureHoldMs: config.failureHoldMs,
      onJoin: metrics.generation.recordCoalesced,
      onReject: metrics.generation.recordRejection,
      ...(tracing && { within: tracing.within })
    })
    metrics.generation.watch(generation.load, config, artist.provider)
    fastify.addHook('preClose', async () => await generation.stop(STOP_GRACE_MS))
    fastify.decorate('generation', generation)
  },
  {
    name: 'generation',
    dependencies: ['config', 'dresses', 'files', 'metrics', 'openai', 'pictures', 'progress', 'tracing'],
    fastify: '5.x'
  }
)
