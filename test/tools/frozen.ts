import { createHash } from 'node:crypto'
import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { BUILT_IN_DATABASES } from '../../lib/dress/databases.ts'
import { EDITION } from '../../lib/image/local/edition.ts'
import { composeScene } from '../../lib/image/local/scene.ts'
import { PACKAGE_ROOT } from '../../lib/package.ts'
import { addressOf, allSeries, dressOf } from '../lib/image/local/dresses.ts'

/** The only place of these hashes. `npm run freeze` writes it. */
export const FROZEN_FILE = join(PACKAGE_ROOT, 'test/frozen.json')

/** What stays the same within a major version, because existing pictures depend on it. */
export interface Frozen {
  /** The golden hash: of the SVG of forty dresses. */
  artist: { edition: number; svg: string }
  /** The hash of each file of the built-in databases. */
  databases: Record<string, string>
}

export async function readFrozen(): Promise<Frozen> {
  return JSON.parse(await readFile(FROZEN_FILE, 'utf8')) as Frozen
}

/** The golden hash of the built-in artist as it draws now. */
export function hashOfScenes(): string {
  const scenes = Array.from({ length: 40 }, (_, index) =>
    composeScene(dressOf(addressOf(index), allSeries[index % allSeries.length]!), 1024)
  )
  return sha256(scenes.join('\n'))
}

export async function hashesOfDatabases(): Promise<Record<string, string>> {
  const hashes: Record<string, string> = {}
  for (const name of (await readdir(BUILT_IN_DATABASES)).sort()) {
    hashes[name] = sha256(await readFile(join(BUILT_IN_DATABASES, name)))
  }
  return hashes
}

export async function currentState(): Promise<Frozen> {
  return { artist: { edition: EDITION, svg: hashOfScenes() }, databases: await hashesOfDatabases() }
}

/** Why nothing may be frozen anew; undefined if it may. `tags` are those of git. */
export function whyNot(version: string, tags: string[]): string | undefined {
  const [major] = version.split('.')
  const released = tags.find((tag) => tag.startsWith(`v${major}.`))
  if (released === undefined) return undefined
  return `${released} is released: its artist and its databases are frozen. Raise the major version first.`
}

function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex')
}
