import { readdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import t from 'tap'
import { PACKAGE_ROOT } from '../lib/package.ts'
import { buildApp } from './helper.ts'

t.test('printPlugins names every plugin of the routes', async (t) => {
  const { app } = await buildApp(t)
  const printed = app.printPlugins()
  const files = await readdir(join(PACKAGE_ROOT, 'routes'), { recursive: true })
  const folders = files.filter((file) => /(^|\/)index\.ts$/.test(file)).map(dirname)
  t.ok(folders.length > 8, 'the folders are found')
  for (const folder of folders) t.match(printed, new RegExp(`[─ ]routes/${folder} `), folder)
})

t.test('printPlugins names the plugins of all three folders', async (t) => {
  const { app } = await buildApp(t)
  const printed = app.printPlugins()
  for (const name of ['sensible', 'request-log', 'generation']) t.match(printed, ` ${name} `)
})
