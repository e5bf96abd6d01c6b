// npm run contact-sheet -- <series> <count> [file]: draws the pictures of that many addresses on one sheet.
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import { BUILT_IN_DATABASES, loadDatabases } from '../../lib/dress/databases.ts'
import { prepareDress } from '../../lib/dress/dress.ts'
import { composeScene } from '../../lib/image/local/scene.ts'
import { PACKAGE_ROOT } from '../../lib/package.ts'
import type { Series } from '../../lib/schemas/series.ts'
import { isSeriesName } from '../../lib/storage/layout.ts'

const GAP_PIXELS = 12
const SHEET_PIXELS = 1800
/** Columns divided by rows. */
const SHAPE = 6 / 4
/** With more the pictures would be under 64 pixels wide. */
const MOST = 350

const [name = '', countText = '', file = `contact-sheet-${name}.png`, ...rest] = process.argv.slice(2)
const count = /^\d+$/.test(countText) ? Number(countText) : 0
const json = isSeriesName(name)
  ? await readFile(join(PACKAGE_ROOT, `lib/dress/series/${name}.json`), 'utf8').catch(() => undefined)
  : undefined
if (json === undefined || count < 1 || count > MOST || rest.length > 0) {
  quit(`Usage: npm run contact-sheet -- <built-in series> <count from 1 to ${MOST}> [file]`)
}
const series = JSON.parse(json) as Series
const databases = await loadDatabases(BUILT_IN_DATABASES)
const columns = Math.ceil(Math.sqrt(count * SHAPE))
const side = Math.floor((SHEET_PIXELS - GAP_PIXELS) / columns) - GAP_PIXELS
const step = side + GAP_PIXELS

const cells = await Promise.all(
  Array.from({ length: count }, async (_, index) => {
    const address = `0x${createHash('sha256').update(`${name} ${index}`).digest('hex').slice(0, 40)}`
    const input = await sharp(Buffer.from(composeScene(prepareDress(databases, series, address).dress, side)))
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
  .catch((error: Error) => quit(`${file} cannot be written: ${error.message.replaceAll('\n', ' ')}`))
process.stdout.write(`${file}\n`)

function quit(line: string): never {
  process.stderr.write(`${line}\n`)
  process.exit(2)
}
