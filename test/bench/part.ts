import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { LoadClient } from './clients/client.ts'
import type { Row } from './row.ts'

/** What a part measures with. It ends with the part. */
export interface Bench {
  client: LoadClient
  /** Rounds of each load. */
  rounds: number
  /** Whether what takes minutes is measured too. */
  isFull: boolean
  /** The folder that charts are written into, if any. */
  charts?: string
  createFolder: () => Promise<string>
  /** Called at the end of the part, the last one first. */
  teardown: (end: () => void | Promise<void>) => void
}

export interface Part {
  name: string
  about: string
  /** It takes minutes: measured only where it is named, or with `--full`. */
  isLong?: boolean
  measure: (bench: Bench) => Promise<Row[]>
}

export type Settings = Pick<Bench, 'client' | 'rounds' | 'isFull' | 'charts'>

const EXIT_SIGNAL = 130

/** Measures a part, and ends everything that it has started, also when a signal stops the benchmark. */
export async function measurePart({ measure }: Part, settings: Settings): Promise<Row[]> {
  const ends: Array<() => void | Promise<void>> = []
  const teardown = (end: () => void | Promise<void>) => {
    ends.unshift(end)
  }
  const createFolder = async () => {
    const folder = await mkdtemp(join(tmpdir(), 'dalleserver-bench-'))
    teardown(async () => await rm(folder, { recursive: true, force: true }))
    return folder
  }
  const endAll = async () => {
    for (const end of ends.splice(0)) await end()
  }
  const stop = () => {
    endAll()
      .finally(() => process.exit(EXIT_SIGNAL))
      .catch(() => {})
  }
  const signals = ['SIGINT', 'SIGTERM'] as const
  for (const signal of signals) process.once(signal, stop)
  try {
    return await measure({ ...settings, createFolder, teardown })
  } finally {
    for (const signal of signals) process.off(signal, stop)
    await endAll()
  }
}
