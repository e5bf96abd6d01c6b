import type { RunProgress } from './run.ts'

const SHOWN_RUNS = 3

/**
 * The working runs in one line for a terminal; undefined when none works.
 * @param nowMs Unix time in milliseconds
 */
export function statusLine(runs: RunProgress[], nowMs = Date.now()): string | undefined {
  const working = runs.filter(({ phase }) => phase !== undefined)
  if (working.length === 0) return undefined
  const waiting = runs.length - working.length
  return [
    ...working.slice(0, SHOWN_RUNS).map((run) => describe(run, nowMs)),
    ...(working.length > SHOWN_RUNS ? [`${working.length - SHOWN_RUNS} more`] : []),
    ...(waiting > 0 ? [`${waiting} waiting`] : [])
  ].join(' | ')
}

function describe(run: RunProgress, nowMs: number): string {
  const { series, address, currentPhase, percent, etaSeconds, startedNs } = run.snapshot()
  const elapsed = nowMs / 1000 - startedNs / 1e9
  const left = etaSeconds > 0 ? `, about ${Math.round(etaSeconds)} s left` : ''
  const name = `${series} ${address.slice(0, 6)}…${address.slice(-4)}`
  return `${name} ${currentPhase} ${Math.round(percent)} %, ${Math.round(elapsed)} s${left}`
}
