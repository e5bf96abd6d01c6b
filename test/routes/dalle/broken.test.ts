import { execFileSync } from 'node:child_process'
import { mkdir, readFile, readdir, rm, symlink, truncate, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import t from 'tap'
import type { Artist } from '../../../lib/image/artist.ts'
import { ADDRESS, build, buildApp, json, plainPng, pollUntilDone, temporaryFolder } from '../../helper.ts'
import { filesBelow } from '../../lib/storage/faults.ts'

const PICTURE = `/dalle/simple/${ADDRESS}`
const FILE = `/files/simple/annotated/${ADDRESS}.png`
const PATH = `output/simple/annotated/${ADDRESS}.png`

/** What may lie under a picture's name and is no picture. */
const BROKEN: Record<string, (file: string) => Promise<void>> = {
  'an empty file': async (file) => await writeFile(file, ''),
  'a cut PNG': async (file) => await writeFile(file, (await plainPng(64)).subarray(0, 90)),
  'a file of other bytes': async (file) => await writeFile(file, 'not a picture '.repeat(100)),
  'a folder': async (file) => {
    await mkdir(join(file, 'inner'), { recursive: true })
  },
  'a FIFO': async (file) => {
    execFileSync('mkfifo', [file])
  },
  'a link in a circle': async (file) => await symlink(basename(file), file),
  'a link out of the data folder': async (file) => await symlink('/proc/version', file)
}

const addressOf = (index: number) => `0x${String(index).padStart(40, '0')}`

/** Draws at once. */
const artist: Artist = {
  provider: 'local',
  compose: () => ({
    draw: async () => ({ downloadMode: 'local', download: async () => await plainPng() })
  })
}

t.test('what is no whole PNG is never served as a picture, and a run replaces it', async (t) => {
  const dataDir = await temporaryFolder(t)
  const annotated = join(dataDir, 'output/simple/annotated')
  await mkdir(annotated, { recursive: true })
  for (const [index, make] of Object.values(BROKEN).entries()) {
    await make(join(annotated, `${addressOf(index)}.png`))
  }
  const { ask, app } = await buildApp(t, { dataDir, artist })
  t.match((await json(await ask('/v1/gallery'))).data, { images: [], total: 0, series: [] })
  t.match(await (await ask('/preview')).text(), 'There is no picture yet')

  for (const [index, what] of Object.keys(BROKEN).entries()) {
    const address = addressOf(index)
    const picture = `/dalle/simple/${address}`
    const file = `/files/simple/annotated/${address}.png`
    for (const query of ['', '?w=64', '?format=webp', '?w=64&format=jpeg', '?v=1', '?remove']) {
      const response = await ask(picture + query)
      t.equal(response.headers.get('x-dalle-run'), 'idle', `${what}${query}`)
      t.same((await json(response)).data, {}, `${what}${query}`)
    }
    t.match((await ask(picture, { method: 'HEAD' })).headers.get('content-type'), 'application/json')
    t.same((await json(await ask(picture, { headers: { range: 'bytes=0-3' } }))).data, {})
    for (const query of ['', '?w=64', '?format=webp']) {
      t.equal((await ask(file + query)).status, 404, `${what}${query}`)
      t.equal((await ask(file + query, { method: 'HEAD' })).status, 404, `${what}${query}`)
    }
    t.equal((await ask(file, { headers: { range: 'bytes=0-3' } })).status, 404)
    t.match(await (await ask(`/preview/simple/${address}`)).text(), 'There is no picture of')
    t.equal((await ask(`/preview/simple/${address}?part=detail`)).status, 404)

    t.equal((await ask(`${picture}?generate=1`)).headers.get('x-dalle-run'), 'started', what)
    t.match(await pollUntilDone(`${picture}?generate=1`, ask), { error: '', done: true }, what)
    t.equal((await ask(picture)).headers.get('content-type'), 'image/png', what)
    t.equal((await ask(file)).headers.get('content-type'), 'image/png', what)
  }
  const count = Object.keys(BROKEN).length
  t.equal((await json(await ask('/v1/gallery'))).data.total, count)
  const moved = await readdir(join(dataDir, 'archives/broken/simple/annotated'))
  t.same(
    moved.sort(),
    Array.from({ length: count }, (_, index) => `${addressOf(index)}.png`)
  )
  await app.close()
})

t.test('a picture that is cut while the server runs is missing from then on', async (t) => {
  const { ask, dataDir } = await buildApp(t, { artist })
  await ask(`${PICTURE}?generate=1`, { headers: { prefer: 'wait=60' } })
  const whole = await readFile(join(dataDir, PATH))
  t.equal((await json(await ask('/v1/gallery'))).data.total, 1)
  await truncate(join(dataDir, PATH), 1000)
  t.match(await (await ask(`/preview/simple/${ADDRESS}`)).text(), 'There is no picture of')
  t.equal((await json(await ask('/v1/gallery'))).data.total, 0)
  t.same((await json(await ask(PICTURE))).data, {})
  t.equal((await ask(FILE)).status, 404)
  t.equal((await ask(`${PICTURE}?generate=1`, { headers: { prefer: 'wait=60' } })).status, 200)
  t.same(await readFile(join(dataDir, PATH)), whole, 'the run draws the same picture')
  t.equal((await readFile(join(dataDir, `archives/broken/simple/annotated/${ADDRESS}.png`))).length, 1000)
})

t.test('folders under the names of the other files of a run are moved away too', async (t) => {
  const { app, ask, dataDir } = await buildApp(t, { artist })
  await ask(`${PICTURE}?generate=1`, { headers: { prefer: 'wait=60' } })
  const made = (await filesBelow(join(dataDir, 'output'))).filter((path) => !path.startsWith('.'))
  for (const path of made) {
    await rm(join(dataDir, 'output', path))
    await mkdir(join(dataDir, 'output', path, 'inner'), { recursive: true })
  }
  await rm(join(dataDir, PATH), { recursive: true })
  t.same((await json(await ask(PICTURE))).data, {})
  await app.close()
  const { ask: askLater } = await buildApp(t, { dataDir, artist })
  await askLater(`${PICTURE}?generate=1`)
  t.match(await pollUntilDone(`${PICTURE}?generate=1`, askLater), { error: '' })
  t.same(await filesBelow(join(dataDir, 'output')), made)
})

t.test('PNG files beside the pictures are served only if they are whole', async (t) => {
  const { ask, app } = await buildApp(t)
  for (const kind of ['generated', 'standin']) {
    const path = `simple/${kind}/${ADDRESS}.png`
    await app.files.write(`output/${path}`, (await plainPng(64)).subarray(0, 90))
    t.equal((await ask(`/files/${path}`)).status, 404, kind)
    await app.files.write(`output/${path}`, await plainPng(64))
    t.equal((await ask(`/files/${path}`)).status, 200, kind)
  }
})

t.test('seven requests for FIFOs do not stop the server', async (t) => {
  const { url, dataDir } = await build(t)
  await mkdir(join(dataDir, 'output/simple/title'), { recursive: true })
  for (let index = 0; index < 7; index += 1) {
    execFileSync('mkfifo', [join(dataDir, `output/simple/title/${index}.txt`)])
  }
  const answers = await Promise.all(
    Array.from({ length: 7 }, async (_, index) => await fetch(`${url}/files/simple/title/${index}.txt`))
  )
  t.same(new Set(answers.map(({ status }) => status)), new Set([404]))
  t.equal((await fetch(`${url}/health`)).status, 200)
})

t.test('a link out of the output folder serves nothing', async (t) => {
  const { ask, dataDir, app } = await buildApp(t)
  await symlink('/etc', join(dataDir, 'output/etc'))
  await app.files.write('secret.txt', 'inside the data folder')
  t.equal((await ask('/files/etc/passwd')).status, 404)
  t.equal((await ask('/files/etc/passwd', { method: 'HEAD' })).status, 404)
  t.match(await json(await ask(`/dalle/etc/${ADDRESS}`)), { error: { code: 'INVALID_SERIES' } })
})
