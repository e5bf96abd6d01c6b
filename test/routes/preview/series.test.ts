import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import type { Page } from 'playwright-core'
import { DATABASES } from '../../../lib/dress/databases.ts'
import { filterRows } from '../../../lib/dress/row-filter.ts'
import { DATABASE_GROUPS } from '../../../routes/preview/series/databases.ts'
import { ADDRESS, build, buildApp, json, until } from '../../helper.ts'
import type { TestServer } from '../../helper.ts'
import {
  TIMEOUT_SECONDS,
  cardOf,
  open,
  picturesOf,
  quickArtist,
  skip,
  smallPng,
  startBrowser,
  testAccessibility
} from './browser.ts'

const visit = await startBrowser(t)
const PAGE = '/preview/series?name=cats'

async function put({ url }: TestServer, name: string, series: object): Promise<void> {
  await (
    await fetch(`${url}/v1/series/${name}`, { method: 'PUT', body: JSON.stringify(series) })
  ).arrayBuffer()
}

async function read({ url }: TestServer, name: string) {
  return (await json(await fetch(`${url}/v1/series/${name}`))).data
}

const count = (page: Page, database: string) => page.locator(`#c-${database}`)
const save = (page: Page) => page.getByRole('button', { name: 'Save' })

t.test('a visitor makes a series and sees how many rows each filter leaves', { skip }, async (t) => {
  const server = await build(t)
  const page = await open(await visit(t, server, {}, /status of 400/), '/preview')
  await page.getByRole('contentinfo').getByRole('link', { name: 'series' }).click()
  await page.getByText('There is none yet').waitFor()
  const place = await page.evaluate('getComputedStyle(document.querySelector("#toasts")).position')
  t.equal(place, 'fixed', 'messages stand over the page')
  await testAccessibility(t, page, 'the list of series')
  await page.getByRole('link', { name: 'New series' }).click()
  await count(page, 'nouns').getByText('All 1,782 rows').waitFor()
  await count(page, 'artstyles').getByText('without the sensitive ones').waitFor()
  await page.getByLabel('Nouns').fill('otter\n\nno such noun')
  const nouns = server.app.dresses.databases.rows.nouns.filter((row) => row.includes('otter'))
  await count(page, 'nouns')
    .getByText(`${nouns.length} of 1,782 rows left: ${nouns[0]!.split(',')[0]}`)
    .waitFor()
  await page.getByLabel('Tropes').fill('nothing has this')
  await count(page, 'tropes').getByText('0 of 45 rows left: pictures have none of them').waitFor()
  await testAccessibility(t, page, 'a filter that leaves nothing')
  await page.getByRole('button', { name: 'Make the series' }).click()
  await page.getByText('Give the series a name.').waitFor()
  await page.getByLabel('Name').fill('Birds')
  await page.getByRole('button', { name: 'Make the series' }).click()
  await page.getByText('cannot modify built-in series').waitFor()
  await page.getByLabel('Name').fill('My Cats')
  await page.getByRole('button', { name: 'Make the series' }).click()
  await page.getByRole('heading', { name: 'my-cats' }).waitFor()
  t.match(await read(server, 'my-cats'), {
    nouns: ['otter', 'no such noun'],
    empty: ['tropes'],
    adverbs: null
  })
  t.equal(await page.getByLabel('Nouns').inputValue(), 'otter\nno such noun')
  t.equal(await page.evaluate('localStorage.length'), 0, 'no draft is left')
})

t.test('what a visitor types before the scripts run stays, and is counted', { skip }, async (t) => {
  const server = await build(t)
  const page = await (await visit(t, server)).newPage()
  let release = () => {}
  const typed = new Promise<void>((resolve) => (release = resolve))
  await page.route('**/series-fields.js', async (route) => {
    await typed
    await route.continue()
  })
  await page.goto(`${server.url}/preview/series?new=1`, { waitUntil: 'commit' })
  await page.getByLabel('Nouns').fill('badger')
  release()
  await count(page, 'nouns').getByText(' rows left').waitFor()
  t.equal(await page.getByLabel('Nouns').inputValue(), 'badger')
})

t.test('an edit keeps what it does not touch, and is not lost with the page', { skip }, async (t) => {
  const server = await build(t)
  const series = { last: 7, version: 'v2', purpose: 'Cats', nouns: [' cat', 'a,b'], places: ['Malta'] }
  await put(server, 'cats', series)
  const context = await visit(t, server)
  const first = await open(context, PAGE)
  await first.getByLabel('Purpose').fill('Cats and lynxes')
  await first.getByRole('button', { name: 'Discard my edit' }).waitFor()
  await first.close()
  const page = await open(context, PAGE)
  await page.getByText('Your edit from before is here again. It is not saved yet.').waitFor()
  t.equal(await page.getByLabel('Purpose').inputValue(), 'Cats and lynxes')
  t.equal((await read(server, 'cats')).purpose, 'Cats')
  await save(page).click()
  await page.getByText('Saved.').waitFor()
  t.match(await read(server, 'cats'), { ...series, purpose: 'Cats and lynxes' })
  await page.getByLabel('Nouns').fill('dog')
  await page.getByRole('button', { name: 'Discard my edit' }).click()
  t.equal(await page.getByLabel('Nouns').inputValue(), ' cat\na,b')
  t.equal(await page.evaluate('localStorage.length'), 0)
})

t.test('of two edits at the same time none is lost, and the page says so in words', { skip }, async (t) => {
  const server = await build(t)
  await put(server, 'cats', { purpose: 'Cats', nouns: ['cat'], gazes: ['up'] })
  const page = await open(await visit(t, server, {}, /status of (412|404)/), PAGE)
  await page.getByLabel('Nouns').fill('lynx')
  await put(server, 'cats', { purpose: 'Other', nouns: ['dog'], gazes: ['up'] })
  await save(page).click()
  await page.getByText('This series was changed meanwhile').waitFor()
  await page.getByText('Saved now: dog').waitFor()
  t.match(await read(server, 'cats'), { purpose: 'Other', nouns: ['dog'] }, 'nothing was overwritten')
  t.equal(await page.getByLabel('Nouns').inputValue(), 'lynx', 'the edit stays')
  t.equal(await page.getByLabel('Purpose').inputValue(), 'Other', 'fields that were not edited follow')
  await testAccessibility(t, page, 'a conflict')
  await save(page).click()
  await page.getByText('Saved.').waitFor()
  t.match(await read(server, 'cats'), { purpose: 'Other', nouns: ['lynx'], gazes: ['up'] })
  t.equal(await page.locator('.theirs').count(), 0)
  t.ok((await readdir(join(server.dataDir, 'archives/user-series'))).length > 0)

  await page.getByLabel('Nouns').fill('puma')
  await page.reload()
  await put(server, 'cats', { nouns: ['wolf'] })
  await page.reload()
  await page.getByText('the series was changed since then').waitFor()
  await page.getByText('Saved now: wolf').waitFor()
  t.equal(await page.getByLabel('Nouns').inputValue(), 'puma')
})

t.test('a series is hidden with its pictures and shown again', { skip }, async (t) => {
  const server = await build(t)
  await put(server, 'cats', { nouns: ['cat'] })
  await picturesOf(server).stored.put('cats', ADDRESS, await smallPng())
  await until(() => picturesOf(server).gallery.size === 1, TIMEOUT_SECONDS)
  const context = await visit(t, server)
  const page = await open(context)
  await page.getByRole('link', { name: 'Edit or hide cats' }).click()
  await page.getByRole('button', { name: 'Hide it' }).click()
  await page.getByText('It is hidden: no list contains it').waitFor()
  t.equal((await read(server, 'cats')).deleted, true)
  const gallery = await open(context)
  await gallery.getByText('There is no picture yet').waitFor()
  t.equal(await gallery.locator('option[value=cats]').count(), 0)
  await page.getByRole('link', { name: 'All series' }).click()
  await page.getByText('hidden', { exact: true }).waitFor()
  await page.getByRole('link', { name: 'cats' }).click()
  await page.getByRole('button', { name: 'Show it again' }).click()
  await page.getByText('It is shown: the gallery contains its pictures').waitFor()
  await gallery.reload()
  await cardOf(gallery, 'cats', ADDRESS).waitFor()
})

t.test('where a visitor may not change a series, the page says why', { skip }, async (t) => {
  const token = 'a-token-of-this-test'
  const guarded = await build(t, { settings: { TB_DALLE_API_TOKENS: token } })
  const outside = await build(t, { settings: { TB_DALLE_HOST: '0.0.0.0' } })
  for (const { app } of [guarded, outside]) {
    await app.files.write('user-series/cats.json', '{"nouns": ["cat"]}')
  }
  await until(async () => (await guarded.app.dresses.series.get('cats')) !== undefined, TIMEOUT_SECONDS)
  await until(async () => (await outside.app.dresses.series.get('cats')) !== undefined, TIMEOUT_SECONDS)
  const closed = await open(await visit(t, outside), PAGE)
  await closed.getByText('Its operator sets TB_DALLE_API_TOKENS.').waitFor()
  t.equal(await closed.getByRole('button', { name: /Save|Hide/ }).count(), 0)
  t.equal(await closed.getByLabel('Nouns').isEditable(), false)

  const page = await open(await visit(t, guarded), PAGE)
  await page.getByText('To change a series you need a token').waitFor()
  t.equal(await save(page).isVisible(), false)
  await testAccessibility(t, page, 'without a token')
  await page.getByLabel('Nouns').fill('lynx')
  await page.getByPlaceholder('Token').fill(token)
  await page.getByRole('button', { name: 'Use this token' }).click()
  await save(page).click()
  await page.getByText('Saved.').waitFor()
  t.same((await read(guarded, 'cats')).nouns, ['lynx'])

  const builtIn = await open(await visit(t, guarded), '/preview/series?name=noir')
  await builtIn.getByText('A built-in series cannot be changed').waitFor()
  t.equal(await builtIn.getByLabel('Art styles').isEditable(), false)
  await builtIn.getByRole('link', { name: 'Start a new series from it' }).click()
  t.not(await builtIn.getByLabel('Art styles').inputValue(), '')
})

t.test('a removed picture and one that was made again come back from the archive', { skip }, async (t) => {
  const server = await build(t, { artist: quickArtist, settings: { TB_DALLE_FAILURE_HOLD: '1ms' } })
  const { stored, gallery } = picturesOf(server)
  const make = async (query: string) =>
    await (
      await fetch(`${server.url}/dalle/simple/${ADDRESS}?${query}`, { headers: { prefer: 'wait=55' } })
    ).arrayBuffer()
  await make('generate=1')
  await until(() => gallery.size === 1, TIMEOUT_SECONDS)
  const page = await open(await visit(t, server, {}, /status of 404/), `/preview/simple/${ADDRESS}`)
  t.equal(await page.getByRole('button', { name: 'Bring back' }).count(), 0, 'there is no earlier one')
  await page.getByRole('button', { name: 'Remove' }).click()
  await page.getByRole('button', { name: 'Really remove it?' }).click()
  await page.getByRole('button', { name: 'Undo' }).click()
  await page.getByRole('dialog').waitFor()
  t.ok(await stored.find('simple', ADDRESS), 'undone')
  await cardOf(page, 'simple', ADDRESS).waitFor({ state: 'attached' })

  await page.getByRole('button', { name: 'Remove' }).click()
  await page.getByRole('button', { name: 'Really remove it?' }).click()
  // The page goes back to the list. Another navigation before that would be aborted.
  await page.waitForURL('**/preview')
  t.notOk(await stored.find('simple', ADDRESS))
  await page.goto(`/preview/simple/${ADDRESS}`)
  await page.getByRole('button', { name: 'Bring it back' }).click()
  await page.getByRole('dialog').waitFor()

  await make('generate=1&force=1')
  await page.reload()
  const former = await stored.find('simple', ADDRESS)
  await page.getByRole('button', { name: 'Bring back the earlier one' }).click()
  await page.getByText('so you can change them back').waitFor()
  await page.getByRole('button', { name: 'Really bring it back?' }).click()
  await page.getByText('The earlier picture is back.').waitFor()
  t.not((await stored.find('simple', ADDRESS))?.modifiedMs, former?.modifiedMs)
  await testAccessibility(t, page, 'an earlier picture')
})

t.test('the form of a new series has an example for every database, and each keeps some rows', async (t) => {
  const { app } = await buildApp(t)
  const shown = DATABASE_GROUPS.flatMap(({ databases }) => databases)
  t.same(shown.map(({ name }) => name).sort(), [...DATABASES].sort(), 'each database once')
  for (const { name, example } of shown) {
    t.ok(filterRows(name, app.dresses.databases.rows[name], [example]).length > 0, `${name}: ${example}`)
  }
})

t.test('the rows that a filter leaves are listed with the values of their columns', { skip }, async (t) => {
  const server = await build(t)
  await put(server, 'cats', { emotions: ['azart'] })
  const page = await open(await visit(t, server), PAGE)
  const details = page.locator('#r-emotions')
  await details.getByText('Show the rows').click()
  await details.getByText('azart', { exact: true }).waitFor()
  await details.getByText('language: Russian (1)').waitFor()
  const { emotions } = server.app.dresses.databases.rows
  const joy = emotions.filter((row) => row.includes(',joy,'))
  await page.getByLabel('Emotions').fill(',joy,')
  await details.getByText(`group: joy (${joy.length})`).waitFor()
  const names = joy.map((row) => row.split(',', 1)[0]!.trim())
  t.equal(await details.locator('p').first().textContent(), names.join(' · '))
  t.notMatch(await details.textContent(), 'description', 'another text in each row')
  await testAccessibility(t, page, 'rows')
  await page.getByLabel('Emotions').fill('no such emotion')
  await details.getByText('None').waitFor()
})

t.test('"Most colours" takes a number or a word that it offers', { skip }, async (t) => {
  const server = await build(t)
  await put(server, 'cats', { colorLimit: 'a handful of' })
  const page = await open(await visit(t, server), PAGE)
  await page.getByLabel('Purpose').fill('Cats')
  await save(page).click()
  await page.getByText('Saved.').waitFor()
  t.match(await read(server, 'cats'), { purpose: 'Cats', colorLimit: 'a handful of' }, 'what was there stays')
  for (const wrong of ['13', 'many', '0']) {
    await page.getByLabel('Most colours').fill(wrong)
    await save(page).click()
    await page.getByText('Most colours: type a number from 1 to 12, or a word from one to twelve').waitFor()
  }
  for (const right of ['12', 'three']) {
    await page.getByLabel('Most colours').fill(right)
    await save(page).click()
    await page.getByText('Saved.').waitFor()
    t.equal((await read(server, 'cats')).colorLimit, right)
  }
  t.equal(await page.locator('#o-colorLimit option').count(), 12)
})

t.test('a series that is only read shows the filters that it has', { skip }, async (t) => {
  const context = await visit(t, await build(t))
  const birds = await open(context, '/preview/series?name=birds')
  t.equal(await birds.getByLabel('Nouns').inputValue(), ',bird,')
  t.equal(await birds.locator('textarea').count(), 1)
  t.equal(await birds.getByLabel('Most colours').count(), 0)
  await testAccessibility(t, birds, 'a built-in series')
  const simple = await open(context, '/preview/series?name=empty')
  await simple.getByText('It has none: all rows are kept').waitFor()
  const made = await open(context, '/preview/series?new=1')
  t.equal(await made.getByLabel('Nouns').getAttribute('placeholder'), 'For example: ,bird,')
  t.equal(await made.locator('textarea').first().getAttribute('name'), 'nouns')
  await testAccessibility(t, made, 'a new series')
  await made.getByRole('link', { name: 'All series' }).click()
})
