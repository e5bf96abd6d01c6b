import { appendFile, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { mountDisk, noMount } from '../chaos/tools.ts'
import { ADDRESS, askForRun, json, temporaryFolder, until } from '../helper.ts'
import { startHoldingProvider } from './holding-provider.ts'
import { serving, startServer } from './process.ts'

const OTHER = ADDRESS.replace('0xf', '0xa')
const THIRD = ADDRESS.replace('0xf', '0xb')
const DISK_MB = 16

/** Writes until the disk takes nothing more. */
async function fill(file: string): Promise<void> {
  for (const bytes of [2 ** 20, 2 ** 12]) {
    while (
      await appendFile(file, Buffer.alloc(bytes)).then(
        () => true,
        () => false
      )
    );
  }
}

t.test(
  'a server starts on a full disk, serves what is there, and goes on with runs when there is room',
  { skip: await noMount() },
  async (t) => {
    const cwd = await temporaryFolder(t)
    const disk = await mountDisk(DISK_MB)
    t.teardown(() => disk.unmount())
    const filler = join(disk.folder, 'filler')
    const { env, deliver } = await startHoldingProvider(t)
    const args = serving(disk.folder)

    const first = startServer(t, { args, cwd })
    const picture = await askForRun(`${await first.listening()}/dalle/simple/${ADDRESS}?generate=1`, {
      headers: { prefer: 'wait=50' }
    })
    const png = Buffer.from(await picture.arrayBuffer())
    t.equal(picture.headers.get('content-type'), 'image/png')
    first.child.kill('SIGTERM')
    await first.exited

    const second = startServer(t, { args, cwd, env })
    await (await askForRun(`${await second.listening()}/dalle/simple/${OTHER}?generate=1`)).arrayBuffer()
    await second.printed(/"phase":"image_wait"/)
    second.child.kill('SIGKILL')
    await second.exited
    await fill(filler)

    const server = startServer(t, { args, cwd, env })
    const url = await server.listening()
    const [line] = await server.printed(/.*the disk of the data folder is full.*\}/)
    t.match(JSON.parse(line), {
      level: 50,
      reason: 'no space is left on the disk',
      msg: /pictures that exist are served, and no run starts until there is space/
    })
    const served = await fetch(`${url}/dalle/simple/${ADDRESS}`)
    t.same(Buffer.from(await served.arrayBuffer()), png)
    t.equal((await fetch(`${url}/preview`)).status, 200)
    const refused = await fetch(`${url}/dalle/simple/${THIRD}?generate=1`)
    t.equal(refused.status, 503)
    t.ok(refused.headers.get('retry-after'))
    // The start removes the file that the killed server was writing, so some bytes may be free.
    await fill(filler)
    t.match((await json(refused)).error.message, /^The disk is almost full: 0 MB are free, 1 MB is needed$/)
    t.match((await json(await fetch(`${url}/health`))).data, {
      status: 'unhealthy',
      components: {
        filesystem: { status: 'degraded', message: /no space is left on the disk/ },
        disk_space: { status: 'unhealthy' }
      }
    })
    t.equal((await fetch(`${url}/readyz`)).status, 200, 'a load balancer keeps a server that serves')
    const poll = async () => await json(await fetch(`${url}/dalle/simple/${OTHER}`))
    t.match((await poll()).data, { done: false, error: '' }, 'the run of the killed server waits')

    await rm(filler)
    deliver()
    await server.printed(/the disk of the data folder has room again: runs start/)
    const made = await fetch(`${url}/dalle/simple/${OTHER}`, { headers: { prefer: 'wait=50' } })
    t.equal(made.headers.get('content-type'), 'image/png', 'and goes on')
    await made.arrayBuffer()
    t.notMatch(server.output.out, /"run failed"/)
    await until(async () => {
      const files = await readdir(join(disk.folder, 'runs'))
      return files.every((name) => !name.endsWith('.json'))
    })
  }
)

t.test('a server whose empty folder is on a full disk starts too', { skip: await noMount() }, async (t) => {
  const cwd = await temporaryFolder(t)
  const disk = await mountDisk(1)
  t.teardown(() => disk.unmount())
  await fill(join(disk.folder, 'filler'))
  const server = startServer(t, { args: serving(disk.folder), cwd })
  const url = await server.listening()
  t.match(server.output.out, /the disk of the data folder is full/)
  t.equal((await fetch(`${url}/dalle/simple/${ADDRESS}?generate=1`)).status, 503)
})
