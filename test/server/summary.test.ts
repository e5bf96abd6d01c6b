import { join } from 'node:path'
import t from 'tap'
import { ADDRESS, askForRun, plainPng, temporaryFolder } from '../helper.ts'
import { put } from '../lib/storage/faults.ts'
import { startHoldingProvider } from './holding-provider.ts'
import { noTerminal, serving, startServer, startServerInTerminal } from './process.ts'

const TOKEN = 'token-of-16-letters-and-more'

t.test('the line of a start says how the server works, and the next start how many runs go on', async (t) => {
  const dataDir = await temporaryFolder(t)
  const provider = await startHoldingProvider(t)
  const env = {
    ...provider.env,
    TB_DALLE_CONCURRENCY: '1',
    TB_DALLE_API_TOKENS: TOKEN,
    TB_DALLE_DAILY_BUDGET_USD: '5'
  }
  const first = startServer(t, { args: serving(dataDir), cwd: dataDir, env })
  const url = await first.listening()
  const { host } = new URL(provider.env.OPENAI_BASE_URL)
  t.match(
    startLine(first.output.out),
    new RegExp(`; artist: \\S+ at ${host}; tokens: 1; daily limit: 5 USD; engine: embedded$`)
  )
  t.notMatch(first.output.out, /earlier process/)
  for (const digit of ['a', 'b', 'c']) {
    const target = `${url}/dalle/simple/${ADDRESS.replace('0xf', `0x${digit}`)}?generate=1`
    t.equal((await askForRun(target, { headers: { authorization: `Bearer ${TOKEN}` } })).status, 200)
  }
  first.child.kill('SIGKILL')
  await first.exited

  const second = startServer(t, { args: serving(dataDir), cwd: dataDir, env })
  await second.listening()
  const [line] = await second.printed(/.*"runs of an earlier process are taken up"/)
  t.match(JSON.parse(`${line}}`), { level: 30, resumed: 3, failed: 0 })
  t.notOk((first.output.out + second.output.out).includes(dataDir), 'the log has no path of the machine')
})

t.test('a server on all addresses without tokens warns when it listens', async (t) => {
  const dataDir = await temporaryFolder(t)
  const start = (env: Record<string, string>) =>
    startServer(t, { args: [...serving(dataDir), '--host', '0.0.0.0'], cwd: dataDir, env })
  const first = start({})
  const [line] = await first.printed(
    /.*has no tokens, so all who reach it may start runs and fill the disk.*/
  )
  t.match(JSON.parse(line), { level: 40, msg: /^the server listens on 0\.0\.0\.0 / })
  first.child.kill('SIGTERM')
  await first.exited

  const meant = start({ TB_DALLE_OPEN: '1' })
  await meant.listening()
  meant.child.kill('SIGTERM')
  t.notMatch((await meant.exited).out, /has no tokens/)
})

t.test('a start says how many pictures there are, and whether it has made the data folder', async (t) => {
  const cwd = await temporaryFolder(t)
  const dataDir = join(cwd, 'typo')
  const isMade = /"level":30.*"the data folder did not exist: it was made, and has no pictures"/
  const start = async () => {
    const server = startServer(t, { args: serving(dataDir), cwd })
    await server.listening()
    server.child.kill('SIGTERM')
    const { code, out } = await server.exited
    t.equal(code, 0)
    t.notOk(out.includes(cwd), 'the log has no path of the machine')
    return out
  }
  const first = await start()
  t.match(first, isMade)
  t.match(startLine(first), /\/preview; pictures: 0; artist: built-in;/)
  const png = await plainPng()
  for (const series of ['simple', 'birds']) {
    await put(dataDir, `output/${series}/annotated/${ADDRESS}.png`, png)
  }
  const second = await start()
  t.notMatch(second, isMade)
  t.match(startLine(second), /\/preview; pictures: 2; artist: built-in;/)
})

t.test('the last line of a clean end says why it ends, and how many runs are left', async (t) => {
  const dataDir = await temporaryFolder(t)
  const { env } = await startHoldingProvider(t)
  const args = serving(dataDir)
  const first = startServer(t, { args, cwd: dataDir, env: { ...env, TB_DALLE_CONCURRENCY: '1' } })
  const url = await first.listening()
  for (const digit of ['a', 'b', 'c']) {
    await (await askForRun(`${url}/dalle/simple/${ADDRESS.replace('0xf', `0x${digit}`)}?generate=1`)).text()
  }
  await first.printed(/"phase":"image_wait"/)
  first.child.kill('SIGTERM')
  const { code, out } = await first.exited
  t.equal(code, 0)
  const last = JSON.parse(out.trim().split('\n').at(-1)!)
  t.match(last, { level: 30, signal: 'SIGTERM', runsLeft: 3, msg: 'stopped' })
})

t.test('on a terminal the line of a start names the data folder', { skip: noTerminal() }, async (t) => {
  const dataDir = await temporaryFolder(t)
  const server = startServerInTerminal(t, { args: serving(dataDir) })
  await server.listening()
  await server.printed(new RegExp(`; artist: built-in; .*; data folder: ${dataDir}`))
})

/** The message of the line that says where the server listens. */
function startLine(out: string): string {
  const line = out.split('\n').find((each) => each.includes('listens at'))
  return (JSON.parse(line!) as { msg: string }).msg
}
