import t from 'tap'
import { errors } from '../../../lib/errors.ts'
import { withDeadline } from '../../../lib/provider/deadline.ts'
import { CallAborted, CallTimeout } from '../../../lib/provider/failures.ts'
import { createManualClock } from '../../manual-clock.ts'

/** A call that ends only when its signal aborts, with an error of its own. */
const endless = async (signal: AbortSignal) =>
  await new Promise<never>((_resolve, reject) =>
    signal.addEventListener('abort', () => reject(new Error('the call itself')), { once: true })
  )

t.test('a call that ends in time keeps its result or its error', async (t) => {
  const { signal } = new AbortController()
  const { clock } = createManualClock()
  t.equal(await withDeadline(1_000, signal, async () => 'ok', clock), 'ok')
  const failing = async () => {
    throw new Error('the call itself')
  }
  await t.rejects(withDeadline(1_000, signal, failing, clock), { message: 'the call itself' })
})

t.test('a call ends when its time is over, even if it ignores its signal', async (t) => {
  const { signal } = new AbortController()
  for (const call of [endless, async () => await new Promise<never>(() => {})]) {
    const time = createManualClock()
    const ended = withDeadline(10, signal, call, time.clock)
    time.expireTimeouts()
    const error = await ended.catch((reason: unknown) => reason)
    t.ok(error instanceof CallTimeout)
    t.match(error, { message: 'no answer within 10 ms' })
  }
})

t.test("the system's clock ends a call", async (t) => {
  const error = await withDeadline(1, new AbortController().signal, endless).catch(
    (reason: unknown) => reason
  )
  t.ok(error instanceof CallTimeout)
})

t.test('a call ends when its run ends, and the reason decides whether it is a timeout', async (t) => {
  const endedBy = async (reason: Error, elapsedMs: number) => {
    const time = createManualClock()
    const controller = new AbortController()
    const ended = withDeadline(120, controller.signal, endless, time.clock)
    time.advance(elapsedMs)
    controller.abort(reason)
    return (await ended.catch((error: unknown) => error)) as Error
  }
  const cancelled = errors.cancelled()
  const error = await endedBy(cancelled, 119)
  t.ok(error instanceof CallAborted, 'a cancelled run')
  t.equal(error.cause, cancelled)
  t.ok((await endedBy(errors.generationTimeout(1), 59)) instanceof CallAborted, 'before half of its time')
  t.ok((await endedBy(errors.generationTimeout(1), 60)) instanceof CallTimeout, 'after half of its time')
})

t.test('no call begins for a run that has ended', async (t) => {
  let called = false
  const call = async () => {
    called = true
  }
  await t.rejects(withDeadline(10, AbortSignal.abort(errors.cancelled()), call), { code: 'CANCELLED' })
  t.notOk(called)
})
