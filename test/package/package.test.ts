import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import t from 'tap'
import { PACKAGE_ROOT } from '../../lib/package.ts'
import { ADDRESS, bodyOf, pollUntilDone, temporaryFolder } from '../helper.ts'
import { killGroup } from '../server/process.ts'

const MAX_BYTES = 5_000_000
const LISTENS = /listens at (http:\/\/[\w.:]+)/

const run = async (program: string, args: string[], cwd: string, env: Record<string, string> = {}) =>
  await promisify(execFile)(program, args, { cwd, env: { ...process.env, ...env } }).catch(
    ({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }) => ({ code, stdout, stderr })
  )

const folder = await temporaryFolder(t)
const packed = await run('npm', ['pack', '--json', '--pack-destination', folder], PACKAGE_ROOT)
const [archive] = JSON.parse(packed.stdout.slice(packed.stdout.indexOf('[\n'))) as [
  { filename: string; size: number; files: Array<{ path: string }> }
]
await writeFile(join(folder, 'package.json'), '{ "type": "module", "private": true }')
const INSTALL = ['install', '--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts']
const installed = await run('npm', [...INSTALL, `./${archive.filename}`], folder)

t.test('the package has what it needs, and nothing of the tests', async (t) => {
  t.ok(archive.size < MAX_BYTES, `${archive.size} bytes`)
  const paths = archive.files.map(({ path }) => path)
  for (const path of [
    'README.md',
    'LICENSE',
    'dist/index.js',
    'dist/index.d.ts',
    'dist/server.js',
    'dist/routes/preview/client/gallery.js',
    'lib/dress/databases/nouns.csv',
    'lib/dress/series/birds.json',
    'lib/image/local/drawings/tools/hammer.svg',
    'routes/preview/assets/base.css'
  ]) {
    t.ok(paths.includes(path), path)
  }
  t.same(
    paths.filter((path) => /(?:^|\/)test\/|\.map$|(?<!\.d)\.ts$|contact-sheet|(?:^|\/)\./.test(path)),
    [],
    'no tests, sources, source maps and hidden files'
  )
})

t.test('npx dalleserver serves, and makes a picture', async (t) => {
  t.notOk('code' in installed, installed.stderr)
  const env = { PATH: process.env.PATH!, HOME: folder, npm_config_offline: 'true' }
  const server = spawn('npx', ['dalleserver', '--port', '0'], { cwd: folder, env, detached: true })
  // npx is the parent of a shell, which is the parent of the server.
  t.teardown(() => killGroup(server.pid!))
  let out = ''
  server.stderr.on('data', (chunk: Buffer) => (out += chunk.toString()))
  server.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()))
  const ended = once(server, 'close')
  while (!LISTENS.test(out)) {
    if (server.exitCode !== null) throw new Error(`The server has ended: ${out}`)
    await Promise.race([once(server.stdout, 'data'), ended])
  }
  const url = LISTENS.exec(out)![1]!

  const picture = `${url}/dalle/birds/${ADDRESS}`
  t.match(await pollUntilDone(`${picture}?generate=1`), { error: '', provider: 'local' })
  const png = await bodyOf(await fetch(picture))
  t.equal(png.toString('latin1', 1, 4), 'PNG')
  const file = join(folder, '.local/share/trueblocks/dalle/output/birds/annotated', `${ADDRESS}.png`)
  t.ok(png.equals(await readFile(file)), 'the default data folder has it')
  const page = await (await fetch(`${url}/preview`)).text()
  const script = /src="([^"]*\/gallery\.js)"/.exec(page)![1]!
  t.equal((await fetch(url + script)).status, 200, 'the scripts of the page are there')
  process.kill(-server.pid!, 'SIGTERM')
  await ended
  t.match(out, /stopping/)
})

t.test('its commands print a dress and draw a sheet', async (t) => {
  const dalleserver = join(folder, 'node_modules/.bin/dalleserver')
  const dataDir = await temporaryFolder(t)
  const command = async (...args: string[]) =>
    await run(dalleserver, args, dataDir, { TB_DALLE_DATA_DIR: dataDir })
  t.match(await command('dress', 'birds', ADDRESS), {
    stdout: new RegExp(`^${ADDRESS} in birds: `),
    stderr: ''
  })
  t.match(await command('sheet', 'noir', '2'), { stdout: 'contact-sheet-noir.png\n', stderr: '' })
  t.equal((await readFile(join(dataDir, 'contact-sheet-noir.png'))).toString('latin1', 1, 4), 'PNG')
  t.match(await command('drss'), { code: 2, stderr: /^"drss" is not expected: the commands are .*\.\n$/ })
})

t.test('an application in TypeScript imports it, and strict checks pass', async (t) => {
  const source = `import Fastify from 'fastify'
import dalleserver from 'dalleserver'
import type { Artist, DalleserverOptions, OwnProvider } from 'dalleserver'

declare module 'fastify' {
  interface FastifyInstance { config: string; metrics: number }
  interface FastifyReply { outcome: boolean }
}
const artist: Artist = {
  provider: 'local',
  compose: (dress) => ({
    draw: async () => ({ downloadMode: 'local', download: async () => Buffer.from(dress.original) })
  })
}
const provider: OwnProvider = {
  name: 'mine',
  draw: async (prompt, { orientation, signal }) => {
    signal.throwIfAborted()
    return { bytes: new Uint8Array(), usd: orientation === 'square' ? prompt.length : 0 }
  }
}
const settings = { concurrency: 2, lockTtl: '5m', open: false, apiTokens: ['a'] }
const options: DalleserverOptions = { dataDir: 'a', ...settings, artist }
const app = Fastify()
app.register(dalleserver, { prefix: '/art', ...options })
app.register(dalleserver, { prefix: '/paid', dataDir: 'b', provider, openaiApiKeyFile: 'c', dailyBudgetUsd: 2 })
// @ts-expect-error dataDir is missing
app.register(dalleserver, { prefix: '/art' })
// @ts-expect-error a wrong value
app.register(dalleserver, { dataDir: 'a', concurrency: [] })
// @ts-expect-error the application decides the port
app.register(dalleserver, { dataDir: 'a', port: 1 })
app.get('/', async () => app.config)
`
  await writeFile(join(folder, 'app.ts'), source)
  const modules = join(folder, 'node_modules')
  // Fastify's own types need those of Node, which the application brings.
  await mkdir(join(modules, '@types'), { recursive: true })
  const types = join(PACKAGE_ROOT, 'node_modules/@types')
  const options = {
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: false,
    module: 'NodeNext',
    target: 'ES2023',
    noEmit: true,
    types: ['node'],
    typeRoots: [types]
  }
  await writeFile(
    join(folder, 'tsconfig.json'),
    JSON.stringify({ compilerOptions: options, files: ['app.ts'] })
  )
  const compiler = join(PACKAGE_ROOT, 'node_modules/typescript/bin/tsc')
  const checked = await run(process.execPath, [compiler, '-p', '.'], folder)
  t.equal(checked.stdout, '')
})

t.test('an application in JavaScript imports it beside other routes', async (t) => {
  const script = `import Fastify from 'fastify'
import dalleserver from 'dalleserver'
const app = Fastify()
app.get('/', async () => 'the application')
app.register(dalleserver, { prefix: '/art', dataDir: './art' })
const answers = []
for (const url of ['/', '/art/series', '/art/preview', '/series']) {
  answers.push((await app.inject(url)).statusCode)
}
await app.close()
console.log(answers.join(' '))
`
  await writeFile(join(folder, 'app.mjs'), script)
  t.match(await run(process.execPath, ['app.mjs'], folder), { stdout: '200 200 200 404\n', stderr: '' })
})
