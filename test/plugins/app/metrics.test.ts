import { readFile } from 'node:fs/promises'
import t from 'tap'
import { DOCUMENTATION } from '../../docker/monitoring.ts'
import { build } from '../../helper.ts'
import { readSamples } from '../../promql.ts'

const OPENAI = { OPENAI_API_KEY: 'sk-a-secret-key', OPENAI_BASE_URL: 'http://127.0.0.1:1/v1' }

t.test('an idle server has few series, and those that are known in advance start at 0', async (t) => {
  const { url } = await build(t, { settings: OPENAI })
  const scrape = async () => await (await fetch(`${url}/metrics`)).text()
  await scrape()
  const text = await scrape()
  const metrics = readSamples(text)
  const series = [...metrics.values()].reduce((sum, { samples }) => sum + samples.size, 0)
  t.ok(series < 450, `${series} series`)
  for (const line of [
    'dalleserver_generations_total{outcome="failed",provider="openai"}',
    'dalleserver_error_code_total{code="QUEUE_FULL"}',
    'dalleserver_generation_rejected_total{reason="queue_full"}',
    'dalleserver_provider_requests_total{provider="openai",operation="draw",outcome="throttled"}',
    'dalleserver_provider_retries_total{provider="openai",operation="draw",reason="timeout"}',
    'dalleserver_circuit_breaker_transitions_total{provider="openai",to="OPEN"}',
    'dalleserver_image_cache_requests_total{result="hit"}',
    'dalleserver_storage_operations_total{operation="write",outcome="failure"}',
    'dalleserver_provider_cost_usd_total{provider="openai",model="gpt-image-2"}',
    'dalleserver_image_response_duration_seconds_count',
    'dalleserver_provider_out_of_money{provider="openai"}',
    'dalleserver_generation_oldest_seconds'
  ]) {
    t.ok(text.includes(`\n${line} 0\n`), line)
  }
  t.notOk(
    metrics.has('dalleserver_provider_model_shutdown_timestamp_seconds'),
    'a model without an announced shutdown has no countdown'
  )
  const documented = expandNames(await readFile(DOCUMENTATION, 'utf8'))
  t.same(
    [...text.matchAll(/^# TYPE (dalleserver_\w+) /gm)]
      .map(([, name]) => name)
      .filter((name) => !documented.has(name!)),
    [],
    'every metric is documented'
  )
  for (const path of ['/metrics?format=nonsense', '/errors?format=nonsense']) {
    t.equal((await fetch(`${url}${path}`)).status, 400, path)
  }
})

t.test(
  'the memory has its limits, and the engine is open only in the process that has the data folder',
  async (t) => {
    const first = await build(t)
    const second = await build(t, { dataDir: first.dataDir })
    const [text, ofSecond] = [await first.app.metrics.text(), await second.app.metrics.text()]
    const limits = readSamples(text).get('dalleserver_memory_limit_bytes')!.samples
    const { degraded, unhealthy } = first.app.health.memoryLimits()
    t.ok(degraded > 0 && unhealthy > degraded)
    t.same(
      [...limits],
      [
        ['dalleserver_memory_limit_bytes{status="degraded"}', degraded],
        ['dalleserver_memory_limit_bytes{status="unhealthy"}', unhealthy]
      ]
    )
    t.match(text, /^dalleserver_engine_open 1$/m)
    t.match(ofSecond, /^dalleserver_engine_open 0$/m)
    t.match(ofSecond, /^dalleserver_engine_up 1$/m, 'it needs no database')
    t.match(text, /^dalleserver_stopping 0$/m)
    await first.app.close()
    t.match(await first.app.metrics.text(), /^dalleserver_stopping 1$/m)
    await second.app.engine.opened
    t.match(await second.app.metrics.text(), /^dalleserver_engine_open 1$/m)
  }
)

/** The metrics that a text names. It may write two of them as `a_{b,c}_total{label}`. */
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
