import t from 'tap'
import { listen } from '../../event-stream.ts'
import { ADDRESS, build, createScriptedArtist, until } from '../../helper.ts'

t.test('/events shows all runs, and the pictures that are made and removed', async (t) => {
  const { artist, asked } = createScriptedArtist()
  const { url } = await build(t, { artist, settings: { TB_DALLE_CONCURRENCY: '1' } })
  const { events, response } = await listen(t, `${url}/events`)
  const last = () => events.at(-1)?.data
  t.equal(response.headers.get('content-type'), 'text/event-stream')
  await until(() => events.length > 0)
  t.match(events[0], { event: 'activity', data: { live: 0, runs: [], ended: [], pictures: 0, changes: [] } })
  const other = `0x${'2'.repeat(40)}`
  await fetch(`${url}/dalle/simple/${ADDRESS}?generate=1`)
  await fetch(`${url}/dalle/birds/${other}?generate=1`)
  await until(() => last().runs.length === 2 && asked.length === 1)
  t.match(last().runs, [
    { series: 'simple', address: ADDRESS, title: String, queuePosition: 0, partialImages: 0 },
    { series: 'birds', address: other, queuePosition: 1 }
  ])
  t.notOk('dalleDress' in last().runs[0], 'a run is only summarized')
  asked[0]!.deliver()
  await until(() => last().pictures === 1 && asked.length === 2)
  await fetch(`${url}/dalle/birds/${other}`, { method: 'DELETE' })
  await until(() => last().live === 0)
  t.match(last().ended, [
    { series: 'birds', errorCode: 'CANCELLED' },
    { series: 'simple', error: '', percent: 100 }
  ])
  await fetch(`${url}/dalle/simple/${ADDRESS}?remove=1`)
  await until(() => last().pictures === 0)
  t.match(last().changes, [
    { revision: 2, address: ADDRESS, isThere: false },
    { revision: 1, address: ADDRESS, isThere: true }
  ])
  t.equal(new Set(events.map(({ id }) => id)).size, events.length, 'every event has an id of its own')
})
