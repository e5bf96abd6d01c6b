import { readFile } from 'node:fs/promises'
import autocannon from 'autocannon'

export function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

/** Milliseconds that the work takes. */
export async function time(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now()
  await work()
  return performance.now() - startedAt
}

/** Answers a second to a steady load; throws if one is no 2xx. */
export async function requestsPerSecond(url: string, seconds = 4): Promise<number> {
  const { requests, non2xx, errors } = await autocannon({ url, connections: 16, duration: seconds })
  if (non2xx + errors > 0) throw new Error(`${url}: ${non2xx + errors} requests failed`)
  return requests.average
}

/** The most memory a process has had resident so far, in MB. */
export async function peakMegabytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]) / 1024
}
