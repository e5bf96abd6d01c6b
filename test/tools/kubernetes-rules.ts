import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse, stringify } from 'yaml'
import { PACKAGE_ROOT } from '../../lib/package.ts'

const RULES = ['recording', 'alerts'].map((name) => join(PACKAGE_ROOT, `docker/prometheus/rules/${name}.yml`))
/** Where the Prometheus operator finds the rules. */
export const RULES_FILE = join(PACKAGE_ROOT, 'docker/kubernetes/monitoring/rules.yaml')

/** The recording rules and alerts of docker/prometheus as a resource of the Prometheus operator. */
export async function renderRules(): Promise<string> {
  const files = await Promise.all(RULES.map(async (path) => parse(await readFile(path, 'utf8'))))
  const rule = {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PrometheusRule',
    metadata: {
      name: 'dalleserver',
      labels: { 'app.kubernetes.io/name': 'dalleserver', release: 'prometheus' }
    },
    spec: { groups: files.flatMap((file: { groups: unknown[] }) => file.groups) }
  }
  return `# Written by npm run dashboards from docker/prometheus/rules.\n${stringify(rule, { lineWidth: 0 })}`
}
