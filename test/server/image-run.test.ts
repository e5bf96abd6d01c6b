import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { startOpenAi } from '../peers/openai.ts'
import { json, temporaryFolder, until } from '../helper.ts'
import { serving, startServer } from './process.ts'

const SEED = 'a seed of my own that is no address at all'
const REQUEST = {
  input: 'Person Tour Coordinates',
  seed: SEED,
  series: 'simple',
  recipe: 'mine',
  backstyle: 'a wall of red bricks',
  enhance: true,
  image: true,
  annotate: true
}

t.test('a run of /v1 that is killed goes on under its order, and is paid once', async (t) => {
  const openai = await startOpenAi({ scale: 0.125 })
  t.teardown(() => openai.close())
  let deliver = () => {}
  const delivered = new Promise<void>((resolve) => {
    deliver = resolve
  })
  t.teardown(deliver)
  openai.behave('download', { kind: 'delay', until: delivered })
  const dataDir = await temporaryFolder(t)
  const start = () =>
    startServer(t, {
      args: serving(dataDir),
      cwd: dataDir,
      env: {
        OPENAI_API_KEY: 'sk-test',
        OPENAI_BASE_URL: openai.url,
        TB_DALLE_IMAGE_MODEL: 'compatible-1',
        LOG_LEVEL: 'info'
      }
    })
  const generate = async (url: string) =>
    await fetch(`${url}/v1/images/generate`, { method: 'POST', body: JSON.stringify(REQUEST) })

  const records = async () => (await readdir(join(dataDir, 'runs'))).filter((name) => name.endsWith('.json'))

  const first = start()
  const lost = generate(await first.listening()).catch((error: unknown) => error)
  await until(() => openai.concurrent('download').now === 1)
  first.child.kill('SIGKILL')
  await first.exited
  t.type(await lost, Error, 'the connection ends')
  t.equal((await records()).length, 1)
  deliver()

  const second = start()
  const url = await second.listening()
  const id = encodeURIComponent(SEED)
  // The metadata are written before the picture, and the run ends after it.
  const isMade = async () => {
    const { data } = await json(await fetch(`${url}/v1/images/${id}`))
    return (
      data?.metadata.status.completed === true &&
      existsSync(join(dataDir, data.metadata.artifacts.annotated)) &&
      (await records()).length === 0
    )
  }
  await until(isMade)
  const { data } = await json(await fetch(`${url}/v1/images/${id}`))
  t.match(data.metadata, {
    input: REQUEST.input,
    seed: SEED,
    recipe: { name: 'mine' },
    artifacts: { annotated: `output/simple/annotated/${SEED}.png` },
    stages: { enhanced: { status: 'complete' }, annotated: { status: 'complete' } }
  })
  t.equal(data.metadata.selectedRecords.at(-1).record, REQUEST.backstyle)

  const again = await json(await generate(url))
  t.match(again.data, { metadata: { imageId: data.metadata.imageId, status: { cacheHit: true } } })
  // A refusal of a parameter costs nothing.
  const paid = openai.requests.filter(({ isCharged }) => isCharged).map(({ operation }) => operation)
  t.same(paid, ['chat', 'image'])
})
