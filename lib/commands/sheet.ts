import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import { ConfigError } from '../config/config-error.ts'
import { BUILT_IN_DATABASES, loadDatabases } from '../dress/databases.ts'
import { prepareDress } from '../dress/dress.ts'
import { quote } from '../errors.ts'
import { composeScene } from '../image/local/scene.ts'
import { PACKAGE_ROOT } from '../package.ts'
import { printable } from '../printable.ts'
import type { Series } from '../schemas/series.ts'
import { isSeriesName, seriesName } from '../storage/layout.ts'

const GAP_PIXELS = 12
const SHEET_PIXELS = 1800
/** Columns divided by rows. */
const SHAPE = 6 / 4
/** With more the pictures would be under 64 pixels wide. */
const MOST = 350

export interface SheetOptions {
  /** A built-in series. */
  series: string
  /** How many pictures, as the command line has it. */
  count: string
  /** The PNG to write; by default it is named after the series. */
  file?: string | undefined
}

/**
 * `dalleserver sheet`: draws the pictures of many addresses on one sheet.
 * @returns the file
 * @throws ConfigError for a series, a count or a file that cannot be used
 */
export async function drawSheet({
  series: name,
  count: countText,
  file = `contact-sheet-${name}.png`
}: SheetOptions): Promise<string> {
  const series = await readSeries(seriesName(name))
  const count = /^\d+$/.test(countText) ? Number(countText) : 0
  if (count < 1 || count > MOST) {
    const given = quote(printable(countText))
    throw new ConfigError(`${given} is not a number of pictures: a whole number from 1 to ${MOST} is wanted.`)
  }
  const databases = await loadDatabases(BUILT_IN_DATABASES)
  const columns = Math.ceil(Math.sqrt(count * SHAPE))
  const side = Math.floor((SHEET_PIXELS - GAP_PIXELS) / columns) - GAP_PIXELS
  const step = side + GAP_PIXELS

  const cells = await Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const address = `0x${createHash('sha256').update(`${name} ${index}`).digest('hex').slice(0, 40)}`
      const input = await sharp(
        Buffer.from(composeScene(prepareDress(databases, series, address).dress, side))
      )
        .png()
        .toBuffer()
      return {
        input,
        left: GAP_PIXELS + (index % columns) * step,
        top: GAP_PIXELS + Math.floor(index / columns) * step
      }
    })
  )
  await sharp({
    create: {
      width: GAP_PIXELS + columns * step,
      height: GAP_PIXELS + Math.ceil(count / columns) * step,
      channels: 3,
      background: '#ffffff'
    }
  })
    .composite(cells)
    .png({ palette: true, quality: 90, effort: 8 })
    .toFile(file)
    .catch((error: Error) => {
      throw new ConfigError(
        `${quote(printable(file))} cannot be written: ${error.message.split('\n')[0]!.trim()}`
      )
    })
  return file
}

async function readSeries(name: string): Promise<Series> {
  const file = join(PACKAGE_ROOT, `lib/dress/series/${name}.json`)
  const json = isSeriesName(name) ? await readFile(file, 'utf8').catch(() => undefined) : undefined
  if (json === undefined) throw new ConfigError(`${quote(printable(name))} is not a built-in series.`)
  return JSON.parse(json) as Series
}
