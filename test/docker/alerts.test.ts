import { readFile } from 'node:fs/promises'
import t from 'tap'
import { parse } from 'yaml'
import { until } from '../helper.ts'
import { CONFIGURATION, RULES, noPrometheus, startPrometheus } from '../peers/prometheus.ts'
import { DOCUMENTATION, alerts, dashboards, fromRoot, panels, program } from './monitoring.ts'

const skip = noPrometheus()

t.test('each alert has a severity and a section in the runbook', async (t) => {
  const runbook = await readFile(fromRoot('docker/RUNBOOK.md'), 'utf8')
  // What follows is about operations, and not about alerts.
  const [ofAlerts] = runbook.split(/^# Several servers$/m)
  const sections = new Map(
    ofAlerts!
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
  const readme = await readFile(DOCUMENTATION, 'utf8')
  for (const { alert, labels } of alerts) {
    t.match(readme, new RegExp(`^\\| ${labels!.severity} \\|.*\`${alert}\``, 'm'), `${alert} is documented`)
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
  'promtool accepts configuration and rules; each alert is tested firing and silent',
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

t.test('Alertmanager sends no alert while another one names its cause', { skip }, async (t) => {
  const { alertmanager } = await startPrometheus(t, { targets: [], interval: '1s' })
  const alert = (alertname: string, instance?: string) => ({
    labels: { alertname, job: 'dalleserver', ...(instance !== undefined && { instance }) }
  })
  const { status } = await fetch(`${alertmanager}/api/v2/alerts`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify([
      alert('BudgetExhausted'),
      alert('BudgetNearlySpent'),
      alert('RunsFail'),
      alert('CircuitOpen'),
      alert('MemoryExhausted', 'first:8080'),
      alert('MemoryHigh', 'first:8080'),
      alert('MemoryHigh', 'second:8080')
    ])
  })
  t.equal(status, 200)
  const suppressed = async () =>
    (
      (await (await fetch(`${alertmanager}/api/v2/alerts`)).json()) as Array<{
        labels: { alertname: string; instance?: string }
        status: { state: string }
      }>
    )
      .filter(({ status }) => status.state === 'suppressed')
      .map(({ labels: { alertname, instance = '' } }) => `${alertname} ${instance}`.trim())
      .sort()
  await until(async () => (await suppressed()).length >= 3)
  t.same(await suppressed(), ['BudgetNearlySpent', 'MemoryHigh first:8080', 'RunsFail'])
})
