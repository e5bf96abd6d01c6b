import t from 'tap'
import sharp from 'sharp'
import { ADDRESS, build, json, pollUntilDone } from '../helper.ts'

t.test('the main job: ask, poll, fetch the picture', async (t) => {
  const { url, dataDir } = await build(t)
  const picture = `${url}/dalle/simple/${ADDRESS}`
  t.ok(dataDir)

  const idle = await fetch(picture)
  t.equal(idle.headers.get('x-dalle-run'), 'idle')
  t.same((await json(idle)).data, {})

  const first = await fetch(`${picture}?generate=1`)
  t.equal(first.status, 200)
  t.equal(first.headers.get('x-dalle-run'), 'started')
  t.equal((await json(first)).data.done, false)

  const last = await pollUntilDone(`${picture}?generate=1`)
  t.equal(last.error, '')
  t.equal(last.percent, 100)

  const png = await fetch(picture)
  t.equal(png.headers.get('content-type'), 'image/png')
  const bytes = Buffer.from(await png.arrayBuffer())
  const { width, height } = await sharp(bytes).metadata()
  t.equal(width, 1024)
  t.ok(height > 1024)
})
