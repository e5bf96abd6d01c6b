import fp from 'fastify-plugin'
import { createLedger } from '../lib/spending/ledger.ts'
import type { Ledger } from '../lib/spending/ledger.ts'

declare module 'fastify' {
  interface FastifyInstance {
    spending: Ledger
  }
}

/** `fastify.spending`: what the provider has cost today, within the limits of the configuration. */
export default fp(async (fastify) => {
  const ledger = await createLedger({
    files: fastify.files,
    limits: fastify.config.dailyLimits,
    onDiskError: (error) => fastify.log.warn({ err: error }, 'what was spent today could not be read or saved')
  })
  fastify.metrics.provider.watchSpending(fastify.config.dailyLimits, ledger.spent)
  fastify.addHook('onClose', async () => await ledger.close())
  fastify.decorate('spending', ledger)
}, { name: 'spending', dependencies: ['config', 'files', 'metrics'], fastify: '5.x' })
