import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { mkdir, readFile, readdir, symlink, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import sharp from 'sharp'
import t from 'tap'
import type { Test } from 'tap'
import { askForRun, bodyOf, json, sha256, temporaryFolder, until } from '../helper.ts'
import { serving, startServer } from '../server/process.ts'
import { fromRoot } from './monitoring.ts'

const BACKUP = fromRoot('docker/backup.sh')
const RESTORE = fromRoot('docker/restore.sh')
const pathOf = (index: number) => `/dalle/simple/0x${index.toString(16).padStart(40, '0')}`
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index)

/** A server that draws one picture after the other, so that runs wait. */
async function start(t: Test, dataDir: string) {
  const server = startServer(t, { args: serving(dataDir), cwd: dataDir, env: { TB_DALLE_CONCURRENCY: '1' } })
  const url = await server.listening()
  const make = async (index: number, more = '') => {
    const response = await askForRun(`${url}${pathOf(index)}?generate=1${more}`, {
      headers: { prefer: 'wait=55' }
    })
    t.equal(response.headers.get('content-type'), 'image/png', pathOf(index))
    return sha256(await bodyOf(response))
  }
  return { ...server, url, make }
}

const restore = (folder: string, archive: string) => {
  const { status, stderr } = spawnSync('sh', ['-c', 'exec sh "$0" "$1" < "$2"', RESTORE, folder, archive])
  return { status, err: stderr.toString() }
}

t.test('the nightly backup keeps nothing of an archive that fails, and replaces none', async (t) => {
  const readme = await readFile(fromRoot('docker/README.md'), 'utf8')
  const [, command = ''] = /^30 3 \* \* \* root (.*)$/m.exec(readme)!
  const folder = await temporaryFolder(t)
  const [data, archives] = [join(folder, 'data'), join(folder, 'archives')]
  await mkdir(join(data, 'output'), { recursive: true })
  await mkdir(archives)
  await writeFile(join(data, 'output/picture.png'), Buffer.alloc(1_000_000))
  // cron takes a % without a backslash for the end of the command.
  const nightly = command
    .replaceAll('\\%', '%')
    .replace('/var/backups', archives)
    .replace('/opt/dalleserver/docker/backup.sh /var/lib/dalleserver', `'${BACKUP}' '${data}'`)
  const save = (before = '') => spawnSync('sh', ['-c', `${before}${nightly}`]).status
  t.equal(save(), 0)
  const [archive] = await readdir(archives)
  t.match(archive, /^dalleserver-[1-7]\.tar$/)
  const saved = sha256(await readFile(join(archives, archive!)))
  // A file cannot become larger than this, as on a disk that is full.
  t.not(save('ulimit -f 100; '), 0, 'the failure is seen')
  t.same(await readdir(archives), [archive])
  t.equal(sha256(await readFile(join(archives, archive!))), saved)
})

t.test('a folder is saved while a server writes to it, and a server goes on with the copy', async (t) => {
  const folder = await temporaryFolder(t)
  const [source, copy] = [join(folder, 'source'), join(folder, 'copy')]
  await mkdir(source)
  await mkdir(copy)
  const archive = join(folder, 'dalleserver.tar')
  const first = await start(t, source)
  const before = new Map<number, string>()
  for (const index of range(0, 4)) before.set(index, await first.make(index))
  const accepted = range(10, 16)
  for (const index of accepted) {
    await (await askForRun(`${first.url}${pathOf(index)}?generate=1`)).arrayBuffer()
  }

  // tar waits while nobody reads what it writes. So the server works in the middle of the backup.
  const backup = spawn('sh', [BACKUP, source], { stdio: ['ignore', 'pipe', 'pipe'] })
  let complaints = ''
  backup.stderr.on('data', (chunk: Buffer) => (complaints += chunk.toString()))
  const ended = once(backup, 'exit')
  await once(backup.stdout, 'readable')
  for (const index of range(20, 23)) await first.make(index)
  await first.make(0, '&force=1')
  t.equal((await fetch(`${first.url}${pathOf(1)}?remove=1`)).status, 200)
  await until(async () => !(await isPicture(first.url + pathOf(1))))
  t.equal(backup.exitCode, null, 'the backup is not over')
  await pipeline(backup.stdout, createWriteStream(archive))
  t.same([...(await ended), complaints], [0, null, ''])
  first.child.kill('SIGKILL')
  await first.exited

  t.match(restore(copy, archive), { status: 0, err: '' })
  const names = await readdir(copy, { recursive: true })
  t.same(
    names.filter((name) => /\.tmp$|^cache|\.lock$/.test(name)),
    [],
    'no half of a file, no variants and no lock'
  )
  for (const name of names.filter((name) => name.endsWith('.json'))) {
    JSON.parse(await readFile(join(copy, name), 'utf8'))
  }
  const images = names.filter((name) => name.endsWith('.png'))
  t.ok(images.length >= 2 * (before.size - 1))
  for (const name of images) await sharp(join(copy, name)).stats()

  const second = await start(t, copy)
  for (const [index, hash] of before) {
    // The removed one may be there or not.
    if (index === 1) continue
    const response = await fetch(second.url + pathOf(index))
    t.equal(response.headers.get('x-dalle-run'), 'cached', pathOf(index))
    t.equal(sha256(await bodyOf(response)), hash)
  }
  for (const index of accepted) {
    await until(async () => await isPicture(second.url + pathOf(index)))
    t.pass('a run that was accepted is a picture, or goes on')
  }
  const { data } = await json(await fetch(`${second.url}/v1/gallery?limit=100`))
  t.ok(data.total >= before.size - 1 + accepted.length, `${data.total} pictures are in the gallery`)
  await second.make(30)
})

async function isPicture(url: string): Promise<boolean> {
  const response = await fetch(url)
  await response.arrayBuffer()
  return response.headers.get('content-type') === 'image/png'
}

t.test('what is no data folder is not saved, and nothing is restored over other files', async (t) => {
  const folder = await temporaryFolder(t)
  const [source, copy] = [join(folder, 'source'), join(folder, 'copy')]
  await mkdir(source)
  await mkdir(copy)
  const archive = join(folder, 'dalleserver.tar')
  const save = () => spawnSync('sh', [BACKUP, source], { maxBuffer: 2 ** 26 })
  t.match([save().status, save().stderr.toString()], [1, `${source} has no folder output`])

  await mkdir(join(source, 'output/simple'), { recursive: true })
  await writeFile(join(source, 'output/simple/large.txt'), 'x'.repeat(200_000))
  const { status, stdout } = save()
  t.equal(status, 0)
  await writeFile(archive, stdout)
  await writeFile(join(copy, 'file'), 'mine')
  t.match(restore(copy, archive), { status: 1, err: `${copy} is not empty` })
  t.same(await readdir(copy), ['file'])

  const fresh = join(folder, 'fresh')
  await mkdir(join(fresh, 'lost+found'), { recursive: true })
  t.match(restore(fresh, archive), { status: 0, err: '' })
  t.same((await readdir(fresh)).sort(), ['lost+found', 'output'], 'a new file system counts as empty')

  await truncate(archive, 100_000)
  await mkdir(join(folder, 'other'))
  t.match(restore(join(folder, 'other'), archive), { status: 1, err: /The archive is not whole/ })
})

t.test('an archive that was cut between two files is not taken for a shorter one', async (t) => {
  const folder = await temporaryFolder(t)
  const source = join(folder, 'source')
  await mkdir(join(source, 'output/simple'), { recursive: true })
  for (let index = 0; index < 60; index += 1) await writeFile(join(source, `output/simple/${index}.txt`), 'x')
  const { stdout } = spawnSync('sh', [BACKUP, source], { maxBuffer: 2 ** 26 })
  const archive = join(folder, 'dalleserver.tar')
  const restoreFirst = async (bytes: number) => {
    await writeFile(archive, stdout.subarray(0, bytes))
    const target = join(folder, `first-${bytes}`)
    await mkdir(target)
    return { ...restore(target, archive), files: await readdir(target) }
  }
  // tar writes records of 20 blocks. A file has a block for its name and one for its content.
  for (const bytes of [0, 1024, 10_240, 20_480, 30_720, 51_200]) {
    t.match(await restoreFirst(bytes), { status: 1, err: /The archive is not whole/ }, `${bytes} bytes`)
  }
  t.match(await restoreFirst(stdout.length), { status: 0, err: '', files: ['output'] })

  await symlink(folder, join(source, 'archives'))
  const linked = spawnSync('sh', [BACKUP, source], { maxBuffer: 2 ** 26 })
  t.match([linked.status, linked.stderr.toString()], [1, 'archives is a link'])
})
