import { mkdir, readFile, utimes, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import t from 'tap'
import type { Test } from 'tap'
import {
  ADDRESS,
  bodyOf,
  buildApp,
  json,
  plainPng,
  pollUntilDone,
  sha256,
  temporaryFolder
} from '../helper.ts'
import type { TestApp } from '../helper.ts'
import { createTestDatabase, noPostgres } from '../peers/postgres.ts'
import { startStore } from '../peers/s3.ts'
import { seedFor } from '../routes/v1/images-client.ts'
import { startServer } from './process.ts'

const OTHER = `0x${'b'.repeat(40)}`
const INPUT = 'Person Tour Coordinates'
/** Further pictures, so that a kill hits the import in the middle. */
const MORE = 60
const addressOf = (index: number) => `0x${index.toString(16).padStart(40, '0')}`

async function write(path: string, content: string | Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, content)
}

/** A data folder as a service of one process leaves it: with former versions, a record of /v1, and a stand-in. */
async function makeFolder(t: Test): Promise<string> {
  const dataDir = await temporaryFolder(t)
  await write(
    join(dataDir, 'user-series/mine.json'),
    JSON.stringify({ suffix: 'mine', adjectives: ['happy'] })
  )
  const app = await buildApp(t, { dataDir })
  await pollUntilDone(`/dalle/mine/${ADDRESS}?generate=1`, app.ask)
  await pollUntilDone(`/dalle/mine/${ADDRESS}?generate=1&force=1`, app.ask)
  const body = JSON.stringify({ input: INPUT, series: 'simple', image: true, annotate: true })
  const made = await app.ask('/v1/images/generate', { method: 'POST', body })
  t.match((await json(made)).data, { annotatedPath: /png$/ }, 'a picture of /v1 is made')
  await app.app.close()
  await write(join(dataDir, `output/simple/standin/${OTHER}.png`), await plainPng(64))
  const png = await plainPng(32)
  for (let index = 0; index < MORE; index += 1) {
    const path = join(dataDir, `output/simple/annotated/${addressOf(index)}.png`)
    await write(path, png)
    await utimes(path, 1_700_000_000 + index, 1_700_000_000 + index)
  }
  return dataDir
}

/** What a service says of everything that the folder has. */
async function look({ ask }: Pick<TestApp, 'ask'>) {
  const pages = [
    '/v1/images?per_page=100',
    '/v1/series/mine',
    `/v1/images/${seedFor(INPUT)}`,
    `/v1/images/${ADDRESS}`
  ]
  const texts = await Promise.all(
    pages.map(async (page) => {
      const response = await ask(page)
      const text = (await response.text()).replaceAll(/"request_id":\s*"[^"]*"/g, '')
      return [page, response.status, text]
    })
  )
  const files = [
    `/files/mine/annotated/${ADDRESS}.png`,
    `/files/mine/generated/${ADDRESS}.png`,
    `/files/mine/prompt/${ADDRESS}.txt`,
    `/files/simple/standin/${OTHER}.png`,
    `/files/simple/annotated/${addressOf(MORE - 1)}.png`
  ]
  const sent = await Promise.all(
    files.map(async (file) => {
      const response = await ask(file)
      return [file, response.status, response.headers.get('last-modified'), sha256(await bodyOf(response))]
    })
  )
  return { texts, sent }
}

t.test(
  'a data folder moves to a bucket and back, with kill -9 in the middle',
  { skip: noPostgres },
  async (t) => {
    const store = await startStore(t)
    const shared: Record<string, string> = {
      TB_DALLE_DATABASE_URL: await createTestDatabase(),
      ...store.settings
    }
    const folder = await makeFolder(t)
    const one = await buildApp(t, { dataDir: folder })
    const before = await look(one)
    await one.app.close()
    for (const [path, status] of [...before.texts, ...before.sent]) t.equal(status, 200, String(path))

    const replica = await buildApp(t, { settings: shared })
    const command = (name: string, dataDir: string) =>
      startServer(t, { args: [name, '--data-dir', dataDir], env: shared })
    const uploads = () => store.requests.filter((request) => request.startsWith('PUT output/')).length

    // The store is silent to one upload, so the command is in the middle when it is killed.
    const silent = new Promise<void>((resolve) => store.onSilence(resolve))
    const killed = command('import', folder)
    store.fail('silent', 1, `PUT output/simple/annotated/${addressOf(20)}`)
    await silent
    killed.child.kill('SIGKILL')
    t.equal((await killed.exited).signal, 'SIGKILL')
    const half = uploads()
    t.ok(half > 5, `${half} files were uploaded before the kill`)

    const repeated = await command('import', folder).exited
    t.equal(repeated.code, 0, repeated.err)
    t.match(repeated.out, /files were seen, \d+ were uploaded\./)
    t.same(await look(replica), before, 'another folder serves all of it')
    const done = uploads()
    const again = await command('import', folder).exited
    t.match(again.out, /files were seen, 0 were uploaded\.\n.*\n0 were added to the database/)
    t.equal(uploads(), done, 'a further import uploads nothing')

    const { data } = await json(await replica.ask(`/v1/images/${ADDRESS}`, { method: 'DELETE' }))
    t.ok(data, 'a picture can be removed')
    const restored = await replica.ask(`/v1/images/${ADDRESS}/restore?series=mine`, { method: 'POST' })
    t.equal(restored.status, 200, 'and restored')
    await restored.text()
    const last = await look(replica)
    await replica.app.close()

    const target = join(await temporaryFolder(t), 'new')
    const exported = await command('export', target).exited
    t.equal(exported.code, 0, exported.err)
    t.match(exported.out, /The database has 62 pictures: 62 are in /)
    t.same(
      await readFile(join(target, 'user-series/mine.json')),
      await readFile(join(folder, 'user-series/mine.json'))
    )
    t.same(
      await look(await buildApp(t, { dataDir: target })),
      last,
      'the service of one process goes on with it'
    )
  }
)
