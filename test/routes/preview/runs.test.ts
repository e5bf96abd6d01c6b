import t from 'tap'
import { ADDRESS, build, createScriptedArtist, until } from '../../helper.ts'
import {
  TIMEOUT_SECONDS,
  addressOf,
  makePicture,
  open,
  picturesOf,
  runsOf,
  setVisibility,
  skip,
  smallPng,
  othersOf,
  startBrowser,
  testAccessibility
} from './browser.ts'

const visit = await startBrowser(t)

t.test('a run can be cancelled, and tried again after an error', { skip }, async (t) => {
  const { artist, asked } = createScriptedArtist()
  const server = await build(t, { artist, settings: { TB_DALLE_FAILURE_HOLD: '1ms' } })
  const page = await open(await visit(t, server, {}, /status of 503/))
  await makePicture(page, ADDRESS)
  await until(() => asked.length === 1, TIMEOUT_SECONDS)
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  await page.getByText('Cancelled:').waitFor()
  await dialog.waitFor({ state: 'hidden' })
  t.ok(asked[0]!.signal.aborted)
  t.equal(await runsOf(page).count(), 0)

  await makePicture(page, ADDRESS)
  await until(() => asked.length === 2, TIMEOUT_SECONDS)
  await dialog.getByText('Drawing,').waitFor()
  asked[1]!.fail(new Error('no paint'))
  await dialog.getByText('Something went wrong on the server.').waitFor()
  await testAccessibility(t, page, 'a failed run')
  await dialog.getByRole('button', { name: 'Try again' }).click()
  await until(() => asked.length === 3, TIMEOUT_SECONDS)
  await page.keyboard.press('Escape')
  await runsOf(page).getByText('Drawing').waitFor()
  asked[2]!.fail(new Error('no paint again'))
  await runsOf(page).getByText('Something went wrong on the server.').waitFor()
  await runsOf(page).getByRole('button', { name: 'Try again' }).click()
  await until(() => asked.length === 4, TIMEOUT_SECONDS)
  asked[3]!.deliver()
  await runsOf(page).getByText('Your picture is ready.').waitFor()
  await page.getByRole('button', { name: 'Dismiss' }).click()
  await page.locator('#runs').waitFor({ state: 'hidden' })
})

t.test(
  'screen readers hear no percent at the end of a run, and one message of a cancel',
  { skip },
  async (t) => {
    const { artist, asked } = createScriptedArtist()
    const server = await build(t, { artist })
    const page = await open(await visit(t, server, {}, /status of 503/))
    await page.evaluate(`(() => {
    const status = document.querySelector('#runs-status')
    globalThis.heard = []
    new MutationObserver(() => heard.push(status.textContent)).observe(status, { childList: true })
  })()`)
    const heard = async () => (await page.evaluate('heard')) as string[]
    const dialog = page.getByRole('dialog')
    await makePicture(page, ADDRESS)
    await until(() => asked.length === 1, TIMEOUT_SECONDS)
    await dialog.getByText('Drawing,').waitFor()
    await dialog.getByRole('button', { name: 'Cancel' }).click()
    await page.getByText('Cancelled:').waitFor()
    t.equal(await page.locator('#runs-status').textContent(), '')
    t.match((await heard()).join('; '), /Drawing, \d+ percent/)
    t.notMatch((await heard()).join('; '), /Failed/, 'the toast says it')

    for (const [index, end] of [
      [2, 'Done'],
      [3, 'Failed']
    ] as const) {
      await makePicture(page, addressOf(index))
      await until(() => asked.length === index, TIMEOUT_SECONDS)
      await dialog.getByText('Drawing,').waitFor()
      if (end === 'Done') asked.at(-1)!.deliver()
      else asked.at(-1)!.fail(new Error('no paint'))
      await until(async () => (await heard()).some((text) => text.endsWith(`: ${end}`)), TIMEOUT_SECONDS)
      await page.keyboard.press('Escape')
    }
  }
)

t.test('the place of a picture stands still when its run has failed', { skip }, async (t) => {
  const { artist, asked } = createScriptedArtist()
  const server = await build(t, { artist })
  const page = await open(await visit(t, server, { reducedMotion: 'no-preference' }))
  const moving = async () =>
    (await page.evaluate(
      '[...document.querySelectorAll(".canvas")].filter((each) => each.getAnimations().length > 0).length'
    )) as number
  await makePicture(page, ADDRESS)
  await until(() => asked.length === 1, TIMEOUT_SECONDS)
  const dialog = page.getByRole('dialog')
  await dialog.getByText('Drawing,').waitFor()
  t.equal(await moving(), 1)
  asked[0]!.fail(new Error('no paint'))
  await dialog.getByRole('button', { name: 'Try again' }).waitFor()
  t.equal(await moving(), 0, 'in the details')
  await page.keyboard.press('Escape')
  t.equal(await moving(), 0, 'and in the list of runs')
})

t.test('a run that the page has asked for is never counted as that of another', { skip }, async (t) => {
  const { artist, asked } = createScriptedArtist()
  const server = await build(t, { artist })
  const context = await visit(t, server)
  let answer = () => {}
  const mayAnswer = new Promise<void>((resolve) => (answer = resolve))
  await context.route('**/dalle/**generate=1', async (route) => {
    const response = await route.fetch()
    await mayAnswer
    await route.fulfill({ response })
  })
  const page = await open(context)
  await makePicture(page, ADDRESS)
  await until(() => asked.length === 1, TIMEOUT_SECONDS)
  await othersOf(page).getByText('Drawing,').waitFor({ state: 'attached' })
  t.equal(await page.locator('#others').isVisible(), false, 'before the server has answered')
  await fetch(`${server.url}/dalle/birds/${ADDRESS}?generate=1`)
  await page.getByText('1 in the making').waitFor()
  answer()
  await page.getByRole('dialog').getByText('Drawing,').waitFor()
  await page.keyboard.press('Escape')
  await runsOf(page).waitFor()
  t.equal(await othersOf(page).count(), 1, 'the run of another is still there')
  await page.getByText('1 in the making').waitFor()
})

t.test('a picture takes the place of its run when it is loaded, and not before', { skip }, async (t) => {
  const { artist, asked } = createScriptedArtist()
  const server = await build(t, { artist })
  const context = await visit(t, server)
  let load = () => {}
  const mayLoad = new Promise<void>((resolve) => (load = resolve))
  let wanted = 0
  await context.route('**/files/**', async (route) => {
    wanted += 1
    await mayLoad
    await route.continue()
  })
  const page = await open(context)
  await makePicture(page, ADDRESS)
  await until(() => asked.length === 1, TIMEOUT_SECONDS)
  const dialog = page.getByRole('dialog')
  await dialog.getByText('Drawing,').waitFor()
  asked[0]!.deliver()
  await until(() => wanted > 0, TIMEOUT_SECONDS)
  t.ok(await dialog.locator('.making .canvas').isVisible(), 'the run is still shown')
  t.equal(await dialog.getByText('Your picture is ready.').count(), 0)
  load()
  await dialog.getByText('Your picture is ready.').waitFor()
  const isLoaded = await dialog.locator('.plate img').evaluate((image) => {
    return (image as unknown as { naturalWidth: number }).naturalWidth > 0
  })
  t.ok(isLoaded, 'nobody sees an empty place')
})

t.test('a hidden page shows the end of its run when it is visible again', { skip }, async (t) => {
  const { artist, asked } = createScriptedArtist()
  const server = await build(t, { artist, settings: { TB_DALLE_CONCURRENCY: '2' } })
  const { engine } = server.app
  await picturesOf(server).stored.put('simple', ADDRESS, await smallPng())
  for (let index = 1; index <= 30; index += 1) {
    await fetch(`${server.url}/dalle/birds/${addressOf(index)}?generate=1`)
  }
  const page = await open(await visit(t, server), `/preview/simple/${ADDRESS}`)
  await page.getByRole('button', { name: 'Make it again' }).click()
  await page.getByRole('button', { name: 'Really make it again?' }).click()
  await page.keyboard.press('Escape')
  const own = page.locator(`#runs li[data-key="simple/${ADDRESS}"]`)
  // Reports about other runs must not delay the check of a run that is not reported.
  const busy = setInterval(() => {
    const working = engine.local.oldest(31).findLast(({ hasBegun }) => hasBegun)
    working?.addPartial({ image: Buffer.from(''), mediaType: 'image/png' })
  }, 300)
  t.teardown(() => clearInterval(busy))
  await own.getByText('Waiting, number 29 in the queue').waitFor()

  await setVisibility(page, 'hidden')
  let delivered = 0
  const hasEnded = async (series: string, address: string) =>
    (await engine.runs.last(series, address))?.done === true
  await until(async () => {
    for (; delivered < asked.length; delivered += 1) {
      if (asked[delivered]!.address === ADDRESS) asked[delivered]!.fail(new Error('no paint'))
      else asked[delivered]!.deliver()
    }
    return await hasEnded('simple', ADDRESS)
  }, TIMEOUT_SECONDS)
  // More runs end than the server reports.
  for (let index = 1; index <= 26; index += 1) {
    await fetch(`${server.url}/dalle/noir/${addressOf(index)}?generate=1`)
    await until(() => asked.length > delivered, TIMEOUT_SECONDS)
    asked[delivered]!.deliver()
    delivered += 1
    await until(async () => await hasEnded('noir', addressOf(index)), TIMEOUT_SECONDS)
  }
  await setVisibility(page, 'visible')
  await own.getByText('Something went wrong on the server.').waitFor()
  t.equal(await own.count(), 1, 'the run has one line')
})

t.test('a stand-in is shown as a stand-in', { skip }, async (t) => {
  const server = await build(t, {
    retry: { retries: 0 },
    settings: {
      OPENAI_API_KEY: 'sk-nobody',
      OPENAI_BASE_URL: 'http://127.0.0.1:9/v1',
      TB_DALLE_NO_ENHANCE: '1',
      TB_DALLE_FALLBACK: 'local'
    }
  })
  const page = await open(await visit(t, server))
  await makePicture(page, ADDRESS)
  const dialog = page.getByRole('dialog')
  const link = dialog.getByRole('link', { name: 'View the stand-in' })
  await link.waitFor()
  t.equal(await link.getAttribute('href'), `/dalle/simple/${ADDRESS}`)
  await dialog.getByText('the built-in artist drew a stand-in').waitFor()
  await page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'hidden' })
  await page.getByRole('button', { name: 'Make the picture' }).click()
  await page.locator('#make-outcome').getByText('the built-in artist drew a stand-in').waitFor()
  t.equal(await page.getByRole('dialog').count(), 0)
})
