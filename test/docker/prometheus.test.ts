import { createHash } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import type { Test } from 'tap'
import { askForRun, build, json, pollUntilDone, temporaryFolder, until } from '../helper.ts'
import type { TestServer } from '../helper.ts'
import { startOpenAi } from '../peers/openai.ts'
import type { OpenAi } from '../peers/openai.ts'
import { noPrometheus, startPrometheus } from '../peers/prometheus.ts'
import type { Prometheus, Series } from '../peers/prometheus.ts'
import { readExpression, readSamples } from '../promql.ts'
import { concrete, panels, program, rules, valuesOf } from './monitoring.ts'

const skip = noPrometheus()
const KEY = 'sk-a-secret-key'
/** Prometheus' linter objects to the name and the label of this metric. Both are kept from the Go server. */
const KEPT_AS_IT_IS = 'dalleserver_response_time_ms'
/** Panels of what does not happen here: clients that are too slow or ask too much, a database, a start after an end. */
const QUIET = new Set([
  'Closed by the server',
  'Over a limit',
  'Connections to the database',
  'Workers and stalled runs',
  'Clocks',
  'Recovered runs'
])

const scrape = async (url: string) => await (await fetch(`${url}/metrics`)).text()

/** The queries of the Go server's dashboard, and those that its users write. */
const GO_SERVER = [
  'dalleserver_up',
  'rate(dalleserver_errors_total[5m])',
  'rate(dalleserver_retries_total[5m])',
  'dalleserver_circuit_breaker_state',
  'dalleserver_circuit_breaker_state{state="OPEN"}',
  'dalleserver_circuit_breaker_state{state="HALF_OPEN"}',
  'dalleserver_circuit_breaker_state{state="CLOSED"}',
  ...['avg', 'min', 'max', '0.95', '0.99'].map(
    (quantile) => `dalleserver_response_time_ms{quantile="${quantile}"}`
  ),
  'rate(dalleserver_openai_requests_total[5m])',
  'rate(dalleserver_openai_errors_total[5m])',
  'rate(dalleserver_openai_timeouts_total[5m])',
  'rate(dalleserver_openai_errors_total[5m]) / rate(dalleserver_openai_requests_total[5m])',
  'rate(dalleserver_file_operations_total[5m])',
  'rate(dalleserver_file_operation_errors_total[5m])',
  'topk(10, dalleserver_error_code_total)',
  'sum by (code) (rate(dalleserver_error_code_total[5m]))',
  'sum by (endpoint) (rate(dalleserver_error_endpoint_total[5m]))'
]

const addressOf = (name: string) => `0x${createHash('sha256').update(name).digest('hex').slice(0, 40)}`

const ROUNDS = 2

interface Services {
  /** Its models have prices, and it has a budget. */
  priced: TestServer
  /** Its model has no price and delivers URLs. A file lies where the folder of the series "birds" belongs. */
  other: TestServer
  openai: OpenAi
  prometheus: Prometheus
}

/** Causes one round of everything that panels and alerts show. */
async function makeTraffic(round: number, { priced, other, openai, prometheus }: Services): Promise<void> {
  const urlOf = (name: string, { url } = priced, series = 'simple') =>
    `${url}/dalle/${series}/${addressOf(`${name} ${round}`)}`
  const make = async (name: string, server = priced, series = 'simple') =>
    await pollUntilDone(`${urlOf(name, server, series)}?generate=1`)

  await make('well')
  await askForRun(`${urlOf('waited for')}?generate=1`, { headers: { prefer: 'wait=55' } })
  for (const name of ['well', 'nobody']) {
    await fetch(`${priced.url}/avatar/simple/${addressOf(`${name} ${round}`)}`)
  }
  for (let index = 0; index < 3; index += 1) await (await fetch(urlOf('well'))).arrayBuffer()
  openai.script('image', 'rate_limited', 'server_error')
  await make('repeated')
  openai.script('chat', 'content_filter')
  await make('degraded')
  // Counters that start at 0 need this only once.
  if (round === 1) {
    // The first call times out and is repeated. The others wait until Prometheus has scraped the queue.
    openai.behave('image', 'hang')
    for (const name of ['slow', 'slow', 'second', 'third', 'too many']) {
      await fetch(`${urlOf(name)}?generate=1`)
    }
    await until(async () => (await prometheus.query('dalleserver_generation_queue_depth > 0')).length > 0)
    await until(() => openai.requests.some(({ outcome }) => outcome === 'hang'))
    // The queue is full, so the batch waits.
    const batches = `${priced.url}/v1/batches`
    const body = JSON.stringify({ series: 'simple', addresses: [addressOf('batch')] })
    const { data } = await json(await fetch(batches, { method: 'POST', body }))
    await until(async () => (await prometheus.query('dalleserver_batch_pictures_waiting > 0')).length > 0)
    await fetch(`${batches}/${data.batchId}`, { method: 'DELETE' })
    openai.behave('image', 'ok')
    await pollUntilDone(`${urlOf('third')}?generate=1`)
  }

  // A subscriber of events that stays until the server ends.
  await fetch(`${priced.url}/events`)
  for (const path of ['/nowhere', '/dalle/simple/0x1', '/series', '/health']) {
    await fetch(`${priced.url}${path}`)
  }
  await make('unpriced', other)
  await make('no folder for it', other, 'birds')
  openai.script('image', 'rate_limited')
  await make('throttled', other)
  openai.script('image', 'moderation_blocked')
  const wish = { seed: addressOf(`not drawn ${round}`), series: 'simple', image: true, annotate: true }
  await fetch(`${other.url}/v1/images/generate`, { method: 'POST', body: JSON.stringify(wish) })

  // The circuit opens, and closes after two calls that succeed.
  openai.script('image', 'insufficient_quota')
  await make('no money')
  await until(() => priced.app.circuitBreaker.state === 'HALF_OPEN')
  if (round === ROUNDS - 1) {
    openai.script('image', 'insufficient_quota')
    await make('still no money')
    return
  }
  await make('back')
  await make('back again')
}

t.test(
  'Prometheus has data for every panel, rule and alert, and for the dashboard of the Go server',
  { skip },
  async (t) => {
    const openai = await startOpenAi({ scale: 0.0625 })
    t.teardown(() => openai.close())
    const provider = {
      OPENAI_API_KEY: KEY,
      OPENAI_BASE_URL: openai.url,
      TB_DALLE_CONCURRENCY: '1',
      TB_DALLE_QUEUE_LIMIT: '2'
    }
    const waits = { retry: { minTimeoutMs: 5, maxTimeoutMs: 20 }, breaker: { resetTimeoutMs: 300 } }
    const priced = await build(t, {
      ...waits,
      settings: {
        ...provider,
        TB_DALLE_IMAGE_MODEL: 'gpt-image-1-mini',
        TB_DALLE_ENHANCEMENT_MODEL: 'gpt-4.1-mini',
        TB_DALLE_IMAGE_TIMEOUT: '3s',
        TB_DALLE_DAILY_BUDGET_USD: '5',
        TB_DALLE_DAILY_IMAGE_LIMIT: '100'
      }
    })
    const dataDir = await temporaryFolder(t)
    await mkdir(join(dataDir, 'output/birds'), { recursive: true })
    await writeFile(join(dataDir, 'output/birds/prompt'), '')
    const other = await build(t, {
      ...waits,
      dataDir,
      settings: { ...provider, TB_DALLE_NO_ENHANCE: '1', TB_DALLE_IMAGE_MODEL: 'compatible-1' }
    })

    const begun = Date.now() / 1000
    const prometheus = await startPrometheus(t, {
      targets: [priced, other].map(({ url }) => new URL(url).host),
      interval: '500ms'
    })
    const { query, range, alerts: firing } = prometheus
    await until(async () => (await query('up{job="dalleserver"} == 1')).length === 2)
    for (let round = 0; round < ROUNDS; round += 1) {
      await makeTraffic(round, { priced, other, openai, prometheus })
      // Both servers are scraped after the round and before the next one.
      const asked = String(Date.now() / 1000)
      await until(async () => (await query(`min(timestamp(dalleserver_up)) > ${asked}`)).length === 1)
    }

    const texts = await Promise.all([priced, other].map(async ({ url }) => await scrape(url)))
    const exposed = readSamples(texts.join(''))
    exposed.set('up', { labels: new Map(), samples: new Map() })
    for (const { record } of rules) {
      if (record !== undefined) exposed.set(record, { labels: new Map(), samples: new Map() })
    }

    /** Checks that every metric, label and value in the expression exists. */
    const holds = (t: Test, expr: string, where: string): void => {
      const { selectors, grouping } = readExpression(expr)
      const known = new Set(['job', 'instance'])
      for (const { metric, matchers } of selectors) {
        const found = exposed.get(metric)
        if (found === undefined) t.fail(`${where}: there is no metric ${metric}`)
        for (const name of found?.labels.keys() ?? []) known.add(name)
        for (const { label, operator, value } of matchers) {
          if (label === 'job' || label === 'instance') continue
          const values = [...(found?.labels.get(label) ?? [])]
          if (values.length === 0) t.fail(`${where}: ${metric} has no label ${label}`)
          const pattern = new RegExp(`^(?:${value})$`)
          const isThere =
            operator === '='
              ? values.includes(value)
              : operator === '=~'
                ? values.some((each) => pattern.test(each))
                : true
          if (!isThere) {
            t.fail(`${where}: no ${metric} has ${label}${operator}"${value}", only ${values.join(', ')}`)
          }
        }
      }
      for (const label of grouping) if (!known.has(label)) t.fail(`${where}: there is no label ${label}`)
    }
    const numbers = (series: Series[]) => valuesOf(series).filter(Number.isFinite)

    await t.test('each panel parses, has data, and is not always 0', async (t) => {
      for (const { file, title, targets = [] } of panels) {
        for (const { expr, legendFormat } of targets) {
          const where = `${file}: ${title}`
          t.notMatch(concrete(expr), /\$/, where)
          holds(t, concrete(expr), where)
          const result = await range(concrete(expr), begun)
          const seen = numbers(result)
          t.ok(seen.length > 0, `${where} has data`, { expr })
          t.ok(QUIET.has(title) || seen.some((value) => value !== 0), `${where} moves`, { expr })
          for (const [, label] of legendFormat.matchAll(/\{\{(\w+)\}\}/g)) {
            t.ok(
              result.some(({ metric }) => metric[label!] !== undefined),
              `${where}: ${label} in the legend`
            )
          }
        }
      }
    })

    await t.test('each rule has data', async (t) => {
      for (const { record, alert, expr } of rules) {
        const where = (record ?? alert)!
        holds(t, expr, where)
        await query(expr)
        for (const { text } of readExpression(expr).selectors) {
          t.ok(numbers(await range(text, begun)).length > 0, `${where}: ${text}`)
        }
        if (record !== undefined) t.ok(numbers(await range(record, begun)).length > 0, record)
      }
    })

    await t.test('the dashboard of the Go server works', async (t) => {
      for (const expr of GO_SERVER) {
        holds(t, expr, expr)
        t.ok(numbers(await query(expr)).length > 0, expr)
      }
      for (const name of [
        'errors_total',
        'retries_total',
        'openai_requests_total',
        'openai_errors_total',
        'openai_timeouts_total',
        'file_operations_total',
        'file_operation_errors_total'
      ]) {
        t.ok(numbers(await query(`sum(dalleserver_${name})`))[0]! > 0, `dalleserver_${name} counts`)
      }
    })

    await t.test('alerts without a waiting time reach Alertmanager', async (t) => {
      await until(async () => (await firing()).includes('OutOfMoney'))
      const names = await firing()
      t.ok(names.includes('ModelShutDownSoon'))
      for (const name of ['ServerDown', 'RunStuck', 'BudgetNearlySpent']) t.notOk(names.includes(name), name)
    })

    await t.test('promtool accepts every metric but the one that is kept from the Go server', async (t) => {
      for (const text of texts) {
        const found = (await program('promtool', ['check', 'metrics'], text)).text
          .split('\n')
          .filter((line) => line !== '')
        t.same(
          found.filter((line) => !line.startsWith(`${KEPT_AS_IT_IS} `)),
          []
        )
        t.equal(found.length, 6, 'its unit, and its label five times')
      }
    })

    await t.test('no counter decreases when the error report is cleared', async (t) => {
      const counters = (text: string) => {
        const names = new Set(
          [...text.matchAll(/^# TYPE (\S+) (counter|histogram)$/gm)].flatMap(([, name, type]) =>
            type === 'counter' ? [name!] : ['_bucket', '_sum', '_count'].map((part) => name! + part)
          )
        )
        return new Map(
          [...readSamples(text)]
            .filter(([name]) => names.has(name))
            .flatMap(([, { samples }]) => [...samples])
        )
      }
      const before = counters(await scrape(priced.url))
      t.ok(before.size > 200)
      t.equal((await fetch(`${priced.url}/errors?clear=1`)).status, 200)
      t.match((await json(await fetch(`${priced.url}/errors?format=json`))).data, { total_errors: 0 })
      const after = counters(await scrape(priced.url))
      t.same(
        [...before].filter(([series, value]) => !((after.get(series) ?? -1) >= value)),
        []
      )
    })
  }
)
