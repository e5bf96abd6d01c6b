import t from 'tap'
import { listen } from '../../event-stream.ts'
import { ADDRESS, build, buildApp, createScriptedArtist, json, plainPng, until } from '../../helper.ts'

const ROUTE = '/dalle/:series/:address/events'

t.test('an open stream is no response time, but its 204 and its errors are', async (t) => {
  const lines: Array<Record<string, unknown>> = []
  const { url, app } = await build(t, {
    settings: { LOG_LEVEL: 'info' },
    onLogLine: (line) => lines.push(line)
  })
  await app.pictures.stored.put('simple', ADDRESS, await plainPng(16))
  /** Statuses of the requests that the log has, and so the metrics. */
  const answered = () => lines.filter(({ route }) => route === ROUTE).map(({ status }) => status)
  const counted = async () =>
    [
      ...(await app.metrics.text()).matchAll(
        /^dalleserver_http_request_duration_seconds_count\{(.*)\} (\d+)$/gm
      )
    ]
      .filter(([, labels]) => labels!.includes(`route="${ROUTE}"`))
      .map(([, labels, count]) => [/code="(\d+)"/.exec(labels!)![1], Number(count)])

  const { events, ended } = await listen(t, `${url}/dalle/simple/${ADDRESS}/events`)
  await ended
  await until(() => answered().length === 1)
  t.same(answered(), [200])
  t.same(await counted(), [], 'the stream')
  t.equal(app.metrics.report.read().response_times.count, 0)

  const headers = { 'last-event-id': events.at(-1)!.id }
  t.equal((await fetch(`${url}/dalle/simple/${ADDRESS}/events`, { headers })).status, 204)
  t.equal((await fetch(`${url}/dalle/nope/${ADDRESS}/events`)).status, 400)
  await until(() => answered().length === 3)
  t.same(answered(), [200, 204, 400])
  t.same((await counted()).sort(), [
    ['204', 1],
    ['400', 1]
  ])
  t.equal(app.metrics.report.read().response_times.count, 2)
})

/** The labels and the value of each count of a histogram, for one route. */
function countsOf(text: string, histogram: string, route: string): Array<[labels: string, count: number]> {
  return [...text.matchAll(new RegExp(`^${histogram}_count\\{(.*)\\} (\\d+)$`, 'gm'))]
    .filter(([, labels]) => labels!.includes(`route="${route}"`))
    .map(([, labels, count]) => [labels!, Number(count)])
}

t.test(
  'a request that waits for a run is no response time, and one whose run is cancelled no error',
  async (t) => {
    const { artist, asked } = createScriptedArtist()
    const { url, app } = await build(t, { artist })
    const picture = `${url}/dalle/simple/${ADDRESS}`
    const wait = { headers: { prefer: 'wait=55' } }
    const waited = async (route: string) =>
      countsOf(await app.metrics.text(), 'dalleserver_http_wait_duration_seconds', route)

    const first = fetch(`${picture}?generate=1`, wait)
    await until(() => asked.length === 1)
    asked[0]!.deliver()
    t.equal((await first).headers.get('content-type'), 'image/png')
    const route = '/dalle/:series/:address'
    await until(async () => (await waited(route)).length > 0)
    t.same(await waited(route), [[`route="${route}",code="200"`, 1]])
    t.equal(app.metrics.report.read().response_times.count, 0)
    t.same(countsOf(await app.metrics.text(), 'dalleserver_http_request_duration_seconds', route), [])

    const generate = '/v1/images/generate'
    const body = JSON.stringify({ seed: ADDRESS, series: 'noir', image: true, annotate: true })
    const headers = { 'content-type': 'application/json' }
    const second = fetch(url + generate, { method: 'POST', headers, body })
    await until(() => asked.length === 2)
    await fetch(`${url}/dalle/noir/${ADDRESS}`, { method: 'DELETE' })
    const cancelled = await second
    t.equal(cancelled.status, 500)
    t.match(await json(cancelled), { error: { code: 'CANCELLED' } })
    await until(async () => (await waited(generate)).length > 0)
    t.same(await waited(generate), [[`route="${generate}",code="499"`, 1]])
    t.equal(app.metrics.report.read().total_errors, 0)
  }
)

t.test('the hash of a build is in no label and no line', async (t) => {
  const lines: Array<Record<string, unknown>> = []
  const { app, ask } = await buildApp(t, {
    settings: { LOG_LEVEL: 'info' },
    onLogLine: (line) => lines.push(line)
  })
  const page = await (await ask('/preview', { headers: { accept: 'text/html' } })).text()
  const [path] = /\/preview\/assets\/[\w-]{12}\/[\w.-]+/.exec(page)!
  t.equal((await ask(path)).status, 200)
  await until(() => lines.some(({ url }) => url === path))
  t.equal(lines.find(({ url }) => url === path)?.route, '/preview/assets/:hash/*')
  const text = await app.metrics.text()
  t.match(text, /route="\/preview\/assets\/:hash\/\*"/)
  t.notOk(text.includes(path.split('/')[3]!))
})
