// Writes docker/grafana/dashboards/*.json, which Grafana reads, from the code in dashboards/; and the rules of
// Prometheus as a resource of Kubernetes.
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DASHBOARD_FOLDER, renderDashboards } from './dashboards/all.ts'
import { RULES_FILE, renderRules } from './kubernetes-rules.ts'

await mkdir(DASHBOARD_FOLDER, { recursive: true })
for (const [name, text] of Object.entries(renderDashboards())) {
  await writeFile(join(DASHBOARD_FOLDER, name), text)
}
await writeFile(RULES_FILE, await renderRules())
