import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import Fastify from 'fastify'
import t from 'tap'
import type { Test } from 'tap'
import { parse } from 'yaml'
import app, { serverOptions } from '../app.ts'
import { createConfig } from '../lib/config/config.ts'
import { shutdownOf } from '../lib/provider/models.ts'
import { PACKAGE_ROOT } from '../lib/package.ts'
import { build, json, pollUntilDone, temporaryFolder, until } from './helper.ts'
import type { TestServer } from './helper.ts'
import { startOpenAi } from './peers/openai.ts'
import type { OpenAi } from './peers/openai.ts'
import { CONFIGURATION, RULES, noPrometheus, startPrometheus } from './peers/prometheus.ts'
import type { Series } from './peers/prometheus.ts'
import { readExpression, readSamples } from './promql.ts'
import { DASHBOARD_FOLDER, renderDashboards } from './tools/dashboards/all.ts'

const skip = noPrometheus()
const fromRoot = (path: string) => join(PACKAGE_ROOT, path)
const KEY = 'sk-a-secret-key'
const OPENAI = { OPENAI_API_KEY: KEY, OPENAI_BASE_URL: 'http://127.0.0.1:1/v1' }
/** The one metric of the Go server's that Prometheus' linter does not like: its name and its label are kept. */
const KEPT_AS_IT_IS = 'dalleserver_response_time_ms'

interface Target {
  expr: string
  legendFormat: string
}
interface Panel {
  id: number
  type: string
  title: string
  description?: string
  datasource?: { uid: string }
  gridPos: { x: number; w: number }
  fieldConfig?: { defaults: { unit?: string } }
  targets?: Target[]
}
interface Rule {
  alert?: string
  record?: string
  expr: string
  labels?: Record<string, string>
  annotations?: Record<string, string>
}

const dashboards = Object.entries(renderDashboards()).map(([file, text]) => ({
  file,
  ...(JSON.parse(text) as { title: string; panels: Panel[] })
}))
const panels = dashboards.flatMap(({ file, panels }) =>
  panels.filter(({ type }) => type !== 'row').map((panel) => ({ file, ...panel }))
)
const rules = (
  await Promise.all(
    RULES.map(
      async (path) => (parse(await readFile(path, 'utf8')) as { groups: Array<{ rules: Rule[] }> }).groups
    )
  )
)
  .flat()
  .flatMap((group) => group.rules)
const alerts = rules.filter(({ alert }) => alert !== undefined)

/** What the panels of the Go server's dashboard and of its users ask for. */
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

async function program(name: string, args: string[], input = ''): Promise<{ ok: boolean; text: string }> {
  return await new Promise((resolve) => {
    const child = execFile(name, args, (error, out, err) => resolve({ ok: error === null, text: out + err }))
    child.stdin!.end(input)
  })
}

/** The metrics that a text names, `a_{b,c}_total{label}` being two of them. */
function expandNames(text: string): Set<string> {
  const expand = (name: string): string[] => {
    const [, before, choices, after] = /^(.*?_)\{([^}]+)\}(.*)$/.exec(name) ?? []
    return choices === undefined
      ? [name]
      : choices.split(',').flatMap((choice) => expand(before! + choice + after!))
  }
  return new Set(
    [...text.matchAll(/`(dalleserver_(?:\w|(?<=_)\{[^}]+\})+)/g)].flatMap(([, name]) => expand(name!))
  )
}

const scrape = async (url: string) => await (await fetch(`${url}/metrics`)).text()

t.test('the dashboards that are committed are those of the code, each panel whole', async (t) => {
  t.same((await readdir(DASHBOARD_FOLDER)).sort(), Object.keys(renderDashboards()).sort())
  for (const [name, text] of Object.entries(renderDashboards())) {
    t.equal(await readFile(join(DASHBOARD_FOLDER, name), 'utf8'), text, `${name} (else: npm run dashboards)`)
  }
  for (const { file, title, description, datasource, gridPos, targets = [] } of panels) {
    t.match(
      { description, uid: datasource?.uid },
      { description: /\.$/, uid: 'prometheus' },
      `${file}: ${title}`
    )
    t.ok(gridPos.x + gridPos.w <= 24 && targets.length > 0)
  }
  for (const { file, panels } of dashboards) {
    t.equal(new Set(panels.map(({ id }) => id)).size, panels.length, file)
  }
  t.equal(new Set(panels.map(({ file, title }) => file + title)).size, panels.length)
})

t.test('each alert says how bad it is and has its section in the runbook', async (t) => {
  const runbook = await readFile(fromRoot('docker/RUNBOOK.md'), 'utf8')
  const sections = new Map(
    runbook
      .split(/^## /m)
      .slice(1)
      .map((text) => [text.slice(0, text.indexOf('\n')), text])
  )
  t.same([...sections.keys()].sort(), alerts.map(({ alert }) => alert).sort())
  for (const { alert, labels, annotations } of alerts) {
    t.match(
      { labels, annotations },
      {
        labels: { severity: /^(?:critical|warning)$/ },
        annotations: {
          summary: /\w/,
          description: /\.$/,
          runbook: `docker/RUNBOOK.md#${alert!.toLowerCase()}`
        }
      },
      alert!
    )
    for (const part of ['What it means', 'What to look at', 'What to do']) {
      t.ok(sections.get(alert!)?.includes(`**${part}.**`), `${alert}: ${part}`)
    }
  }
  for (const [, anchor] of runbook.matchAll(/\]\(#(\w+)\)/g)) {
    t.ok(
      alerts.some(({ alert }) => alert!.toLowerCase() === anchor),
      anchor!
    )
  }
  const readme = await readFile(fromRoot('README.md'), 'utf8')
  for (const { alert, labels } of alerts) {
    t.match(
      readme,
      new RegExp(`^\\| ${labels!.severity} \\|.*\`${alert}\``, 'm'),
      `${alert} is in the README`
    )
  }
  const shown = new Set([
    'Alerting',
    'dalleserver',
    ...dashboards.map(({ title }) => title.replace('dalleserver: ', '')),
    ...panels.map(({ title }) => title)
  ])
  for (const [, name] of runbook.matchAll(/(?<!\*)\*([^*\n]+)\*(?!\*)/g)) {
    t.ok(shown.has(name!), `a panel "${name}"`)
  }
})

t.test(
  'promtool accepts configuration and rules; each alert fires and each is silent',
  { skip },
  async (t) => {
    for (const args of [
      ['check', 'config', CONFIGURATION],
      ['check', 'rules', ...RULES],
      ['test', 'rules', fromRoot('test/prometheus/alerts.yml')]
    ]) {
      const { ok, text } = await program('promtool', args)
      t.ok(ok, `promtool ${args.slice(0, 2).join(' ')}`, { text })
    }
    const tests = parse(await readFile(fromRoot('test/prometheus/alerts.yml'), 'utf8')) as {
      tests: Array<{ alert_rule_test: Array<{ alertname: string; exp_alerts: unknown[] }> }>
    }
    const cases = tests.tests.flatMap((each) => each.alert_rule_test)
    for (const { alert } of alerts) {
      t.ok(
        cases.some(({ alertname, exp_alerts: expected }) => alertname === alert && expected.length === 0),
        `${alert} is silent`
      )
      t.ok(
        cases.some(({ alertname, exp_alerts: expected }) => alertname === alert && expected.length === 1),
        `${alert} fires`
      )
    }
    const { ok, text } = await program('amtool', [
      'check-config',
      fromRoot('docker/prometheus/alertmanager.yml')
    ])
    t.ok(ok, 'amtool check-config', { text })
  }
)

t.test('a server at rest has few series, and those that are known begin at 0', async (t) => {
  const { url } = await build(t, { settings: OPENAI })
  await scrape(url)
  const text = await scrape(url)
  const metrics = readSamples(text)
  const series = [...metrics.values()].reduce((sum, { samples }) => sum + samples.size, 0)
  t.comment(`${series} series at rest`)
  t.ok(series < 400, `${series} series`)
  for (const line of [
    'dalleserver_generations_total{outcome="failed",provider="openai"}',
    'dalleserver_error_code_total{code="QUEUE_FULL"}',
    'dalleserver_generation_rejected_total{reason="queue_full"}',
    'dalleserver_provider_requests_total{provider="openai",operation="draw",outcome="throttled"}',
    'dalleserver_provider_retries_total{operation="draw",reason="timeout"}',
    'dalleserver_circuit_breaker_transitions_total{to="OPEN"}',
    'dalleserver_image_cache_requests_total{result="hit"}',
    'dalleserver_storage_operations_total{operation="write",outcome="failure"}',
    'dalleserver_provider_cost_usd_total{provider="openai",model="gpt-image-2"}',
    'dalleserver_image_response_duration_seconds_count',
    'dalleserver_provider_out_of_money',
    'dalleserver_generation_oldest_seconds'
  ]) {
    t.ok(text.includes(`\n${line} 0\n`), line)
  }
  t.notOk(
    metrics.has('dalleserver_provider_model_shutdown_timestamp_seconds'),
    'where nothing is announced there is nothing to count down'
  )
  const documented = expandNames(await readFile(fromRoot('README.md'), 'utf8'))
  t.same(
    [...text.matchAll(/^# TYPE (dalleserver_\w+) /gm)]
      .map(([, name]) => name)
      .filter((name) => !documented.has(name!)),
    [],
    'every metric is in the README'
  )
  for (const path of ['/metrics?format=nonsense', '/errors?format=nonsense', '/health?check=nonsense']) {
    t.equal((await fetch(`${url}${path}`)).status, 400, path)
  }
})

t.test('a model that will be shut down is told of at start', async (t) => {
  t.equal(shutdownOf('gpt-image-1-mini')?.toISOString(), '2026-12-01T00:00:00.000Z')
  t.equal(shutdownOf('gpt-4.1-mini-2025-04-14')?.getTime(), shutdownOf('gpt-4.1-mini')?.getTime())
  t.same(['gpt-image-2', 'gpt-5.4-mini', 'dall-e-30', 'my-gpt-4o'].map(shutdownOf), [
    undefined,
    undefined,
    undefined,
    undefined
  ])
  const lines: Array<Record<string, unknown>> = []
  const server = Fastify({
    ...serverOptions,
    logger: { stream: { write: (line: string) => lines.push(JSON.parse(line)) } }
  })
  t.teardown(() => server.close())
  await server.register(app, {
    config: createConfig({
      ...OPENAI,
      TB_DALLE_DATA_DIR: await temporaryFolder(t),
      TB_DALLE_IMAGE_MODEL: 'dall-e-3',
      TB_DALLE_ENHANCEMENT_MODEL: 'gpt-5.4-mini'
    })
  })
  t.match(
    lines.filter(({ model }) => model !== undefined),
    [
      {
        level: 40,
        model: 'dall-e-3',
        shutdown: '2026-05-12',
        msg: 'the model is shut down: name another one'
      }
    ]
  )
})

const addressOf = (name: string) => `0x${createHash('sha256').update(name).digest('hex').slice(0, 40)}`

/** One round of all that panels and alerts speak of. */
async function makeTraffic(
  round: number,
  { priced, openai, other }: { priced: TestServer; openai: OpenAi; other: TestServer }
): Promise<void> {
  const urlOf = (name: string, { url } = priced, series = 'simple') =>
    `${url}/dalle/${series}/${addressOf(`${name} ${round}`)}`
  const make = async (name: string, server = priced, series = 'simple') =>
    await pollUntilDone(`${urlOf(name, server, series)}?generate=1`)

  await make('well')
  for (let index = 0; index < 3; index += 1) await (await fetch(urlOf('well'))).arrayBuffer()
  openai.script('image', 'rate_limited', 'server_error')
  await make('repeated')
  openai.script('chat', 'content_filter')
  await make('degraded')
  // What is counted from 0 need happen only once.
  if (round === 1) {
    openai.script('image', 'hang')
    await make('timed out once')
    // Long enough for Prometheus to see the others wait.
    openai.script('image', { kind: 'delay', ms: 1_500 })
    await Promise.all(
      ['slow', 'slow', 'second', 'third', 'too many'].map(
        async (name) => await fetch(`${urlOf(name)}?generate=1`)
      )
    )
    await pollUntilDone(`${urlOf('third')}?generate=1`)
  }

  // A reader of events that stays until the server ends.
  await fetch(`${priced.url}/events`)
  for (const path of ['/nowhere', '/dalle/simple/0x1', '/series', '/health']) {
    await fetch(`${priced.url}${path}`)
  }
  await make('unpriced', other)
  await make('no folder for it', other, 'birds')
  openai.script('image', 'rate_limited')
  await make('throttled', other)

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

const ROUNDS = 2

t.test(
  'Prometheus has data for every panel, rule and alert, and for the dashboard of the Go server',
  { skip, timeout: 120_000 },
  async (t) => {
    const openai = await startOpenAi({ scale: 0.0625 })
    t.teardown(() => openai.close())
    const provider = {
      OPENAI_API_KEY: KEY,
      OPENAI_BASE_URL: openai.url,
      TB_DALLE_FAILURE_HOLD: '100ms',
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
    // Its images come as URLs, of a model without a price; where one series belongs there is a file.
    const dataDir = await temporaryFolder(t)
    await mkdir(join(dataDir, 'output'))
    await writeFile(join(dataDir, 'output/birds'), '')
    const other = await build(t, {
      ...waits,
      dataDir,
      settings: { ...provider, TB_DALLE_NO_ENHANCE: '1', TB_DALLE_IMAGE_MODEL: 'compatible-1' }
    })

    const begun = Date.now() / 1000
    const {
      query,
      range,
      alerts: firing
    } = await startPrometheus(t, {
      targets: [priced, other].map(({ url }) => new URL(url).host),
      interval: '500ms'
    })
    await until(async () => (await query('up{job="dalleserver"} == 1')).length === 2)
    const since = Date.now() / 1000
    for (let round = 0; round < ROUNDS; round += 1) {
      await makeTraffic(round, { priced, openai, other })
      // So that what is new in this round is seen before it moves on.
      const asked = String(Date.now() / 1000)
      await until(async () => (await query(`min(timestamp(dalleserver_up)) > ${asked}`)).length === 1)
    }
    t.comment(`traffic took ${Math.round(Date.now() / 1000 - since)} s`)

    const texts = await Promise.all([priced, other].map(async ({ url }) => await scrape(url)))
    const exposed = readSamples(texts.join(''))
    exposed.set('up', { labels: new Map(), samples: new Map() })
    for (const { record } of rules) {
      if (record !== undefined) exposed.set(record, { labels: new Map(), samples: new Map() })
    }

    /** Whether every metric, label and value that is named exists. */
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
    const numbers = (series: Series[]) =>
      series
        .flatMap(({ value, values = [] }) => [...(value === undefined ? [] : [value]), ...values])
        .map(([, text]) => Number(text))
        .filter(Number.isFinite)
    const concrete = (expr: string) =>
      expr.replaceAll('$__rate_interval', '4s').replaceAll('$__range', '1m').replaceAll('$instance', '.*')

    await t.test('panels: each parses, has data, and is not always 0', async (t) => {
      for (const { file, title, targets = [] } of panels) {
        for (const { expr, legendFormat } of targets) {
          const where = `${file}: ${title}`
          t.notMatch(concrete(expr), /\$/, where)
          holds(t, concrete(expr), where)
          const result = await range(concrete(expr), begun)
          const seen = numbers(result)
          t.ok(seen.length > 0, `${where} has data`, { expr })
          t.ok(
            seen.some((value) => value !== 0),
            `${where} moves`,
            { expr }
          )
          for (const [, label] of legendFormat.matchAll(/\{\{(\w+)\}\}/g)) {
            t.ok(
              result.some(({ metric }) => metric[label!] !== undefined),
              `${where}: ${label} in the legend`
            )
          }
        }
      }
    })

    await t.test('rules: what they are made of is there', async (t) => {
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

    await t.test('alerts that need no time reach Alertmanager', async (t) => {
      await until(async () => (await firing()).includes('OutOfMoney'))
      const told = await firing()
      t.ok(told.includes('ModelShutDownSoon'))
      t.notOk(told.includes('ServerDown') || told.includes('RunStuck') || told.includes('BudgetNearlySpent'))
    })

    await t.test(
      'promtool finds nothing amiss in the metrics but the one that is kept from the Go server',
      async (t) => {
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
      }
    )

    await t.test('counters never go back, not when the report is cleared either', async (t) => {
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
