import t from 'tap'
import { createActivity } from '../../../lib/generation/activity.ts'
import { createClock } from '../../clock.ts'
import { ADDRESS, createScriptedArtist } from '../../helper.ts'
import { SIMPLE, setUp } from './fixtures.ts'

t.test('an ended run stays in the activity for a minute', async (t) => {
  const { artist } = createScriptedArtist()
  const { generation } = await setUp(t, artist)
  const clock = createClock()
  const gallery = { size: 3, revision: 7, changes: [], subscribe: () => () => {} }
  const activity = createActivity(generation, gallery, clock.now)
  t.teardown(activity.close)
  const calls: unknown[][] = []
  const unsubscribe = activity.subscribe((...given: unknown[]) => calls.push(given))
  t.match(await activity.read(), { live: 0, runs: [], ended: [], pictures: 3, revision: 7 })
  await generation.ensure(SIMPLE, ADDRESS)
  t.match(await activity.read(), { live: 1, runs: [{ address: ADDRESS }], ended: [] })
  t.ok(calls.length > 0)
  await generation.cancel('simple', ADDRESS)
  t.ok(
    calls.every((given) => given.length === 0),
    'a listener receives no snapshot'
  )
  unsubscribe()
  await clock.advance(59_999)
  t.match(await activity.read(), { live: 0, runs: [], ended: [{ address: ADDRESS, errorCode: 'CANCELLED' }] })
  await clock.advance(1)
  t.same((await activity.read()).ended, [])
})
