import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import type { Test } from 'tap'
import { createSeriesEditor } from '../../../lib/dress/series-editor.ts'
import { SERIES_BYTES_MAX, createSeriesRegistry } from '../../../lib/dress/series-registry.ts'
import { createFiles } from '../../../lib/storage/files.ts'
import { temporaryFolder } from '../../helper.ts'
import { failing, filesBelow, put } from '../storage/faults.ts'
import type { Fs } from '../storage/faults.ts'
import { databases } from './built-in.ts'

const always = () => true

async function setUp(t: Test, fs?: Fs) {
  const root = await temporaryFolder(t)
  const files = createFiles({ root, firstWaitMs: 0, ...(fs && { fs }) })
  const registry = await createSeriesRegistry({ files, onUnreadable: () => {}, refreshIntervalMs: 0 })
  const editor = createSeriesEditor({ files, registry, databases })
  const contentOf = async (path: string) => JSON.parse(await readFile(join(root, path), 'utf8'))
  return { root, registry, editor, contentOf }
}

t.test('a series is written, read, and listed with the time of its file', async (t) => {
  const { editor, contentOf } = await setUp(t)
  const made = await editor.put('My Cats', { suffix: '', nouns: ['cat'], last: 7, places: ['attic'] }, always)
  t.match(made, { record: { suffix: 'my-cats', nouns: ['cat'], last: 7, source: 'user' }, empty: ['places'] })
  t.same(await editor.get(' my cats '), made)
  const file = await contentOf('user-series/my-cats.json')
  t.match(file, { suffix: 'my-cats', adverbs: null, places: ['attic'] })
  t.notOk('modifiedAt' in file)
  const listed = (await editor.list('shown')).find(({ suffix }) => suffix === 'my-cats')
  t.match(listed?.modifiedAt, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
  const builtIn = (await editor.list('shown')).find(({ suffix }) => suffix === 'simple')
  t.match(builtIn, { source: 'builtin' })
  t.notOk('modifiedAt' in builtIn!)
  await t.rejects(editor.get('nosuch'), { code: 'series_not_found' })
  await t.rejects(editor.get(' '), { code: 'series_not_found' })
})

t.test('hidden series are in the lists of hidden ones and of all', async (t) => {
  const { editor } = await setUp(t)
  await editor.put('cats', { suffix: 'cats' }, always)
  const { version } = await editor.get('cats')
  const hidden = await editor.setHidden('cats', true, always)
  t.match(hidden.record, { deleted: true })
  t.not(hidden.version, version)
  const names = async (which: 'shown' | 'hidden' | 'all') =>
    (await editor.list(which)).map(({ suffix }) => suffix)
  t.notOk((await names('shown')).includes('cats'))
  t.same(await names('hidden'), ['cats'])
  t.ok((await names('all')).includes('cats'))
  t.equal((await editor.setHidden('cats', true, always)).version, hidden.version)
  t.notOk('deleted' in (await editor.setHidden('cats', false, always)).record)
  await t.rejects(editor.setHidden('nosuch', true, always), { code: 'series_not_found' })
})

t.test('a change is made if its condition holds for the series on disk', async (t) => {
  const { root, editor, contentOf } = await setUp(t)
  await editor.put('cats', { suffix: 'cats', last: 1 }, (version) => version === undefined)
  const { version } = await editor.get('cats')
  await t.rejects(
    editor.put('cats', { suffix: 'cats', last: 2 }, (now) => now === undefined),
    { code: 'series_changed' }
  )
  await put(root, 'user-series/cats.json', JSON.stringify({ last: 30 }))
  await t.rejects(
    editor.put('cats', { suffix: 'cats', last: 2 }, (now) => now === version),
    { code: 'series_changed' }
  )
  t.same(await contentOf('user-series/cats.json'), { last: 30 })
})

t.test('changes at once are made one after the other, and each former file is kept', async (t) => {
  const { root, editor, contentOf } = await setUp(t)
  const seen: Array<string | undefined> = []
  const changes = [1, 2, 3, 4].map(async (last) => {
    await editor.put('cats', { suffix: 'cats', last }, (version) => {
      seen.push(version)
      return true
    })
  })
  await Promise.all(changes)
  t.equal(new Set(seen).size, 4, 'each change sees the one before it')
  t.same(await filesBelow(root), [
    'archives/user-series/cats.json',
    'archives/user-series/cats.json.2',
    'archives/user-series/cats.json.3',
    'user-series/cats.json'
  ])
  t.match(await contentOf('archives/user-series/cats.json.3'), { last: 3 })
  await editor.put('cats', { suffix: 'cats', last: 4 }, always)
  t.equal((await filesBelow(root)).length, 4, 'the same again keeps nothing')
})

t.test('what cannot be a series of the user is refused, and nothing is written', async (t) => {
  const { root, editor } = await setUp(t)
  const refused = async (name: string, series: Parameters<typeof editor.put>[1], message: RegExp) =>
    await t.rejects(editor.put(name, series, always), { code: 'series_invalid', message }, name)
  await refused('simple', { suffix: 'simple' }, /cannot modify built-in series/)
  await refused('cats', { suffix: 'dogs' }, /suffix is "dogs", but the path names "cats"/)
  await refused('.cats', { suffix: '' }, /cannot be the name of a file/)
  await refused('cats.deleted', { suffix: '' }, /cannot be the name of a file/)
  await refused('cats', { suffix: '', purpose: 'x'.repeat(SERIES_BYTES_MAX) }, /at most 1048576 are read/)
  t.same(await filesBelow(root), [])
  await t.rejects(editor.setHidden('simple', true, always), { code: 'series_invalid' })
})

t.test('a file that cannot be written leaves the series as it was', async (t) => {
  const { fs, state } = failing('rename', 'EROFS', 1)
  const { root, editor } = await setUp(t, fs)
  await t.rejects(editor.put('cats', { suffix: 'cats' }, always), {
    code: 'series_invalid',
    message: /its file cannot be written/
  })
  t.equal(state.calls, 1)
  await t.rejects(editor.get('cats'), { code: 'series_not_found' })
  t.same(await filesBelow(root), [])
  await editor.put('cats', { suffix: 'cats' }, always)
  t.match((await editor.get('cats')).record, { suffix: 'cats' })
})

t.test('pictures that the Go server has put away come back, also at the second try', async (t) => {
  const { fs } = failing('rename', 'EACCES', 1)
  const { root, editor, contentOf } = await setUp(t, fs)
  await put(root, 'user-series/cats.json', JSON.stringify({ deleted: true }))
  await put(root, 'output/cats.deleted/annotated/a.png')
  await put(root, 'output/cats/title/b.txt')
  await editor.setHidden('cats', true, always)
  t.ok((await filesBelow(root)).includes('output/cats.deleted/annotated/a.png'), 'a hidden series keeps all')
  await t.rejects(editor.setHidden('cats', false, always), {
    code: 'series_invalid',
    message: /its pictures cannot be brought back/
  })
  t.same(await contentOf('user-series/cats.json'), { deleted: true })
  t.notOk('deleted' in (await editor.setHidden('cats', false, always)).record)
  const files = await filesBelow(root)
  t.ok(files.includes('output/cats/annotated/a.png'))
  t.ok(files.includes('output/cats/title/b.txt'))
  t.notOk(files.some((path) => path.includes('.deleted')))
})
