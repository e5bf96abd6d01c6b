import type { FastifyReply } from 'fastify'
import type { ReplyOutcome } from './index.ts'

export type RunOutcome = NonNullable<ReplyOutcome['run']>

/** Sets `X-Dalle-Run`, in the response and for the log, metrics and trace. */
export function setRun(reply: FastifyReply, run: RunOutcome): void {
  reply.outcome.run = run
  reply.header('X-Dalle-Run', run)
}
