import t from 'tap'
import { ADDRESS, buildApp, createScriptedArtist, json, plainPng } from '../../helper.ts'

const unescaped = (text: string) =>
  text.replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)))

t.test('the page of a series shows its pictures, or sketches, and leads to a new one', async (t) => {
  const { ask, app } = await buildApp(t)
  const read = async (path = '/preview/series?name=birds') => unescaped(await (await ask(path)).text())
  const empty = await read()
  t.match(empty, 'There is no picture in it yet. These are sketches.')
  t.equal(empty.match(/<img\s+src="\/avatar\/birds\/0x/g)!.length, 3)
  t.match(empty, 'Make a picture in it</a>')
  await app.pictures.stored.put('birds', ADDRESS, await plainPng(64))
  const html = await read()
  t.match(html, 'Its newest pictures')
  t.match(html, `<a href="/preview/birds/${ADDRESS}"><img src="/files/birds/annotated/`)
  t.match(html, 'href="/preview?series=birds#pictures">See its 1 picture</a>')
  t.notMatch(html, /\/avatar\/|Saved/)
  t.match(await read('/preview/series?name=birds&saved=1'), 'Saved. Now make a picture in it')
})

t.test(
  'a picture of a series that is hidden or gone cannot be made again, and its page says so',
  async (t) => {
    const { ask, app } = await buildApp(t)
    await app.files.write('user-series/secret.json', JSON.stringify({ deleted: true }))
    await app.files.write('user-series/shown.json', '{}')
    await app.dresses.series.reload()
    const read = async (series: string) => {
      await app.pictures.stored.put(series, ADDRESS, await plainPng(64))
      return unescaped(await (await ask(`/preview/${series}/${ADDRESS}`)).text())
    }
    const shown = await read('shown')
    t.match(shown, 'Make it again</button>')
    t.notMatch(shown, 'no new picture is made in it')
    for (const [series, text] of [
      ['secret', 'The series secret is hidden, so no new picture is made in it.'],
      ['gone', 'The series gone is gone, so no new picture is made in it.']
    ] as const) {
      const html = await read(series)
      t.match(html, text)
      t.notMatch(html, 'Make it again')
      t.match(html, 'data-action="remove"')
    }
    t.match(await read('secret'), 'href="/preview/series?name=secret">Show it again</a>')
  }
)

t.test(
  'a picture that would be drawn the same again is not offered to be made again, until something has changed',
  async (t) => {
    const { ask, app, dataDir } = await buildApp(t)
    await app.files.write('user-series/mine.json', JSON.stringify({ nouns: [',bird,'] }))
    await app.dresses.series.reload()
    const path = `mine/${ADDRESS}`
    const made = await ask(`/dalle/${path}?generate=1`, { headers: { prefer: 'wait=55' } })
    t.equal(made.headers.get('content-type'), 'image/png')
    const read = async () => unescaped(await (await ask(`/preview/${path}`)).text())
    const same = await read()
    t.notMatch(same, 'Make it again')
    t.match(same, 'data-action="remove"')

    await app.files.write('user-series/mine.json', JSON.stringify({ nouns: [',fish,'] }))
    await app.dresses.series.reload()
    t.match(await read(), 'Make it again</button>', 'the series has changed')

    await app.files.write('user-series/mine.json', JSON.stringify({ nouns: [',bird,'] }))
    await app.dresses.series.reload()
    t.notMatch(await read(), 'Make it again')
    const record = (await app.records.read('mine', ADDRESS))!
    await app.files.write(record.path, JSON.stringify({ ...record.record, artist: 1 }))
    t.match(await read(), 'Make it again</button>', 'an earlier edition of the artist drew it')
    await app.files.write(record.path, JSON.stringify(record.record))
    t.notMatch(await read(), 'Make it again')
    await app.close()

    const { artist } = createScriptedArtist()
    const other = await buildApp(t, { artist, dataDir })
    t.match(await (await other.ask(`/preview/${path}`)).text(), 'Make it again</button>', 'another artist')
  }
)

t.test('a series that is named like a built-in one is told that the name is taken', async (t) => {
  const { ask } = await buildApp(t)
  const { error } = await json(await ask('/v1/series/birds', { method: 'PUT', body: '{}' }))
  t.match(error, {
    message: 'series_invalid: cannot modify built-in series',
    details: 'The name "birds" is taken: choose another one'
  })
})

t.test(
  'without scripts, series are in groups, and the form of a new one says that it needs scripts',
  async (t) => {
    const { ask } = await buildApp(t)
    const page = await (await ask('/preview/series?new=1')).text()
    t.ok(page.indexOf('only with scripts') < page.indexOf('<h1'), 'at the top')
    t.notMatch(await (await ask('/preview/series?name=birds')).text(), 'only with scripts')
    const headers = { 'sec-fetch-site': 'none' }
    const gallery = await (await ask('/preview', { headers })).text()
    const select = /<select id="plain-series".*?<\/select>/s.exec(gallery)![0]
    t.match(select, /<optgroup label="Subjects">(?:<option>[a-z-]+<\/option>)*<option>birds<\/option>/)
  }
)

t.test('a visitor who needs a token for a new series reads so, and gets no button', async (t) => {
  const read = async (settings: Record<string, string>) => {
    const { ask } = await buildApp(t, { settings })
    return unescaped(await (await ask('/preview/series')).text())
  }
  const button = /<p>\s*<a class="button primary" href="\/preview\/series\?new=1">/
  t.match(await read({}), button)
  const guarded = await read({ TB_DALLE_API_TOKENS: 'the-right-token-here' })
  t.notMatch(guarded, button)
  t.match(guarded, /<p class="change">\s*<a class="button primary"/, 'it comes with the token')
  t.match(guarded, /<p class="tokenless"><a [^>]*>New series<\/a>: to save one needs a token\./)
  const closed = await read({ TB_DALLE_HOST: '0.0.0.0' })
  t.notMatch(closed, 'New series')
  t.match(closed, 'Series cannot be changed here')
})

t.test('why a picture cannot be changed is out of the way of visitors', async (t) => {
  const read = async (settings: Record<string, string>) => {
    const { ask, app } = await buildApp(t, { settings })
    await app.pictures.stored.put('birds', ADDRESS, await plainPng(64))
    return unescaped(await (await ask(`/preview/birds/${ADDRESS}?part=detail`)).text())
  }
  const closed = await read({ TB_DALLE_HOST: '0.0.0.0' })
  const reason = closed.indexOf('removed here: other machines reach this server')
  t.ok(reason > closed.indexOf('<h3>About the file</h3>'), 'at the end')
  const guarded = await read({ TB_DALLE_API_TOKENS: 'the-right-token-here' })
  t.match(
    guarded,
    /<details class="hint script tokenless">\s*<summary>To make it again or to remove it you need a token</
  )
  t.notMatch(guarded, 'other machines')
})
