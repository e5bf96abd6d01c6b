import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import * as units from '@grafana/grafana-foundation-sdk/units'
import { Ajv } from 'ajv'
import t from 'tap'
import { createGenerator } from 'ts-json-schema-generator'
import { PACKAGE_ROOT } from '../../lib/package.ts'
import { readExpression } from '../promql.ts'
import { DASHBOARD_FOLDER, renderDashboards } from '../tools/dashboards/all.ts'
import { format } from '../tools/dashboards/drawing/units.ts'
import { concrete, dashboards, panels } from './monitoring.ts'

t.test('the committed dashboards are those that the code renders, and each panel is complete', async (t) => {
  t.same((await readdir(DASHBOARD_FOLDER)).sort(), Object.keys(renderDashboards()).sort())
  for (const [name, text] of Object.entries(renderDashboards())) {
    t.equal(
      await readFile(join(DASHBOARD_FOLDER, name), 'utf8'),
      text,
      `${name} (npm run dashboards writes it)`
    )
  }
  for (const { file, title, description, datasource, gridPos, targets = [] } of panels) {
    t.match(
      { description, uid: datasource?.uid },
      { description: /\.$/, uid: '$datasource' },
      `${file}: ${title}`
    )
    t.ok(gridPos.x + gridPos.w <= 24 && targets.length > 0)
  }
  for (const { file, panels } of dashboards) {
    t.equal(new Set(panels.map(({ id }) => id)).size, panels.length, file)
  }
  t.equal(new Set(panels.map(({ file, title }) => file + title)).size, panels.length)
})

t.test(
  'each panel asks the chosen data source for the chosen job, and has a text for no value',
  async (t) => {
    const chosen = { $job: 'CHOSEN', $instance: 'ONES' }
    for (const { file, title, type, fieldConfig, targets = [] } of panels) {
      const name = `${file}: ${title}`
      for (const { expr, datasource } of targets) {
        t.equal(datasource?.uid, '$datasource', name)
        const { selectors } = readExpression(concrete(expr, chosen))
        t.ok(selectors.length > 0, name)
        for (const { text, matchers } of selectors) {
          t.match(
            matchers,
            [
              { label: 'job', operator: '=~', value: 'CHOSEN' },
              { label: 'instance', operator: '=~', value: 'ONES' }
            ],
            `${name}: ${text}`
          )
        }
      }
      if (type !== 'state-timeline') t.match(fieldConfig?.defaults.noValue, /\w{2}/, `${name}: no value`)
    }
    for (const { file, templating } of dashboards) {
      const [datasource, ...others] = templating.list
      t.match(datasource, { name: 'datasource', type: 'datasource', query: 'prometheus' }, file)
      t.same(
        others.map(({ name }) => name),
        ['job', 'instance'],
        file
      )
      for (const { name, datasource, multi, includeAll, allValue } of others) {
        t.match(
          { datasource, multi, includeAll },
          { datasource: { uid: '$datasource' }, multi: true, includeAll: true },
          name
        )
        t.equal(allValue, undefined, `${name}: "All" is the list of what has the service's metrics`)
      }
    }
  }
)

t.test('percentiles are named p50, p95 and p99, and each legend of a quantile says so', async (t) => {
  for (const { file, title, targets = [] } of panels) {
    for (const { expr, legendFormat } of targets) {
      const [, quantile] = /histogram_quantile\(([\d.]+)/.exec(expr) ?? []
      if (quantile !== undefined) {
        t.ok(legendFormat.endsWith(`p${Number(quantile) * 100}`), `${file}: ${title}: ${legendFormat}`)
      }
    }
  }
})

t.test('the unit of each panel is that of its expressions', async (t) => {
  const units: Array<[expression: RegExp, unit: string]> = [
    [/^histogram_quantile\(.*_seconds_bucket/, 's'],
    [/\* 60( > 0)?$/, 'cpm'],
    [/^[^/]*_bytes\b[^/]*$/, 'bytes'],
    [/^[^/]*_usd(_total)?\b[^/]*$/, 'currencyUSD'],
    [
      /(_total|_usd|_bytes|_fds|_depth|oldest_seconds)\{[^/]*\/[^/]*(_total|_usd|_bytes|_fds|_limit|_seconds)\{/,
      'percentunit'
    ],
    [/^time\(\) - |- time\(\)$/, 'dtdurations']
  ]
  const found = new Set<string>()
  for (const { file, title, fieldConfig, targets = [] } of panels) {
    const unit = fieldConfig?.defaults.unit ?? 'short'
    t.equal(typeof format(1, unit), 'string', `${file}: ${title}`)
    for (const { expr } of targets) {
      // A route may contain a slash.
      const plain = expr.replaceAll(/"[^"]*"/g, '""')
      const expected = units.find(([expression]) => expression.test(plain))?.[1]
      if (expected === undefined) continue
      found.add(expected)
      t.equal(unit, expected, `${file}: ${title}: ${expr}`)
    }
  }
  t.equal(found.size, units.length, 'each unit is used')
})

t.test("each dashboard is what Grafana's own types say, down to the options of its panels", async (t) => {
  const schema = createGenerator({
    path: join(PACKAGE_ROOT, 'test/docker/dashboard-schema.ts'),
    tsconfig: join(PACKAGE_ROOT, 'tsconfig.json'),
    type: 'WholeDashboard',
    expose: 'none',
    skipTypeCheck: true,
    additionalProperties: false
  }).createSchema('WholeDashboard')
  const validate = new Ajv({ strict: false }).compile(schema)
  const known = new Set<unknown>(Object.values(units))
  for (const [name, text] of Object.entries(renderDashboards())) {
    const dashboard = JSON.parse(text)
    t.ok(validate(dashboard), name, { errors: validate.errors })
    for (const { title, fieldConfig } of dashboard.panels) {
      const unit = fieldConfig?.defaults.unit
      t.ok(unit === undefined || known.has(unit), `${name}: ${title}: the unit ${unit}`)
    }
    // A schema that takes anything would prove nothing.
    const chart = dashboard.panels.find(({ type }: { type: string }) => type === 'timeseries')
    for (const wrong of [
      { ...chart, options: { ...chart.options, legends: {} } },
      { ...chart, type: 'graph' },
      { ...chart, targets: [{ ...chart.targets[0], expression: 'up' }] }
    ]) {
      t.notOk(validate({ ...dashboard, panels: [wrong] }), name)
    }
  }
})
