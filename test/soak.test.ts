import { createHash } from 'node:crypto'
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import t from 'tap'
import type { Test } from 'tap'
import type { AdmittedCall, CallVerdict, CircuitState } from '../lib/engine/engine.ts'
import { isServiceError } from '../lib/errors.ts'
import { build, json, until } from './helper.ts'
import { SHAPES, enhance, startOpenAi } from './peers/openai.ts'
import type { Fault } from './peers/openai.ts'

const SEED = 20_261_125
/** `npm run soak` makes 2,000 runs; a run of all tests makes fewer. */
const RUNS = Number(process.env.SOAK_RUNS ?? 300)
const IS_FULL = RUNS >= 2_000
/** Memory is measured after each batch. */
const BATCHES = 3
const PICTURES = 250
const CLIENTS = 24

// Waits and timeouts are about a hundredth of the usual ones, so that the full soak is like half an hour of service.
const RESET_MS = 300
const SETTINGS = {
  TB_DALLE_LOCK_TTL: '60s',
  // Long enough that a busy machine answers in time: a refusal that comes too late would be booked as lost.
  TB_DALLE_IMAGE_TIMEOUT: '2s',
  TB_DALLE_ENHANCEMENT_TIMEOUT: '2s',
  TB_DALLE_FAILURE_HOLD: '1ms',
  TB_DALLE_CONCURRENCY: '12'
}
const CANCELLED_SHARE = 0.05
/** One price for each call of a model, so that a charge does not depend on how much of an answer arrived. */
const USD = { image: 0.25, chat: 0.007 }
const PRICES = { 'gpt-image-2': { call: USD.image }, 'gpt-4.1-mini': { call: USD.chat } }
/** Each shape of an answer, without those that open the circuit: they have a regime of their own. */
const shapesOf = (operation: 'chat' | 'image') =>
  SHAPES.filter((shape) => shape.operation === operation && shape.circuit !== 'opens')
    // It is repeated with the plain prompt, and each of the two may be lost once.
    .filter(({ name }) => name !== 'charged_refusal')
    .map(({ name }) => name)
const SHAPE_FAULTS = { chat: shapesOf('chat') as Fault[], image: shapesOf('image') as Fault[] }
const MAX_GROWTH_BYTES = 12 * 2 ** 20

/** The provider's behaviour for a number of requests: the share of failed answers, and their faults. */
const REGIMES: Array<{ requests: number; share: number; faults: Fault[] | 'shapes' }> = [
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
  // All shapes, each several times in a full soak.
  { requests: 600, share: 1, faults: 'shapes' },
  {
    requests: 120,
    share: 0.1,
    faults: ['insufficient_quota', 'billing_hard_limit_reached', 'invalid_api_key', 'hang']
  }
]
/** A short soak goes through all regimes too, but faster. The total failure lasts long enough to open a circuit. */
const lengthOf = ({ requests }: { requests: number }) => Math.max(20, Math.round((requests * RUNS) / 2_000))
const CYCLE = REGIMES.flatMap((regime) => Array.from({ length: lengthOf(regime) }, () => regime))
/** The language model begins with the total failure, because each prompt is enhanced only once. */
const FIRST_OF_CHAT = REGIMES.slice(0, 5).reduce((sum, regime) => sum + lengthOf(regime), 0)

/** What language models put before a prompt. */
const PREFIXES = new RegExp(`^(?:${enhance('').trim()} |Better: )`)

interface End {
  errorCode: string
  attempt: number
}

t.test(
  'no fault of the provider costs a picture twice or stops the service',
  { timeout: IS_FULL ? 3_000_000 : 400_000 },
  async (t) => {
    /** Image calls that the provider may charge for, by the base prompt of the current run. */
    const bought = new Map<string, number>()
    const charged = { chat: 0, image: 0 }
    const openai = await startOpenAi({
      scale: 0.0625,
      keep: 10,
      onEnd: ({ operation, isCharged, outcome, body }) => {
        if (!isCharged || (operation !== 'image' && operation !== 'chat')) return
        charged[operation] += 1
        const base = String(body.prompt).replace(PREFIXES, '')
        // A connection that is reset at once is booked, and repeated like a refused one.
        if (operation === 'image' && !outcome.startsWith('reset')) {
          bought.set(base, (bought.get(base) ?? 0) + 1)
        }
      }
    })
    t.teardown(() => openai.close())
    const { url, app } = await build(t, {
      settings: {
        OPENAI_API_KEY: 'sk-soak',
        OPENAI_BASE_URL: openai.url,
        TB_DALLE_CLIENT_RUNS: '0',
        TB_DALLE_CLIENT_WAITERS: '0',
        TB_DALLE_ENHANCEMENT_MODEL: 'gpt-4.1-mini',
        TB_DALLE_PRICES: JSON.stringify(PRICES),
        ...SETTINGS
      },
      retry: { minTimeoutMs: 10, maxTimeoutMs: 300, patienceMs: 600 },
      breaker: { resetTimeoutMs: RESET_MS }
    })
    /** Runs that are cancelled as soon as the provider has their request, by their base prompt. */
    const cancelling = new Map<string, () => void>()
    openai.behave('image', (index, body) => {
      const base = String(body.prompt).replace(PREFIXES, '')
      const cancel = cancelling.get(base)
      if (cancel === undefined) return faultOf('image', index)
      // While no answer is under way, both sides agree that the call may be charged.
      cancelling.delete(base)
      setImmediate(cancel)
      return 'hang'
    })
    openai.behave('chat', (index) => faultOf('chat', index + FIRST_OF_CHAT))
    const log = watchBreakers(app)

    const ends: End[] = []
    const used: number[] = []
    let runs = 0
    let asked = 0
    let turnedAway = 0
    let mostBought = 0
    for (let batch = 1; batch <= BATCHES; batch += 1) {
      const enough = (RUNS * batch) / BATCHES
      await Promise.all(
        Array.from({ length: CLIENTS }, async () => {
          while (runs < enough) await ask()
        })
      )
      used.push(await usedAfterCollection())
    }

    async function ask(): Promise<void> {
      const index = asked++
      const address = addressOf(Math.floor(random('picture', index) * PICTURES))
      const series = (await app.dresses.series.get('simple'))!
      const answered = await app.generation.ensure(series, address, { force: true }).catch(tolerate)
      if (answered === undefined) return
      const { outcome, snapshot } = answered
      if (outcome === 'failed' && snapshot.phases[0]!.startedNs === 0) {
        turnedAway += 1
        await sleep(30)
      }
      if (outcome !== 'started') return
      runs += 1
      bought.set(snapshot.dalleDress.prompt, 0)
      if (random('cancel', index) < CANCELLED_SHARE) {
        cancelling.set(snapshot.dalleDress.prompt, () => {
          app.generation.cancel('simple', address).catch(t.threw)
        })
      }
      const run = (await app.engine.runs.last('simple', address))!
      await until(() => run.done, 120)
      cancelling.delete(snapshot.dalleDress.prompt)
      const { errorCode, attempt } = run.snapshot()
      ends.push({ errorCode, attempt })
      mostBought = Math.max(mostBought, bought.get(snapshot.dalleDress.prompt)!)
    }

    /** On a busy machine the disk may be late for a moment; then no run starts. */
    async function tolerate(error: unknown): Promise<undefined> {
      if (!isServiceError(error) || error.code !== 'SERVICE_UNAVAILABLE') throw error
      await sleep(1_000)
    }

    const codes: Record<string, number> = {}
    for (const { errorCode } of ends) {
      codes[errorCode || 'completed'] = (codes[errorCode || 'completed'] ?? 0) + 1
    }
    t.comment(
      `${runs} runs and ${turnedAway} turned away: ${JSON.stringify(codes)}; ` +
        `${openai.count('image')} image calls, ${openai.billed} billed, ${openai.possiblyBilled} perhaps; ` +
        `memory ${used.map((bytes) => (bytes / 2 ** 20).toFixed(1)).join(', ')} MB`
    )
    t.ok(turnedAway > 0, 'an open circuit fails runs at once')
    t.ok((codes.completed ?? 0) > runs * 0.1, 'many runs are completed')
    t.ok((codes.OPENAI_UNAVAILABLE ?? 0) > 0 && (codes.CANCELLED ?? 0) > 0, 'others fail or are cancelled')
    t.notOk('GENERATION_TIMEOUT' in codes, 'no run reaches its deadline')
    t.equal(openai.concurrent('all').now, 0, 'no request is left open at the provider')
    t.ok(mostBought <= 2, 'at most one repetition of a run may be billed')
    t.ok(ends.every(({ attempt }) => attempt <= 4))
    t.equal(
      app.engine.ledger.spent().usd.toFixed(3),
      (charged.image * USD.image + charged.chat * USD.chat).toFixed(3),
      'what is booked is what the provider charges, to the cent'
    )
    for (const operation of ['draw', 'enhance'] as const) {
      checkCircuit(
        t,
        operation,
        log.filter((event) => event.operation === operation)
      )
    }
    if (IS_FULL) t.ok(used.at(-1)! - used[0]! < MAX_GROWTH_BYTES, 'memory does not grow')
    t.not((await json(await fetch(`${url}/health`))).data.status, 'unhealthy')
  }
)

function faultOf(operation: 'chat' | 'image', index: number): Fault {
  const { share, faults } = CYCLE[index % CYCLE.length]!
  if (random(operation, index) >= share) return 'ok'
  if (faults === 'shapes') {
    const all = SHAPE_FAULTS[operation]
    return all[index % all.length]!
  }
  const fault = faults[Math.floor(random(`${operation}'s`, index) * faults.length)]!
  return operation === 'chat' && (fault === 'empty_data' || fault === 'no_image') ? 'empty_content' : fault
}

function addressOf(picture: number): string {
  return `0x${createHash('sha256').update(String(picture)).digest('hex').slice(0, 40)}`
}

function checkCircuit(t: Test, operation: string, events: BreakerEvent[]): void {
  const actual = events.flatMap((event) => (event.type === 'transition' ? [event.to] : []))
  t.same(replay(events), actual, `${operation}: the circuit agrees with its model, ${actual.length} changes`)
  t.ok(actual.includes('OPEN'), `${operation}: the circuit opened`)
  t.ok(
    events.every((event) => event.type !== 'begin' || event.state !== 'OPEN'),
    `${operation}: no call went through an open circuit`
  )
}

/** A number from 0 to 1 that depends only on the seed, the purpose and the index. */
function random(purpose: string, index: number): number {
  return createHash('sha256').update(`${SEED} ${purpose} ${index}`).digest().readUInt32BE() / 2 ** 32
}

/** Bytes in use after garbage collection. */
async function usedAfterCollection(): Promise<number> {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  // Closed sockets and finished timers are let go in the next turns of the event loop.
  for (let round = 0; round < 10; round += 1) {
    await nextTurn()
    collect()
  }
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

type BreakerEvent = { operation: string } & (
  | { type: 'begin'; id: number; state: CircuitState }
  | { type: 'verdict'; id: number; verdict: CallVerdict['verdict'] }
  | { type: 'transition'; to: CircuitState }
)

/** Logs every call that a breaker lets through, its verdict, and every change of state, in order. */
function watchBreakers(app: Awaited<ReturnType<typeof build>>['app']): BreakerEvent[] {
  const log: BreakerEvent[] = []
  let calls = 0
  for (const operation of ['draw', 'enhance'] as const) {
    const circuit = app.engine.circuits.of(`openai:${operation}`)
    const admit = circuit.admit.bind(circuit)
    circuit.admit = async () => {
      const isRejected = circuit.rejection() !== undefined
      const admission = admit()
      if (isRejected) return await admission
      const id = calls++
      log.push({ type: 'begin', operation, id, state: circuit.report().state })
      const { end } = (await admission) as AdmittedCall
      return {
        isAdmitted: true,
        async end(result) {
          log.push({ type: 'verdict', operation, id, verdict: result.verdict })
          await end(result)
        }
      }
    }
  }
  const { recordTransition } = app.metrics.provider
  app.metrics.provider.recordTransition = (provider, operation, to) => {
    log.push({ type: 'transition', operation, to })
    recordTransition(provider, operation, to)
  }
  return log
}

/** The changes of state that follow from the calls. When a circuit half-opens is taken from the log. */
function replay(events: BreakerEvent[]): CircuitState[] {
  const predicted: CircuitState[] = []
  const begun = new Map<number, number>()
  let state = 'CLOSED' as CircuitState
  let era = 0
  let failures = 0
  let passed = 0
  const enter = (next: CircuitState) => {
    state = next
    era += 1
    passed = 0
    predicted.push(next)
  }
  for (const event of events) {
    if (event.type === 'begin') {
      begun.set(event.id, era)
    } else if (event.type === 'transition') {
      if (event.to !== 'HALF_OPEN') continue
      enter('HALF_OPEN')
    } else if (begun.get(event.id) === era && event.verdict !== 'ignored') {
      failures = event.verdict === 'success' ? 0 : failures + 1
      if (event.verdict === 'success') passed += 1
      if (state === 'HALF_OPEN' && passed === 2) enter('CLOSED')
      else if (
        event.verdict !== 'success' &&
        (state === 'HALF_OPEN' || event.verdict === 'fatal' || failures >= 5)
      ) {
        enter('OPEN')
      }
    }
  }
  return predicted
}
