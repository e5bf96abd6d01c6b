import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import { PACKAGE_ROOT } from '../../lib/package.ts'

/** Style, icon and fonts as they are, and the scripts as they are built. */
const FOLDERS = [join(PACKAGE_ROOT, 'routes/preview/assets'), join(PACKAGE_ROOT, 'dist/routes/preview/client')]

const MEDIA_TYPE: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.woff2': 'font/woff2'
}

export const ASSET_TYPES = Object.values(MEDIA_TYPE).map((type) => type.split(';', 1)[0]!)

export interface Asset {
  type: string
  /** The bytes by the content coding they are in; a font, which is compressed already, only as it is. */
  bytes: Partial<Record<'br' | 'gzip', Buffer>> & { identity: Buffer }
}

export type Assets = Awaited<ReturnType<typeof loadAssets>>

/**
 * What the page loads beside pictures, in memory and compressed once. The hash over all of it is part of every URL: the files may be
 * kept for ever, and the modules, which import each other by name, are always of one version.
 */
export async function loadAssets () {
  const assets = new Map<string, Asset>()
  const hash = createHash('sha256')
  for (const folder of FOLDERS) {
    for (const name of (await readdir(folder)).sort()) {
      const type = MEDIA_TYPE[extname(name)]
      if (type === undefined) continue
      const bytes = await readFile(join(folder, name))
      hash.update(`${name}\0${bytes.length}\0`).update(bytes)
      assets.set(name, { type, bytes: await compress(bytes, type) })
    }
  }
  const version = hash.digest('base64url').slice(0, 12)
  return {
    version,
    get: (name: string) => assets.get(name),
    /** The URL of an asset, from the root of the server. */
    url: (name: string) => `/preview/assets/${version}/${name}`
  }
}

async function compress (bytes: Buffer, type: string): Promise<Asset['bytes']> {
  if (type === MEDIA_TYPE['.woff2']) return { identity: bytes }
  const params = { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length }
  const [br, gzipped] = await Promise.all([promisify(brotliCompress)(bytes, { params }), promisify(gzip)(bytes)])
  return { identity: bytes, br, gzip: gzipped }
}
