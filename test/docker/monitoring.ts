import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'yaml'
import { PACKAGE_ROOT } from '../../lib/package.ts'
import { RULES } from '../peers/prometheus.ts'
import type { Series } from '../peers/prometheus.ts'
import { renderDashboards } from '../tools/dashboards/all.ts'

export const fromRoot = (path: string) => join(PACKAGE_ROOT, path)

/** Where every metric and every alert is described. */
export const DOCUMENTATION = fromRoot('docker/README.md')

interface Target {
  expr: string
  legendFormat: string
  /** Whether only the newest value is asked for. */
  instant?: boolean
  datasource?: { uid: string }
}
interface Variable {
  name: string
  type: string
  query: unknown
  datasource?: { uid: string }
  multi?: boolean
  includeAll?: boolean
  allValue?: string
}
export interface Panel {
  id: number
  type: string
  title: string
  description?: string
  datasource?: { uid: string }
  gridPos: { x: number; w: number }
  fieldConfig?: { defaults: { unit?: string; noValue?: string } }
  targets?: Target[]
}
export interface Rule {
  alert?: string
  record?: string
  expr: string
  labels?: Record<string, string>
  annotations?: Record<string, string>
}

export const dashboards = Object.entries(renderDashboards()).map(([file, text]) => ({
  file,
  ...(JSON.parse(text) as { title: string; panels: Panel[]; templating: { list: Variable[] } })
}))
export const panels = dashboards.flatMap(({ file, panels }) =>
  panels.filter(({ type }) => type !== 'row').map((panel) => ({ file, ...panel }))
)
export const rules = (
  await Promise.all(
    RULES.map(
      async (path) => (parse(await readFile(path, 'utf8')) as { groups: Array<{ rules: Rule[] }> }).groups
    )
  )
)
  .flat()
  .flatMap((group) => group.rules)
export const alerts = rules.filter(({ alert }) => alert !== undefined)

/** The expressions of panels hold variables of Grafana. The rates look far enough back to survive missed scrapes. */
const VARIABLES = { $__rate_interval: '10s', $__range: '2m', $job: 'dalleserver', $instance: '.*' }

/** An expression as Grafana sends it to Prometheus. */
export function concrete(expr: string, variables: Partial<typeof VARIABLES> = {}): string {
  return Object.entries({ ...VARIABLES, ...variables }).reduce(
    (text, [name, value]) => text.replaceAll(name, value),
    expr
  )
}

/** All values of series, as numbers. */
export function valuesOf(series: Series[]): number[] {
  return series
    .flatMap(({ value, values = [] }) => [...(value === undefined ? [] : [value]), ...values])
    .map(([, text]) => Number(text))
}

/** Runs a program; its exit status, and what it wrote to both streams. */
export async function program(
  name: string,
  args: string[],
  input = ''
): Promise<{ ok: boolean; text: string }> {
  return await new Promise((resolve) => {
    const child = execFile(name, args, (error, out, err) => resolve({ ok: error === null, text: out + err }))
    // A program that does not read its input may end before the input is written.
    child.stdin!.on('error', () => {}).end(input)
  })
}
