import { once } from 'node:events'
import t from 'tap'
import { prepareDress } from '../../../lib/dress/dress.ts'
import { errors } from '../../../lib/errors.ts'
import type { ClaimedRun, RunRecord } from '../../../lib/engine/engine.ts'
import type { KeptAnswer } from '../../../lib/generation/answers.ts'
import { drawPicture } from '../../../lib/generation/drawing.ts'
import type { Artist } from '../../../lib/image/artist.ts'
import { createAverages } from '../../../lib/progress/averages.ts'
import { createRunProgress } from '../../../lib/progress/run.ts'
import type { Provider } from '../../../lib/schemas/progress.ts'
import { providerFailure } from '../../../lib/provider/failures.ts'
import { createClock } from '../../clock.ts'
import { ADDRESS, plainPng } from '../../helper.ts'
import { createManualClock } from '../../manual-clock.ts'
import { SIMPLE, databases, recordOf } from './fixtures.ts'

function createRun(
  changes: Partial<RunRecord> = {},
  { signal }: Pick<ClaimedRun, 'signal'> = new AbortController()
): ClaimedRun {
  const { dress } = prepareDress(databases, SIMPLE, ADDRESS)
  let record = recordOf(changes)
  const { nowNs: now } = createClock()
  const progress = createRunProgress({
    ...record,
    dress,
    averages: createAverages(),
    now,
    onChange: () => {}
  })
  return {
    get record() {
      return record
    },
    progress,
    signal,
    reach: async (step) => {
      record = { ...record, step }
    },
    async drawWith(provider) {
      record = { ...record, provider }
      progress.drawWith(provider)
    }
  }
}

/** Everything that a drawing needs besides its artists, with an answer and a drawing that are kept. */
function partsOf(kept: { answer?: KeptAnswer; generated?: Buffer } = {}) {
  const settled: unknown[] = []
  const parts = {
    ledger: {
      loseEarlier: async (_call: { repeatsLost: number }) => {},
      reserve: async () => ({ settle: () => {}, lose: () => {} }),
      settleKept: (...given: unknown[]) => settled.push(given)
    },
    answers: {
      read: async () => kept.answer,
      keep: async () => {},
      remove: async () => {
        delete kept.answer
      }
    },
    artifacts: {
      readGenerated: async () => kept.generated,
      archiveGenerated: async () => {
        delete kept.generated
      },
      removeEnhanced: async () => {}
    }
  }
  return { parts, settled, kept }
}

/** An artist that fails with each of the errors in turn, and then draws. */
function createArtist(provider: Provider, failures: unknown[] = [], refusal?: Artist['refusal']) {
  const prompts: string[] = []
  const artist: Artist = {
    provider,
    ...(refusal && { refusal }),
    compose: ({ prompt, enhancedPrompt }) => ({
      async draw() {
        prompts.push(enhancedPrompt || prompt)
        const failure = failures.shift()
        if (failure !== undefined) throw failure
        return {
          downloadMode: provider === 'local' ? 'local' : 'b64',
          download: async () => await plainPng()
        }
      }
    })
  }
  return { artist, prompts }
}

const rejected = () => providerFailure('rejected')
const away = () => providerFailure('unreachable')
const { parts } = partsOf()

t.test('the artist draws, and the run passes both phases', async (t) => {
  const run = createRun()
  const { artist } = createArtist('openai')
  t.match(await drawPicture({ ...parts, artist }, run), { downloadMode: 'b64' })
  t.equal(run.progress.snapshot().currentPhase, 'image_wait')
  t.equal(run.record.step, 'drawing')
  t.match(run.progress.snapshot(), { degraded: false, provider: 'openai' })
})

t.test('a refused enhanced prompt is dropped, and the plain one is drawn once', async (t) => {
  const run = createRun()
  const { dress } = run.progress
  dress.enhancedPrompt = 'A novel'
  const { artist, prompts } = createArtist('openai', [rejected()])
  await drawPicture({ ...parts, artist }, run)
  t.same(prompts, ['A novel', dress.prompt])
  t.equal(dress.enhancedPrompt, '')
  t.match(run.progress.snapshot(), { degraded: true, degradedReason: /plain one was drawn/ })

  const twice = createRun()
  twice.progress.dress.enhancedPrompt = 'A novel'
  const refusing = createArtist('openai', [rejected(), rejected()])
  await t.rejects(drawPicture({ ...parts, artist: refusing.artist }, twice), { code: rejected().code })
  t.equal(refusing.prompts.length, 2)
  const { degradedReason } = twice.progress.snapshot()
  t.equal(degradedReason, 'The provider refused the enhanced prompt', 'the plain one was not drawn')
})

t.test('a refused plain prompt fails', async (t) => {
  const { artist, prompts } = createArtist('openai', [rejected()])
  await t.rejects(drawPicture({ ...parts, artist }, createRun()), { code: rejected().code })
  t.equal(prompts.length, 1)
})

t.test('while the provider is away the stand-in draws, where there is one', async (t) => {
  const standIn = createArtist('local').artist
  const run = createRun()
  const drawing = await drawPicture(
    { ...parts, artist: createArtist('openai', [away()]).artist, standIn },
    run
  )
  t.equal(drawing.downloadMode, 'local')
  t.match(run.progress.snapshot(), { degraded: true, provider: 'local', degradedReason: /stand-in/ })

  const failing = createArtist('openai', [away()]).artist
  await t.rejects(drawPicture({ ...parts, artist: failing }, createRun()), { code: away().code })
})

t.test('an artist that refuses is not asked', async (t) => {
  const { artist, prompts } = createArtist('openai', [], () => errors.budgetExhausted('spent', 60))
  await t.rejects(drawPicture({ ...parts, artist }, createRun()), { code: 'BUDGET_EXHAUSTED' })
  t.same(prompts, [])
})

t.test('a run waits for money that calls at work may give back', async (t) => {
  const held = () => Object.assign(errors.budgetExhausted('reserved', 60), { isHeld: true })
  const refusals = [held(), held()]
  const { clock, sleeps } = createManualClock()
  const { artist, prompts } = createArtist('openai', [], () => refusals.shift())
  let sleepsInPause = 0
  const run = {
    ...createRun(),
    async pause<Result>(wait: () => Promise<Result>) {
      const result = await wait()
      sleepsInPause += sleeps.length
      return result
    }
  }
  await drawPicture({ ...parts, artist, clock }, run)
  t.same([prompts.length, sleeps.length], [1, 2])
  t.equal(sleepsInPause, 2, 'the wait does not count as working time')
})

/** An artist that can deliver a kept answer. */
function createPayingArtist(failures: unknown[] = []) {
  const { artist, prompts } = createArtist('openai', failures)
  const deliver: Artist['deliver'] = (source) => ({
    downloadMode: 'b64',
    download: async () => ('bytes' in source ? source.bytes : Buffer.from(source.url))
  })
  return { artist: { ...artist, deliver }, prompts }
}

t.test('a kept answer is used and settled, and nothing is drawn', async (t) => {
  const { signal } = new AbortController()
  const answer = () => ({ source: { bytes: Buffer.from('paid') }, expense: { usd: 0.2, images: 1 } })
  for (const changes of [
    {},
    { step: 'drawing' },
    { step: 'drawn' },
    { step: 'drawing', force: true }
  ] as const) {
    const { parts, settled } = partsOf({ answer: answer() })
    const { artist, prompts } = createPayingArtist()
    const run = createRun(changes)
    const drawing = await drawPicture({ ...parts, artist }, run)
    t.equal((await drawing.download(signal)).toString(), 'paid', JSON.stringify(changes))
    t.same(prompts, [])
    t.same(settled, [['a-run', 'draw', { usd: 0.2, images: 1 }]])
    t.match(run.progress.snapshot().phases[4], { name: 'image_wait', skipped: true })
  }
  const { parts, settled, kept } = partsOf({ answer: answer(), generated: Buffer.from('old') })
  const { artist, prompts } = createPayingArtist()
  await drawPicture({ ...parts, artist }, createRun({ force: true }))
  t.equal(prompts.length, 1, 'a forced run draws anew')
  t.same(settled, [])
  t.same(kept, {}, 'what earlier runs left is taken away')
})

t.test('a drawing on disk belongs to a run that has begun to draw, and to no other', async (t) => {
  const { signal } = new AbortController()
  const generated = Buffer.from('drawn')
  const { artist, prompts } = createPayingArtist()
  const drawing = await drawPicture({ ...partsOf({ generated }).parts, artist }, createRun({ step: 'drawn' }))
  t.equal((await drawing.download(signal)).toString(), 'drawn')
  t.same(prompts, [])
  await drawPicture({ ...partsOf({ generated }).parts, artist }, createRun())
  t.equal(prompts.length, 1)
})

t.test('an artist that never repeats a lost answer ends the run with ANSWER_LOST', async (t) => {
  for (const kind of ['timeout', 'interrupted'] as const) {
    const lost = () => createPayingArtist([providerFailure(kind)]).artist
    await t.rejects(drawPicture({ ...parts, artist: { ...lost(), neverRepeats: true } }, createRun()), {
      code: 'ANSWER_LOST'
    })
    await t.rejects(drawPicture({ ...parts, artist: lost() }, createRun()), {
      code: providerFailure(kind).code
    })
  }
})

t.test('a drawing that the end of its run cuts off is lost where it must never be repeated', async (t) => {
  const timeout = errors.generationTimeout(300)
  for (const [neverRepeats, kind, reason, code] of [
    [true, 'aborted', timeout, 'ANSWER_LOST'],
    [true, 'timeout', timeout, 'ANSWER_LOST'],
    [true, 'unreachable', timeout, 'GENERATION_TIMEOUT'],
    [true, 'aborted', errors.cancelled(), 'CANCELLED'],
    [false, 'aborted', timeout, 'GENERATION_TIMEOUT']
  ] as const) {
    const controller = new AbortController()
    const artist: Artist = {
      provider: 'openai',
      neverRepeats,
      compose: () => ({
        async draw(signal) {
          const isAborted = once(signal, 'abort')
          controller.abort(reason)
          await isAborted
          throw providerFailure(kind)
        }
      })
    }
    const standIn = createArtist('local').artist
    const drawing = drawPicture({ ...parts, artist, standIn }, createRun({}, controller))
    await t.rejects(drawing, { code }, `${kind}, ${reason.code}, ${neverRepeats}`)
  }
})

t.test('the run names the provider that draws, and a run that goes on asks it first', async (t) => {
  const asked: Array<Provider | undefined> = []
  const artist: Artist = {
    provider: 'first',
    compose: () => ({
      async draw(_signal, { first, onProvider }) {
        asked.push(first)
        await onProvider('second')
        return { downloadMode: 'b64', download: async () => await plainPng() }
      }
    })
  }
  const run = createRun({ provider: 'first' })
  await drawPicture({ ...parts, artist }, run)
  t.equal(run.record.provider, 'second')
  t.match(run.progress.snapshot(), { provider: 'second', degraded: false })
  t.notOk(run.progress.isStandIn)
  await drawPicture({ ...parts, artist }, createRun({ provider: 'second', step: 'drawing' }))
  t.same(asked, [undefined, 'second'])
})

t.test('a kept answer names who drew it, and is delivered by that provider', async (t) => {
  const senders: Provider[] = []
  const { artist } = createArtist('first')
  const deliver: Artist['deliver'] = (source, provider) => {
    senders.push(provider)
    return { downloadMode: 'url', download: async () => Buffer.from('url' in source ? source.url : '') }
  }
  const answer = { source: { url: 'https://a.example/x.png' }, expense: { usd: 0.2, images: 1 } }
  for (const [provider, expected] of [
    ['second', 'second'],
    [undefined, 'first']
  ] as const) {
    const run = createRun({ provider: 'first' })
    await drawPicture(
      { ...partsOf({ answer: { ...answer, provider } }).parts, artist: { ...artist, deliver } },
      run
    )
    t.equal(run.progress.provider, expected)
    t.equal(senders.at(-1), expected)
  }
})

t.test('too many lost drawings end a run, also where the next one would be refused', async (t) => {
  for (const refusal of [errors.budgetExhausted('The daily budget is used up', 60), away()]) {
    for (const neverRepeats of [true, false]) {
      const { artist: usual, prompts } = createArtist('openai', [], () => refusal)
      const artist: Artist = { ...usual, neverRepeats, deliver: () => t.fail('nothing is kept') as never }
      const asked: number[] = []
      const ledger = {
        ...parts.ledger,
        loseEarlier: async ({ repeatsLost }: { repeatsLost: number }) => {
          asked.push(repeatsLost)
          throw errors.answerLost(2)
        }
      }
      const begun = createRun()
      await begun.reach('drawing')
      const standIn = createArtist('local').artist
      await t.rejects(drawPicture({ ...parts, ledger, artist, standIn }, begun), { code: 'ANSWER_LOST' })
      t.same([asked, prompts], [[neverRepeats ? 0 : 1], []])
      await t.rejects(drawPicture({ ...parts, ledger, artist }, createRun()), { code: refusal.code })
      t.equal(asked.length, 1, 'a run that has not begun its drawing has lost none')
    }
  }
})
