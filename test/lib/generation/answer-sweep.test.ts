import { utimes } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import type { Test } from 'tap'
import type { RunView } from '../../../lib/engine/engine.ts'
import { sweepAnswers } from '../../../lib/generation/answer-sweep.ts'
import { createAnswers } from '../../../lib/generation/answers.ts'
import { createFiles } from '../../../lib/storage/files.ts'
import { ADDRESS, temporaryFolder } from '../../helper.ts'
import { recordOf } from './fixtures.ts'

const HOUR_MS = 3_600_000
const NOW = Date.now()

/** A kept answer of the run `first`, an hour old, and what the engine knows of its picture. */
async function setUp(t: Test, known: { last?: Partial<RunView>; completed?: string; pictureMs?: number }) {
  const folder = await temporaryFolder(t)
  const files = createFiles({ root: folder })
  const answers = createAnswers(files)
  const record = recordOf({ runId: 'first' })
  const keep = async (runId: string, ageMs: number) => {
    await answers.keep(
      { ...record, runId },
      { source: { bytes: Buffer.from(runId) }, expense: { usd: 1, images: 1 } }
    )
    const time = (NOW - ageMs) / 1000
    await utimes(join(folder, `runs/answers/simple/${ADDRESS}.draw`), time, time)
  }
  await keep('first', HOUR_MS)
  const parts = {
    files,
    answers,
    runs: {
      last: async () => known.last as RunView | undefined,
      hasCompleted: async (runId: string) => runId === known.completed
    },
    pictures: {
      find: async (series: string, address: string) =>
        known.pictureMs === undefined ? undefined : { series, address, bytes: 1, modifiedMs: known.pictureMs }
    },
    now: () => NOW
  }
  return { parts, answers, keep, left: async () => await answers.runOf('simple', ADDRESS) }
}

t.test('an answer whose picture is made is removed', async (t) => {
  for (const known of [
    { completed: 'first' },
    { pictureMs: NOW - HOUR_MS + 1_000 },
    { completed: 'first', last: { done: true, failed: true } }
  ]) {
    const { parts, left } = await setUp(t, known)
    t.equal(await sweepAnswers(parts), 1, JSON.stringify(known))
    t.equal(await left(), undefined)
    t.equal(await sweepAnswers(parts), 0)
  }
})

t.test('an answer that a run may still use stays', async (t) => {
  for (const known of [
    {},
    { completed: 'another' },
    { last: { done: true, failed: true } },
    { pictureMs: NOW - HOUR_MS - 1_000 },
    { completed: 'first', last: { done: false } },
    { pictureMs: NOW, last: { done: false } }
  ]) {
    const { parts, left } = await setUp(t, known)
    t.equal(await sweepAnswers(parts), 0, JSON.stringify(known))
    t.equal(await left(), 'first')
  }
})

t.test('an answer that is kept a moment ago, or while the sweep looks, stays', async (t) => {
  const { parts, keep, left } = await setUp(t, { completed: 'first' })
  const hasCompleted = async () => {
    await keep('second', 0)
    return true
  }
  t.equal(await sweepAnswers({ ...parts, runs: { ...parts.runs, hasCompleted } }), 0)
  t.equal(await left(), 'second')
  await keep('first', 0)
  t.equal(await sweepAnswers(parts), 0)
  t.equal(await left(), 'first')
})
