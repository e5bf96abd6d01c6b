import t from 'tap'
import { listen } from '../../event-stream.ts'
import { ADDRESS, build, buildApp, plainPng, until } from '../../helper.ts'

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
