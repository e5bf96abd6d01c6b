import { join } from 'node:path'
import { PACKAGE_ROOT } from '../../../lib/package.ts'
import { overview } from './overview.ts'
import { provider } from './provider.ts'
import { runtime } from './runtime.ts'

/** Where Grafana's provisioning reads them. */
export const DASHBOARD_FOLDER = join(PACKAGE_ROOT, 'docker/grafana/dashboards')

/** Every dashboard by the name of its file, as JSON. */
export function renderDashboards(): Record<string, string> {
  const text = (dashboard: object) => `${JSON.stringify(dashboard, null, 2)}\n`
  return {
    'overview.json': text(overview()),
    'provider.json': text(provider()),
    'runtime.json': text(runtime())
  }
}
