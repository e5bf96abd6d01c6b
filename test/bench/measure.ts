import { readFile } from 'node:fs/promises'

/** What Linux counts CPU time in. */
const TICKS_PER_SECOND = 100

export function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

/** The value that a share of all values does not exceed, such as 0.99. */
export function quantile(values: number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN
}

/** The value that 95 of 100 do not exceed. */
export function p95(values: number[]): number {
  return quantile(values, 0.95)
}

/** How long the work takes, in milliseconds. */
export async function time(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now()
  await work()
  return performance.now() - startedAt
}

/** The peak resident memory of a process so far, in MB. NaN where the system does not say it. */
export async function peakMegabytes(pid: number): Promise<number> {
  return await statusMegabytes(pid, /VmHWM:\s+(\d+) kB/)
}

/** The resident memory of a process, in MB. NaN where the system does not say it. */
export async function residentMegabytes(pid: number): Promise<number> {
  return await statusMegabytes(pid, /VmRSS:\s+(\d+) kB/)
}

async function statusMegabytes(pid: number, pattern: RegExp): Promise<number> {
  return Number(pattern.exec(await readProcess(pid, 'status'))?.[1]) / 1024
}

/** The CPU time so far of a process and of its children, in milliseconds. NaN where the system does not say it. */
export async function cpuMs(pid: number): Promise<number> {
  const fields = (await readProcess(pid, 'stat')).split(') ')[1]?.split(' ')
  const own = ((Number(fields?.[11]) + Number(fields?.[12])) / TICKS_PER_SECOND) * 1000
  const children = (await readProcess(pid, `task/${pid}/children`)).split(' ').map(Number).filter(Boolean)
  const below = await Promise.all(children.map(cpuMs))
  return below.reduce((sum, ms) => sum + ms, own)
}

async function readProcess(pid: number, file: string): Promise<string> {
  return await readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '')
}
