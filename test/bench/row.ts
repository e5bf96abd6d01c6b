export type Unit = '/s' | 'µs' | 'ms' | 's' | 'MB'

/** What a figure should be: a share of a peer that was measured in the same rounds, or a limit. */
export type Wanted = { atLeast: number; of: string; because?: string } | { below: number }

/** One measurement. More is better for rates; less is better for times and memory. */
export interface Row {
  what: string
  value: number
  unit: Unit
  p50Ms?: number
  p99Ms?: number
  /** CPU time of the server for each request, in microseconds. */
  cpuUs?: number
  /** Responses that failed. */
  failed?: number
  /** Figures of other servers in the same unit and the same rounds, by name. */
  peers?: Record<string, number>
  wanted?: Wanted
  note?: string
}

export type Verdict = 'yes' | 'no' | 'unknown'

/** The figure divided by that of each peer. */
export function ratios({ value, peers = {} }: Row): Record<string, number> {
  return Object.fromEntries(Object.entries(peers).map(([name, peer]) => [name, value / peer]))
}

/** Whether a figure is as wanted; undefined if nothing is wanted. */
export function judge(row: Row): Verdict | undefined {
  const { wanted, value, failed = 0 } = row
  if (wanted === undefined) return undefined
  if (failed > 0) return 'no'
  if ('below' in wanted) return verdict(value, value < wanted.below)
  const ratio = ratios(row)[wanted.of] ?? Number.NaN
  return verdict(ratio, ratio >= wanted.atLeast)
}

function verdict(figure: number, holds: boolean): Verdict {
  if (Number.isNaN(figure)) return 'unknown'
  return holds ? 'yes' : 'no'
}
