import { Agent, request } from 'node:http'
import type { IncomingHttpHeaders } from 'node:http'
import t from 'tap'
import { ADDRESS, plainPng, pollUntilDone, temporaryFolder, until } from '../helper.ts'
import { put } from '../lib/storage/faults.ts'
import { startHoldingProvider } from './holding-provider.ts'
import { serving, startServer } from './process.ts'

const CLIENTS = 20
/** Far fewer than are given within the 8 s of working runs. */
const ANSWERS = 150
const EXISTING = ADDRESS.replace('0xf', '0xe')
const MISSING = ADDRESS.replace('0xf', '0xa')

/** What the clients ask for during the stop, and the status that they must get. */
const ASKED: Array<[path: string, status: number]> = [
  [`/dalle/simple/${EXISTING}`, 200],
  [`/dalle/simple/${ADDRESS}`, 200],
  [`/dalle/simple/${MISSING}?generate=1`, 503],
  ['/readyz', 503],
  ['/healthz', 200]
]

interface Answer {
  status: number
  headers: IncomingHttpHeaders
  bytes: number
}

/** A whole response, or the code of the error. Without an agent, each request opens a connection of its own. */
async function ask(url: string, agent: Agent | false = false): Promise<Answer | string> {
  return await new Promise((resolve) => {
    const fail = (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message)
    request(url, { agent }, (response) => {
      let bytes = 0
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length
      })
      response.on('error', fail)
      response.on('end', () => resolve({ status: response.statusCode!, headers: response.headers, bytes }))
    })
      .on('error', fail)
      .end()
  })
}

t.test('new connections are answered until a stop is over, and none is reset', async (t) => {
  const dataDir = await temporaryFolder(t)
  const picture = await plainPng()
  await put(dataDir, `output/simple/annotated/${EXISTING}.png`, picture)
  const { env, deliver } = await startHoldingProvider(t)
  const server = startServer(t, { args: serving(dataDir), cwd: dataDir, env })
  const url = await server.listening()
  const agent = new Agent({ keepAlive: true })
  t.teardown(() => agent.destroy())
  t.match(await ask(`${url}/dalle/simple/${ADDRESS}?generate=1`, agent), {
    status: 200,
    headers: { connection: 'keep-alive' }
  })
  await server.printed(/"phase":"image_wait"/)
  server.child.kill('SIGTERM')
  await server.printed(/"msg":"stopping"/)

  t.match(
    await ask(`${url}/dalle/simple/${ADDRESS}`, agent),
    { status: 200, headers: { connection: 'close' } },
    'a connection that was idle is answered, and then closed'
  )
  let answers = 0
  const wrong: unknown[] = []
  const loop = async (client: number) => {
    for (let turn = client; ; turn += 1) {
      const [path, status] = ASKED[turn % ASKED.length]!
      const answer = await ask(url + path)
      if (typeof answer === 'string') return answer
      answers += 1
      const isRight = answer.status === status && answer.headers.connection === 'close'
      const isWhole = path !== ASKED[0]![0] || answer.bytes === picture.length
      const mayRetry = status !== 503 || answer.headers['retry-after'] !== undefined
      if (!isRight || !isWhole || !mayRetry) wrong.push({ path, ...answer })
    }
  }
  const clients = Promise.all(Array.from({ length: CLIENTS }, (_, client) => loop(client)))
  // The test runner's limit bounds this wait: the clients stop when one of them is not answered.
  await until(() => answers >= ANSWERS || server.child.exitCode !== null)
  t.equal(server.child.exitCode, null, 'the server waits for its run')
  deliver()
  t.same(await clients, Array<string>(CLIENTS).fill('ECONNREFUSED'), 'only the end refuses a connection')
  t.same(wrong, [])
  t.equal((await server.exited).code, 0)
  t.comment(`${answers} answers during the stop`)

  // On a very busy machine the run does not end within its time. Then the next server goes on with it.
  const next = startServer(t, { args: serving(dataDir), cwd: dataDir, env })
  await pollUntilDone(`${await next.listening()}/dalle/simple/${ADDRESS}?generate=1`)
  t.match(await ask(`${await next.listening()}/dalle/simple/${ADDRESS}`), {
    status: 200,
    headers: { 'content-type': 'image/png' }
  })
})
