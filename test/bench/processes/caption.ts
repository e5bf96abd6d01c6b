// Measures the caption in a process of its own, so that its memory can be measured. Prints the median in milliseconds
// and the peak in MB above what the process used before.
import { readFile } from 'node:fs/promises'
import { captionImage } from '../../../lib/image/caption.ts'
import { decodeImage } from '../../../lib/image/raster.ts'
import { median, peakMegabytes, time } from '../measure.ts'

const TEXT = [
  'A tenderly bejewelled monarch butterfly, a basket weaver, pirouetting with joy',
  'within sight of the windmills of Kinderdijk, in the style of ukiyo-e.'
].join(' ')
const bytes = await readFile(process.argv[2]!)
const caption = async () => await captionImage((await decodeImage(bytes)).raster, TEXT)

const before = process.memoryUsage.rss() / 2 ** 20
const times = []
for (let run = 0; run < 15; run += 1) times.push(await time(caption))
process.stdout.write(
  JSON.stringify({ ms: median(times), megabytes: (await peakMegabytes(process.pid)) - before })
)
