import type { FastifyInstance } from 'fastify'
import { bearerToken } from '../../lib/access/tokens.ts'
import { errors, isServiceError } from '../../lib/errors.ts'
import type { ServiceError } from '../../lib/errors.ts'
import type { Target } from '../../plugins/app/targets/index.ts'
import type { RunOutcome } from '../../plugins/http/request-log/run-header.ts'
import type { RequestedAvatar } from './schemas.ts'

/** What became of `generate=1`. */
export interface Start {
  run: RunOutcome
  /** Why no run was started. */
  refusal?: ServiceError
}

/** An image has no use for the headers of a refused change. */
const NO_ANSWER = { header: () => {} }

/**
 * `generate=1`: starts a run or joins one, under the rules of `/dalle`. A refusal is no error, because an `<img>` shows
 * the placeholder then.
 * @throws UNAUTHORIZED for a wrong token, which only a program sends
 */
export async function startRun(
  fastify: FastifyInstance,
  { series, isOffered, address }: Target,
  request: RequestedAvatar
): Promise<Start> {
  try {
    const { outcome: run } = await fastify.generation.ensure(series, address, {
      client: request.clientId,
      admit: () => {
        if (!isOffered) throw errors.invalidSeries(request.params.series)
        fastify.access.mayChange(request, NO_ANSWER, { kind: 'start' })
        fastify.refuseUnderPressure()
      },
      count: async () => await fastify.limits.countRun(request)
    })
    return { run }
  } catch (error) {
    if (!isServiceError(error)) throw error
    const isWrongToken =
      error.code === 'UNAUTHORIZED' && bearerToken(request.headers.authorization) !== undefined
    if (isWrongToken) throw error
    return { run: 'idle', refusal: error }
  }
}
