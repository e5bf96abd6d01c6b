import { existsSync } from 'node:fs'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import type { Test } from 'tap'
import { ADDRESS, bodyOf, buildApp, json } from '../../helper.ts'
import { ask, seedFor } from './images-client.ts'
import { createPainter } from './painter.ts'

const INPUT = 'Person Tour Coordinates'
const SEED = seedFor(INPUT)
const WHOLE = { input: INPUT, series: 'simple', image: true, annotate: true }

async function setUp(t: Test) {
  const { artist, state } = createPainter()
  const app = await buildApp(t, { artist, settings: { TB_DALLE_FAILURE_HOLD: '1ms' } })
  const bytes = async (kind: string, name = SEED) =>
    (await readFile(join(app.dataDir, `output/simple/${kind}/${name}.png`))).toString('base64')
  return { app, state, bytes }
}

t.test('a restore undoes a redraw, and a second one does it again', async (t) => {
  const { app, state, bytes } = await setUp(t)
  const first = (await ask(app, 'POST', 'generate', { ...WHOLE, backstyle: 'a red wall' })).body.data
  const before = [await bytes('annotated'), await bytes('generated')]
  state.color = '#ff0000'
  await ask(app, 'POST', 'generate', { ...WHOLE, backstyle: 'a blue wall', force: true })
  const after = [await bytes('annotated'), await bytes('generated')]
  t.not(before[0], after[0])

  const { status, body } = await ask(app, 'POST', `${SEED}/restore`)
  t.equal(status, 200)
  t.ok(body.data.restored.includes(`output/simple/annotated/${SEED}.png`))
  t.same(body.data.image.metadata.selectedRecords.at(-1).record, 'a red wall')
  t.same([await bytes('annotated'), await bytes('generated')], before)
  t.same((await ask(app, 'GET', SEED)).body.data.metadata, first.metadata)
  const prompt = await readFile(join(app.dataDir, `output/simple/prompt/${SEED}.txt`), 'utf8')
  t.match(prompt, 'a red wall')

  t.equal((await ask(app, 'POST', `${SEED}/restore`)).status, 200)
  t.same([await bytes('annotated'), await bytes('generated')], after)
  t.match(await readFile(join(app.dataDir, `output/simple/prompt/${SEED}.txt`), 'utf8'), 'a blue wall')
})

t.test('a restore brings a removed image back, found by its id, its seed or its address', async (t) => {
  const { app, bytes } = await setUp(t)
  const { imageId } = (await ask(app, 'POST', 'generate', WHOLE)).body.data.metadata
  const before = await bytes('annotated')
  for (const id of [imageId, SEED]) {
    t.equal((await ask(app, 'DELETE', imageId)).status, 200)
    t.equal((await ask(app, 'GET', imageId)).status, 404)
    t.match((await ask(app, 'POST', `${id}/restore`)).body.data, { image: { metadata: { imageId } } })
    t.equal(await bytes('annotated'), before)
    t.equal((await ask(app, 'GET', imageId)).status, 200)
  }
  await app.ask(`/dalle/simple/${ADDRESS}?generate=1`, { headers: { prefer: 'wait=55' } })
  const picture = await bodyOf(await app.ask(`/dalle/simple/${ADDRESS}`))
  await app.ask(`/dalle/simple/${ADDRESS}?remove=1`)
  t.same((await json(await app.ask(`/dalle/simple/${ADDRESS}`))).data, {})
  t.equal((await ask(app, 'POST', `${ADDRESS}/restore?series=noir`)).status, 404)
  t.equal((await ask(app, 'POST', `${ADDRESS}/restore?series=simple`)).status, 200)
  t.same(await bodyOf(await app.ask(`/dalle/simple/${ADDRESS}`)), picture)
  const gallery = await json(await app.ask('/v1/gallery?series=simple'))
  t.ok(
    gallery.data.images.some(({ address }: { address: string }) => address === ADDRESS),
    'the gallery has it again'
  )
})

t.test('a drawing without a caption and a picture without a record come back too', async (t) => {
  const { app, bytes } = await setUp(t)
  const { imageId } = (await ask(app, 'POST', 'generate', { ...WHOLE, annotate: false })).body.data.metadata
  const drawing = await bytes('generated')
  await ask(app, 'DELETE', imageId)
  t.equal((await ask(app, 'POST', `${imageId}/restore`)).status, 200)
  t.equal(await bytes('generated'), drawing)

  await mkdir(join(app.dataDir, 'archives/simple/annotated'), { recursive: true })
  const old = join(app.dataDir, `archives/simple/annotated/${ADDRESS}.png`)
  await writeFile(old, Buffer.from(drawing, 'base64'))
  const { body } = await ask(app, 'POST', `${ADDRESS}/restore?series=simple`)
  t.same(body.data, { restored: [`output/simple/annotated/${ADDRESS}.png`] })
  t.equal(existsSync(old), false)
  t.match(await ask(app, 'POST', `${ADDRESS}/restore?series=../x`), { status: 404 })
})

t.test('the version of an older id is the one that comes back', async (t) => {
  const { app, state } = await setUp(t)
  const made: string[] = []
  for (const color of ['#ff0000', '#00ff00', '#0000ff']) {
    state.color = color
    const { data } = (
      await ask(app, 'POST', 'generate', { ...WHOLE, recipe: `recipe ${color}`, force: true })
    ).body
    made.push(data.metadata.imageId)
  }
  const { body } = await ask(app, 'POST', `${made[0]}/restore`)
  t.equal(body.data.image.metadata.imageId, made[0])
  t.equal((await ask(app, 'GET', made[2]!)).status, 404)
})

t.test('an image whose files cannot be moved stays as it was', async (t) => {
  const { app, bytes } = await setUp(t)
  const { imageId } = (await ask(app, 'POST', 'generate', WHOLE)).body.data.metadata
  const before = [await bytes('annotated'), await bytes('generated')]
  // A file where the archive needs a folder.
  await mkdir(join(app.dataDir, 'archives/simple'), { recursive: true })
  await writeFile(join(app.dataDir, 'archives/simple/metadata'), '')
  t.match(await ask(app, 'DELETE', imageId), { status: 500, body: { error: { code: 'metadata_invalid' } } })
  t.same([await bytes('annotated'), await bytes('generated')], before)
  t.equal((await ask(app, 'GET', imageId)).status, 200)
  await rename(join(app.dataDir, 'archives/simple/metadata'), join(app.dataDir, 'gone'))
  t.equal((await ask(app, 'DELETE', imageId)).status, 200, 'the next try finishes it')
})

t.test('a forced preview over the record of a picture keeps the former record in archives/', async (t) => {
  const { app } = await setUp(t)
  const { metadata } = (await ask(app, 'POST', 'generate', WHOLE)).body.data
  const preview = { input: INPUT, series: 'simple', recipe: 'other', force: true }
  t.equal((await ask(app, 'POST', 'preview', preview)).status, 200)
  const kept = join(app.dataDir, `archives/simple/metadata/${SEED}.json`)
  t.equal(JSON.parse(await readFile(kept, 'utf8')).imageId, metadata.imageId)
  t.equal((await ask(app, 'POST', 'preview', preview)).status, 200)
  t.equal(existsSync(`${kept}.2`), false, 'a record without a picture is not kept')
})

t.test('the newest version comes back also where copies are missing before it', async (t) => {
  const { app, state, bytes } = await setUp(t)
  const made: string[] = []
  for (const color of ['#ff0000', '#00ff00', '#0000ff']) {
    state.color = color
    await ask(app, 'POST', 'generate', { ...WHOLE, recipe: color, force: true })
    made.push(await bytes('annotated'))
  }
  for (const path of [`annotated/${SEED}.png`, `generated/${SEED}.png`, `metadata/${SEED}.json`]) {
    await rm(join(app.dataDir, 'archives/simple', path), { force: true })
  }
  t.equal((await ask(app, 'POST', `${SEED}/restore`)).status, 200)
  t.equal(await bytes('annotated'), made[1])
  t.equal((await ask(app, 'DELETE', SEED)).status, 200)
  t.match((await ask(app, 'POST', `${SEED}/restore`)).status, 200)
  t.equal(await bytes('annotated'), made[1], 'a removed one too')
})
