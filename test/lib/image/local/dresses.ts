// The dresses that the tests of the built-in artist share.
import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import { ATTRIBUTES, BUILT_IN_DATABASES, loadDatabases } from '../../../../lib/dress/databases.ts'
import type { AttributeName } from '../../../../lib/dress/databases.ts'
import { prepareDress } from '../../../../lib/dress/dress.ts'
import { paletteOf } from '../../../../lib/image/local/palette.ts'
import { createPen } from '../../../../lib/image/local/pen.ts'
import type { Pen } from '../../../../lib/image/local/pen.ts'
import { composeScene } from '../../../../lib/image/local/scene.ts'
import type { Surface } from '../../../../lib/image/local/surface.ts'
import { traitsOf } from '../../../../lib/image/local/traits.ts'
import type { Traits } from '../../../../lib/image/local/traits.ts'
import { PACKAGE_ROOT } from '../../../../lib/package.ts'
import type { DalleDress } from '../../../../lib/schemas/dress.ts'
import type { Series } from '../../../../lib/schemas/series.ts'

export const ADDRESS = '0xf503017d7baf7fbc0fff7492b751025c6a78179b'

export const databases = await loadDatabases(BUILT_IN_DATABASES)
const seriesFolder = join(PACKAGE_ROOT, 'lib/dress/series')
export const allSeries = await Promise.all(
  (await readdir(seriesFolder))
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map(async (name) => JSON.parse(await readFile(join(seriesFolder, name), 'utf8')) as Series)
)

export const sha256 = (data: string | Buffer) => createHash('sha256').update(data).digest('hex')
export const addressOf = (index: number) => `0x${sha256(`address ${index}`).slice(0, 40)}`
const dresses = new Map<string, DalleDress>()

/** The dress of an address, prepared once for all tests of a file. */
export function dressOf(address: string, series: Series = { suffix: 'empty' }): DalleDress {
  const key = `${series.suffix}/${address}`
  const dress = dresses.get(key) ?? prepareDress(databases, series, address).dress
  dresses.set(key, dress)
  return dress
}

/** A pen without light and outlines, in the colours of one dress. */
export function flatPen(surface: Surface): Pen {
  return createPen(paletteOf(traitsOf(dressOf(ADDRESS))), { shading: 'flat' }, { dx: 26, dy: -20 }, surface)
}

/** A series whose filters leave no row of any attribute. */
export const NAKED: Series = {
  suffix: 'naked',
  ...Object.fromEntries(Object.keys(databases.rows).map((database) => [database, ['no row has this']]))
}

/** The dress of an address with other rows for some attributes. */
export function wearing(rows: Partial<Record<AttributeName, string>>, address = ADDRESS): DalleDress {
  const dress = dressOf(address)
  return {
    ...dress,
    attributes: dress.attributes.map((attribute) => ({
      ...attribute,
      value: rows[attribute.name as AttributeName] ?? attribute.value
    }))
  }
}

export const traitsWith = (rows: Partial<Record<AttributeName, string>>): Traits => traitsOf(wearing(rows))

/** The trait of each row of an attribute's database. */
export const rowsOf = (name: AttributeName) =>
  databases.rows[ATTRIBUTES.find((attribute) => attribute.name === name)!.database].map(
    (row) => traitsWith({ [name]: row })[name]
  )

/** One emotion of each group, by the name of the group. */
export const FEELINGS: ReadonlyMap<string, string> = new Map(
  databases.rows.emotions.map((row) => [row.split(',')[1]!, row])
)

/** The pixels of a dress's picture, three bytes each. @param side in pixels */
export async function pixelsOf(dress: DalleDress, side: number): Promise<Buffer> {
  return await sharp(Buffer.from(composeScene(dress, side)))
    .removeAlpha()
    .raw()
    .toBuffer()
}
