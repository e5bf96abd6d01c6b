import { mkdir, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import type { Test } from 'tap'
import { ADDRESS, askForRun, json, temporaryFolder, until } from '../helper.ts'
import { createTestDatabase, noPostgres } from '../peers/postgres.ts'
import { startStore } from '../peers/s3.ts'
import { startHoldingProvider } from './holding-provider.ts'
import { serving, startServer } from './process.ts'

const PATH = `/dalle/simple/${ADDRESS}`
const WAIT = { headers: { prefer: 'wait=55' } }

type Line = Record<string, unknown>

interface Store {
  name: string
  skip: string | false
  settings(): Promise<Record<string, string>>
}

const STORES: Store[] = [
  { name: 'files', skip: false, settings: async () => ({}) },
  {
    name: 'PostgreSQL',
    skip: noPostgres,
    settings: async () => ({ TB_DALLE_DATABASE_URL: await createTestDatabase() })
  }
]

/** A server whose provider holds its drawings, which can be started again. */
async function prepare(t: Test, { settings }: Store, more: Record<string, string> = {}) {
  const dataDir = await temporaryFolder(t)
  const provider = await startHoldingProvider(t)
  const env = { ...provider.env, ...(await settings()), TB_DALLE_STOP_GRACE: '0s', ...more }
  const start = () => startServer(t, { args: serving(dataDir), cwd: dataDir, env })
  const isDrawing = async () => await until(() => provider.openai.concurrent('image').now === 1)
  return { ...provider, dataDir, start, isDrawing }
}

/** A server that waits for a drawing of its provider. */
async function startDrawing(t: Test, store: Store, more?: Record<string, string>) {
  const prepared = await prepare(t, store, more)
  const server = prepared.start()
  const url = await server.listening()
  await askForRun(`${url}${PATH}?generate=1`)
  await prepared.isDrawing()
  return { ...prepared, server, url }
}

/** The lines of a log with this message. */
function linesOf(out: string, msg: RegExp): Line[] {
  return out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Line)
    .filter((line) => msg.test(String(line.msg)))
}

for (const store of STORES) {
  const { name, skip } = store
  t.test(
    `${name}: a stop ends a wait with progress and one line, and says what it cuts`,
    { skip },
    async (t) => {
      const { start, isDrawing, deliver, openai } = await prepare(t, store)
      const first = start()
      const url = await first.listening()
      const waiting = [askForRun(`${url}${PATH}?generate=1`, WAIT)]
      await isDrawing()
      waiting.push(fetch(url + PATH, WAIT))
      // The second one waits when its run is looked up, which the server has done before it answers this.
      await (await fetch(`${url}${PATH}/events`)).body!.getReader().read()
      first.child.kill('SIGTERM')
      const runIds = new Set<string>()
      for (const answer of await Promise.all(waiting)) {
        const { data } = await json(answer)
        t.match([answer.status, data], [200, { done: false, error: '' }])
        runIds.add(data.runId)
      }
      const { code, out } = await first.exited
      t.equal(code, 0)
      t.equal(
        linesOf(out, /^request$/).filter(({ url, status }) => url === PATH && status !== 503).length,
        2,
        'each has one line'
      )
      const [cut, ...more] = linesOf(out, /^the stop cut drawings/)
      t.match(cut, { level: 40, drawings: 1, costUsd: Number })
      t.same(more, [])

      const second = start()
      const next = await second.listening()
      await isDrawing()
      deliver()
      t.equal((await fetch(next + PATH, WAIT)).headers.get('content-type'), 'image/png')
      await second.printed(/"msg":"run completed"/)
      const [completed] = linesOf(second.output.out, /^run completed$/)
      t.match(completed, { runId: [...runIds][0]!, costUsd: Number })
      t.ok(
        Number(completed!.costUsd) > Number(cut!.costUsd),
        'what the stop has cut is in the cost of the run'
      )
      t.same(linesOf(second.output.out, /lost the answer/), [], 'the stop has said so')
      t.equal(openai.count('image'), 2)
    }
  )

  t.test(`${name}: a take-up after a kill warns of a lost answer and what it cost`, { skip }, async (t) => {
    const { start, isDrawing, deliver } = await prepare(t, store)
    const first = start()
    const { data } = await json(await askForRun(`${await first.listening()}${PATH}?generate=1`))
    await isDrawing()
    first.child.kill('SIGKILL')
    await first.exited

    const second = start()
    await second.listening()
    // With a database, the lease of the process that was killed ends first.
    await second.printed(/lost the answer/)
    deliver()
    await second.printed(/"msg":"run completed"/)
    const warnings = linesOf(second.output.out, /lost the answer/)
    const of = { series: 'simple', address: ADDRESS, runId: data.runId }
    t.match(warnings, [{ level: 40, ...of, drawings: 1, costUsd: Number }])
    const [completed] = linesOf(second.output.out, /^run completed$/)
    t.match(completed, { ...of, costUsd: Number })
    t.ok(Number(completed!.costUsd) > Number(warnings[0]!.costUsd), 'both drawings are in the cost')
  })

  t.test(`${name}: a lost answer ends its run, also where the budget is used up`, { skip }, async (t) => {
    const settings = { TB_DALLE_IMAGE_RETRY_ON_TIMEOUT: '0', TB_DALLE_DAILY_IMAGE_LIMIT: '1' }
    const { start, server: first, openai } = await startDrawing(t, store, settings)
    first.child.kill('SIGKILL')
    await first.exited

    const second = start()
    const url = await second.listening()
    await second.printed(/"msg":"run failed"/)
    t.equal(linesOf(second.output.out, /lost the answer/).length, 1)
    for (const path of [PATH, `${PATH}?generate=1`]) {
      t.match((await json(await fetch(url + path))).data, { done: true, errorCode: 'ANSWER_LOST' })
    }
    t.equal(openai.count('image'), 1, 'nothing is bought again')
  })

  t.test(`${name}: a drawing waits for a data folder that has gone meanwhile`, { skip }, async (t) => {
    const { dataDir, server, url, deliver, openai } = await startDrawing(t, store)
    // As after an unmount: an empty folder is in its place.
    await rename(dataDir, `${dataDir}.old`)
    await mkdir(dataDir)
    deliver()
    await server.printed(/a paid picture cannot be written yet/)
    t.match(linesOf(server.output.out, /a paid picture cannot be written yet/), [{ address: ADDRESS }])
    t.same(await readdir(dataDir), [], 'nothing is written in its place')
    await rm(dataDir, { recursive: true })
    await rename(`${dataDir}.old`, dataDir)
    await server.printed(/"msg":"run completed"/)
    t.equal((await fetch(url + PATH)).headers.get('content-type'), 'image/png')
    t.equal(openai.count('image'), 1)
  })
}

t.test('a run that ended while its folder was gone does not begin again after a kill', async (t) => {
  const { dataDir, server, url, start, openai } = await startDrawing(t, STORES[0]!)
  await rename(dataDir, `${dataDir}.old`)
  t.equal((await fetch(url + PATH, { method: 'DELETE' })).status, 200)
  t.match((await json(await fetch(url + PATH))).data, { done: true, errorCode: 'CANCELLED' })
  await t.rejects(readdir(dataDir), { code: 'ENOENT' }, 'the folder is not made anew')
  await rename(`${dataDir}.old`, dataDir)
  const records = async () => (await readdir(join(dataDir, 'runs'))).filter((name) => name.endsWith('.json'))
  await until(async () => (await records()).length === 0)
  server.child.kill('SIGKILL')
  await server.exited

  const second = start()
  t.match((await json(await fetch((await second.listening()) + PATH))).data, {})
  t.same(linesOf(second.output.out, /"?run (?:resumed|started|failed)/), [])
  t.same(linesOf(second.output.out, /are taken up/), [])
  t.equal(openai.count('image'), 1, 'nothing is bought again')
})

t.test('with a bucket, a drawing does not wait for the folder of caches', { skip: noPostgres }, async (t) => {
  const { settings } = await startStore(t)
  const env = { ...settings, TB_DALLE_DATABASE_URL: await createTestDatabase() }
  const store = { name: 'bucket', skip: false as const, settings: async () => env }
  const { dataDir, server, url, deliver, openai } = await startDrawing(t, store)
  await rename(dataDir, `${dataDir}.old`)
  t.teardown(async () => await rm(`${dataDir}.old`, { recursive: true, force: true }))
  await mkdir(dataDir)
  deliver()
  await server.printed(/"msg":"run completed"/)
  t.equal((await fetch(url + PATH)).headers.get('content-type'), 'image/png')
  t.equal(openai.count('image'), 1)
})
