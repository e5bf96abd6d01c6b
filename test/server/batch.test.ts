import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { startOpenAi } from '../peers/openai.ts'
import { temporaryFolder, until } from '../helper.ts'
import { addresses, batchesOf } from '../routes/v1/batches-client.ts'
import { serving, startServer } from './process.ts'

t.test('a batch that is killed goes on, and pays for each picture once', async (t) => {
  const openai = await startOpenAi({ scale: 0.0625 })
  t.teardown(() => openai.close())
  let deliver = () => {}
  const delivered = new Promise<void>((resolve) => {
    deliver = resolve
  })
  t.teardown(deliver)
  const dataDir = await temporaryFolder(t)
  const start = () =>
    startServer(t, {
      args: serving(dataDir),
      cwd: dataDir,
      env: {
        OPENAI_API_KEY: 'sk-test',
        OPENAI_BASE_URL: openai.url,
        TB_DALLE_IMAGE_MODEL: 'compatible-1',
        TB_DALLE_PRICES: '{"compatible-1": {"call": 0.01}}',
        TB_DALLE_NO_ENHANCE: '1',
        TB_DALLE_CONCURRENCY: '2',
        LOG_LEVEL: 'info'
      }
    })
  const requestsTo = (url: string) =>
    batchesOf({ ask: async (path, init) => await fetch(`${url}${path}`, init) })

  const first = start()
  const before = requestsTo(await first.listening())
  const { batchId } = await before.accept(addresses(8))
  await before.untilState(batchId, ({ counts }) => counts.completed >= 2)
  // The answers that are paid for now are on disk when their images are asked for.
  openai.behave('download', { kind: 'delay', until: delivered })
  await until(() => openai.concurrent('download').now === 2)
  first.child.kill('SIGKILL')
  await first.exited
  deliver()

  const second = start()
  const after = requestsTo(await second.listening())
  const state = await after.untilState(batchId, ({ endedAt }) => endedAt !== null)
  t.match(state, {
    state: 'completed',
    counts: { total: 8, completed: 8, failed: 0 },
    estimatedCostUsd: 0.08
  })
  t.ok(state.costUsd > 0.065, 'the answers that an earlier process paid for are counted')
  t.equal(openai.requests.filter(({ operation, isCharged }) => operation === 'image' && isCharged).length, 8)
  t.equal((await readdir(join(dataDir, 'output/simple/annotated'))).length, 8)
  t.same(
    (await readdir(join(dataDir, 'runs'))).filter((name) => name.endsWith('.json')),
    []
  )
  await second.printed(/"batchId":"[^"]+".*"msg":"batch ended"/)
})
