import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { prepareDress } from '../../../lib/dress/dress.ts'
import { createArtifacts } from '../../../lib/generation/artifacts.ts'
import { createEncodeQueue } from '../../../lib/image/encode-queue.ts'
import { createLocalArtist } from '../../../lib/image/local/artist.ts'
import { withFilledSlots } from '../../../lib/dress/slots.ts'
import { createFiles } from '../../../lib/storage/files.ts'
import { ADDRESS, temporaryFolder } from '../../helper.ts'
import { SIMPLE, databases, setUp } from './fixtures.ts'

t.test('a run writes every artifact, and they agree with its dress', async (t) => {
  const { generation, folder, end } = await setUp(t, createLocalArtist(createEncodeQueue()))
  await generation.ensure(SIMPLE, ADDRESS)
  await end()
  const { snapshot } = await generation.ensure(SIMPLE, ADDRESS)
  const dress = snapshot.dalleDress
  const text = (kind: string) => readFile(join(folder, 'output/simple', kind, `${ADDRESS}.txt`), 'utf8')
  t.equal(await text('data'), dress.dataPrompt)
  t.equal(await text('title'), dress.titlePrompt)
  t.equal(await text('terse'), dress.tersePrompt)
  t.equal(await text('prompt'), dress.prompt)
  t.match(await text('technical'), /^Figure: /)
  await t.rejects(
    text('enhanced'),
    { code: 'ENOENT' },
    'without a language model there is no enhanced prompt'
  )
  t.ok(snapshot.phases.find(({ name }) => name === 'enhance_prompt')?.skipped)
  t.match(dress, {
    downloadMode: 'local',
    completed: true,
    generatedPath: `simple/generated/${ADDRESS}.png`,
    annotatedPath: `simple/annotated/${ADDRESS}.png`
  })
  t.equal(dress.fileSize, (await readFile(join(folder, 'output', dress.annotatedPath))).length)
  t.ok((await readFile(join(folder, 'output', dress.generatedPath))).length > 0)
  const metadata = JSON.parse(
    await readFile(join(folder, 'output/simple/metadata', `${dress.seed}.json`), 'utf8')
  )
  t.match(metadata, {
    imageId: /^sha256:[0-9a-f]{64}$/,
    input: ADDRESS,
    seed: dress.seed,
    provider: 'local',
    database: { version: 'v1.0.0' },
    prompts: { prompt: dress.prompt }
  })
  t.same(JSON.parse(await readFile(join(folder, 'output/simple/selector', `${ADDRESS}.json`), 'utf8')), dress)
})

t.test('an enhanced prompt is kept until it is removed, and empty prompts are not written', async (t) => {
  const artifacts = createArtifacts(createFiles({ root: await temporaryFolder(t) }))
  t.same(await artifacts.readPrompts('simple', ADDRESS), {})
  await artifacts.writePrompts('simple', ADDRESS, { terse: 'Short', enhanced: 'Long', title: '' })
  t.same(await artifacts.readPrompts('simple', ADDRESS), { terse: 'Short', enhanced: 'Long' })
  await artifacts.removeEnhanced('simple', ADDRESS)
  t.same(await artifacts.readPrompts('simple', ADDRESS), { terse: 'Short' })
})

t.test('a stored dress of another picture is ignored', async (t) => {
  const files = createFiles({ root: await temporaryFolder(t) })
  const artifacts = createArtifacts(files)
  const { dress } = prepareDress(databases, SIMPLE, ADDRESS)
  const stored = { ...dress, imageUrl: 'https://example.org/x.png' }
  const path = `output/simple/selector/${ADDRESS}.json`
  await files.write(path, JSON.stringify(stored))
  t.equal((await artifacts.readDress(dress)).imageUrl, 'https://example.org/x.png')
  await files.write(path, JSON.stringify({ ...stored, original: `0x${'1'.repeat(40)}` }))
  t.equal((await artifacts.readDress(dress)).imageUrl, '')
})

t.test('prompts and records that are too long count as missing', async (t) => {
  const files = createFiles({ root: await temporaryFolder(t) })
  const artifacts = createArtifacts(files)
  const { dress: today } = prepareDress(databases, SIMPLE, ADDRESS)
  const fits = 'x'.repeat(64 * 1024)
  for (const kind of ['title', 'terse', 'data', 'technical', 'enhanced']) {
    await files.write(`output/simple/${kind}/${ADDRESS}.txt`, 'x'.repeat(2_500_000))
  }
  await files.write(`output/simple/prompt/${ADDRESS}.txt`, fits)
  t.same(await artifacts.readPrompts('simple', ADDRESS), { prompt: fits })
  const record = { ...today, imageUrl: 'x'.repeat(2_500_000) }
  await files.write(`output/simple/selector/${ADDRESS}.json`, JSON.stringify(record))
  t.same(await artifacts.readDress(today), withFilledSlots({ ...today, prompt: fits }))
})
