import t from 'tap'
import { utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { ADDRESS, buildApp, json, plainPng, pollUntilDone, until } from '../../helper.ts'
import type { TestApp } from '../../helper.ts'

interface Listed {
  series: string
  address: string
}

const keyOf = ({ series, address }: Listed) => `${series}/${address}`

/** The data of one page. */
async function readPage(ask: TestApp['ask'], query: string) {
  return (await json(await ask(`/v1/gallery?${query}`))).data
}

/** The keys of all pictures, page by page, and the last page. */
async function readAll(ask: TestApp['ask'], query: string) {
  const found: string[] = []
  for (let cursor = ''; ;) {
    const page = await readPage(ask, `${query}&limit=7${cursor === '' ? '' : `&cursor=${cursor}`}`)
    found.push(...page.images.map(keyOf))
    if (page.nextCursor === null) return { found, page }
    cursor = page.nextCursor
  }
}

/** Thirty pictures: twenty of the series simple and ten of birds. The last one is the newest. */
async function addPictures({ app, dataDir }: TestApp, png: Buffer): Promise<string[]> {
  const keys: string[] = []
  for (let index = 0; index < 30; index += 1) {
    const series = index % 3 === 0 ? 'birds' : 'simple'
    const address = `0x${(index + 1).toString(16).padStart(40, 'a')}`
    await app.files.write(
      `output/${series}/title/${address}.txt`,
      `The ${index % 2 === 0 ? 'Quick\n  Brown' : 'Lazy'} Fox ${index}`
    )
    await app.pictures.stored.put(series, address, png)
    const time = 1_700_000_000 + index * (index % 5 === 0 ? 0 : 1)
    await utimes(join(dataDir, `output/${series}/annotated/${address}.png`), time, time)
    await app.pictures.stored.find(series, address)
    keys.push(`${series}/${address}`)
  }
  await app.engine.pictures.reading
  await until(() => app.engine.pictures.unread === 0)
  return keys
}

t.test('/v1/gallery lists all pictures page by page', async (t) => {
  const server = await buildApp(t)
  const { ask } = server
  const png = await plainPng(32)
  const expected = await addPictures(server, png)
  const { found: newest, page } = await readAll(ask, '')
  t.same([...newest].sort(), [...expected].sort(), 'each picture once')
  t.equal(newest[0], expected[29]!)
  t.match(page, {
    total: 30,
    unread: 0,
    series: [
      { name: 'simple', count: 20 },
      { name: 'birds', count: 10 }
    ]
  })
  t.match((await readPage(ask, 'limit=1')).images, [
    {
      title: 'The Lazy Fox 29',
      width: 32,
      height: 32,
      bytes: png.length,
      modifiedAt: '2023-11-14T22:13:49.000Z'
    }
  ])
  const grouped = (await readAll(ask, 'order=series')).found
  t.same([...grouped].sort(), [...expected].sort())
  t.equal(
    grouped.findIndex((key) => key.startsWith('birds')),
    20,
    'one series after the other'
  )
})

t.test('a series and words limit the pictures of the gallery', async (t) => {
  const server = await buildApp(t)
  const { ask } = server
  const keys = await addPictures(server, await plainPng(32))
  const find = async (query: string) => (await readAll(ask, query)).found
  t.equal((await find('series=birds')).length, 10)
  t.equal((await find('series=birds&order=series')).length, 10)
  t.same(await find('series=none'), [])
  t.equal((await find('q=quick%20FOX')).length, 15)
  t.equal((await find('q=quick%20birds&order=series')).length, 5)
  t.equal((await find(`q=${keys[7]!.slice(-9).toUpperCase()}`)).join(), keys[7])
  t.same((await readAll(ask, 'q=nowhere')).page, {
    images: [],
    total: 0,
    series: [],
    nextCursor: null,
    unread: 0
  })
  t.same((await readPage(ask, `q=${ADDRESS}`)).images, [])
})

t.test('a new picture is listed first, and moves no other picture to another page', async (t) => {
  const server = await buildApp(t)
  const { ask, app } = server
  const png = await plainPng(32)
  await addPictures(server, png)
  const page1 = await readPage(ask, 'order=series&limit=5')
  await app.pictures.stored.put('birds', ADDRESS, png)
  await until(async () => (await readPage(ask, '')).total === 31)
  const page2 = await readPage(ask, `order=series&limit=50&cursor=${page1.nextCursor}`)
  t.equal(new Set([...page1.images, ...page2.images].map(keyOf)).size, 30)
  t.match((await readPage(ask, 'limit=1')).images, [
    {
      address: ADDRESS,
      checksumAddress: '0xf503017D7baF7FBC0fff7492b751025c6A78179b',
      imageUrl: new RegExp(`^/files/birds/annotated/${ADDRESS}`),
      pageUrl: `/preview/birds/${ADDRESS}`
    }
  ])
  await app.pictures.stored.remove('birds', ADDRESS)
  t.equal((await readPage(ask, '')).total, 30)
})

t.test(
  'answers of the gallery are shared until something changes, and compressed where asked for',
  async (t) => {
    const { app, ask } = await buildApp(t)
    const address = ADDRESS.toLowerCase()
    await app.dresses.editor.put('mine', { suffix: 'mine' }, () => true)
    await app.pictures.stored.put('mine', address, await plainPng(32))
    const read = async () => await json(await ask('/v1/gallery'))
    const [first, second] = [await read(), await read()]
    t.same(second.data, first.data)
    t.not(second.request_id, first.request_id)
    t.same(first.data.images.map(keyOf), [`mine/${address}`])

    await app.dresses.editor.setHidden('mine', true, () => true)
    t.same((await read()).data.images, [], 'a hidden series')
    await app.pictures.stored.put('birds', address, await plainPng(32))
    t.same((await read()).data.images.map(keyOf), [`birds/${address}`], 'a new picture')
    for (let index = 0; index < 30; index += 1) {
      await app.pictures.stored.put('birds', `0x${String(index).padStart(40, '0')}`, await plainPng(32))
    }
    const packed = await ask('/v1/gallery', { headers: { 'accept-encoding': 'gzip' } })
    t.equal(packed.headers.get('content-encoding'), 'gzip')
    const text = gunzipSync(Buffer.from(await packed.arrayBuffer())).toString()
    t.equal(JSON.parse(text).data.total, 31)
  }
)

t.test('an invalid query of the gallery is refused as invalid_input', async (t) => {
  const server = await buildApp(t)
  const { ask } = server
  await addPictures(server, await plainPng(32))
  const { nextCursor } = await readPage(ask, 'order=series&limit=5')
  for (const [query, details] of [
    ['limit=0', /limit is "0"/],
    ['limit=201', /limit is "201"/],
    ['limit=1e1', /limit is "1e1": it must be a whole number/],
    ['limit=0x5', /limit is "0x5"/],
    ['order=oldest', /order is "oldest"/],
    ['cursor=nonsense', /cursor is "nonsense"/],
    [`cursor=${nextCursor}`, /order=series/],
    ['q=1&q=2', /2 times/],
    [`q=${'a'.repeat(501)}`, /q is "a+…": it must NOT have more than 500 characters/]
  ] as const) {
    const refused = await ask(`/v1/gallery?${query}`)
    t.equal(refused.status, 400, query)
    t.match(await json(refused), { error: { code: 'invalid_input', details } })
  }
})

t.test('the gallery reads the pictures on disk, without files that are no PNG', async (t) => {
  const first = await buildApp(t)
  await first.app.files.write(`output/simple/annotated/${ADDRESS}.png`, await plainPng(32))
  await first.app.files.write(`output/noir/annotated/${ADDRESS}.png`, 'odd')
  await first.app.files.write(`output/simple/title/${ADDRESS}.txt`, 'long '.repeat(300))
  await first.app.pictures.stored.put('birds', ADDRESS, await plainPng(48))
  await first.app.close()
  const { ask, app } = await buildApp(t, { dataDir: first.dataDir })
  await app.engine.pictures.reading
  const { images } = (await json(await ask('/v1/gallery'))).data
  t.match(
    images
      .map(({ series, width, title }: { series: string; width: number; title: string }) => [
        series,
        width,
        title.length
      ])
      .sort(),
    [
      ['birds', 48, 0],
      ['simple', 32, 499]
    ]
  )
  t.equal((await pollUntilDone(`/dalle/birds/${ADDRESS}?generate=1`, ask)).cacheHit, true)
})

t.test(
  'with order=series no picture is repeated, also when one is made anew or removed in between',
  async (t) => {
    const { ask, app } = await buildApp(t)
    for (const series of ['a', 'b', 'c']) {
      for (let index = 0; index < 5; index += 1) {
        await app.pictures.stored.put(series, `0x${String(index).padStart(40, '0')}`, await plainPng(16))
      }
    }
    await app.engine.pictures.reading
    const seen: string[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const { data } = await json(
        await ask(`/v1/gallery?order=series&limit=4${cursor === '' ? '' : `&cursor=${cursor}`}`)
      )
      seen.push(
        ...data.images.map(
          ({ series, address }: { series: string; address: string }) => `${series}/${address}`
        )
      )
      cursor = data.nextCursor
      await app.pictures.stored.put('c', `0x${'4'.padStart(40, '0')}`, await plainPng(17))
      await app.pictures.stored.remove('b', `0x${'4'.padStart(40, '0')}`)
    }
    t.equal(new Set(seen).size, seen.length, seen.join())
    t.ok(seen.length >= 13)
    t.equal((await json(await ask('/v1/gallery?series=A'))).data.total, 5)
  }
)
