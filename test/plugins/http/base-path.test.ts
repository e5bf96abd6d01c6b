import t from 'tap'
import { ADDRESS, build, buildApp, json, plainPng } from '../../helper.ts'
import { rawRequest } from '../../raw-http.ts'

const PICTURE = `/dalle/simple/${ADDRESS}`

t.test('with TB_DALLE_BASE_PATH, requests are answered with the path and without it', async (t) => {
  const { app, ask } = await buildApp(t, { settings: { TB_DALLE_BASE_PATH: '/a/rt/' } })
  await app.pictures.stored.put('simple', ADDRESS, await plainPng(64))
  for (const path of ['/', '/series', '/healthz', '/metrics', PICTURE, `${PICTURE}/`, '/preview?q=x']) {
    for (const asked of [path, `/a/rt${path}`]) t.equal((await ask(asked)).status, 200, asked)
  }
  t.equal((await ask('/a/rt')).status, 200)
  t.equal((await ask('/a/rt?x=1')).status, 200)
  for (const path of ['/a/rt', '/a', '/a/', '/a/rts', '/a/rt/a/rt/series']) {
    t.equal((await ask(path)).status, path === '/a/rt' ? 200 : 404, path)
  }

  const [image] = (await json(await ask('/v1/gallery'))).data.images
  t.equal(image.pageUrl, `/a/rt/preview/simple/${ADDRESS}`, 'a link has the path, however it was asked for')
  t.match(
    (await json(await ask('/nothing'))).error.details,
    'There is nothing at "/a/rt/nothing"; /a/rt/ lists'
  )
  t.match((await json(await ask('/a/rt/v1/nothing', { method: 'POST' }))).error, { code: 'NOT_FOUND' })
  t.match((await json(await ask('/a/rt/v1/gallery?limit=x'))).error, { code: 'invalid_input' })
  t.match((await json(await ask('/a/rt/dalle/%zz/x'))).error, {
    code: 'INVALID_REQUEST',
    message: 'Invalid request path'
  })
  t.match((await json(await ask('/a/rt/v1/images/x/regenerate'))).error, {
    code: 'invalid_input',
    message: 'method not allowed'
  })
  const page = await (await ask('/a/rt/nothing', { headers: { accept: 'text/html' } })).text()
  t.match(page, 'href="/a/rt/preview/assets/base.css"')
  t.match(page, '<a href="/a/rt/">/a/rt/ lists what there is</a>')
  t.match(await (await ask('/a/rt/robots.txt')).text(), 'Allow: /a/rt/preview\n')
  t.match(await (await ask('/metrics')).text(), 'route="/dalle/:series/:address"')
})

t.test('pages of errors that never reach a route have links with the base path', async (t) => {
  const { url } = await build(t, { settings: { TB_DALLE_BASE_PATH: '/art' } })
  const accept = 'Accept: text/html\r\nConnection: close\r\n\r\n'
  for (const head of ['CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n', 'GET / HTTP/1.1\r\nHost: a\r\nA B: c\r\n']) {
    t.match(await rawRequest(url, head + accept), 'href="/art/preview"', head)
  }
})
