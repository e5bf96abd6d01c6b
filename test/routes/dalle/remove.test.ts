import t from 'tap'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { ADDRESS, buildApp, json, pollUntilDone } from '../../helper.ts'

t.test('remove deletes only the annotated picture', async (t) => {
  const { ask, dataDir } = await buildApp(t)
  const picture = `/dalle/simple/${ADDRESS}`
  await ask(`${picture}?generate=1`, { headers: { prefer: 'wait=60' } })
  for (const init of [{ method: 'HEAD' }, { headers: { 'sec-purpose': 'prefetch' } }]) {
    await ask(`${picture}?remove`, init)
    t.equal(
      (await ask(picture)).headers.get('content-type'),
      'image/png',
      'a HEAD request or a prefetch removes nothing'
    )
  }
  const removed = await ask(`${picture}?remove&generate=1`)
  t.equal(removed.status, 200)
  t.equal(removed.headers.get('content-type'), 'text/plain; charset=utf-8')
  t.equal(await removed.text(), `image removed simple/annotated/${ADDRESS}.png\n`)
  t.same(await readdir(join(dataDir, 'output/simple/annotated')), [])
  t.same(await readdir(join(dataDir, 'output/simple/generated')), [`${ADDRESS}.png`])

  const idle = await ask(picture)
  t.equal(idle.headers.get('x-dalle-run'), 'idle')
  t.same((await json(idle)).data, {})
  t.same((await json(await ask(`${picture}?remove=x`))).data, {}, 'without a picture, remove does nothing')
  t.equal((await ask(`${picture}?generate=1`)).headers.get('x-dalle-run'), 'started')
  await pollUntilDone(`${picture}?generate=1`, ask)
})
