import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { ADDRESS, askForRun, json, pollUntilDone, temporaryFolder, until } from '../helper.ts'
import { serving, startServer } from './process.ts'

const OTHER = ADDRESS.replace('0xf', '0xa')

t.test('a second server waits, serves and refuses, and takes over when the first is killed', async (t) => {
  const dataDir = await temporaryFolder(t)
  const first = startServer(t, { args: serving(dataDir), cwd: dataDir })
  const firstUrl = await first.listening()
  await askForRun(`${firstUrl}/dalle/simple/${ADDRESS}?generate=1`)
  await pollUntilDone(`${firstUrl}/dalle/simple/${ADDRESS}?generate=1`)

  const second = startServer(t, { args: serving(dataDir), cwd: dataDir })
  const url = await second.listening()
  t.match(second.output.out, /"holder":"process \d+ on .*another process works on the data folder/)
  t.equal((await fetch(`${url}/dalle/simple/${ADDRESS}`)).headers.get('content-type'), 'image/png')
  t.equal((await fetch(`${url}/readyz`)).status, 503)
  const refused = await fetch(`${url}/dalle/simple/${OTHER}?generate=1`)
  t.match([refused.status, refused.headers.get('retry-after')], [503, '5'])
  t.match(await json(refused), { error: { code: 'SERVICE_UNAVAILABLE', message: /Another process works/ } })

  t.equal((await fetch(`${url}/dalle/simple/${ADDRESS}?remove=1`)).status, 503, 'only one process writes')
  const body = JSON.stringify({ series: 'birds', addresses: [ADDRESS] })
  t.equal((await fetch(`${url}/v1/batches`, { method: 'POST', body })).status, 503, 'and accepts batches')
  const batch = await json(await fetch(`${firstUrl}/v1/batches`, { method: 'POST', body }))
  t.match(await json(await fetch(`${url}/v1/batches/${batch.data.batchId}`)), {
    data: { series: 'birds', counts: { total: 1 } }
  })
  // A server that has no time for a list answers 503, without data.
  await until(async () => (await json(await fetch(`${url}/v1/gallery`))).data?.total === 2)

  const impatient = startServer(t, { args: [...serving(dataDir), '--no-wait'], cwd: dataDir })
  const { code, err } = await impatient.exited
  t.equal(code, 1)
  t.match(
    err,
    /^dalleserver could not start: another process works on the data folder: process \d+ on [^\n]+\n$/
  )

  const accepted = (await json(await askForRun(`${firstUrl}/dalle/simple/${OTHER}?generate=1`))).data
  // Until the picture exists, the second server shows the run of the first one, and then as its own.
  const seen = await fetch(`${url}/dalle/simple/${OTHER}`)
  if (seen.headers.get('content-type') !== 'image/png') {
    t.match(await json(seen), { data: { runId: accepted.runId, done: false, error: '' } })
  }
  first.child.kill('SIGKILL')
  await second.printed(/the data folder is free: this process works now/)
  const made = await fetch(`${url}/dalle/simple/${OTHER}`, { headers: { prefer: 'wait=50' } })
  t.equal(made.headers.get('content-type'), 'image/png', 'the run goes on')
  await made.arrayBuffer()
  t.equal((await fetch(`${url}/readyz`)).status, 200)
})

t.test('a server that cannot take over ends, as it would at its start', async (t) => {
  const dataDir = await temporaryFolder(t)
  const env = { TB_DALLE_DAILY_IMAGE_LIMIT: '5' }
  const first = startServer(t, { args: serving(dataDir), cwd: dataDir, env })
  await first.listening()
  const second = startServer(t, { args: serving(dataDir), cwd: dataDir, env })
  await second.listening()
  await mkdir(join(dataDir, 'metrics'), { recursive: true })
  await writeFile(join(dataDir, 'metrics/spending.json'), '{"usd":')
  first.child.kill('SIGKILL')
  const { code, out } = await second.exited
  t.equal(code, 1)
  t.match(out, /spending\.json does not say what was spent/)
})
