import { readFile, readdir, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import type { Test } from 'tap'
import { createAnswers } from '../../../lib/generation/answers.ts'
import { createFiles } from '../../../lib/storage/files.ts'
import { ADDRESS, plainPng, temporaryFolder } from '../../helper.ts'
import { recordOf } from './fixtures.ts'

const EXPENSE = { usd: 0.21, images: 1 }

async function setUp(t: Test) {
  const folder = await temporaryFolder(t)
  const file = join(folder, `runs/answers/simple/${ADDRESS}.draw`)
  return { answers: createAnswers(createFiles({ root: folder })), file, folder }
}

t.test('an answer is read as it was kept, with what it cost', async (t) => {
  const { answers, folder } = await setUp(t)
  t.equal(await answers.read(recordOf()), undefined)
  const bytes = await plainPng()
  await answers.keep(recordOf(), { source: { bytes }, expense: EXPENSE })
  t.same(await answers.read(recordOf()), { source: { bytes }, expense: EXPENSE })
  t.same(await answers.read(recordOf({ runId: 'another run' })), { source: { bytes }, expense: EXPENSE })
  const url = 'https://example.org/x.png?with=\n'
  await answers.keep(recordOf(), { source: { url }, expense: EXPENSE, provider: 'azure' })
  t.same(await answers.read(recordOf()), { source: { url }, expense: EXPENSE, provider: 'azure' })
  await answers.remove('simple', ADDRESS)
  await answers.remove('simple', ADDRESS)
  t.equal(await answers.read(recordOf()), undefined)
  t.same(await readdir(join(folder, 'runs/answers/simple')), [])
})

t.test('an answer to another dress is not used', async (t) => {
  const { answers } = await setUp(t)
  await answers.keep(recordOf(), { source: { bytes: await plainPng() }, expense: EXPENSE })
  for (const changes of [
    { databaseHash: 'sha256:other' },
    { definition: { suffix: 'simple', nouns: ['cat'] } }
  ]) {
    t.equal(await answers.read(recordOf(changes)), undefined, JSON.stringify(changes))
  }
  t.ok(await answers.read(recordOf({ definition: { suffix: 'simple', purpose: 'a note' } })))
})

t.test('a file that is no whole answer counts as none', async (t) => {
  const { answers, file } = await setUp(t)
  await answers.keep(recordOf(), { source: { bytes: await plainPng() }, expense: EXPENSE })
  const whole = await readFile(file)
  await truncate(file, whole.length - 1)
  t.equal(await answers.read(recordOf()), undefined, 'a cut one')
  const header = whole.subarray(0, whole.indexOf('\n')).toString()
  for (const text of [
    '',
    'no answer',
    '{}\n',
    `${header}\n`,
    `${header.replace('"version":1', '"version":2')}\nx`
  ]) {
    await writeFile(file, text)
    t.equal(await answers.read(recordOf()), undefined, text.slice(0, 30))
  }
})
