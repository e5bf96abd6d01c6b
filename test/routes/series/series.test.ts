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
