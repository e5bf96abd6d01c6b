// Removes from node_modules what the image does not need. Packages that the bundle loads from there stay. Of those
// that it holds, package.json and licences stay. It is run in the root of the repository, after the build.
import { existsSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { basename, join, relative, sep } from 'node:path'
import { LOADED } from '../bundle.js'

/** Files of a package that the server never reads: sources, declarations and manuals. Licences and notices are none. */
const UNREAD = /\.(?:map|ts|mts|cts|md|markdown|flow)$/
const LICENCE = /licen[cs]e|notice|copying/i
/** Folders at the top of a package that hold no code of the product. */
const UNUSED_FOLDERS = ['.github', 'benchmark', 'benchmarks', 'docs', 'example', 'examples', 'test', 'tests']
/** Forms of a package for browsers and bundlers, and other files that the server does not use. */
const UNUSED_FILES = [
  ['bullmq', /^dist\/esm\//],
  ['fontkit', /^dist\/browser/],
  ['luxon', /^(?:src\/|build\/(?:amd|cjs-browser|es6|global)\/)/],
  ['openai', /^src\//],
  ['@expo-google-fonts/jost', /\.png$|(?<!\/Jost_500Medium)\.ttf$/],
  ['@fastify/swagger-ui', /^static\/(?!swagger-ui\.css$|swagger-ui-bundle\.js$|.*licen)/i],
  ['@opentelemetry/', /^build\/esm(?:next)?\//],
  ['fs-native-extensions', new RegExp(`^prebuilds/(?!linux-${process.arch}/)`)]
]

const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8'))
const kept = withDependencies(LOADED)
const folders = Object.keys(packages).filter((folder) => folder !== '' && existsSync(folder))
// A package may lie in another one: the inner ones first, so that an outer one is removed with what is left of them.
for (const folder of folders.sort((a, b) => b.length - a.length)) {
  if (packages[folder].dev === true) rmSync(folder, { recursive: true })
  else for (const file of filesOf(folder)) if (!isNeeded(folder, file)) rmSync(join(folder, file))
}
rmSync('node_modules/.bin', { recursive: true, force: true })
rmSync('node_modules/.package-lock.json', { force: true })

/** The folders of these packages and of all that they need, as Node finds them. */
function withDependencies(names) {
  const found = new Set()
  const add = (name, from) => {
    const folder = resolve(name, from)
    if (folder === undefined || found.has(folder)) return
    found.add(folder)
    const { dependencies, optionalDependencies, peerDependencies, peerDependenciesMeta } = packages[folder]
    for (const needed of Object.keys({ ...dependencies, ...optionalDependencies })) add(needed, folder)
    for (const needed of Object.keys(peerDependencies ?? {})) {
      if (peerDependenciesMeta?.[needed]?.optional !== true) add(needed, folder)
    }
  }
  for (const name of names) {
    if (resolve(name, '') === undefined) throw new Error(`package-lock.json does not have ${name}`)
    add(name, '')
  }
  return found
}

/** The folder of a package that code in another folder gets by its name; undefined if it is not installed. */
function resolve(name, from) {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('node_modules') - 1))) {
    const candidate = folder === '' ? `node_modules/${name}` : `${folder}/node_modules/${name}`
    if (packages[candidate] !== undefined && existsSync(candidate)) return candidate
    if (folder === '') return undefined
  }
}

function isNeeded(folder, file) {
  const name = basename(file)
  if (file === 'package.json' || LICENCE.test(name)) return true
  if (!kept.has(folder)) return false
  // The licences of the libraries in libvips stand in this file.
  if (folder.includes('@img/') && name === 'README.md') return true
  if (UNREAD.test(name) || UNUSED_FOLDERS.includes(file.split('/')[0])) return false
  const own = folder.slice(folder.lastIndexOf('node_modules/') + 'node_modules/'.length)
  return !UNUSED_FILES.some(([of, files]) => own.startsWith(of) && files.test(file))
}

/** The files of a package, without those of packages in it. */
function filesOf(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((file) => !file.startsWith('node_modules/'))
}
