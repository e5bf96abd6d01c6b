import t from 'tap'
import type { Test } from 'tap'
import { createAnswers } from '../../../lib/generation/answers.ts'
import { ADDRESS, createScriptedArtist, plainPng } from '../../helper.ts'
import { recordOf, setUp } from './fixtures.ts'

const local = recordOf({ provider: 'local' })

async function start(t: Test) {
  const { worker, files, images } = await setUp(t, createScriptedArtist().artist)
  return { worker, answers: createAnswers(files), images }
}

t.test('a run goes on when its series, its databases and its artist are there', async (t) => {
  const { worker } = await start(t)
  const { dress, problem, isMade } = await worker.prepare(local)
  t.equal(dress.original, ADDRESS)
  t.equal(dress.attributes.length, 18)
  t.equal(problem, undefined)
  t.equal(isMade, false)
})

t.test('a run cannot go on without them, and says what is missing', async (t) => {
  const { worker } = await start(t)
  for (const [changes, expected] of [
    [
      { series: 'gone', definition: { suffix: 'gone' } },
      { code: 'INVALID_SERIES', details: /"gone"/ }
    ],
    [{ databaseHash: 'sha256:other' }, { code: 'TEMPLATE_ERROR', details: /databases have changed/ }],
    [{ provider: 'openai' }, { code: 'SERVICE_UNAVAILABLE', details: /settings have changed/ }]
  ] as const) {
    t.match((await worker.prepare({ ...local, ...changes })).problem, expected)
  }
})

t.test('a run whose picture exists is made, and its answer is not needed any more', async (t) => {
  const { worker, answers, images } = await start(t)
  await answers.keep(local, { source: { bytes: await plainPng() }, expense: { usd: 0, images: 1 } })
  t.equal((await worker.prepare(local)).isMade, false)
  t.ok(await answers.read(local), 'until then the answer is kept')
  await images.put('simple', ADDRESS, await plainPng())
  t.equal((await worker.prepare({ ...local, force: true })).isMade, false, 'a forced run draws anew')
  t.equal((await worker.prepare({ ...local, replaces: true })).isMade, false)
  t.ok(await answers.read(local))
  t.equal((await worker.prepare(local)).isMade, true)
  t.equal(await answers.read(local), undefined)
})

t.test('an answer that is kept too late is removed', async (t) => {
  const { worker, answers } = await start(t)
  await answers.keep(local, { source: { bytes: await plainPng() }, expense: { usd: 0, images: 1 } })
  await worker.forget!(local)
  t.equal(await answers.read(local), undefined)
})
