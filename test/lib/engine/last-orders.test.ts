import t from 'tap'
import { createLastOrders } from '../../../lib/engine/last-orders.ts'
import { createClock } from '../../clock.ts'

t.test('a run is suspended before what would end after the stop, by the averages', async (t) => {
  const clock = createClock()
  const reason = new Error('the server stops')
  const lastOrders = createLastOrders({ clock, averages: { all: () => ({ image_wait: 2e9 }) }, reason })
  const isSuspended = (phase: 'image_wait' | 'enhance_prompt') => {
    const run = new AbortController()
    lastOrders.checksOf(run)(phase)
    if (run.signal.aborted) t.equal(run.signal.reason, reason)
    return run.signal.aborted
  }
  t.notOk(isSuspended('enhance_prompt'), 'nothing stops')
  lastOrders.endAfter(8_000)
  t.notOk(isSuspended('image_wait'))
  t.ok(isSuspended('enhance_prompt'), 'without an average')
  await clock.advance(5_000)
  t.notOk(isSuspended('image_wait'), 'three seconds are just enough')
  await clock.advance(1)
  t.ok(isSuspended('image_wait'))
})
