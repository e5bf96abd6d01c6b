import t from 'tap'
import { ADDRESS, build, buildApp, createScriptedArtist, until } from '../../helper.ts'
import { TIMEOUT_SECONDS, addressOf, open, skip, startBrowser, testAccessibility } from './browser.ts'

const visit = await startBrowser(t)
const BROWSER = { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64)', accept: 'text/html' }
const MAKE = `/preview/make?series=simple&address=${ADDRESS}`
const PAGE = `/preview/simple/${ADDRESS}`

t.test('a visitor without scripts makes a picture and sees how far it is', { skip }, async (t) => {
  const { artist, asked } = createScriptedArtist()
  const server = await build(t, { artist })
  const context = await visit(t, server, { javaScriptEnabled: false }, /status of 404/)
  const page = await open(context)
  await page
    .getByRole('textbox', { name: 'Ethereum address' })
    .fill(`https://etherscan.io/address/${ADDRESS}`)
  await page.getByRole('combobox', { name: 'Series' }).selectOption('birds')
  await page.getByRole('button', { name: 'Make the picture' }).click()
  await page.waitForURL(`**/preview/birds/${ADDRESS}`)
  await page.getByText(/in birds is being made: \d+ %/).waitFor()
  t.equal(await page.getByRole('button', { name: 'Make this picture' }).count(), 0)
  await until(() => asked.length === 1, TIMEOUT_SECONDS)
  asked[0]!.deliver()
  await until(async () => {
    const again = page.getByRole('link', { name: 'Look again' })
    if ((await again.count()) > 0) await again.click()
    return (await page.getByRole('heading', { name: 'Attributes' }).count()) > 0
  }, TIMEOUT_SECONDS)

  await page.goto(`/preview/address/${ADDRESS}`)
  await page.getByRole('link', { name: 'noir Draw it' }).click()
  await page.getByText('It can be made now.').waitFor()
  t.equal(await page.locator('.button.primary:visible').count(), 1, 'one button stands out')
  await page.getByRole('button', { name: 'Make this picture' }).click()
  await page.getByText(`The picture of ${ADDRESS} in noir is being made`).waitFor()
  await until(() => asked.length === 2, TIMEOUT_SECONDS)
  asked[1]!.fail(new Error('no paint'))
  await until(async () => {
    await page.goto(`/preview/noir/${ADDRESS}`)
    return (await page.getByText('The last attempt failed').count()) > 0
  }, TIMEOUT_SECONDS)
})

t.test('the page of a missing picture has one button that stands out', { skip }, async (t) => {
  const server = await build(t)
  const page = await open(await visit(t, server, {}, /status of 404/), PAGE)
  const main = page.locator('.button.primary:visible')
  t.same(await main.allTextContents(), ['Make this picture'])
  await testAccessibility(t, page, 'a missing picture')
  await main.click()
  await page.getByRole('heading', { name: 'Attributes' }).waitFor()
})

t.test('/preview/make starts what /dalle would, and nothing for pages of other sites', async (t) => {
  const { artist } = createScriptedArtist()
  const { ask, app } = await buildApp(t, { artist })
  const started = async () => (await app.engine.runs.live(9)).count
  for (const [path, options] of [
    [MAKE, { method: 'HEAD' }],
    [MAKE, { headers: { ...BROWSER, 'sec-fetch-site': 'none', 'sec-purpose': 'prefetch' } }],
    [MAKE, { headers: { ...BROWSER, 'sec-fetch-site': 'cross-site', 'sec-fetch-dest': 'document' } }],
    [MAKE, { headers: { ...BROWSER, 'sec-fetch-site': 'same-site', 'sec-fetch-dest': 'document' } }],
    [MAKE, { headers: BROWSER }]
  ] as const) {
    const answer = await ask(path, options)
    t.equal(answer.status, 303, JSON.stringify(options))
    t.equal(answer.headers.get('location'), PAGE)
  }
  const image = { ...BROWSER, 'sec-fetch-site': 'cross-site', 'sec-fetch-dest': 'image' }
  t.equal((await ask(MAKE, { headers: image })).status, 403)
  t.equal(await started(), 0)

  const own = { ...BROWSER, 'sec-fetch-site': 'same-origin', 'sec-fetch-dest': 'document' }
  for (const headers of [own, {}]) {
    const answer = await ask(MAKE, { headers })
    t.equal(answer.status, 303)
    t.equal(answer.headers.get('location'), PAGE)
    t.equal(answer.headers.get('cache-control'), 'no-store')
    t.equal(await started(), 1, 'one run, however often it is asked for')
  }
  for (const [query, code] of [
    ['series=simple&address=0x12', 'INVALID_ADDRESS'],
    ['series=simple', 'MISSING_PARAMETER'],
    [`series=nosuch&address=${ADDRESS}`, 'INVALID_SERIES'],
    [`address=${ADDRESS}`, 'MISSING_PARAMETER']
  ] as const) {
    const answer = await ask(`/preview/make?${query}`)
    t.equal(answer.status, 400, query)
    t.match(await answer.json(), { error: { code } }, query)
  }
})

t.test('without scripts the page says why it has no form', async (t) => {
  const plain = await buildApp(t)
  const form = /<form id="plain-make"/
  const textOf = async ({ ask }: typeof plain, path: string, site?: string) => {
    const headers = { ...BROWSER, ...(site !== undefined && { 'sec-fetch-site': site }) }
    return await (await ask(path, { headers })).text()
  }
  for (const path of ['/preview', PAGE]) {
    t.match(await textOf(plain, path, 'none'), form, path)
    const http = await textOf(plain, path)
    t.notMatch(http, form, path)
    t.match(http, /needs scripts, or HTTPS/)
  }
  const closed = await buildApp(t, { settings: { TB_DALLE_API_TOKENS: 'one:0123456789abcdef' } })
  for (const path of ['/preview', PAGE]) {
    const html = await textOf(closed, path, 'none')
    t.notMatch(html, form, path)
    t.match(html, 'A new picture needs a token, and to enter one needs scripts.')
  }
  t.equal((await closed.ask(`/preview/make?series=simple&address=${addressOf(1)}`)).status, 401)
})
