// Measures the databases in a process of its own. Prints how long loading them takes in milliseconds, their memory in
// MB, and how long a dress takes in milliseconds.
import { createHash } from 'node:crypto'
import { BUILT_IN_DATABASES, loadDatabases } from '../../../lib/dress/databases.ts'
import { prepareDress } from '../../../lib/dress/dress.ts'
import { peakMegabytes, time } from '../measure.ts'

const DRESSES = 2000

const before = process.memoryUsage.rss() / 2 ** 20
const startedAt = performance.now()
const databases = await loadDatabases(BUILT_IN_DATABASES)
const loadMs = performance.now() - startedAt
const megabytes = (await peakMegabytes(process.pid)) - before

const addresses = Array.from(
  { length: DRESSES },
  (_, index) => `0x${createHash('sha1').update(String(index)).digest('hex')}`
)
const series = { suffix: 'bench', nouns: [',bird,', ',mammal,'] }
const dressMs =
  (await time(async () => addresses.forEach((address) => prepareDress(databases, series, address)))) / DRESSES
process.stdout.write(JSON.stringify({ loadMs, megabytes, dressMs }))
