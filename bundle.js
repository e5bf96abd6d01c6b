// Joins the modules of the server and of most packages into few files, dist/bundle/. To find and to load more than a
// thousand modules takes Node half of the time to start.
import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { build } from 'esbuild'

/** A name that no module has. */
const REQUIRE = 'createRequireOfBundle'

/** Packages that stay out: native code, what starts threads from files of its own, and what few servers load. */
const EXTERNAL = [
  'sharp',
  'fs-native-extensions',
  'pino',
  'pino-pretty',
  'openai',
  'pg',
  'bullmq',
  '@fastify/otel',
  '@fastify/swagger',
  '@fastify/swagger-ui',
  '@opentelemetry/api',
  '@opentelemetry/exporter-trace-otlp-http',
  '@opentelemetry/resources',
  '@opentelemetry/sdk-trace-node'
]

/** Packages in the bundle or out of it that the server loads or reads by their names, when it first needs them. */
export const LOADED_BY_NAME = [
  '@expo-google-fonts/jost',
  '@fastify/ajv-compiler',
  '@fastify/fast-json-stringify-compiler',
  '@fastify/swagger-ui',
  '@noble/hashes',
  'culori',
  'fontkit',
  'sharp'
]

/** What must be installed beside the bundle. */
export const LOADED = [...new Set([...EXTERNAL, ...LOADED_BY_NAME])]

/**
 * Takes the place of @fastify/autoload, which reads folders: a bundle has none. `FOUND` is what the folders hold.
 * Plugins are registered after those that they depend on, and routes below the name of their folder.
 */
const AUTOLOAD = `
import { relative } from 'node:path'

const META = Symbol.for('plugin-meta')

function inOrder(plugins) {
  const byName = new Map(plugins.map((plugin) => [plugin.module.default[META]?.name, plugin]))
  const ordered = new Set()
  const add = (plugin) => {
    for (const name of plugin.module.default[META]?.dependencies ?? []) if (byName.has(name)) add(byName.get(name))
    ordered.add(plugin)
  }
  plugins.forEach(add)
  return ordered
}

export default async function autoload(fastify, { dir, options }) {
  const folder = relative(import.meta.dirname, dir)
  for (const { module, prefix } of inOrder(FOUND.filter((plugin) => plugin.folder === folder))) {
    fastify.register(module.default, { ...options, ...(prefix && { prefix: module.autoPrefix ?? prefix }) })
  }
}
autoload[Symbol.for('skip-override')] = true
`

/**
 * An older Node would end with a SyntaxError, so this file has nothing that one cannot read. From 22 on, Node keeps
 * what V8 has compiled: the next start takes a sixth less of the CPU.
 */
const ENTRY = `import module from 'module'
const [major, minor] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 15)) {
  const given = process.versions.node
  process.stderr.write('dalleserver needs Node.js 20.15 or later, and this is ' + given + '.\\n')
  process.exit(2)
}
if (module.enableCompileCache) module.enableCompileCache(import.meta.dirname + '/compiled')
import('./main.js')
`

/** Writes the bundle of server.ts in this folder. */
export async function bundle(outdir) {
  await build({
    entryPoints: [
      { in: 'server.ts', out: 'main' },
      // Threads begin with a file of their own, beside the file that starts them.
      { in: 'lib/engine/embedded/pictures/reading-thread.ts', out: 'reading-thread' }
    ],
    outdir,
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    sourcemap: true,
    sourcesContent: false,
    target: 'node20',
    external: EXTERNAL,
    // Packages in CommonJS call it for modules of Node.
    banner: {
      js: `import { createRequire as ${REQUIRE} } from 'node:module'; const require = ${REQUIRE}(import.meta.url)`
    },
    plugins: [{ name: 'autoload', setup: replaceAutoload }],
    logLevel: 'warning'
  })
  writeFileSync(join(outdir, 'server.js'), ENTRY)
}

function replaceAutoload({ onResolve, onLoad }) {
  onResolve({ filter: /^@fastify\/autoload$/ }, () => ({ path: 'autoload', namespace: 'bundle' }))
  onLoad({ filter: /^/, namespace: 'bundle' }, () => {
    const folders = ['plugins/external', 'plugins/http', 'plugins/app']
    const found = [...folders.flatMap(pluginsIn), ...routesIn('routes')]
    const imports = found.map(({ file }, index) => `import * as module${index} from './${file}'`)
    const list = found.map(
      ({ folder, prefix }, index) => `{ ...${JSON.stringify({ folder, prefix })}, module: module${index} }`
    )
    const contents = `${imports.join('\n')}\nconst FOUND = [${list.join(', ')}]\n${AUTOLOAD}`
    return { contents, resolveDir: import.meta.dirname }
  })
}

function pluginsIn(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .map((entry) => join(folder, entry.isDirectory() ? `${entry.name}/index.ts` : entry.name))
    .filter(existsSync)
    .map((file) => ({ folder, file }))
}

function routesIn(folder) {
  return readdirSync(folder, { recursive: true })
    .filter((name) => /(^|\/)index\.ts$/.test(name) && !name.startsWith('preview/client/'))
    .map((name) => ({ folder, file: join(folder, name), prefix: `/${dirname(name)}` }))
}
