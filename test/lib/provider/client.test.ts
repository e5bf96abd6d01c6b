import t from 'tap'
import type { ImageSettings } from '../../../lib/provider/operations.ts'
import { errors } from '../../../lib/errors.ts'
import { startOpenAi } from '../../peers/openai.ts'
import type { Fault } from '../../peers/openai.ts'
import { startClient } from './start-client.ts'

const openai = await startOpenAi({ scale: 0.0625 })
t.teardown(() => openai.close())
t.beforeEach(() => openai.reset())

type Started = Awaited<ReturnType<typeof startClient>>

interface Row {
  what: string
  fault: Fault
  /** How often the provider is called while the fault lasts. */
  calls: number
  code: string
  state?: 'OPEN'
  settings?: Partial<ImageSettings>
  /** Lets time pass while the provider has the request. */
  meanwhile?: (started: Started) => void
  /** Whether one repetition can succeed. */
  passes?: boolean
}

const NEVER_TWICE = { retryOnTimeout: false }
const expire = ({ time }: Started) => {
  setImmediate(time.expireTimeouts)
}
/** After the beginning of the answer has arrived; an earlier end is a timeout as well. */
const expireInBody = ({ time }: Started) => {
  setTimeout(time.expireTimeouts, 5)
}
const SLOW = { kind: 'trickle', ms: 5, pieces: 10_000 } as const

// The policy, one row for each way to fail.
const ROWS: Row[] = [
  { what: 'throttled', fault: 'rate_limited', calls: 4, code: 'OPENAI_RATE_LIMIT', passes: true },
  { what: '500', fault: 'server_error', calls: 4, code: 'OPENAI_UNAVAILABLE', passes: true },
  { what: '502', fault: 'bad_gateway', calls: 4, code: 'OPENAI_UNAVAILABLE', passes: true },
  { what: '503', fault: 'overloaded', calls: 4, code: 'OPENAI_UNAVAILABLE', passes: true },
  { what: '504', fault: 'gateway_timeout', calls: 4, code: 'OPENAI_UNAVAILABLE', passes: true },
  {
    what: 'a late 504, after the provider may have drawn',
    fault: 'gateway_timeout',
    calls: 2,
    code: 'OPENAI_UNAVAILABLE',
    passes: true,
    meanwhile: ({ time }) => time.advance(2_001)
  },
  { what: 'a reset', fault: 'reset', calls: 4, code: 'OPENAI_UNAVAILABLE', passes: true },
  {
    what: 'a reset after a while',
    fault: { kind: 'reset_after', ms: 5 },
    calls: 4,
    code: 'OPENAI_UNAVAILABLE',
    passes: true
  },
  {
    what: 'a late reset, after the provider may have drawn',
    fault: 'reset',
    calls: 2,
    code: 'OPENAI_UNAVAILABLE',
    passes: true,
    meanwhile: ({ time }) => time.advance(2_001)
  },
  {
    what: 'no answer',
    fault: 'hang',
    calls: 2,
    code: 'OPENAI_TIMEOUT',
    passes: true,
    meanwhile: expire
  },
  {
    what: 'no answer, never twice',
    fault: 'hang',
    calls: 1,
    code: 'OPENAI_TIMEOUT',
    settings: NEVER_TWICE,
    meanwhile: expire
  },
  {
    what: 'half an answer',
    fault: 'hang_in_body',
    calls: 2,
    code: 'OPENAI_TIMEOUT',
    passes: true,
    meanwhile: expireInBody
  },
  {
    what: 'half an answer, never twice',
    fault: 'hang_in_body',
    calls: 1,
    code: 'OPENAI_TIMEOUT',
    settings: NEVER_TWICE,
    meanwhile: expireInBody
  },
  {
    what: 'a slow answer',
    fault: SLOW,
    calls: 2,
    code: 'OPENAI_TIMEOUT',
    passes: true,
    meanwhile: expireInBody
  },
  { what: 'a cut answer', fault: 'cut_body', calls: 2, code: 'OPENAI_UNAVAILABLE', passes: true },
  {
    what: 'a cut answer without a length',
    fault: { kind: 'cut_body', chunked: true },
    calls: 2,
    code: 'OPENAI_UNAVAILABLE',
    passes: true
  },
  {
    what: 'a cut answer, never twice',
    fault: 'cut_body',
    calls: 1,
    code: 'OPENAI_UNAVAILABLE',
    settings: NEVER_TWICE
  },
  {
    what: 'a stream without its end',
    fault: 'stream_without_completed',
    calls: 2,
    code: 'OPENAI_UNAVAILABLE',
    settings: { partialImages: 2 },
    passes: true
  },
  {
    what: 'an error within a stream',
    fault: 'stream_error',
    calls: 2,
    code: 'OPENAI_UNAVAILABLE',
    settings: { partialImages: 1 },
    passes: true
  },
  { what: 'broken JSON', fault: 'malformed_json', calls: 1, code: 'IMAGE_DOWNLOAD_ERROR' },
  { what: 'no data', fault: 'empty_data', calls: 1, code: 'IMAGE_DOWNLOAD_ERROR' },
  { what: 'no image in base64', fault: 'no_image', calls: 1, code: 'IMAGE_DOWNLOAD_ERROR' },
  { what: '40 MB', fault: 'huge', calls: 1, code: 'IMAGE_DOWNLOAD_ERROR' },
  {
    what: '40 MB without a length',
    fault: { kind: 'huge', chunked: true },
    calls: 1,
    code: 'IMAGE_DOWNLOAD_ERROR'
  },
  { what: 'no money', fault: 'insufficient_quota', calls: 1, code: 'OPENAI_UNAVAILABLE', state: 'OPEN' },
  {
    what: 'a limit of the account',
    fault: 'billing_hard_limit_reached',
    calls: 1,
    code: 'OPENAI_UNAVAILABLE',
    state: 'OPEN'
  },
  {
    what: 'an account that is not active',
    fault: 'billing_not_active',
    calls: 1,
    code: 'OPENAI_UNAVAILABLE',
    state: 'OPEN'
  },
  { what: 'a refused picture', fault: 'moderation_blocked', calls: 1, code: 'CONTENT_REJECTED' },
  { what: 'an older refusal', fault: 'content_policy_violation', calls: 1, code: 'CONTENT_REJECTED' },
  {
    what: 'a wrong request',
    fault: {
      kind: 'raw',
      status: 400,
      body: '{"error": {"message": "Something is wrong", "param": "prompt"}}'
    },
    calls: 1,
    code: 'OPENAI_UNAVAILABLE'
  },
  { what: 'an unknown model', fault: 'model_not_found', calls: 1, code: 'OPENAI_UNAVAILABLE' },
  { what: 'a wrong key', fault: 'invalid_api_key', calls: 1, code: 'OPENAI_UNAVAILABLE', state: 'OPEN' },
  {
    what: 'a country that is not served',
    fault: 'region',
    calls: 1,
    code: 'OPENAI_UNAVAILABLE',
    state: 'OPEN'
  },
  {
    what: 'an organization that is not verified',
    fault: 'unverified_organization',
    calls: 1,
    code: 'OPENAI_UNAVAILABLE',
    state: 'OPEN'
  }
]

const PROVIDERS_WORDS = /sk-|org-|req_|rate limit reached|quota|openai\.com|image generation/i

for (const { what, fault, calls, code, state = 'CLOSED', settings = {}, meanwhile, passes } of ROWS) {
  t.test(`the policy: ${what}`, async (t) => {
    const failing = await startClient(t, { baseUrl: openai.url, image: settings })
    openai.behave('image', () => {
      meanwhile?.(failing)
      return fault
    })
    const { error, attempts } = await failing.draw()
    t.equal(error?.code, code)
    t.notMatch(error?.message, PROVIDERS_WORDS, "the provider's words are not passed on")
    t.equal(openai.count('image'), calls, 'calls')
    t.equal(attempts, calls, 'attempts')
    t.equal(failing.calls.length, calls, 'each call is reported')
    t.equal(failing.breakers.draw.report().state, state, 'the breaker')
    if (passes !== true) return

    const recovering = await startClient(t, { baseUrl: openai.url, image: settings })
    openai.reset()
    openai.behave('image', (index) => {
      if (index > 0) return 'ok'
      meanwhile?.(recovering)
      return fault
    })
    const recovered = await recovering.draw()
    t.ok(recovered.result !== undefined, 'a repetition succeeds')
    t.equal(recovered.attempts, 2)
    t.equal(openai.billed, 1, 'one picture is billed')
  })
}

t.test('without a connection a call is repeated and costs nothing', async (t) => {
  const gone = await startOpenAi()
  await gone.close()
  const { draw, ledger } = await startClient(t, { baseUrl: gone.url })
  const { error, attempts } = await draw()
  t.match(error, { code: 'OPENAI_UNAVAILABLE', message: 'The model provider cannot be reached' })
  t.equal(attempts, 4)
  t.same(ledger.spent(), { usd: 0, images: 0 })
})

t.test('calls wait as long as the provider asks, in seconds or by a date', async (t) => {
  const faults: Array<[least: number, fault: () => Fault]> = [
    [60_000, () => ({ kind: 'rate_limited', retryAfter: 60 })],
    [700, () => ({ kind: 'rate_limited', retryAfterMs: 700 })],
    [60_000, () => ({ kind: 'overloaded', retryAfter: 60 })]
  ]
  for (const [least, fault] of faults) {
    const { draw, time } = await startClient(t, { baseUrl: openai.url })
    openai.script('image', fault())
    t.equal((await draw()).attempts, 2)
    t.ok(time.clock.now() >= least, `${time.clock.now()} ms`)
  }
  const { draw, time } = await startClient(t, { baseUrl: openai.url })
  // A date so far away that it is beyond the patience, however late the answer is read.
  openai.script('image', { kind: 'rate_limited', retryAfterDate: new Date(Date.now() + 1e9) })
  t.match((await draw()).error, { code: 'OPENAI_RATE_LIMIT', retryAfter: 900 })
  t.equal(time.clock.now(), 0, 'nothing waits for more than a minute')
  t.match((await draw()).error, { code: 'OPENAI_RATE_LIMIT' })
  t.equal(openai.count('image'), 7, 'the second is not even sent')
})

t.test('a run that ends takes its call with it', async (t) => {
  const { draw, breakers, calls } = await startClient(t, { baseUrl: openai.url })
  const controller = new AbortController()
  openai.behave('image', () => {
    setImmediate(() => controller.abort(errors.cancelled()))
    return 'hang'
  })
  const { error, attempts } = await draw({ signal: controller.signal })
  t.equal(error?.code, 'CANCELLED')
  t.equal(attempts, 1)
  t.match(calls, [{ outcome: 'aborted' }])
  t.match(breakers.draw.report(), { state: 'CLOSED', failures: 0 })
})

t.test('a spent budget stops calls before they are made', async (t) => {
  const { draw, client, ledger } = await startClient(t, { baseUrl: openai.url, limits: { images: 2 } })
  openai.script('image', 'server_error', 'ok', 'malformed_json')
  t.equal((await draw()).error, undefined)
  t.same(ledger.spent().images, 1, 'a refused call is free')
  t.equal((await draw()).error?.code, 'IMAGE_DOWNLOAD_ERROR')
  t.same(ledger.spent().images, 2, 'a lost answer is charged')
  t.equal((await draw()).error?.code, 'BUDGET_EXHAUSTED')
  t.match(client.refusal('draw'), { code: 'BUDGET_EXHAUSTED' })
  t.equal(openai.count('image'), 3)
})
