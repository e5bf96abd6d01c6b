import t from 'tap'
import type { Test } from 'tap'
import { readModels } from '../../../lib/provider/model-list.ts'
import { createModelWatch } from '../../../lib/provider/model-watch.ts'
import type { ModelWatchOptions } from '../../../lib/provider/model-watch.ts'
import { until } from '../../helper.ts'
import { startOpenAi } from '../../peers/openai.ts'
import { startClient } from './start-client.ts'
import type { ClientOptions } from './start-client.ts'

type WatchParts = Pick<ModelWatchOptions, 'onRead' | 'startTimer'>

/** A watch of one provider with these models, and what it reports. */
async function startWatch(
  t: Test,
  models: readonly unknown[] | undefined,
  { onRead, startTimer, ...options }: Partial<ClientOptions & WatchParts> = {}
) {
  const openai = await startOpenAi({ scale: 0.0625, ...(models && { models }) })
  t.teardown(() => openai.close())
  const { client } = await startClient(t, { baseUrl: openai.url, ...options })
  const reports: unknown[][] = []
  const errors: unknown[] = []
  const watch = createModelWatch({
    clients: [client],
    onEnd: (provider, model, end) => reports.push([provider, model, end.toISOString().slice(0, 10)]),
    onListed: (provider, model, isListed) => reports.push([provider, model, isListed]),
    onError: (_provider, error) => errors.push(error),
    ...(onRead && { onRead }),
    ...(startTimer && { startTimer })
  })
  t.teardown(watch.stop)
  return { openai, client, watch, reports, errors }
}

t.test('a provider is asked which models it lists', async (t) => {
  const { openai, watch, reports, errors } = await startWatch(t, undefined, {
    image: { model: 'gpt-image-3' }
  })
  await watch.read()
  t.same(reports, [
    ['openai', 'gpt-4.1-mini', true],
    ['openai', 'gpt-image-3', false]
  ])
  t.same(errors, [])
  t.match(openai.requests, [{ method: 'GET', path: '/v1/models' }])
})

t.test('the announced end of a model is reported, whoever announces it', async (t) => {
  const { watch, reports } = await startWatch(t, [
    { id: 'gpt-4.1-mini', deprecation_date: '2027-03-01' },
    { id: 'gpt-image-2', deprecation: { inference: 1_800_000_000 } }
  ])
  watch.announce()
  t.same(reports, [['openai', 'gpt-4.1-mini', '2027-01-14']], 'known without a request')
  await watch.read()
  t.same(reports.slice(1), [
    ['openai', 'gpt-4.1-mini', true],
    ['openai', 'gpt-4.1-mini', '2027-03-01'],
    ['openai', 'gpt-image-2', true],
    ['openai', 'gpt-image-2', '2027-01-15']
  ])
})

t.test('a deployment and an endpoint elsewhere may be missing in the list', async (t) => {
  const { watch, reports } = await startWatch(t, [{ id: 'gpt-4.1' }], {
    image: { model: 'my-dalle3', family: 'dall-e-3' },
    enhancement: { url: 'http://127.0.0.1:1/chat' }
  })
  await watch.read()
  t.same(reports, [])
})

t.test('a provider that lists no models does no harm', async (t) => {
  const { openai, watch, reports, errors } = await startWatch(t, undefined)
  const faults = ['server_error', 'reset', 'cut_body', { kind: 'raw', body: '{"data": "none"}' }] as const
  openai.script('models', ...faults)
  for (let count = 0; count < faults.length; count += 1) await watch.read()
  t.equal(errors.length, faults.length)
  t.same(reports, [])
  openai.behave('models', 'hang')
  const reading = watch.read()
  watch.stop()
  await reading
  t.equal(errors.length, faults.length, 'an end is no error')
})

t.test(
  'a provider that is away is asked again after ten minutes, and one without a list is not',
  async (t) => {
    const timers: Array<{ ms: number; expire: () => void }> = []
    const reads: string[] = []
    const { openai, client, errors, watch } = await startWatch(t, undefined, {
      onRead: (provider) => reads.push(provider),
      startTimer(ms, expire) {
        timers.push({ ms, expire })
        return () => {}
      }
    })
    openai.script('models', 'server_error')
    watch.start()
    await until(() => timers.length === 1)
    t.equal(timers[0]!.ms, 600_000)
    t.equal(errors.length, 1)
    timers[0]!.expire()
    await until(() => reads.length === 1)
    t.same(reads, [client.config.name])

    openai.script('models', { kind: 'raw', status: 404, body: '{"detail": "Not Found"}' })
    watch.start()
    await until(() => errors.length === 2)
    await watch.read()
    t.equal(timers.length, 1)
  }
)

t.test('the list of a large gateway is read', async (t) => {
  const entry = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`field_${index}`, index]))
  const models = Array.from({ length: 400 }, (_, index) => ({ id: `vendor/model-${index}`, ...entry }))
  const { watch, reports } = await startWatch(t, [...models, { id: 'gpt-image-2' }, { id: 'gpt-4.1-mini' }])
  await watch.read()
  t.same(
    reports.map(([, , isListed]) => isListed),
    [true, true]
  )
})

t.test('lists are read in the forms that providers send', async (t) => {
  const entry = { names: ['a'], end: undefined }
  t.same(readModels({ data: [{ id: 'a' }] }), [entry])
  t.same(readModels([{ id: 'a' }]), [entry])
  t.same(readModels({ models: [{ name: 'models/a' }] }), [entry])
  t.same(readModels({ data: [{ id: 'a', aliases: ['b', 5] }] }), [{ names: ['a', 'b'], end: undefined }])
  t.same(readModels({ data: [null, 5, 'x'] })?.length, 3)
  for (const answer of [undefined, null, {}, 'text', { data: {} }]) t.equal(readModels(answer), undefined)
  const ends: Array<[fields: object, day: string | undefined]> = [
    [{ deprecation: '2026-12-01T00:00:00Z' }, '2026-12-01'],
    [{ expiration_date: null }, undefined],
    [{ shutdown_date: 'soon' }, undefined],
    [{ deprecation: true }, undefined],
    [{ retirement_date: 1_800_000_000_000 }, '2027-01-15'],
    [{ deprecation_date: '2027-05-01', shutdown_date: '2027-04-01' }, '2027-04-01'],
    [{ sunset: 1e300 }, undefined]
  ]
  for (const [fields, day] of ends) {
    t.equal(
      readModels([{ id: 'a', ...fields }])?.[0]
        ?.end?.toISOString()
        .slice(0, 10),
      day,
      JSON.stringify(fields)
    )
  }
})
