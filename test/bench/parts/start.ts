import { writePictures } from '../inputs/many-pictures.ts'
import { median, time } from '../measure.ts'
import type { Bench, Part } from '../part.ts'
import type { Row } from '../row.ts'
import { startBare } from '../servers/bare.ts'
import { startService } from '../servers/service.ts'

const STARTS = 7
const STARTS_WITH_PICTURES = 3
const PICTURES = 20_000
const LISTEN_MS = 400
const FIRST_VIEW_MS = 1_000

/** From the start of the process until it listens, and until somebody who waits for it sees the gallery. */
export const start: Part = {
  name: 'start',
  about: 'start to listening, and the first view of a gallery',
  measure: async (bench) => [...(await measureEmpty(bench)), ...(await measureFirstView(bench))]
}

async function measureEmpty(bench: Bench): Promise<Row[]> {
  const own: Start[] = []
  const bare: Start[] = []
  for (let round = 0; round < STARTS; round += 1) {
    const service = await startService(bench, { dataDir: await bench.createFolder() })
    own.push(service)
    await service.stop()
    const peer = await startBare(bench)
    bare.push(peer)
    await peer.stop()
  }
  const middle = (starts: Start[], figure: keyof Start) => median(starts.map((start) => start[figure]))
  return [
    {
      what: `start to listening, empty folder (median of ${STARTS})`,
      value: middle(own, 'listenMs'),
      unit: 'ms',
      peers: { bare: middle(bare, 'listenMs') },
      wanted: { below: LISTEN_MS },
      note: `${middle(own, 'listenCpuMs').toFixed(0)} ms of CPU`
    }
  ]
}

interface Start {
  listenMs: number
  listenCpuMs: number
}

async function measureFirstView(bench: Bench): Promise<Row[]> {
  const dataDir = await bench.createFolder()
  await writePictures(dataDir, PICTURES)
  const listens: number[] = []
  const views: number[] = []
  for (let round = 0; round < STARTS_WITH_PICTURES; round += 1) {
    const service = await startService(bench, { dataDir })
    listens.push(service.listenMs)
    views.push(await time(async () => await service.get('/preview')))
    await service.stop()
  }
  const what = `with ${PICTURES.toLocaleString('en')} pictures (median of ${STARTS_WITH_PICTURES})`
  return [
    { what: `start to listening, ${what}`, value: median(listens), unit: 'ms' },
    {
      what: `first view of the gallery right after it, ${what}`,
      value: median(views),
      unit: 'ms',
      wanted: { below: FIRST_VIEW_MS }
    }
  ]
}
