import { readFile, rm, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { errors } from '../../../lib/errors.ts'
import type { Artist } from '../../../lib/image/artist.ts'
import { ADDRESS, bodyOf, buildApp, plainPng, temporaryFolder, until } from '../../helper.ts'
import { filesBelow, put } from '../../lib/storage/faults.ts'

const PICTURE = `/dalle/simple/${ADDRESS}`
const WAIT = { headers: { prefer: 'wait=55' } }
const PNG = `simple/annotated/${ADDRESS}.png`

/** An artist whose pictures differ, and which fails when the test says so. */
function createPainter() {
  const state = { color: '#000000', isFailing: false }
  const artist: Artist = {
    provider: 'local',
    compose: () => ({
      async draw() {
        if (state.isFailing) throw errors.image('The artist has no paint')
        return { downloadMode: 'local', download: async () => await plainPng(64, state.color) }
      }
    })
  }
  return { state, artist }
}

t.test(
  'a picture that is drawn anew goes to the archive with its prompts, and is served until then',
  async (t) => {
    const { state, artist } = createPainter()
    const { ask, dataDir } = await buildApp(t, { artist, settings: { TB_DALLE_FAILURE_HOLD: '1ms' } })
    const stored = async () => await bodyOf(await ask(PICTURE))
    await ask(`${PICTURE}?generate=1`, WAIT)
    const first = await stored()
    const prompts = await readFile(join(dataDir, `output/simple/prompt/${ADDRESS}.txt`), 'utf8')
    const record = await readFile(join(dataDir, `output/simple/selector/${ADDRESS}.json`), 'utf8')

    state.isFailing = true
    for (let run = 0; run < 2; run += 1) {
      await ask(`${PICTURE}?generate=1&force=1`, WAIT)
      t.ok((await stored()).equals(first), 'a run that fails leaves the picture')
    }
    const archived = async () =>
      (await filesBelow(join(dataDir, 'archives'))).filter((file) => file.includes('annotated'))
    t.same(await archived(), [PNG], 'and one copy of it in the archive')

    state.isFailing = false
    state.color = '#ff0000'
    await ask(`${PICTURE}?generate=1&force=1`, WAIT)
    const second = await stored()
    t.notOk(second.equals(first))
    state.color = '#00ff00'
    await ask(`${PICTURE}?generate=1&force=1`, WAIT)
    t.same(await archived(), [PNG, `${PNG}.2`])
    const inArchive = async (file: string) => await readFile(join(dataDir, 'archives', file))
    t.ok((await inArchive(PNG)).equals(first))
    t.ok((await inArchive(`${PNG}.2`)).equals(second))
    t.equal((await inArchive(`simple/prompt/${ADDRESS}.txt`)).toString(), prompts)
    t.equal((await inArchive(`simple/prompt/${ADDRESS}.txt.2`)).toString(), prompts)
    t.equal((await inArchive(`simple/selector/${ADDRESS}.json`)).toString(), record)
    t.equal((await filesBelow(join(dataDir, 'archives/simple/metadata'))).length, 2)
  }
)

t.test(
  'a removed picture is in the archive, with its records before the next run writes new ones',
  async (t) => {
    const { state, artist } = createPainter()
    const { ask, dataDir } = await buildApp(t, { artist, settings: { TB_DALLE_FAILURE_HOLD: '1ms' } })
    await ask(`${PICTURE}?generate=1`, WAIT)
    const first = await bodyOf(await ask(PICTURE))
    const record = await readFile(join(dataDir, `output/simple/selector/${ADDRESS}.json`), 'utf8')
    await ask(`${PICTURE}?remove=1`)
    state.color = '#ff0000'
    await ask(`${PICTURE}?generate=1`, WAIT)
    t.ok((await readFile(join(dataDir, 'archives', PNG))).equals(first))
    t.equal(await readFile(join(dataDir, `archives/simple/selector/${ADDRESS}.json`), 'utf8'), record)
  }
)

t.test('after a gap in the archive, the newest copy counts', async (t) => {
  const { state, artist } = createPainter()
  const { ask, dataDir } = await buildApp(t, { artist, settings: { TB_DALLE_FAILURE_HOLD: '1ms' } })
  const inArchive = (file: string) => join(dataDir, 'archives', file)
  await ask(`${PICTURE}?generate=1`, WAIT)
  for (const color of ['#ff0000', '#00ff00']) {
    state.color = color
    await ask(`${PICTURE}?generate=1&force=1`, WAIT)
  }
  // The first copy is older than TB_DALLE_ARCHIVE_DAYS.
  for (const file of await filesBelow(join(dataDir, 'archives'))) {
    if (!/\.\d$/.test(file)) await rm(inArchive(file))
  }
  await ask(`${PICTURE}?remove=1`)
  const removed = (await filesBelow(join(dataDir, 'archives'))).filter((file) => file.startsWith(`${PNG}`))
  state.color = '#0000ff'
  await ask(`${PICTURE}?generate=1`, WAIT)
  const selectors = (await filesBelow(join(dataDir, 'archives'))).filter((file) => file.includes('selector'))
  t.equal(removed.length, 2)
  t.equal(selectors.length, 2, 'the records of the removed picture are there too')
})

t.test('the service empties its archive of what is old', async (t) => {
  for (const [days, isKept] of [
    ['1', false],
    ['0', true]
  ] as const) {
    const dataDir = await temporaryFolder(t)
    const old = await put(dataDir, `archives/${PNG}`)
    await utimes(old, 1, 1)
    await put(dataDir, `archives/${PNG}.2`)
    await buildApp(t, { dataDir, settings: { TB_DALLE_ARCHIVE_DAYS: days } })
    await until(async () => isKept || (await filesBelow(join(dataDir, 'archives'))).length === 1)
    t.equal((await filesBelow(join(dataDir, 'archives'))).length, isKept ? 2 : 1, days)
  }
})
