import { setTimeout as sleep } from 'node:timers/promises'
import { makePicture } from '../clients/runs.ts'
import { addressOf } from '../inputs/addresses.ts'
import { cpuMs, median, peakMegabytes, time } from '../measure.ts'
import type { Bench, Part } from '../part.ts'
import type { Row } from '../row.ts'
import { startService } from '../servers/service.ts'
import type { Service } from '../servers/service.ts'

const RUNS = 15
const REQUESTS_AT_ONCE = 1_000
const PICTURES = 500
const PICTURES_SECONDS = 25
const CHECKS = 7
/** A health check is repeated after a second. */
const HEALTH_HOLDS_MS = 1_050

/** Runs of the built-in artist, from the request to the picture. */
export const runs: Part = {
  name: 'runs',
  about: 'pictures of the built-in artist: one, 500, and 1,000 requests for one',
  measure: async (bench: Bench) => {
    const service = await startService(bench, { dataDir: await bench.createFolder() })
    const single: number[] = []
    for (let index = 0; index < RUNS; index += 1) {
      single.push(await time(async () => await makePicture(service, addressOf(index))))
    }
    return [
      { what: `one run of the built-in artist (median of ${RUNS})`, value: median(single), unit: 'ms' },
      await measureCoalesced(service),
      await measureMany(service),
      await measureHealth(service),
      { what: 'most memory through all this', value: await peakMegabytes(service.pid), unit: 'MB' }
    ]
  }
}

async function measureCoalesced(service: Service): Promise<Row> {
  let outcomes: Array<string | null> = []
  const value = await time(async () => {
    outcomes = await Promise.all(
      Array.from({ length: REQUESTS_AT_ONCE }, async () => await makePicture(service, addressOf(RUNS)))
    )
  })
  const started = outcomes.filter((outcome) => outcome === 'started').length
  const what = `${REQUESTS_AT_ONCE.toLocaleString('en')} requests at once for one picture, until all are answered`
  return { what, value, unit: 'ms', note: `${started} run` }
}

async function measureMany(service: Service): Promise<Row> {
  const numbers = Array.from({ length: PICTURES }, (_, index) => 10_000 + index)
  const makeAll = async () =>
    await Promise.all(numbers.map(async (number) => await makePicture(service, addressOf(number))))
  const before = await cpuMs(service.pid)
  const ms = await time(makeAll)
  const spent = (await cpuMs(service.pid)) - before
  return {
    what: `${PICTURES} pictures of the built-in artist, asked for at once`,
    value: ms / 1000,
    unit: 's',
    wanted: { below: PICTURES_SECONDS },
    note: `${(spent / PICTURES).toFixed(0)} ms of CPU each`
  }
}

async function measureHealth(service: Service): Promise<Row> {
  const checks: number[] = []
  for (let index = 0; index < CHECKS; index += 1) {
    await sleep(HEALTH_HOLDS_MS)
    checks.push(await time(async () => await service.get('/health')))
  }
  return { what: `/health, checked anew (median of ${CHECKS})`, value: median(checks), unit: 'ms' }
}
