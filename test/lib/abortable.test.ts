import { setImmediate } from 'node:timers/promises'
import t from 'tap'
import { abortable } from '../../lib/abortable.ts'

t.test('settles like the promise', async (t) => {
  const { signal } = new AbortController()
  t.equal(await abortable(Promise.resolve(7), signal), 7)
  await t.rejects(abortable(Promise.reject(new Error('broken')), signal), { message: 'broken' })
})

t.test('rejects with the reason of the signal when that is first', async (t) => {
  const controller = new AbortController()
  const waiting = abortable(new Promise(() => {}), controller.signal)
  controller.abort(new Error('enough'))
  await t.rejects(waiting, { message: 'enough' })
  await t.rejects(abortable(Promise.resolve(7), controller.signal), { message: 'enough' })
})

t.test('a promise that rejects later is handled, also when the signal was aborted before', async (t) => {
  const unhandled: unknown[] = []
  const listener = (reason: unknown) => unhandled.push(reason)
  // The test runner has a listener of its own, which would fail the test before this one counts.
  const others = process.listeners('unhandledRejection')
  process.removeAllListeners('unhandledRejection')
  process.on('unhandledRejection', listener)
  t.teardown(() => {
    process.off('unhandledRejection', listener)
    for (const other of others) process.on('unhandledRejection', other)
  })
  const aborted = AbortSignal.abort(new Error('enough'))
  await t.rejects(abortable(Promise.reject(new Error('late')), aborted), { message: 'enough' })
  const controller = new AbortController()
  let fail = () => {}
  const work = new Promise((_resolve, reject) => {
    fail = () => reject(new Error('later'))
  })
  const waiting = abortable(work, controller.signal)
  controller.abort(new Error('enough'))
  await t.rejects(waiting, { message: 'enough' })
  fail()
  await setImmediate()
  t.same(unhandled, [])
})
