import { readFile } from 'node:fs/promises'
import t from 'tap'
import { parse } from 'yaml'
import { parseDuration } from '../../lib/config/duration.ts'
import { build } from '../helper.ts'
import { CONFIGURATION } from '../peers/prometheus.ts'
import { fromRoot, panels, rules } from './monitoring.ts'

// Debian has Prometheus 2, which runs in the other tests. The compose files start Prometheus 3.
const expressions = [
  ...rules.map(({ expr }) => expr),
  ...panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr))
]

t.test('rules and dashboards mean the same in Prometheus 2 and 3', async (t) => {
  t.ok(expressions.length > 100)
  const { global } = parse(await readFile(CONFIGURATION, 'utf8')) as { global: { scrape_interval: string } }
  const scrapeMs = parseDuration(global.scrape_interval)!
  for (const expr of expressions) {
    // Prometheus 3 stores le="1" as le="1.0".
    t.notMatch(expr, /\b(?:le|quantile)=~?"\d+"/, expr)
    // Renamed, and no longer there by default.
    t.notMatch(expr, /holt_winters|double_exponential_smoothing|sort_by_label/, expr)
    // A range no longer takes the sample at its beginning, so a short one may have a single sample.
    for (const [, range] of expr.matchAll(/\[(\d+[smhd])[\]:]/g)) {
      const ms = range!.endsWith('d') ? parseInt(range!, 10) * 86_400_000 : parseDuration(range!)!
      t.ok(ms >= 4 * scrapeMs, `${range} in ${expr}`)
    }
  }
})

t.test('configurations have nothing that Prometheus 3 has removed', async (t) => {
  for (const file of ['prometheus.yml', 'replicas.yml']) {
    const text = await readFile(fromRoot(`docker/prometheus/${file}`), 'utf8')
    const { alerting, scrape_configs: jobs } = parse(text)
    for (const manager of alerting.alertmanagers) t.not(manager.api_version, 'v1', 'Alertmanager has only v2')
    for (const { static_configs: found = [] } of jobs) {
      // Prometheus 3 adds no port to a target.
      for (const target of found.flatMap(({ targets }: { targets: string[] }) => targets)) {
        t.match(target, /:\d+$/, file)
      }
    }
  }
  for (const file of ['compose.yaml', 'compose.replicas.yaml']) {
    const { services } = parse(await readFile(fromRoot(`docker/${file}`), 'utf8'), { merge: true })
    t.match(services.prometheus.image, /^prom\/prometheus:v3\.\d+\.\d+$/)
    for (const flag of services.prometheus.command) {
      t.match(flag, /^--(?:config\.file|storage\.tsdb\.(?:path|retention\.time|retention\.size))=/)
    }
  }
})

t.test(
  'Prometheus 3 takes the figures: it refuses a scrape whose content type it does not know',
  async (t) => {
    const { url } = await build(t)
    const { headers } = await fetch(`${url}/metrics`)
    t.equal(headers.get('content-type'), 'text/plain; version=0.0.4; charset=utf-8')
  }
)
