import t from 'tap'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ADDRESS, buildApp, json, until } from '../../helper.ts'

t.test('/series lists the built-in series and those of the user', async (t) => {
  const { ask, dataDir } = await buildApp(t)
  const { data } = await json(await ask('/series'))
  t.equal(data.count, data.series.length)
  t.ok(data.count >= 6)
  t.ok(data.series.includes('empty') && data.series.includes('simple'))
  await mkdir(join(dataDir, 'user-series'), { recursive: true })
  await writeFile(join(dataDir, 'user-series/My Cats.json'), '{"nouns": ["cat"]}')
  await writeFile(join(dataDir, 'user-series/happy.json'), '{"deleted": true}')
  await writeFile(join(dataDir, 'user-series/broken.json'), '{')
  await until(async () => (await json(await ask('/series'))).data.series.includes('my-cats'))
  const { series } = (await json(await ask('/series'))).data
  t.notOk(series.includes('happy'), 'a deleted series of the user hides the built-in one')
  t.ok(series.includes('my-cats'))
  t.notOk(series.includes('broken'), 'a file that is not JSON is no series')
  t.equal((await ask(`/dalle/My%20Cats/${ADDRESS}`)).status, 200)
  t.match(await json(await ask(`/dalle/happy/${ADDRESS}`)), { error: { code: 'INVALID_SERIES' } })
})

t.test('/series gives the purpose and the family of each series', async (t) => {
  const { ask, dataDir, app } = await buildApp(t)
  await mkdir(join(dataDir, 'user-series'), { recursive: true })
  await writeFile(join(dataDir, 'user-series/cats.json'), '{"purpose": "Cats"}')
  await writeFile(join(dataDir, 'user-series/birds.json'), '{}')
  await writeFile(join(dataDir, 'user-series/gone.json'), '{"deleted": true}')
  await app.dresses.series.reload()
  const { series, details } = (await json(await ask('/series'))).data
  t.same(
    details.map(({ name }: { name: string }) => name),
    series,
    'the same series in the same order'
  )
  const find = (name: string) => details.find((detail: { name: string }) => detail.name === name)
  t.same(find('cats'), { name: 'cats', purpose: 'Cats', family: 'own' })
  t.same(find('birds'), { name: 'birds', purpose: '', family: 'own' }, 'in place of the built-in one')
  t.match(find('noir'), { purpose: /\S/, family: 'styles' })
  t.match(find('empty'), { purpose: /\S/, family: 'everything' })
})
