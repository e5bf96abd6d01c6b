import t from 'tap'
import { ADDRESS, buildApp, plainPng } from '../../helper.ts'

t.test('every response has the security headers, errors too', async (t) => {
  const { app, ask } = await buildApp(t)
  await app.pictures.stored.put('simple', ADDRESS, await plainPng(32))
  for (const path of [
    '/',
    '/preview',
    '/series',
    '/none',
    '/metrics',
    '/robots.txt',
    `/dalle/simple/${ADDRESS}`
  ]) {
    const { headers } = await ask(path)
    t.equal(headers.get('referrer-policy'), 'no-referrer', path)
    t.equal(headers.get('x-content-type-options'), 'nosniff', path)
    t.equal(headers.get('strict-transport-security'), null, `${path}: the server has no TLS`)
  }
  for (const path of ['/preview', '/', '/none']) {
    const { headers } = await ask(path, { headers: { accept: 'text/html' } })
    t.match(headers.get('content-security-policy'), /default-src 'none'.*frame-ancestors 'none'/, path)
  }
})

t.test('behind TLS, browsers shall come back by TLS only', async (t) => {
  const settings = { TB_DALLE_TRUSTED_PROXIES: '127.0.0.1', TB_DALLE_PUBLIC_URL: 'https://dalle.example/' }
  const { ask } = await buildApp(t, { settings })
  const policyOf = async (headers: Record<string, string>) =>
    (await ask('/series', { headers })).headers.get('strict-transport-security')
  t.match(await policyOf({ 'x-forwarded-proto': 'https' }), /^max-age=\d{8}$/)
  t.match(await policyOf({ host: 'dalle.example' }), /^max-age=/)
  t.equal(await policyOf({ host: 'localhost' }), null)
  t.equal(await policyOf({ 'x-forwarded-proto': 'http' }), null)

  const direct = await buildApp(t)
  const answer = await direct.ask('/series', { headers: { 'x-forwarded-proto': 'https' } })
  t.equal(answer.headers.get('strict-transport-security'), null, 'a proxy that is not trusted says nothing')
})

t.test('robots may read the gallery and start nothing', async (t) => {
  const { ask } = await buildApp(t)
  const answer = await ask('/robots.txt')
  t.equal(answer.headers.get('content-type'), 'text/plain; charset=utf-8')
  t.match(await answer.text(), /^User-agent: \*\n(?:Allow: .*\n)*Disallow: \/\n$/)
})

t.test('robots may read the files that pages name', async (t) => {
  const { app, ask } = await buildApp(t)
  await app.pictures.stored.put('simple', ADDRESS, await plainPng(32))
  const rules = await (await ask('/robots.txt')).text()
  const allowed = [...rules.matchAll(/^Allow: (.*)$/gm)].map(([, path]) => path!)
  const page = await (await ask(`/preview/simple/${ADDRESS}`)).text()
  const [, contentUrl] = /"contentUrl":"([^"]+)"/.exec(page)!
  const [, image] = /<img src="([^"]+)"/.exec(page)!
  for (const path of [new URL(contentUrl!).pathname, image!]) {
    t.ok(
      allowed.some((beginning) => path.startsWith(beginning)),
      path
    )
  }
})
