import { createHash } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import type { Body, Operation } from './faults.ts'

/** One request that arrived. */
export interface RequestRecord {
  operation: Operation | 'unknown'
  method: string
  path: string
  /** With its question mark; empty where there is none. */
  query: string
  body: Body
  headers: IncomingHttpHeaders
  /** Unix time in milliseconds. */
  at: number
  /** Milliseconds until it ended. */
  took?: number
  /** `pending`, then `ok`, the fault's kind, the code of a refusal, or `client_left`. */
  outcome: string
  /** Whether the provider charges for the request: it worked for it, or it may have. */
  isCharged: boolean
}

/** Whether a picture was made for a request: not at all, made and lost on the way, or sent in full. */
export type Work = 'none' | 'perhaps' | 'done'

const MOST_PROMPTS = 10_000

/** The key of a prompt in `billedByPrompt`. */
export const promptKey = (prompt: string): string =>
  createHash('sha256').update(prompt).digest('hex').slice(0, 32)

export type Records = ReturnType<typeof createRecords>

/** Records requests and their outcomes in bounded memory: counters, and the `keep` latest requests in full. */
export function createRecords(keep: number) {
  const requests: RequestRecord[] = []
  const counts = new Map<string, number>()
  const outcomes = new Map<string, number>()
  const billedByPrompt = new Map<string, number>()
  const active = new Map<string, { now: number; peak: number }>()
  let billed = 0
  let possiblyBilled = 0
  let resets = 0

  function enter(name: string, step: 1 | -1): void {
    const level = active.get(name) ?? { now: 0, peak: 0 }
    level.now += step
    level.peak = Math.max(level.peak, level.now)
    active.set(name, level)
  }

  /** Returns a function to call at the request's end. A request from before a reset does not count. */
  function start(record: RequestRecord): (outcome: string, work: Work) => void {
    const before = resets
    requests.push(record)
    if (requests.length > keep) requests.shift()
    counts.set(record.operation, count(record.operation) + 1)
    enter(record.operation, 1)
    enter('all', 1)
    return (outcome, work) => {
      record.outcome = outcome
      record.took = Date.now() - record.at
      enter(record.operation, -1)
      enter('all', -1)
      if (before === resets) tally(record, outcome, work)
    }
  }

  function tally(record: RequestRecord, outcome: string, work: Work): void {
    const name = `${record.operation}:${outcome}`
    outcomes.set(name, (outcomes.get(name) ?? 0) + 1)
    if (work === 'perhaps') possiblyBilled += 1
    if (work === 'done') bill(promptKey(String(record.body.prompt)))
  }

  function bill(key: string): void {
    billed += 1
    const times = (billedByPrompt.get(key) ?? 0) + 1
    billedByPrompt.delete(key)
    billedByPrompt.set(key, times)
    if (billedByPrompt.size > MOST_PROMPTS) billedByPrompt.delete(billedByPrompt.keys().next().value!)
  }

  const count = (operation: RequestRecord['operation']) => counts.get(operation) ?? 0

  function reset(): void {
    resets += 1
    requests.length = 0
    for (const level of active.values()) level.peak = level.now
    for (const map of [counts, outcomes, billedByPrompt]) map.clear()
    billed = possiblyBilled = 0
  }

  return {
    start,
    reset,
    count,
    requests,
    outcomes,
    billedByPrompt,
    billed: () => billed,
    possiblyBilled: () => possiblyBilled,
    concurrent: (operation: RequestRecord['operation'] | 'all') => ({
      now: 0,
      peak: 0,
      ...active.get(operation)
    })
  }
}
