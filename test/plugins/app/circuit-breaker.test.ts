import t from 'tap'
import { json, until as waitUntil } from '../../helper.ts'
import { NO_ENHANCEMENT, addressOf, buildWithOpenAi } from './with-openai.ts'

t.test(
  'an open circuit fails runs at once, then lets one call through, and two successes close it',
  async (t) => {
    const { openai, make, urlOf, url, app, metric, halfOpen } = await buildWithOpenAi(t, {
      settings: NO_ENHANCEMENT,
      retry: { retries: 0 }
    })
    const startedAt = Date.now() / 1000
    openai.behave('image', 'server_error')
    for (let index = 0; index < 5; index += 1) await make(addressOf(index))
    t.equal(openai.count('image'), 5)
    const answer = await fetch(`${urlOf()}?generate=1`)
    t.equal(answer.headers.get('retry-after'), '3601')
    t.match((await json(answer)).data, { done: true, errorCode: 'OPENAI_UNAVAILABLE', error: /left alone/ })
    t.equal(openai.count('image'), 5, 'no call is made while the circuit is open')
    t.match((await json(await fetch(`${url}/metrics?format=json`))).data, {
      circuit_breaker_state: 'OPEN',
      circuit_breaker_failures: 5,
      openai_requests: 5,
      openai_errors: 5
    })
    t.equal(await metric('dalleserver_circuit_breaker_state{state="OPEN"}'), 1)
    t.equal(await metric('dalleserver_circuit_breaker_state{state="CLOSED"}'), 0)
    t.equal(await metric('dalleserver_circuit_breaker_transitions_total{provider="openai",to="OPEN"}'), 1)
    t.equal(
      await metric('dalleserver_provider_circuit_breaker_failures{provider="openai",operation="draw"}'),
      5
    )
    t.ok(
      (await metric(
        'dalleserver_provider_last_failure_timestamp_seconds{provider="openai",operation="draw"}'
      )) >= startedAt
    )
    t.equal(
      await metric(
        'dalleserver_provider_last_failure_timestamp_seconds{provider="openai",operation="enhance"}'
      ),
      0
    )

    let answerProbe = () => {}
    const until = new Promise<void>((resolve) => {
      answerProbe = resolve
    })
    openai.behave('image', { kind: 'delay', until })
    halfOpen()
    t.equal(app.circuitBreaker.state, 'HALF_OPEN')
    const asked = await Promise.all(
      Array.from(
        { length: 10 },
        async (_, index) => await json(await fetch(`${urlOf(addressOf(100 + index))}?generate=1`))
      )
    )
    const stillRunning = async () =>
      (
        await Promise.all(asked.map((_, index) => app.generation.snapshot('simple', addressOf(100 + index))))
      ).filter((snapshot) => snapshot?.done === false).length
    await waitUntil(async () => (await stillRunning()) === 1)
    answerProbe()
    await waitUntil(async () => (await stillRunning()) === 0)
    t.equal(openai.count('image'), 6, 'one call is let through')
    t.equal(app.circuitBreaker.state, 'HALF_OPEN')
    t.equal((await make(addressOf(200))).error, '')
    t.equal(app.circuitBreaker.state, 'CLOSED')
    t.match((await json(await fetch(`${url}/health`))).data, {
      components: {
        openai: { status: 'healthy', details: { draw_last_failure: 'overloaded', draw_rejected: Number } }
      }
    })
  }
)

t.test('without money no more calls are made, and metrics and health show it', async (t) => {
  const { openai, make, url, metric, halfOpen } = await buildWithOpenAi(t, { settings: NO_ENHANCEMENT })
  t.equal(await metric('dalleserver_provider_out_of_money{provider="openai"}'), 0)
  openai.behave('image', 'insufficient_quota')
  await make()
  t.match(await make(addressOf(1)), { errorCode: 'OPENAI_UNAVAILABLE' })
  t.equal(openai.count('image'), 1)
  t.equal(await metric('dalleserver_provider_out_of_money{provider="openai"}'), 1)
  t.match((await json(await fetch(`${url}/health`))).data, {
    status: 'degraded',
    components: {
      openai: { status: 'unhealthy', details: { draw_circuit: 'OPEN', draw_last_failure: 'no_money' } }
    }
  })
  t.equal((await fetch(`${url}/readyz`)).status, 200, 'pictures on disk are still served')
  openai.behave('image', 'ok')
  halfOpen()
  t.equal((await make(addressOf(2))).error, '')
  t.equal(await metric('dalleserver_provider_out_of_money{provider="openai"}'), 0)
})
