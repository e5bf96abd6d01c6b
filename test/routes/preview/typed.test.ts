import t from 'tap'
import { checksumAddress } from '../../../lib/checksum.ts'
import { ADDRESS, build, buildApp, createScriptedArtist, json, plainPng } from '../../helper.ts'
import { open, skip, startBrowser, testAccessibility } from './browser.ts'

const visit = await startBrowser(t)
const WRONG = checksumAddress(ADDRESS).replace('D7', 'd7')
const WARNING = /a digit may be mistyped/
const HTML = { accept: 'text/html', 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64)' }
const OWN = { ...HTML, 'sec-fetch-site': 'same-origin', 'sec-fetch-dest': 'document' }

t.test('a wrong checksum is a warning wherever an address can be given, and makes nothing', async (t) => {
  const { artist } = createScriptedArtist()
  const { ask, app } = await buildApp(t, { artist })
  for (const [path, status, page] of [
    [`/preview/address/${WRONG}`, 200, `/preview/address/${ADDRESS}`],
    [`/preview/make?series=simple&address=${WRONG}`, 400, undefined],
    [`/preview/simple/${WRONG}`, 404, `/preview/simple/${ADDRESS}`]
  ] as const) {
    const answer = await ask(path, { headers: OWN })
    const html = await answer.text()
    t.equal(answer.status, status, path)
    t.equal(answer.headers.get('x-address-checksum'), 'invalid', path)
    t.match(html, WARNING, path)
    t.match(html, `value="${WRONG}"`, 'the field has what was typed')
    t.notMatch(html, /It can be made now|Draw it|Make this picture/, path)
    if (page !== undefined) t.match(html, `href="${page}">Use it anyway</a>`)
  }
  const refused = await ask(`/preview/make?series=simple&address=${WRONG}`)
  t.equal(refused.status, 400)
  t.match((await json(refused)).error, { code: 'INVALID_ADDRESS', details: 'The checksum of' })
  const other = await ask(`/preview/address?address=${WRONG}`, { headers: OWN })
  t.equal(other.headers.get('location'), `/preview/address/${WRONG}`)
  t.equal((await app.engine.runs.live(9)).count, 0)

  await app.pictures.stored.put('simple', ADDRESS, await plainPng(64))
  t.equal((await ask(`/preview/simple/${WRONG}`)).status, 200, 'a picture that exists is shown')
})

t.test('a wrong entry is the form again, with the message and what was typed', async (t) => {
  const { ask } = await buildApp(t)
  for (const [typed, problem] of [
    ['0x12', '2 of 40 digits so far.'],
    ['vitalik.eth', 'does not look names up'],
    ['2f'.repeat(32), 'Never paste a private key anywhere'],
    ['', 'Enter an address']
  ] as const) {
    for (const [path, field] of [
      [`/preview/address?address=${typed}`, 'other-address'],
      [`/preview/make?series=noir&address=${typed}`, 'plain-make-address']
    ] as const) {
      const answer = await ask(path, { headers: OWN })
      t.equal(answer.status, 400, path)
      t.equal(answer.headers.get('content-type'), 'text/html; charset=utf-8')
      const html = await answer.text()
      t.match(html, new RegExp(`data-state="wrong">[^<]*${problem}`), path)
      const input = new RegExp(`<input id="${field}"[^>]*>`).exec(html)![0]
      t.match(input, `value="${typed}"`)
      t.match(input, 'aria-invalid="true"')
      if (path.includes('noir')) t.match(html, '<option selected>noir</option>')
      t.equal((await json(await ask(path))).success, false, 'JSON for programs')
    }
  }
  const unknown = await ask(`/preview/make?series=nosuch&address=${ADDRESS}`, { headers: OWN })
  t.match(await unknown.text(), 'INVALID_SERIES')
})

t.test('the page of a picture of something that is no address has the form', async (t) => {
  const { ask } = await buildApp(t)
  for (const [typed, problem] of [
    [
      'vitalik.eth',
      'is a name, and this page does not look names up. Enter its address, which your wallet shows.'
    ],
    ['0x12', '2 of 40 digits so far.']
  ] as const) {
    const answer = await ask(`/preview/noir/${typed}`, { headers: OWN })
    t.equal(answer.status, 400)
    const html = await answer.text()
    t.match(html, `There is no picture of ${typed} in noir.`)
    t.match(html, new RegExp(`id="address-hint"[^>]*data-state="wrong">[^<]*${problem}`))
    t.match(html, `value="${typed}"`)
    t.match(html, '<option selected>noir</option>')
    const json = await ask(`/preview/noir/${typed}?part=detail`)
    t.match(await json.json(), { error: { code: 'INVALID_ADDRESS' } })
  }
  for (const [typed, problem] of [
    ['0x', 'The address has 0 digits, not 40.'],
    ['0x1', 'The address has 1 digit, not 40.'],
    ['0x123', 'The address has 3 digits, not 40.'],
    [`${ADDRESS}ab`, 'The address has 42 digits, 2 too many.']
  ] as const) {
    const html = await (await ask(`/preview/noir/${typed}`, { headers: OWN })).text()
    t.match(html, `<p class="notice">There is no picture of ${typed} in noir. ${problem}`)
  }
  const plain = await ask(`/preview/noir/${ADDRESS.slice(2)}`, { headers: OWN })
  t.equal(plain.status, 302)
  t.equal(plain.headers.get('location'), `/preview/noir/${ADDRESS}`)
  const bare = await ask('/dalle/noir/vitalik.eth', { headers: HTML })
  t.match(await bare.text(), 'so do block explorers.</p>', 'a sentence ends with a full stop')
})

t.test('the field shows a whole address, and phones do not zoom into it', { skip }, async (t) => {
  const server = await build(t)
  for (const width of [390, 768, 1440, 1600]) {
    const context = await visit(t, server, { viewport: { width, height: 844 } })
    for (const [path, label] of [
      ['/preview', 'Ethereum address'],
      [`/preview/address/${ADDRESS}`, 'Another address']
    ] as const) {
      const page = await open(context, path)
      const field = page.getByRole('textbox', { name: label })
      await field.fill(checksumAddress(ADDRESS))
      const hidden = await field.evaluate((input) => input.scrollWidth - input.clientWidth)
      t.equal(hidden, 0, `${width}: ${path}`)
      const id = await field.getAttribute('id')
      const size = await page.evaluate(
        `parseFloat(getComputedStyle(document.getElementById('${id}')).fontSize)`
      )
      t.ok((size as number) >= 16, `${width}: ${path}`)
    }
  }
})

t.test('the page of a mistyped link says so, with and without scripts', { skip }, async (t) => {
  const server = await build(t)
  const page = await open(await visit(t, server, {}, /status of 404/), `/preview/simple/${WRONG}`)
  await page.locator('#address-hint[data-state="wrong"]').getByText(WARNING).waitFor()
  await page.getByRole('button', { name: 'Make the picture' }).click()
  t.equal(await page.getByText('This is a valid address.').count(), 0)
  t.equal(await page.locator('#runs li').count(), 0, 'nothing is made')
  await page.getByRole('link', { name: 'Use it anyway' }).click()
  await page.getByText('It can be made now.').waitFor()

  await page.goto(`/preview/address/${ADDRESS}`)
  await page.getByLabel('Another address').fill(WRONG)
  await page.getByRole('button', { name: 'Show it' }).click()
  await page.getByRole('alert').getByText(WARNING).waitFor()
  await testAccessibility(t, page, 'a mistyped address')

  const plain = await open(await visit(t, server, { javaScriptEnabled: false }, /status of 400/))
  await plain.getByRole('textbox', { name: 'Ethereum address' }).fill('0xabc')
  await plain.getByRole('button', { name: 'Make the picture' }).click()
  await plain.locator('#plain-make-hint').getByText('3 of 40 digits so far.').waitFor()
  t.equal(await plain.getByRole('textbox', { name: 'Ethereum address' }).inputValue(), '0xabc')
})
