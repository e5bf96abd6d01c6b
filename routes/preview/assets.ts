import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance } from 'fastify'
import { PACKAGE_ROOT } from '../../lib/package.ts'

/**
 * The built scripts and styles, and the icon and the fonts. Their names are URLs below the prefix. A file of the first
 * folder goes before one with the same name.
 */
const FOLDERS = [
  join(PACKAGE_ROOT, 'dist/routes/preview/client'),
  join(PACKAGE_ROOT, 'routes/preview/assets')
]

interface Modules {
  folder: string
  /** The URL of the folder, below the prefix. */
  path: string
  files: string[]
}

/** Modules outside those folders that the scripts import. No other file of these folders is served. */
const MODULES: Modules[] = [
  {
    folder: join(PACKAGE_ROOT, 'dist/lib'),
    path: 'lib/',
    files: ['eip55.js', 'typed-address.js', 'dress/row-filter.js']
  },
  {
    folder: dirname(fileURLToPath(import.meta.resolve('@noble/hashes/sha3.js'))),
    path: 'hashes/',
    files: ['_u64.js', 'sha3.js', 'utils.js']
  }
]

const PREFIX = '/preview/assets/'

export interface Assets {
  /** The URL of an asset, from the root of the server. */
  url: (name: string) => string
  /** `fastify.basePath`, with which all links of the pages begin. */
  base: string
}

/**
 * Serves the files that the page loads. Each URL holds a hash over all files, so a browser may keep the files for
 * ever, and modules that import each other always have the same version. The URLs without the hash serve the same
 * files and must be revalidated.
 */
export async function serveAssets(fastify: FastifyInstance): Promise<Assets> {
  const versioned = `${PREFIX}${await hashOfAssets()}/`
  // Of a file that never changes, nobody asks whether it has changed.
  await serveFiles(fastify, versioned, {
    immutable: true,
    maxAge: '1y',
    lastModified: false,
    acceptRanges: false
  })
  await serveFiles(fastify, PREFIX, {
    cacheControl: false,
    setHeaders: (reply) => {
      reply.header('Cache-Control', 'no-cache')
    }
  })
  const base = fastify.basePath
  return { url: (name) => base + versioned + name, base }
}

async function serveFiles(
  fastify: FastifyInstance,
  prefix: string,
  caching: Partial<fastifyStatic.FastifyStaticOptions>
): Promise<void> {
  const options = { index: false as const, dotfiles: 'deny' as const, decorateReply: false, ...caching }
  const path = prefix.slice('/preview'.length)
  for (const { folder, path: subpath, files } of MODULES) {
    await fastify.register(fastifyStatic, {
      ...options,
      root: folder,
      prefix: path + subpath,
      allowedPath: (name) => files.includes(name.replace(/^\//, ''))
    })
  }
  await fastify.register(fastifyStatic, { ...options, root: FOLDERS, prefix: path })
}

/** A short hash over the names and contents of all served files. */
async function hashOfAssets(): Promise<string> {
  const hash = createHash('sha256')
  for (const file of await servedFiles()) {
    const bytes = await readFile(file)
    hash.update(`${basename(file)}\0${bytes.length}\0`).update(bytes)
  }
  return hash.digest('base64url').slice(0, 12)
}

async function servedFiles(): Promise<string[]> {
  const files = MODULES.flatMap((modules) => modules.files.map((name) => join(modules.folder, name)))
  for (const folder of FOLDERS) {
    const names = (await readdir(folder)).sort()
    files.push(...names.map((name) => join(folder, name)))
  }
  return files
}
