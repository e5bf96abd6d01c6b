import { FOLDERS } from './storage/layout.ts'

/** How a proxy in front of the server learns which file it sends. */
export interface HandOver {
  /** nginx and Caddy take the first one, Apache and lighttpd the second one. */
  header: 'X-Accel-Redirect' | 'X-Sendfile'
  /** The data folder as the proxy names it, with a slash at its end: a path of its URLs, or of its disk. */
  folder: string
}

/** Folders with images that the server sends to everybody. */
const SERVED = [FOLDERS.output, FOLDERS.cache].map((folder) => `${folder}/`)
const IMAGE = /\.(?:png|webp|avif|jpeg)$/i

/**
 * The value of the header for a file. All proxies decode `%` in it.
 * @param path relative to the data folder
 * @returns undefined for a file that no proxy may send
 */
export function handOverValue({ folder }: HandOver, path: string): string | undefined {
  const parts = path.split('/')
  const isPlain = parts.every((part) => part !== '' && !part.startsWith('.'))
  if (!isPlain || !IMAGE.test(path) || !SERVED.some((served) => path.startsWith(served))) return undefined
  return `${folder}${path}`.split('/').map(encodeURIComponent).join('/')
}
