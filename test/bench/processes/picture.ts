// Measures the built-in artist in a process of its own. Prints the median of a picture in milliseconds, the time of a
// hundred pictures divided by that of ten, and the peak in MB of one decoded picture above the use before.
import { createHash } from 'node:crypto'
import { BUILT_IN_DATABASES, loadDatabases } from '../../../lib/dress/databases.ts'
import { prepareDress } from '../../../lib/dress/dress.ts'
import { createLocalArtist } from '../../../lib/image/local/artist.ts'
import { decodeImage } from '../../../lib/image/raster.ts'
import { createEncodeQueue } from '../../../lib/image/encode-queue.ts'
import { drawingContext } from '../../drawing-context.ts'
import { median, peakMegabytes, time } from '../measure.ts'

const databases = await loadDatabases(BUILT_IN_DATABASES)
const artist = createLocalArtist(createEncodeQueue())
const { signal } = new AbortController()
const picture = async (index: number) => {
  const address = `0x${createHash('sha256').update(`bench ${index}`).digest('hex').slice(0, 40)}`
  return await (
    await artist
      .compose(prepareDress(databases, { suffix: 'empty' }, address).dress)
      .draw(signal, drawingContext())
  ).download(signal)
}

const before = process.memoryUsage.rss() / 2 ** 20
await decodeImage(await picture(0))
const megabytes = (await peakMegabytes(process.pid)) - before
const times: number[] = []
for (let index = 0; index < 100; index += 1) times.push(await time(async () => await picture(index)))
const sum = (values: number[]) => values.reduce((total, value) => total + value, 0)
process.stdout.write(
  JSON.stringify({ ms: median(times), growth: sum(times) / sum(times.slice(0, 10)), megabytes })
)
