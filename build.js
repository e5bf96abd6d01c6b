// Compiles TypeScript to dist/, but only when a source has changed since the last build. "node build.js client"
// compiles only the scripts of the preview page: the server reads them from dist/ even when it runs from source.
// "node build.js types" writes the declarations of the package, for those who import it.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const DIST = 'dist'
const CLIENT = 'routes/preview/client'
/** What decides how sources are compiled. */
const SETTINGS = ['build.js', 'package.json', 'package-lock.json', 'tsconfig.json']

/** In the order in which they are compiled: the server's code may import modules of the page. */
const PROJECTS = [
  {
    name: 'server',
    config: 'tsconfig.json',
    sources: [...SETTINGS, 'app.ts', 'index.ts', 'server.ts', 'lib', 'plugins', 'routes', 'test'],
    out: DIST
  },
  { name: 'client', config: CLIENT, sources: [...SETTINGS, CLIENT], out: join(DIST, CLIENT) }
]

process.chdir(import.meta.dirname)
const only = process.argv[2]
if (only === 'types') await writeTypes('index.ts')
else build(PROJECTS.filter(({ name }) => only === undefined || only === name))

function build(projects) {
  // Hashed before the compiler reads the sources: a file that is saved meanwhile is compiled by the next build.
  const hashes = projects.map(({ sources }) => hashOf(sources))
  if (projects.every((project, index) => readStamp(project) === hashes[index])) return
  // Modules of deleted sources must not stay, and a build that fails must not count.
  for (const project of projects) {
    rmSync(project.out, { recursive: true, force: true })
    rmSync(stampOf(project), { force: true })
  }
  for (const { config } of projects) compile(config)
  mkdirSync(DIST, { recursive: true })
  projects.forEach((project, index) => writeFileSync(stampOf(project), hashes[index]))
}

function compile(config) {
  const compiler = fileURLToPath(new URL('bin/tsc', import.meta.resolve('typescript/package.json')))
  const { status } = spawnSync(process.execPath, [compiler, '--project', config], { stdio: 'inherit' })
  if (status !== 0) process.exit(status ?? 1)
}

/** Writes the declarations of a module, and of those that they name. `npm test` has checked the types before. */
async function writeTypes(entry) {
  const { default: ts } = await import('typescript')
  const { config } = ts.readConfigFile('tsconfig.json', (file) => readFileSync(file, 'utf8'))
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [] }, ts.sys, process.cwd())
  const emitted = { declaration: true, emitDeclarationOnly: true, noCheck: true, sourceMap: false }
  const program = ts.createProgram([entry], { ...options, ...emitted })
  const sources = new Set([entry])
  for (const source of sources) {
    program.emit(program.getSourceFile(source), (file, text) => {
      // The compiler leaves the extensions of sources in declarations.
      const written = text.replace(
        /(from |import\()(["'])(\.{1,2}\/[^"']+)\.ts\2/g,
        (_, before, quote, path) => {
          sources.add(join(dirname(source), `${path}.ts`))
          return `${before}${quote}${path}.js${quote}`
        }
      )
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, written)
    })
  }
}

/** A hash of the names and contents of all files that the compiler may read. */
function hashOf(paths) {
  const hash = createHash('sha256')
  for (const file of paths.filter(existsSync).flatMap(filesIn)) {
    const bytes = readFileSync(file)
    hash.update(`${file}\0${bytes.length}\0`).update(bytes)
  }
  return hash.digest('hex')
}

function filesIn(path) {
  if (statSync(path).isFile()) return [path]
  return readdirSync(path, { recursive: true })
    .filter((name) => /(\.ts|tsconfig\.json)$/.test(name))
    .sort()
    .map((name) => join(path, name))
}

function stampOf({ name }) {
  return join(DIST, `.${name}-sources`)
}

function readStamp(project) {
  const file = stampOf(project)
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined
}
