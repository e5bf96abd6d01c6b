import { spawnSync } from 'node:child_process'
import { readFile, readdir } from 'node:fs/promises'
import { isBuiltin } from 'node:module'
import { join } from 'node:path'
import t from 'tap'
import { PACKAGE_ROOT } from '../../lib/package.ts'
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

t.test('an old Node ends with one sentence, and not for a restart', async (t) => {
  const start = (version: string) => {
    const versions = `{ ...process.versions, node: '${version}' }`
    const code = `Object.defineProperty(process, 'versions', { value: ${versions} })`
    const script = join(PACKAGE_ROOT, 'dist/bundle/server.js')
    const args = ['--import', `data:text/javascript,${encodeURIComponent(code)}`, script, '--version']
    const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' })
    return { status, stderr }
  }
  for (const version of ['18.20.4', '20.14.0']) {
    t.same(start(version), {
      status: 2,
      stderr: `dalleserver needs Node.js 20.15 or later, and this is ${version}.\n`
    })
  }
  for (const version of ['20.15.0', '24.1.0']) t.same(start(version), { status: 0, stderr: '' })
  const unit = await readFile(join(PACKAGE_ROOT, 'docker/systemd/dalleserver.service'), 'utf8')
  t.match(unit, /^RestartPreventExitStatus=2$/m)
})

t.test('the image keeps each package that the bundle loads by its name', async (t) => {
  const { LOADED, LOADED_BY_NAME } = (await import(join(PACKAGE_ROOT, 'bundle.js'))) as Record<
    string,
    string[]
  >
  const named = new Set<string>()
  for (const folder of ['lib', 'plugins', 'routes']) {
    for (const file of await readdir(join(PACKAGE_ROOT, folder), { recursive: true })) {
      if (!file.endsWith('.ts')) continue
      const source = await readFile(join(PACKAGE_ROOT, folder, file), 'utf8')
      const calls = source.matchAll(
        /(?:import\.meta\.resolve|loadLater(?:<.+>)?|lazily)\('((?:@[^/']+\/)?[^/']+)/g
      )
      for (const [, name] of calls) named.add(name!)
    }
  }
  t.same([...named].sort(), LOADED_BY_NAME)

  // esbuild leaves imports of such packages in the bundle.
  const imported = new Set<string>()
  for (const file of await readdir(join(PACKAGE_ROOT, 'dist/bundle'))) {
    if (!file.endsWith('.js')) continue
    const code = await readFile(join(PACKAGE_ROOT, 'dist/bundle', file), 'utf8')
    const imports = code.matchAll(/^(?:import|} from) .*?"((?:@[^/"]+\/)?[^./"][^/"]*)[^"]*";$/gm)
    for (const [, name] of imports) imported.add(name!)
  }
  const outside = [...imported].filter((name) => !isBuiltin(name))
  t.ok(outside.includes('pg'))
  t.same(
    outside.filter((name) => !LOADED!.includes(name)),
    []
  )
})
