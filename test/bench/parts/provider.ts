import { makePicture } from '../clients/runs.ts'
import { openStreams } from '../clients/streams.ts'
import { addressOf } from '../inputs/addresses.ts'
import { median, time } from '../measure.ts'
import type { Part } from '../part.ts'
import { startProvider } from '../servers/provider.ts'
import type { Provider } from '../servers/provider.ts'
import { startService } from '../servers/service.ts'
import type { Service } from '../servers/service.ts'

const RUNS = 25
const RUNS_WATCHED = 15
const STREAMS = 1_000
const RUN_MS = 90

/** What the server adds to the time of a provider that answers at once, with pictures of a real size. */
export const provider: Part = {
  name: 'provider',
  about: 'one run beyond a provider that answers at once, also with 1,000 event streams',
  measure: async (bench) => {
    const stand = await startProvider(bench, { noise: true })
    const service = await startService(bench, { dataDir: await bench.createFolder(), env: stand.env })
    await makePicture(service, addressOf(0))
    const alone = await measureRuns(stand, service, { from: 1, count: RUNS })
    const path = await stand.startEndlessRun(service)
    const urls = Array.from({ length: STREAMS }, (_, index) =>
      index < STREAMS / 2 ? `${service.url}${path}/events` : `${service.url}/events`
    )
    const close = await openStreams(urls)
    const watched = await measureRuns(stand, service, { from: 1_000, count: RUNS_WATCHED })
    await close()
    return [
      {
        what: `one run beyond an instant provider (median of ${RUNS})`,
        value: alone,
        unit: 'ms',
        wanted: { below: RUN_MS },
        note: 'the Go server: 795 ms in 2026-11'
      },
      {
        what: `the same with ${STREAMS.toLocaleString('en')} event streams open (median of ${RUNS_WATCHED})`,
        value: watched,
        unit: 'ms'
      }
    ]
  }
}

/** The median time of a run in milliseconds, without that of its requests to the provider. */
async function measureRuns(
  { openai }: Provider,
  service: Service,
  { from, count }: { from: number; count: number }
): Promise<number> {
  const own: number[] = []
  for (let index = from; index < from + count; index += 1) {
    const startedAt = Date.now()
    const ms = await time(async () => await makePicture(service, addressOf(index)))
    const answered = openai.requests.filter(({ at, took }) => at >= startedAt && took !== undefined)
    own.push(ms - answered.reduce((sum, { took }) => sum + took!, 0))
  }
  return median(own)
}
