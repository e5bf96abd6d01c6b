import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import t from 'tap'
import type { BreakerState } from '../lib/provider/breaker.ts'
import { POLICY, isProviderFailure } from '../lib/provider/failures.ts'
import type { Snapshot } from '../lib/schemas/progress.ts'
import { build, json, until } from './helper.ts'
import { enhance, promptKey, startOpenAi } from './peers/openai.ts'
import type { Fault } from './peers/openai.ts'

const SEED = 20_261_125
/** Between two batches the service rests, and its memory is measured. */
const BATCHES = [600, 700, 700]
const PICTURES = 250
const CLIENTS = 24

// Half an hour, a hundred times as fast: waits and times are about a hundredth of what they usually are.
const RESET_MS = 300
const SETTINGS = {
  TB_DALLE_LOCK_TTL: '8s',
  TB_DALLE_IMAGE_TIMEOUT: '1s',
  TB_DALLE_ENHANCEMENT_TIMEOUT: '500ms',
  TB_DALLE_FAILURE_HOLD: '1ms',
  TB_DALLE_CONCURRENCY: '12'
}
const MAX_GROWTH_BYTES = 12 * 2 ** 20

/** What the provider is like for a while: how many of its answers go wrong, and how. */
const REGIMES: Array<{ requests: number; share: number; faults: Fault[] }> = [
  { requests: 120, share: 0.02, faults: ['server_error', 'reset'] },
  {
    requests: 120,
    share: 0.3,
    faults: [
      'server_error',
      'bad_gateway',
      'overloaded',
      'gateway_timeout',
      'reset',
      { kind: 'reset_after', ms: 10 }
    ]
  },
  {
    requests: 120,
    share: 0.3,
    faults: [
      'hang',
      'hang_in_body',
      'cut_body',
      { kind: 'trickle', ms: 100, pieces: 20 },
      { kind: 'delay', ms: 50 }
    ]
  },
  {
    requests: 120,
    share: 0.4,
    faults: [
      { kind: 'rate_limited', retryAfterMs: 30 },
      'rate_limited',
      { kind: 'overloaded', retryAfterMs: 10 }
    ]
  },
  {
    requests: 120,
    share: 0.2,
    faults: ['malformed_json', 'empty_data', 'no_image', 'moderation_blocked', 'bad_request']
  },
  { requests: 20, share: 1, faults: ['server_error', 'overloaded'] },
  {
    requests: 120,
    share: 0.1,
    faults: ['insufficient_quota', 'billing_hard_limit_reached', 'invalid_api_key', 'hang']
  }
]
const WORST_DAYS = 600
/** After these the provider may have drawn. */
const MAY_BE_BILLED = new Set([
  'ok',
  'delay',
  'trickle',
  'hang',
  'hang_in_body',
  'cut_body',
  'malformed_json',
  'empty_data',
  'no_image',
  'client_left'
])
const CYCLE = REGIMES.flatMap((regime) => Array.from({ length: regime.requests }, () => regime))

t.test('half an hour of every fault, compressed', { timeout: 240_000 }, async (t) => {
  /** Image calls that the provider may charge for, of the run that draws a base prompt now. */
  const bought = new Map<string, number>()
  const openai = await startOpenAi({
    scale: 0.125,
    keep: 10,
    onEnd: ({ operation, outcome, body }) => {
      const base = String(body.prompt).replace(enhance(''), '')
      if (operation === 'image' && MAY_BE_BILLED.has(outcome)) bought.set(base, (bought.get(base) ?? 0) + 1)
    }
  })
  t.teardown(() => openai.close())
  const { url, app } = await build(t, {
    settings: {
      OPENAI_API_KEY: 'sk-soak',
      OPENAI_BASE_URL: openai.url,
      TB_DALLE_ENHANCEMENT_MODEL: 'gpt-4.1-mini',
      ...SETTINGS
    },
    retry: { minTimeoutMs: 10, maxTimeoutMs: 300, patienceMs: 600 },
    breaker: { resetTimeoutMs: RESET_MS }
  })
  const faultOf =
    (operation: 'chat' | 'image') =>
    (index: number): Fault => {
      const { share, faults } = CYCLE[index % CYCLE.length]!
      const fault =
        random(operation, index) < share
          ? faults[Math.floor(random(`${operation}'s`, index) * faults.length)]!
          : 'ok'
      return operation === 'chat' && (fault === 'empty_data' || fault === 'no_image')
        ? 'empty_content'
        : fault
    }
  openai.behave('image', faultOf('image'))
  // A prompt is enhanced once, a picture drawn many times: so the language model begins with its worst days.
  openai.behave('chat', (index) => faultOf('chat')(index + WORST_DAYS))
  const log = watchBreakers(app)

  const ends: Array<{ errorCode: string; attempt: number; prompt: string }> = []
  const used: number[] = []
  let runs = 0
  let asked = 0
  let turnedAway = 0
  let mostBought = 0
  let longestMs = 0
  for (const batch of BATCHES) {
    const enough = runs + batch
    await Promise.all(
      Array.from({ length: CLIENTS }, async () => {
        while (runs < enough) await ask()
      })
    )
    used.push(await usedAfterCollection())
  }

  async function ask(): Promise<void> {
    const index = asked++
    const address = `0x${createHash('sha256')
      .update(String(Math.floor(random('picture', index) * PICTURES)))
      .digest('hex')
      .slice(0, 40)}`
    const { outcome, snapshot } = await app.generation.ensure((await app.series.get('simple'))!, address, {
      force: true
    })
    if (outcome === 'failed' && snapshot.phases[0]!.startedNs === 0) {
      turnedAway += 1
      await sleep(30)
    }
    if (outcome !== 'started') return
    runs += 1
    bought.set(snapshot.dalleDress.prompt, 0)
    if (random('cancel', index) < 0.02) {
      setTimeout(() => {
        app.generation.cancel('simple', address).catch(t.threw)
      }, 20)
    }
    const startedAt = performance.now()
    const { errorCode, attempt, dalleDress } = await ended(address)
    ends.push({ errorCode, attempt, prompt: promptKey(dalleDress.enhancedPrompt || dalleDress.prompt) })
    mostBought = Math.max(mostBought, bought.get(dalleDress.prompt)!)
    longestMs = Math.max(longestMs, performance.now() - startedAt)
  }

  /** The last snapshot of the run that works now. */
  async function ended(address: string): Promise<Snapshot> {
    const run = app.progress.get('simple', address)!
    await until(() => run.done)
    return run.snapshot()
  }

  const completed = ends.filter(({ errorCode }) => errorCode === '')
  const codes: Record<string, number> = {}
  for (const { errorCode } of ends) {
    codes[errorCode || 'completed'] = (codes[errorCode || 'completed'] ?? 0) + 1
  }
  t.comment(
    `${runs} runs and ${turnedAway} turned away: ${JSON.stringify(codes)}; ${openai.count('image')} image calls, ${openai.billed} billed, ${openai.possiblyBilled} perhaps; longest ${Math.round(longestMs)} ms; memory ${used.map((bytes) => (bytes / 2 ** 20).toFixed(1)).join(', ')} MB`
  )
  t.ok(turnedAway > 0, 'an open circuit let nobody wait')
  t.ok(completed.length > runs * 0.3, 'the service got its work done')
  t.ok((codes.OPENAI_UNAVAILABLE ?? 0) > 0 && (codes.CANCELLED ?? 0) > 0, 'and the provider its trouble')

  t.ok(longestMs < 8_000 + 2_000, 'no run outlived its deadline')
  t.equal(openai.concurrent('all').now, 0, 'nothing is left open at the provider')
  // What was drawn in full and led to no picture was cancelled, or came as its time ended: nothing else is ever paid for twice.
  for (const [key, images] of openai.billedByPrompt) {
    const of = ends.filter(({ prompt }) => prompt === key)
    const pictures = of.filter(({ errorCode }) => errorCode === '').length
    const declared = of.filter(
      ({ errorCode }) =>
        errorCode === 'CANCELLED' || errorCode === 'GENERATION_TIMEOUT' || errorCode === 'OPENAI_TIMEOUT'
    ).length
    if (images < pictures || images > pictures + declared) {
      t.fail(`a prompt was paid for ${images} times and drawn ${pictures} times`)
    }
  }
  t.ok(
    openai.billed >= completed.length && openai.billed <= completed.length + (codes.CANCELLED ?? 0),
    'each picture was paid for once'
  )
  t.equal(mostBought, 2, 'no run made more than the one repetition that may be billed')
  t.ok(ends.every(({ attempt }) => attempt <= 4))

  for (const operation of ['draw', 'enhance'] as const) {
    const events = log.filter((event) => event.operation === operation)
    const actual = events.flatMap((event) => (event.type === 'transition' ? [event.to] : []))
    t.same(
      replay(events),
      actual,
      `${operation}: the circuit moved as its model says, ${actual.length} times`
    )
    t.ok(actual.includes('OPEN') && actual.includes('CLOSED'))
    t.ok(
      events.every((event) => event.type !== 'begin' || event.state !== 'OPEN'),
      'no call went through an open circuit'
    )
  }
  t.ok(used[2]! - used[0]! < MAX_GROWTH_BYTES, 'memory stays flat')
  t.equal((await json(await fetch(`${url}/health`))).data.status === 'unhealthy', false)
})

/** A number from 0 to 1 that depends on the seed, a purpose and an index only. */
function random(purpose: string, index: number): number {
  return createHash('sha256').update(`${SEED} ${purpose} ${index}`).digest().readUInt32BE() / 2 ** 32
}

/** Bytes in use once everything that can be let go is. */
async function usedAfterCollection(): Promise<number> {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  for (let round = 0; round < 3; round += 1) {
    await sleep(200)
    collect()
  }
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

type BreakerEvent = { operation: string; at: number } & (
  | { type: 'begin'; id: number; state: BreakerState }
  | { type: 'verdict'; id: number; verdict: 'success' | 'count' | 'open' | 'ignore' }
  | { type: 'transition'; to: BreakerState }
)

/** Writes down every call that a breaker lets through, what it told, and every change of the breaker, in their order. */
function watchBreakers(app: Awaited<ReturnType<typeof build>>['app']): BreakerEvent[] {
  const log: BreakerEvent[] = []
  let calls = 0
  for (const operation of ['draw', 'enhance'] as const) {
    const breaker = app.circuitBreaker.breakers[operation]
    const run = breaker.run.bind(breaker)
    breaker.run = async (call) =>
      await run(async () => {
        const id = calls++
        log.push({ type: 'begin', operation, at: performance.now(), id, state: breaker.state })
        const told = (verdict: 'success' | 'count' | 'open' | 'ignore') =>
          log.push({ type: 'verdict', operation, at: performance.now(), id, verdict })
        try {
          const result = await call()
          told('success')
          return result
        } catch (error) {
          told(isProviderFailure(error) ? POLICY[error.kind].breaker : 'ignore')
          throw error
        }
      })
  }
  const { recordTransition } = app.metrics.provider
  app.metrics.provider.recordTransition = (operation, to) => {
    log.push({ type: 'transition', operation, at: performance.now(), to })
    recordTransition(operation, to)
  }
  return log
}

/** The changes that the calls should have led to; that time half-opens a circuit is taken from the log, and its time checked. */
function replay(events: BreakerEvent[]): BreakerState[] {
  const predicted: BreakerState[] = []
  const begun = new Map<number, number>()
  let state = 'CLOSED' as BreakerState
  let era = 0
  let failures = 0
  let passed = 0
  let openedAt = 0
  const enter = (next: BreakerState) => {
    state = next
    era += 1
    passed = 0
    predicted.push(next)
  }
  for (const event of events) {
    if (event.type === 'begin') {
      begun.set(event.id, era)
    } else if (event.type === 'transition') {
      if (event.to === 'OPEN') openedAt = event.at
      if (event.to !== 'HALF_OPEN') continue
      // Timers count from the turn of the event loop, which may be some milliseconds old.
      if (event.at - openedAt < RESET_MS * 0.8) throw new Error(`half-open after ${event.at - openedAt} ms`)
      enter('HALF_OPEN')
    } else if (begun.get(event.id) === era && event.verdict !== 'ignore') {
      failures = event.verdict === 'success' ? 0 : failures + 1
      if (event.verdict === 'success') passed += 1
      if (state === 'HALF_OPEN' && passed === 2) enter('CLOSED')
      else if (
        event.verdict !== 'success' &&
        (state === 'HALF_OPEN' || event.verdict === 'open' || failures >= 5)
      ) {
        enter('OPEN')
      }
    }
  }
  return predicted
}
