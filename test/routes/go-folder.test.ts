import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { seedOf } from '../../lib/dress/attributes.ts'
import { GO_ATTRIBUTE, GO_INPUT, GO_SEED, GO_SERIES, buildGoFolder, goAddress } from '../go-folder.ts'
import { ADDRESS, buildApp, json, pollUntilDone } from '../helper.ts'

t.test('a folder of the Go server works as it is, after a move and with damaged files', async (t) => {
  const { ask, app } = await buildApp(t, { dataDir: await buildGoFolder(t) })
  await app.engine.pictures.reading
  for (const [index, series] of GO_SERIES.entries()) {
    const picture = `/dalle/${series}/${goAddress(index)}`
    const response = await ask(picture)
    t.equal(response.headers.get('content-type'), 'image/png', picture)
    const { data } = await json(await ask(`${picture}?generate=1`))
    t.match(data, {
      done: true,
      cacheHit: true,
      percent: 100,
      dalleDress: { titlePrompt: `The Title ${index}` }
    })
    t.equal(data.dalleDress.attributes[0].value, GO_ATTRIBUTE)
    t.notMatch(JSON.stringify(data), /\[\{\w|\/home\/go/)
  }
  const { data: gallery } = await json(await ask('/v1/gallery?limit=200'))
  t.equal(gallery.total, GO_SERIES.length + 2, 'what is no whole PNG is no picture')
  const { data: averages } = await json(await ask(`/dalle/${GO_SERIES[0]}/${goAddress(0)}?generate=1`))
  t.equal(averages.phaseAverages.image_wait, 12_000_000_000)
  const { data: health } = await json(await ask('/health'))
  t.match(health.components.filesystem.message, /damaged\.json/)

  const without = GO_SERIES.at(-1)!
  t.equal((await ask(`/dalle/${without}/${ADDRESS}?generate=1`)).status, 400, 'no new one without its file')
  t.equal((await ask(`/v1/images?series=${without}`)).status, 200)
  const { data: images } = await json(await ask('/v1/images'))
  t.equal(images.length, GO_SERIES.length + 1)
  t.notMatch(JSON.stringify(images), /\/home\/go/)
})

t.test('a picture that /v1 made is in the gallery under its name', async (t) => {
  const { ask, app } = await buildApp(t, { dataDir: await buildGoFolder(t) })
  await app.engine.pictures.reading
  const { data } = await json(await ask(`/v1/gallery?series=${GO_SERIES[0]}`))
  const found = data.images.find(({ address }: { address: string }) => address === GO_SEED)
  t.match(found, { checksumAddress: GO_SEED, pageUrl: `/preview/${GO_SERIES[0]}/${GO_SEED}`, width: 64 })
  t.equal((await ask(found.imageUrl)).headers.get('content-type'), 'image/png')
  t.match(await (await ask(`/preview?series=${GO_SERIES[0]}`)).text(), new RegExp(`<code>${GO_SEED}</code>`))
  const page = await (await ask(found.pageUrl)).text()
  t.match(page, new RegExp(GO_ATTRIBUTE.split(',')[0]!))
  t.notMatch(page, /data-action="regenerate"/)
  t.equal((await ask(`/preview/${GO_SERIES[0]}/another-name`)).status, 400)
  t.match(
    (await json(await ask(`/v1/images/${GO_SEED}`))).data.metadata.input,
    GO_INPUT,
    'its record is read too'
  )
})

t.test("a picture without side files is shown with 'Not known'", async (t) => {
  const { ask } = await buildApp(t, { dataDir: await buildGoFolder(t) })
  const series = GO_SERIES[1]!
  const page = await (await ask(`/preview/${series}/${goAddress(99)}`)).text()
  t.match(page, /<h3>Attributes<\/h3><p>Not known<\/p>/)
  t.match(page, /<h3>Prompts<\/h3><p>Not known<\/p>/)
  t.match(page, /not known/)
  const { data } = await json(await ask(`/dalle/${series}/${goAddress(99)}?generate=1`))
  t.match(data, { done: true, dalleDress: { original: goAddress(99), attributes: [], prompt: '' } })
})

t.test('a folder of this server has the form that the Go server reads', async (t) => {
  const { ask, dataDir } = await buildApp(t)
  await ask(`/dalle/simple/${ADDRESS}?generate=1`)
  await pollUntilDone(`/dalle/simple/${ADDRESS}?generate=1`, ask)
  const read = async (path: string) => await readFile(join(dataDir, path))
  const text = String(await read(`output/simple/metadata/${seedOf(ADDRESS)}.json`))
  const record = JSON.parse(text)
  t.ok(text.endsWith('}\n'))
  t.match(record, {
    metadataVersion: '1.0.0',
    imageId: /^sha256:[0-9a-f]{64}$/,
    input: ADDRESS,
    seed: seedOf(ADDRESS),
    series: { name: 'simple', hash: /^sha256:/, source: 'embedded' },
    recipe: { name: 'default', version: '1.0.0' },
    database: { version: String, archiveHash: /^sha256:/ },
    status: { completed: true, cacheHit: false }
  })
  t.same(Object.keys(record.stages), ['selected', 'prompted', 'enhanced', 'generated', 'annotated'])
  for (const kind of ['generated', 'annotated']) {
    t.equal(record.artifacts[kind], join(dataDir, `output/simple/${kind}/${ADDRESS}.png`))
    t.ok((await readFile(record.artifacts[kind])).length > 100, kind)
  }
  for (const kind of ['data', 'title', 'terse', 'prompt', 'technical']) {
    t.ok((await read(`output/simple/${kind}/${ADDRESS}.txt`)).length > 10, kind)
  }
  t.match(JSON.parse(String(await read(`output/simple/selector/${ADDRESS}.json`))), { original: ADDRESS })
})
