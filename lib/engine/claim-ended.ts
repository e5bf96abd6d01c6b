import { errors } from '../errors.ts'

/** Ends the work of a run in this process. The run neither fails nor completes: another worker goes on with it. */
export const SUSPENDED = new Error('this process works no longer on the run; it goes on elsewhere')

/** What a write of a run throws that this process may not work on any more. */
export function claimEnded(): Error {
  return errors.unavailable('Another process works on the run', 'It goes on there', SUSPENDED)
}

/** Whether an error says that this process may not work on the run any more. Trying again does not change that. */
export function isClaimEnded(error: unknown): boolean {
  return error instanceof Error && error.cause === SUSPENDED
}
