import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { buildApp, plainPng } from '../../helper.ts'
import { ask, filesBelow, seedFor } from './images-client.ts'

const INPUT = 'Person Tour Coordinates'
const SEED = seedFor(INPUT)

t.test('a record of other databases is returned, but nothing is drawn over it without force', async (t) => {
  const app = await buildApp(t)
  await ask(app, 'POST', 'preview', { input: INPUT })
  const file = join(app.dataDir, `output/empty/metadata/${SEED}.json`)
  const record = JSON.parse(await readFile(file, 'utf8'))
  const save = async (database: object) => await writeFile(file, JSON.stringify({ ...record, database }))
  await save({ version: '1.0.0', archiveHash: `sha256:${'0'.repeat(64)}` })
  t.equal((await ask(app, 'POST', 'preview', { input: INPUT })).status, 200)
  t.equal((await ask(app, 'POST', 'generate', { input: INPUT })).status, 200)
  t.match(await ask(app, 'POST', 'generate', { input: INPUT, image: true }), {
    status: 409,
    body: {
      error: {
        code: 'regeneration_refused',
        message:
          /^regeneration_refused: database version differs: database_version_unavailable: metadata uses 1.0.0;/
      }
    }
  })
  await save({ version: '', archiveHash: `sha256:${'0'.repeat(64)}` })
  t.match(
    (await ask(app, 'POST', 'generate', { input: INPUT, image: true })).body.error.message,
    /database_hash_mismatch/
  )
  t.equal((await ask(app, 'POST', 'generate', { input: INPUT, image: true, force: true })).status, 200)
  await save({ version: '', archiveHash: '' })
  t.equal((await ask(app, 'POST', 'generate', { input: INPUT, image: true })).status, 200)
})

t.test('a removed image lies in archives/, and a record that leads outside is not touched', async (t) => {
  const app = await buildApp(t)
  const { body } = await ask(app, 'POST', 'generate', {
    input: INPUT,
    series: 'simple',
    image: true,
    annotate: true
  })
  const before = await filesBelow(join(app.dataDir, 'output'))
  t.match((await ask(app, 'DELETE', body.data.metadata.imageId)).body, {
    success: true,
    data: { deleted: true }
  })
  const paths = ['annotated', 'generated', 'metadata'].map(
    (kind) => `simple/${kind}/${SEED}.${kind === 'metadata' ? 'json' : 'png'}`
  )
  t.same(await filesBelow(join(app.dataDir, 'archives')), paths)
  t.same(
    await filesBelow(join(app.dataDir, 'output')),
    before.filter((path) => !paths.includes(path)),
    'the texts stay'
  )
  t.equal((await ask(app, 'DELETE', body.data.metadata.imageId)).status, 404)

  await ask(app, 'POST', 'preview', { input: 'other', series: 'simple' })
  const file = join(app.dataDir, `output/simple/metadata/${seedFor('other')}.json`)
  const record = JSON.parse(await readFile(file, 'utf8'))
  const secret = join(app.dataDir, 'secret.png')
  await writeFile(secret, 'x')
  for (const annotated of [
    secret,
    '/etc/passwd',
    '../secret.png',
    join(app.dataDir, 'output/../secret.png')
  ]) {
    await writeFile(file, JSON.stringify({ ...record, artifacts: { annotated } }))
    t.match(
      await ask(app, 'DELETE', seedFor('other')),
      { status: 400, body: { error: { code: 'invalid_input' } } },
      annotated
    )
    const shown = (await ask(app, 'GET', seedFor('other'))).text
    t.notMatch(shown, /secret|passwd/)
  }
  await writeFile(
    file,
    JSON.stringify({ ...record, artifacts: { annotated: '/gone/output/simple/annotated/gone.png' } })
  )
  t.equal((await ask(app, 'DELETE', seedFor('other'))).status, 200, 'files that are gone are skipped')
  t.equal(await readFile(secret, 'utf8'), 'x')
})

t.test('a folder of the Go server is listed, drawn in and removed from, though it was moved', async (t) => {
  const app = await buildApp(t)
  await ask(app, 'POST', 'preview', { input: INPUT, series: 'simple' })
  const file = join(app.dataDir, `output/simple/metadata/${SEED}.json`)
  const record = JSON.parse(await readFile(file, 'utf8'))
  const old = '/home/go/.local/share/trueblocks/dalle/output/simple'
  const artifacts = { generated: `${old}/generated/${SEED}.png`, annotated: `${old}/annotated/${SEED}.png` }
  await writeFile(file, JSON.stringify({ ...record, artifacts }))
  await rm(join(app.dataDir, 'archives'), { recursive: true, force: true })
  for (const kind of ['generated', 'annotated']) {
    await mkdir(join(app.dataDir, `output/simple/${kind}`), { recursive: true })
    await writeFile(join(app.dataDir, `output/simple/${kind}/${SEED}.png`), await plainPng())
  }
  t.match((await ask(app, 'GET', SEED)).body.data.metadata.artifacts, {
    annotated: `output/simple/annotated/${SEED}.png`
  })
  t.equal((await ask(app, 'DELETE', SEED)).status, 200)
  t.same((await readdir(join(app.dataDir, 'archives/simple'))).sort(), ['annotated', 'generated', 'metadata'])
})
