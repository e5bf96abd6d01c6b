import fp from 'fastify-plugin'
import { createBudget } from '../../lib/provider/budget.ts'
import type { Budget } from '../../lib/provider/budget.ts'

declare module 'fastify' {
  interface FastifyInstance {
    spending: Budget
  }
}

/** `fastify.spending`: what the provider has cost today, within the limits of the configuration. */
export default fp(
  async (fastify) => {
    const budget = await createBudget({
      files: fastify.files,
      limits: fastify.config.dailyLimits,
      onDiskError: (error) =>
        fastify.log.warn({ err: error }, 'what was spent today could not be read or saved')
    })
    fastify.metrics.spending.watchBudget(fastify.config.dailyLimits, budget.spent)
    fastify.addHook('onClose', async () => await budget.close())
    fastify.decorate('spending', budget)
  },
  { name: 'spending', dependencies: ['config', 'files', 'metrics'], fastify: '5.x' }
)
