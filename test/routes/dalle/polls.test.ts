import t from 'tap'
import { listen } from '../../event-stream.ts'
import { ADDRESS, build, createScriptedArtist, json, until } from '../../helper.ts'

const LEFT_OUT = ['phases', 'dalleDress', 'phaseAverages']
/** All fields of the short form, which clients rely on. */
const PROGRESS_FIELDS = [
  'series',
  'address',
  'currentPhase',
  'startedNs',
  'startedAt',
  'percent',
  'etaSeconds',
  'nextPollMs',
  'phasePercent',
  'phaseETASeconds',
  'phaseIndex',
  'phaseCount',
  'done',
  'error',
  'cacheHit',
  'runId',
  'errorCode',
  'queuePosition',
  'attempt',
  'provider',
  'degraded',
  'degradedReason',
  'partialImages'
]

const { artist, asked } = createScriptedArtist()
const { url } = await build(t, { artist })
const picture = `${url}/dalle/simple/${ADDRESS}`

/** Sends a request. `bytes` is the length of the body, `preferences` what was applied. */
async function ask(query: string, { prefer, method = 'GET' }: { prefer?: string; method?: string } = {}) {
  const response = await fetch(picture + query, { method, headers: { ...(prefer && { prefer }) } })
  const text = await response.text()
  return {
    status: response.status,
    preferences: response.headers.get('preference-applied'),
    bytes: Buffer.byteLength(text),
    data: JSON.parse(text).data as Record<string, unknown>
  }
}

t.test('without a run there is nothing to shorten', async (t) => {
  t.same((await ask('?fields=progress')).data, {})
  t.match(await ask('', { prefer: 'return=minimal' }), { data: {}, preferences: 'return=minimal' })
})

t.test('polls of a run have a short form of less than 700 bytes', async (t) => {
  const started = await ask('?generate=1&fields=progress')
  await until(() => asked.length === 1)
  const whole = await ask('')
  t.same(Object.keys(whole.data).toSorted(), [...PROGRESS_FIELDS, ...LEFT_OUT].toSorted())
  t.equal(whole.data.startedAt, new Date(Math.round((whole.data.startedNs as number) / 1e6)).toISOString())
  const { runId, startedNs, startedAt } = whole.data

  const answers: Record<string, Awaited<ReturnType<typeof ask>>> = {
    'the start': started,
    'fields=progress': await ask('?fields=progress'),
    'Prefer: return=minimal': await ask('', { prefer: 'return=minimal' }),
    'joining a run': await ask('?generate=1', { prefer: 'return="minimal", return=representation' }),
    both: await ask('?fields=progress', { prefer: 'return=minimal' }),
    'the query and the other preference': await ask('?fields=progress', { prefer: 'return=representation' })
  }
  for (const [what, { status, bytes, data, preferences }] of Object.entries(answers)) {
    t.equal(status, 200, what)
    t.same(Object.keys(data).toSorted(), PROGRESS_FIELDS.toSorted(), what)
    t.match(data, { runId, startedNs, startedAt, done: false })
    t.ok(bytes < 700, `${what}: ${bytes} bytes`)
    const poll = data.nextPollMs as number
    t.ok(Number.isInteger(poll) && poll >= 250 && poll <= 10_000, `${what}: next poll in ${poll} ms`)
    const isPreferred = ['Prefer: return=minimal', 'joining a run', 'both'].includes(what)
    t.equal(preferences, isPreferred ? 'return=minimal' : null, what)
  }
  t.comment(`${answers['fields=progress']!.bytes} bytes in place of ${whole.bytes}`)

  for (const prefer of ['return=representation', 'return=representation, return=minimal', 'return=tiny']) {
    const { data, preferences } = await ask('', { prefer })
    t.ok('dalleDress' in data, prefer)
    t.equal(preferences, null, prefer)
  }
})

t.test('the short form goes with the other preferences', async (t) => {
  const later = await ask('?generate=1', { prefer: 'respond-async, return=minimal' })
  t.match(later, { status: 202, preferences: 'respond-async, return=minimal' })
  t.notOk('dalleDress' in later.data)
  const held = await ask('', { prefer: 'return=minimal, wait=0' })
  t.match(held, { status: 200, preferences: 'wait=0, return=minimal', data: { done: false } })
})

t.test('other fields are refused, and the error names them', async (t) => {
  for (const query of [
    'fields=all',
    'fields=',
    'fields=progress,phases',
    'fields=progress&fields=progress'
  ]) {
    for (const path of [`${picture}?`, `${picture}?generate=1&`, `${picture}/events?`]) {
      const response = await fetch(path + query)
      t.equal(response.status, 400, path + query)
      const { error } = await json(response)
      t.equal(error.code, 'INVALID_REQUEST')
      t.match(error.details, /^fields is (?:"(?:all|progress,phases|)": it must be progress|given 2 times)/)
    }
  }
  t.match(await (await fetch(`${picture}?Fields=progress`)).text(), /write fields/)
})

t.test('events have the same short form, beside streams of the whole snapshot', async (t) => {
  const [whole, short, preferred] = [
    await listen(t, `${picture}/events`),
    await listen(t, `${picture}/events?fields=progress`),
    await listen(t, `${picture}/events`, { prefer: 'return=minimal' })
  ]
  t.equal(preferred.response.headers.get('preference-applied'), 'return=minimal')
  await until(() => [whole, short, preferred].every(({ events }) => events.length > 0))
  asked[0]!.deliver()
  await Promise.all([whole.ended, short.ended, preferred.ended])
  for (const { events } of [short, preferred]) {
    for (const { data } of events) t.same(Object.keys(data).toSorted(), PROGRESS_FIELDS.toSorted())
    t.match(events.at(-1), {
      event: 'done',
      id: whole.events.at(-1)!.id,
      data: { done: true, percent: 100, nextPollMs: 0 }
    })
  }
  t.ok('dalleDress' in whole.events.at(-1)!.data)
  const last = { 'last-event-id': short.events.at(-1)!.id }
  t.equal((await fetch(`${picture}/events?fields=progress`, { headers: last })).status, 204)
})

t.test('a picture is sent whole, and says nothing of a short form', async (t) => {
  const response = await fetch(`${picture}?fields=progress`, { headers: { prefer: 'return=minimal' } })
  t.equal(response.headers.get('content-type'), 'image/png')
  t.equal(response.headers.get('preference-applied'), null)
  const cached = await ask('?generate=1&fields=progress')
  t.match(cached.data, { done: true, cacheHit: true, nextPollMs: 0 })
  t.notOk('dalleDress' in cached.data)
})

t.test('a cancelled run is answered in the short form too', async (t) => {
  const other = `${url}/dalle/simple/0x${'2'.repeat(40)}`
  await fetch(`${other}?generate=1`)
  await until(() => asked.length === 2)
  const { data } = await json(await fetch(`${other}?fields=progress`, { method: 'DELETE' }))
  t.match(data, { errorCode: 'CANCELLED', done: true, nextPollMs: 0 })
  t.same(Object.keys(data).toSorted(), PROGRESS_FIELDS.toSorted())
})
