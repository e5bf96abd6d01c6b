import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import t from 'tap'
import { ADDRESS, bodyOf, buildApp, json, noisyPng, plainPng, until } from '../../helper.ts'
import { wholePng } from '../../lib/pictures/png.ts'

const PICTURE = `/dalle/simple/${ADDRESS}`
const FILE = `/files/simple/annotated/${ADDRESS}.png`
const BROWSER = { accept: 'image/avif,image/webp,image/apng,image/*,*/*;q=0.8' }

t.test('a picture is sent in the width and format of the query', async (t) => {
  const { ask, app, dataDir } = await buildApp(t)
  await app.pictures.stored.put('simple', ADDRESS, await noisyPng(400, 450))
  const cases: Array<
    [query: string, headers: Record<string, string>, type: string, width: number, varies: boolean]
  > = [
    ['w=320', {}, 'image/png', 320, true],
    ['w=320', BROWSER, 'image/webp', 320, true],
    ['w=320', { accept: 'image/webp;q=0, image/*' }, 'image/png', 320, true],
    ['w=320', { accept: 'text/html' }, 'image/png', 320, true],
    ['w=64&format=avif', {}, 'image/avif', 64, false],
    ['w=2048&format=jpeg', {}, 'image/jpeg', 400, false],
    ['format=webp', {}, 'image/webp', 400, false],
    ['format=png', BROWSER, 'image/png', 400, false]
  ]
  for (const [query, headers, type, width, varies] of cases) {
    for (const path of [PICTURE, FILE]) {
      const response = await ask(`${path}?${query}`, { headers })
      t.equal(response.headers.get('content-type'), type, query)
      t.equal(/accept/i.test(response.headers.get('vary') ?? ''), varies, `${query}: Vary`)
      t.equal((await sharp(await bodyOf(response)).metadata()).width, width, query)
      const known = { ...headers, 'if-none-match': response.headers.get('etag')! }
      t.equal((await ask(`${path}?${query}`, { headers: known })).status, 304, query)
    }
  }
  t.equal(
    (await readdir(join(dataDir, 'cache/simple'))).length,
    5,
    'both paths share the cached variants, and the unchanged PNG is not cached'
  )
  const etagOf = async (path: string) => (await ask(path)).headers.get('etag')
  t.not(await etagOf(PICTURE), await etagOf(`${PICTURE}?w=320`))
  const head = await ask(`${PICTURE}?w=128`, { method: 'HEAD' })
  t.equal(head.headers.get('content-type'), 'image/png')
  const part = await ask(`${PICTURE}?w=320&format=webp`, { headers: { range: 'bytes=0-9' } })
  t.equal(part.status, 206)
  const etags = await Promise.all(Array.from({ length: 40 }, () => etagOf(`${PICTURE}?w=512`)))
  t.equal(new Set(etags).size, 1, 'forty concurrent requests get the same variant')
})

t.test('a new picture replaces its variants, and the URL of the old version expires', async (t) => {
  const { ask, app, dataDir } = await buildApp(t)
  const cached = async () => await readdir(join(dataDir, 'cache/simple'))
  await app.pictures.stored.put('simple', ADDRESS, await noisyPng(400, 450))
  const {
    images: [listed]
  } = (await json(await ask('/v1/gallery'))).data
  t.match((await ask(listed.thumbnailUrl)).headers.get('cache-control'), /immutable/)
  await ask(`${PICTURE}?w=64`)
  const old = await cached()
  t.equal(old.length, 2)

  await app.pictures.stored.put('simple', ADDRESS, await plainPng(700, '#00ff00'))
  const { channels } = await sharp(await bodyOf(await ask(`${PICTURE}?w=320`))).stats()
  t.same(
    channels.map(({ mean }) => Math.round(mean)),
    [0, 255, 0],
    'the new picture'
  )
  t.equal((await ask(listed.thumbnailUrl)).headers.get('cache-control'), 'public, no-cache')
  await until(async () => (await cached()).length === 2)
  t.ok(
    (await cached()).every((name) => !old.includes(name)),
    'the variants of the old picture are removed'
  )
})

t.test('an invalid width or format is refused', async (t) => {
  const { ask, app } = await buildApp(t)
  await app.pictures.stored.put('simple', ADDRESS, await plainPng(64))
  for (const [query, word] of [
    ['w=63', '"63"'],
    ['w=321', '"321"'],
    ['w=abc', '"abc"'],
    ['w=', '""'],
    ['format=gif', '"gif"'],
    ['w=64&w=128', '2 times']
  ] as const) {
    for (const path of [PICTURE, FILE]) {
      const refused = await ask(`${path}?${query}`)
      t.equal(refused.status, 400, query)
      const { error } = await json(refused)
      t.equal(error.code, 'INVALID_REQUEST')
      t.ok(error.details.includes(word), error.details)
    }
  }
})

t.test('other files, missing and damaged pictures have no variants', async (t) => {
  const { ask, app } = await buildApp(t)
  await app.files.write(`output/simple/title/${ADDRESS}.txt`, 'a title')
  t.equal((await ask(`/files/simple/title/${ADDRESS}.txt?w=64`)).status, 400)
  t.same((await json(await ask(`/dalle/birds/${ADDRESS}?w=64`))).data, {})
  t.equal((await ask(`/files/birds/annotated/${ADDRESS}.png?w=64`)).status, 404)
  await app.files.write(`output/noir/annotated/${ADDRESS}.png`, wholePng('no pixels'))
  const damaged = await ask(`/dalle/noir/${ADDRESS}?w=64`)
  t.match(await json(damaged), { error: { code: 'IMAGE_DOWNLOAD_ERROR' } })
})

t.test('the variants of pictures of one series do not replace each other', async (t) => {
  const { ask, app, dataDir } = await buildApp(t)
  for (const digit of ['1', '2', '3']) {
    const address = `0x${digit.repeat(40)}`
    await app.pictures.stored.put('v1.2', address, await plainPng(128))
    t.equal((await ask(`/files/v1.2/annotated/${address}.png?w=64`)).status, 200)
  }
  t.equal((await readdir(join(dataDir, 'cache/v1.2'))).length, 3)
})

t.test('when a variant cannot be written to the cache, the picture itself is sent', async (t) => {
  const { ask, app } = await buildApp(t)
  await app.pictures.stored.put('simple', ADDRESS, await plainPng(128))
  await app.files.write('cache/simple', 'a file in place of the folder')
  const response = await ask(`${PICTURE}?w=64`)
  t.equal(response.status, 200)
  t.equal((await sharp(await bodyOf(response)).metadata()).width, 128)
})
