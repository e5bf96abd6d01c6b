import t from 'tap'
import { prepareDress } from '../../../lib/dress/dress.ts'
import { errors } from '../../../lib/errors.ts'
import { drawPicture } from '../../../lib/generation/drawing.ts'
import type { Artist } from '../../../lib/image/artist.ts'
import { createAverages } from '../../../lib/progress/averages.ts'
import { createRunProgress } from '../../../lib/progress/run.ts'
import type { Provider } from '../../../lib/schemas/progress.ts'
import { providerFailure } from '../../../lib/provider/failures.ts'
import { createClock } from '../../clock.ts'
import { ADDRESS, plainPng } from '../../helper.ts'
import { SIMPLE, databases } from './fixtures.ts'

const { signal } = new AbortController()

function createRun() {
  const { dress } = prepareDress(databases, SIMPLE, ADDRESS)
  const options = { series: 'simple', address: ADDRESS, provider: 'openai' as const, dress }
  const { nowNs: now } = createClock()
  return createRunProgress({ ...options, averages: createAverages(), now, onChange: () => {} })
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
const nothing = async () => {}

t.test('the artist draws, and the run passes both phases', async (t) => {
  const run = createRun()
  const { artist } = createArtist('openai')
  t.match(await drawPicture({ artist }, run, nothing, signal), { downloadMode: 'b64' })
  t.equal(run.snapshot().currentPhase, 'image_wait')
  t.match(run.snapshot(), { degraded: false, provider: 'openai' })
})

t.test('a refused enhanced prompt is dropped, and the plain one is drawn once', async (t) => {
  const run = createRun()
  run.dress.enhancedPrompt = 'A novel'
  const drop = async () => {
    run.dress.enhancedPrompt = ''
  }
  const { artist, prompts } = createArtist('openai', [rejected()])
  await drawPicture({ artist }, run, drop, signal)
  t.same(prompts, ['A novel', run.dress.prompt])
  t.match(run.snapshot(), { degraded: true, degradedReason: /plain one was drawn/ })

  const twice = createRun()
  twice.dress.enhancedPrompt = 'A novel'
  const refusing = createArtist('openai', [rejected(), rejected()])
  const dropTwice = async () => {
    twice.dress.enhancedPrompt = ''
  }
  await t.rejects(drawPicture({ artist: refusing.artist }, twice, dropTwice, signal), {
    code: rejected().code
  })
  t.equal(refusing.prompts.length, 2)
})

t.test('a refused plain prompt fails', async (t) => {
  const { artist, prompts } = createArtist('openai', [rejected()])
  await t.rejects(drawPicture({ artist }, createRun(), nothing, signal), { code: rejected().code })
  t.equal(prompts.length, 1)
})

t.test('while the provider is away the stand-in draws, where there is one', async (t) => {
  const standIn = createArtist('local').artist
  const run = createRun()
  const drawing = await drawPicture(
    { artist: createArtist('openai', [away()]).artist, standIn },
    run,
    nothing,
    signal
  )
  t.equal(drawing.downloadMode, 'local')
  t.match(run.snapshot(), { degraded: true, provider: 'local', degradedReason: /stand-in/ })

  const failing = createArtist('openai', [away()]).artist
  await t.rejects(drawPicture({ artist: failing }, createRun(), nothing, signal), { code: away().code })
})

t.test('an artist that refuses is not asked', async (t) => {
  const { artist, prompts } = createArtist('openai', [], () => errors.budgetExhausted('spent', 60))
  await t.rejects(drawPicture({ artist }, createRun(), nothing, signal), { code: 'BUDGET_EXHAUSTED' })
  t.same(prompts, [])
})
