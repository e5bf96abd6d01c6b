import t from 'tap'
import { buildApp, temporaryFolder } from '../helper.ts'
import { startServer } from './process.ts'

t.test('the server that users start has the routes of the modules, below the same prefixes', async (t) => {
  const { app } = await buildApp(t)
  const { paths } = (await app.inject('/openapi.json')).json<{ paths: Record<string, unknown> }>()
  const dataDir = await temporaryFolder(t)
  const server = startServer(t, { args: ['--port', '0', '--data-dir', dataDir] })
  const answer = await fetch(`${await server.listening()}/openapi.json`)
  const bundled = (await answer.json()) as { paths: Record<string, unknown> }
  t.ok(Object.keys(paths).length > 20)
  t.same(Object.keys(bundled.paths).sort(), Object.keys(paths).sort())
})
