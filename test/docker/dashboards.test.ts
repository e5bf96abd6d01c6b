import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { DASHBOARD_FOLDER, renderDashboards } from '../tools/dashboards/all.ts'
import { dashboards, panels } from './monitoring.ts'

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
