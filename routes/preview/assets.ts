import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance } from 'fastify'
import { PACKAGE_ROOT } from '../../lib/package.ts'

/** Style, icon and fonts as they are, and the scripts as they are built. */
const FOLDERS = [
  join(PACKAGE_ROOT, 'routes/preview/assets'),
  join(PACKAGE_ROOT, 'dist/routes/preview/client')
]
const PREFIX = '/preview/assets/'
const SOURCE_MAP = '.map'

export interface Assets {
  /** The URL of an asset, from the root of the server. */
  url: (name: string) => string
}

/**
 * Serves what the page loads beside pictures. The hash over all of it is part of every URL: the files may be kept for ever, and the
 * modules, which import each other by name, are always of one version. Without the hash each is served too, to be asked for anew.
 */
export async function serveAssets(fastify: FastifyInstance): Promise<Assets> {
  const versioned = `${PREFIX}${await hashOf(FOLDERS)}/`
  const files = {
    root: FOLDERS,
    index: false as const,
    dotfiles: 'deny' as const,
    allowedPath: (path: string) => extname(path) !== SOURCE_MAP,
    decorateReply: false
  }
  await fastify.register(fastifyStatic, {
    ...files,
    prefix: versioned.slice('/preview'.length),
    immutable: true,
    maxAge: '1y'
  })
  await fastify.register(fastifyStatic, {
    ...files,
    prefix: PREFIX.slice('/preview'.length),
    cacheControl: false,
    setHeaders: (reply) => {
      reply.header('Cache-Control', 'no-cache')
    }
  })
  return { url: (name) => versioned + name }
}

/** A short hash of what the folders hold. */
async function hashOf(folders: string[]): Promise<string> {
  const hash = createHash('sha256')
  for (const folder of folders) {
    for (const name of (await readdir(folder)).sort()) {
      if (extname(name) === SOURCE_MAP) continue
      const bytes = await readFile(join(folder, name))
      hash.update(`${name}\0${bytes.length}\0`).update(bytes)
    }
  }
  return hash.digest('base64url').slice(0, 12)
}
