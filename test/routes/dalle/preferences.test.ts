import t from 'tap'
import { appliedPreferences, readPreferences } from '../../../routes/dalle/preferences.ts'
import { ADDRESS, build, createScriptedArtist, json, until } from '../../helper.ts'

t.test('the preferences wait, respond-async and return are read, and others are ignored', async (t) => {
  const none = { wait: undefined, respondAsync: false, minimal: undefined }
  t.same(readPreferences(undefined), none)
  t.same(readPreferences('wait=5'), { ...none, wait: 5 })
  t.same(readPreferences(['respond-async', 'wait=5']), { ...none, wait: 5, respondAsync: true })
  t.same(readPreferences('wait=5, wait=9'), { ...none, wait: 5 }, 'the first one counts')
  t.same(readPreferences('return=minimal'), { ...none, minimal: true })
  t.same(readPreferences('Return="Minimal";x'), { ...none, minimal: true })
  t.same(readPreferences('return=representation, return=minimal'), { ...none, minimal: false })
  for (const nonsense of ['return', 'return=', 'return="minimal', 'return=small', 'minimal']) {
    t.same(readPreferences(nonsense), none, nonsense)
  }
  t.equal(readPreferences('WAIT="999"; x=y').wait, 55, 'at most 55 s')
  t.equal(appliedPreferences({ wait: 5, respondAsync: true }), 'wait=5, respond-async')
  t.equal(appliedPreferences({ wait: undefined, respondAsync: false }), '')
})

t.test('Prefer: wait holds the response until the run ends', async (t) => {
  const { artist, asked } = createScriptedArtist()
  const { url } = await build(t, { artist })
  const picture = `${url}/dalle/simple/${ADDRESS}`
  const ask = (query: string, prefer: string, init: RequestInit = {}) =>
    fetch(picture + query, { ...init, headers: { prefer } })

  const idle = await ask('', 'wait=5')
  t.same((await json(idle)).data, {}, 'without a run the response is not held')
  t.equal(idle.headers.get('preference-applied'), null)

  const short = await ask('?generate=1', 'wait=0')
  t.equal(short.headers.get('preference-applied'), 'wait=0')
  t.equal(short.headers.get('x-dalle-run'), 'started')
  t.equal((await json(short)).data.done, false)

  const async202 = await ask('?generate=1', 'respond-async')
  t.equal(async202.status, 202)
  t.equal(async202.headers.get('location'), `/dalle/simple/${ADDRESS}`)
  t.equal(async202.headers.get('preference-applied'), 'respond-async')
  t.equal((await json(async202)).data.done, false)
  const both = await ask('?generate=1', 'respond-async, wait=0')
  t.equal(both.status, 202)
  t.equal(both.headers.get('preference-applied'), 'wait=0, respond-async')

  const gone = new AbortController()
  const leaving = ask('?generate=1', 'wait=60', { signal: gone.signal })
  const waiting = [
    ask('?generate=1', 'wait=60'),
    ask('?generate=1', 'WAIT="999"; x=y'),
    ask('', 'handling=lenient, wait=60')
  ]
  await until(() => asked.length === 1)
  gone.abort()
  await t.rejects(leaving)
  t.equal(asked[0]!.signal.aborted, false, 'the run goes on when a client leaves')
  asked[0]!.deliver()
  const [joined, capped, plain] = await Promise.all(waiting)
  t.equal(joined!.headers.get('content-type'), 'image/png')
  t.equal(joined!.headers.get('x-dalle-run'), 'joined')
  t.equal(joined!.headers.get('preference-applied'), 'wait=55')
  t.equal(capped!.headers.get('preference-applied'), 'wait=55', 'a response is held for at most 55 s')
  t.equal(plain!.headers.get('content-type'), 'image/png')

  const cached = await ask('?generate=1', 'wait=60')
  t.equal(cached.headers.get('x-dalle-run'), 'cached')
  t.equal(cached.headers.get('content-type'), 'image/png')
  for (const nonsense of [
    'wait=',
    'wait=-1',
    'wait=1.5',
    'wait=abc',
    'wait',
    'respond-async=1',
    '=',
    ',,;'
  ]) {
    t.equal(
      (await ask('?generate=1', nonsense)).headers.get('preference-applied'),
      null,
      `"${nonsense}" is ignored`
    )
  }
})

t.test('Prefer: wait is ignored while as many requests wait as may', async (t) => {
  const { artist, asked } = createScriptedArtist()
  // A quarter of the connections may wait.
  const { url, app } = await build(t, { artist, connectionLimits: { max: 4 } })
  const ask = async () =>
    await fetch(`${url}/dalle/simple/${ADDRESS}?generate=1`, { headers: { prefer: 'wait=60' } })
  const waiting = ask()
  await until(() => asked.length === 1 && !app.connections.mayWait())
  const second = await ask()
  t.equal(second.headers.get('preference-applied'), null)
  t.match((await json(second)).data, { done: false })
  asked[0]!.deliver()
  t.equal((await waiting).headers.get('content-type'), 'image/png')
  t.ok(app.connections.mayWait())
})
