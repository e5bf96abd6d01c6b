import { setTimeout as sleep } from 'node:timers/promises'
import { makePicture } from '../clients/runs.ts'
import { addressOf } from '../inputs/addresses.ts'
import { quantile } from '../measure.ts'
import type { Part } from '../part.ts'
import { startBare } from '../servers/bare.ts'
import { startService } from '../servers/service.ts'

const DRAWING = 4
const SECONDS_A_ROUND = 2
const INTERVAL_MS = 10
const P99_MS = 10

/** How long a cached picture takes while the built-in artist draws four others. */
export const busy: Part = {
  name: 'busy',
  about: 'a cached picture while four runs draw',
  measure: async (bench) => {
    const service = await startService(bench, { dataDir: await bench.createFolder() })
    const bare = await startBare(bench)
    await makePicture(service, addressOf(0))
    const state = { isOver: false, next: 1 }
    const drawing = Array.from({ length: DRAWING }, async () => {
      while (!state.isOver) await makePicture(service, addressOf(state.next++))
    })
    const own: number[] = []
    const peer: number[] = []
    const requests: Array<Promise<void>> = []
    const count = (bench.rounds * SECONDS_A_ROUND * 1000) / INTERVAL_MS
    const startedAt = performance.now()
    // A request begins when its time has come, also while earlier ones wait.
    for (let index = 0; index < count; index += 1) {
      const due = startedAt + index * INTERVAL_MS
      await sleep(Math.max(0, due - performance.now()))
      const isOwn = index % 2 === 0
      const url = isOwn ? `${service.url}/dalle/empty/${addressOf(0)}` : `${bare.url}/not-modified`
      requests.push(measure(url, isOwn ? own : peer))
    }
    await Promise.all(requests)
    state.isOver = true
    await Promise.all(drawing)
    return [
      {
        what: `a cached picture while ${DRAWING} runs draw, p99 of ${own.length}`,
        value: quantile(own, 0.99),
        unit: 'ms',
        p50Ms: quantile(own, 0.5),
        p99Ms: quantile(own, 0.99),
        peers: { 'bare 304': quantile(peer, 0.99) },
        wanted: { below: P99_MS },
        note: `${state.next - 1} pictures drawn`
      }
    ]
  }
}

async function measure(url: string, times: number[]): Promise<void> {
  const startedAt = performance.now()
  const response = await fetch(url)
  await response.arrayBuffer()
  times.push(performance.now() - startedAt)
}
