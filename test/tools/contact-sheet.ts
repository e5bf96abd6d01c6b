// npm run contact-sheet -- <series> <count> [file]: the pictures of so many addresses on one sheet, to look at and choose by.
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import { BUILT_IN_DATABASES, loadDatabases } from '../../lib/dress/databases.ts'
import { makeDress } from '../../lib/dress/dress.ts'
import { composeScene } from '../../lib/image/local/scene.ts'
import { PACKAGE_ROOT } from '../../lib/package.ts'
import type { Series } from '../../lib/schemas/series.ts'

const GAP_PIXELS = 12
const SHEET_PIXELS = 1800
/** Columns to rows. */
const SHAPE = 6 / 4
const MOST = 400

const [name = '', countText = '', file = `contact-sheet-${name}.png`] = process.argv.slice(2)
const count = Number(countText)
const json = await readFile(join(PACKAGE_ROOT, `lib/dress/series/${name}.json`), 'utf8').catch(() => undefined)
if (json === undefined || !Number.isInteger(count) || count < 1 || count > MOST) {
  process.stderr.write(`Usage: npm run contact-sheet -- <built-in series> <count from 1 to ${MOST}> [file]\n`)
  process.exit(2)
}
const series = JSON.parse(json) as Series
const databases = await loadDatabases(BUILT_IN_DATABASES)
const columns = Math.ceil(Math.sqrt(count * SHAPE))
const side = Math.floor((SHEET_PIXELS - GAP_PIXELS) / columns) - GAP_PIXELS
const step = side + GAP_PIXELS

const cells = await Promise.all(Array.from({ length: count }, async (_, index) => {
  const address = `0x${createHash('sha256').update(`${name} ${index}`).digest('hex').slice(0, 40)}`
  const input = await sharp(Buffer.from(composeScene(makeDress(databases, series, address).dress, side))).png().toBuffer()
  return { input, left: GAP_PIXELS + index % columns * step, top: GAP_PIXELS + Math.floor(index / columns) * step }
}))
await sharp({ create: { width: GAP_PIXELS + columns * step, height: GAP_PIXELS + Math.ceil(count / columns) * step, channels: 3, background: '#ffffff' } })
  .composite(cells).png({ palette: true, quality: 90, effort: 8 }).toFile(file)
process.stdout.write(`${file}\n`)
