import { isServiceError } from '../errors.ts'

/**
 * Why a run has failed whose work threw `error`. A run that was aborted fails with the reason of the abort, unless it
 * has lost an answer: that may be paid for, and only `force=1` may pay once more.
 */
export function failureReasonOf(error: unknown, { aborted, reason }: AbortSignal): unknown {
  const isLost = isServiceError(error) && error.code === 'ANSWER_LOST'
  return aborted && !isLost ? reason : error
}
