// Makes JavaScript of TypeScript in dist/, but only when a source has changed since the last build. It checks no types:
// "npm run typecheck" and "npm test" do. "node build.js client" makes only the scripts and styles of the preview page:
// the server reads them from dist/ even when it runs from source. "node build.js types" writes the declarations of the
// package, for those who import it. The bundle is what "npm start" and the container run.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const DIST = 'dist'
const CLIENT = 'routes/preview/client'
const ASSETS = 'routes/preview/assets'
const BUNDLE = join(DIST, 'bundle')
/** What decides how sources are compiled. */
const SETTINGS = ['build.js', 'bundle.js', 'package.json', 'package-lock.json', 'tsconfig.json']

/** What the server is made of. */
const SERVER = ['app.ts', 'index.ts', 'server.ts', 'lib', 'plugins', 'routes']
const MODULES = [...SERVER, 'test']

/** In this order, because the scripts of the page import modules of lib/, which both write. */
const PROJECTS = [
  { name: 'client', sources: [CLIENT, ASSETS], out: join(DIST, CLIENT), make: compileClient },
  { name: 'modules', sources: MODULES, out: DIST, make: writeModules },
  { name: 'bundle', sources: SERVER, out: BUNDLE, make: bundleServer }
]

process.chdir(import.meta.dirname)
const only = process.argv[2]
try {
  if (only === 'types') await writeTypes('index.ts')
  else await build(PROJECTS.filter(({ name }) => only === undefined || only === name))
} catch (error) {
  if (!error.message.startsWith('Cannot find package')) throw error
  console.error(`A package that the build needs is not there (${error.message.split("'")[1]}): run "npm ci".`)
  process.exit(1)
}

async function build(projects) {
  // Hashed before the sources are read: a file that is saved meanwhile is part of the next build.
  const hashes = projects.map(({ sources }) => hashOf([...SETTINGS, ...sources]))
  if (projects.every((project, index) => readStamp(project) === hashes[index])) return
  // Modules of deleted sources must not stay, and a build that fails must not count.
  for (const project of projects) {
    rmSync(project.out, { recursive: true, force: true })
    rmSync(stampOf(project), { force: true })
  }
  for (const { make } of projects) await make()
  mkdirSync(DIST, { recursive: true })
  projects.forEach((project, index) => writeFileSync(stampOf(project), hashes[index]))
}

/**
 * Writes the modules of the server and its tests. Blanks take the place of types, so each line and column is that of
 * the source.
 */
async function writeModules() {
  const { default: ts } = await import('typescript')
  const { blankSourceFile } = await import('ts-blank-space')
  const sources = MODULES.filter(existsSync)
    .flatMap(filesIn)
    .filter((file) => /(?<!\.d)\.ts$/.test(file) && !file.startsWith(CLIENT))
  for (const file of sources) {
    const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest)
    let script = blankSourceFile(source, (node) => {
      const { line } = source.getLineAndCharacterOfPosition(node.pos)
      throw new Error(`${file}:${line + 1} has syntax that is not only types`)
    })
    for (const end of relativeImports(ts, source)) {
      const isBlank = script[end] === ' '
      if (!isBlank) script = `${script.slice(0, end - 2)}js${script.slice(end)}`
    }
    const written = join(DIST, file.replace(/ts$/, 'js'))
    mkdirSync(dirname(written), { recursive: true })
    writeFileSync(written, script)
  }
}

async function bundleServer() {
  const { bundle } = await import('./bundle.js')
  await bundle(BUNDLE)
}

/** Where the names of imported sources end, such as './app.ts'. */
function relativeImports(ts, source) {
  const ends = []
  const visit = (node) => {
    const isCall = ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword
    const name = isCall ? node.arguments[0] : node.moduleSpecifier
    const isSource = name !== undefined && ts.isStringLiteral(name) && /^\..*\.ts$/.test(name.text)
    if (isSource) ends.push(name.end - 1)
    ts.forEachChild(node, visit)
  }
  visit(source)
  return ends
}

async function compileClient() {
  const compiler = fileURLToPath(new URL('bin/tsc', import.meta.resolve('typescript/package.json')))
  const { status } = spawnSync(process.execPath, [compiler, '--project', CLIENT, '--noCheck'], {
    stdio: 'inherit'
  })
  if (status !== 0) process.exit(status ?? 1)
  await minify(join(DIST, CLIENT), '.js', { target: 'es2022' })
  await minify(ASSETS, '.css', { loader: 'css' })
}

/** Each script and style stays a file of its own, so that browsers load only what they use. */
async function minify(folder, extension, options) {
  const { transform } = await import('esbuild')
  for (const name of readdirSync(folder).filter((file) => file.endsWith(extension))) {
    const { code } = await transform(readFileSync(join(folder, name), 'utf8'), { minify: true, ...options })
    writeFileSync(join(DIST, CLIENT, name), code)
  }
}

/** Writes the declarations of a module, and of those that they name. `npm test` has checked the types before. */
async function writeTypes(entry) {
  const { default: ts } = await import('typescript')
  const { config } = ts.readConfigFile('tsconfig.json', (file) => readFileSync(file, 'utf8'))
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [] }, ts.sys, process.cwd())
  const emitted = { declaration: true, emitDeclarationOnly: true, noCheck: true }
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
