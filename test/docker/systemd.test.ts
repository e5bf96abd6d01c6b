import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { ADDRESS, askForRun, bodyOf, temporaryFolder, until } from '../helper.ts'
import { killGroup, serving } from '../server/process.ts'
import { DOCUMENTATION, fromRoot } from './monitoring.ts'

const UNIT = 'docker/systemd/dalleserver.service'
const ANALYZE = '/usr/bin/systemd-analyze'
const STRACE = '/usr/bin/strace'
/** From 0 to 100, as systemd sees it; a unit without hardening has 96. */
const EXPOSURE_MAX = 20

const text = await readFile(fromRoot(UNIT), 'utf8')
const directives = [...text.matchAll(/^(\w+)=(.*)$/gm)].map(([, name, value]) => ({
  name: name!,
  value: value!
}))
const valueOf = (wanted: string) => directives.find(({ name }) => name === wanted)?.value

t.test(
  'systemd accepts the unit, and finds little that it exposes',
  {
    skip: !existsSync(ANALYZE) && 'needs systemd-analyze: on Debian, apt-get install systemd'
  },
  async (t) => {
    const file = join(await temporaryFolder(t), 'dalleserver.service')
    // Node may be in another folder here.
    await writeFile(file, text.replace('/usr/bin/node', process.execPath))
    t.match(analyze('verify', '--man=no', file), { ok: true, text: /^$/ })
    const security = ['security', '--no-pager', '--offline=yes', `--threshold=${EXPOSURE_MAX}`, file]
    const { ok, text: report } = analyze(...security)
    t.ok(ok, report.slice(report.indexOf('→')))
  }
)

t.test('the unit fits the server', async (t) => {
  t.equal(valueOf('ExecStart'), '/usr/bin/node /opt/dalleserver/dist/bundle/server.js')
  t.equal(valueOf('RestartPreventExitStatus'), '2', 'the exit code of a setting that is not valid')
  t.ok(parseInt(valueOf('TimeoutStopSec')!, 10) > 11.5, 'the server may end by itself')
  const dockerfile = await readFile(fromRoot('docker/Dockerfile'), 'utf8')
  const environment = valueOf('Environment')!.split(' ')
  for (const name of ['NODE_ENV', 'UV_THREADPOOL_SIZE']) {
    const [, value] = new RegExp(`${name}=(\\S+)`).exec(dockerfile)!
    t.ok(environment.includes(`${name}=${value}`), `${name} is that of the image`)
  }
  t.ok(environment.includes(`TB_DALLE_DATA_DIR=/var/lib/${valueOf('StateDirectory')}`))
  const readme = await readFile(DOCUMENTATION, 'utf8')
  t.match(readme, /^TB_DALLE_STOP_GRACE=5m$/m)
  t.ok(parseInt(valueOf('TimeoutStopSec')!, 10) >= 5 * 60 + 15, 'and lets the drawings of the recipe end')
})

t.test('an upgrade that fails changes nothing, and one that does not can be taken back', async (t) => {
  const [, section] = (await readFile(DOCUMENTATION, 'utf8')).split(/^## Upgrading$/m)
  const blocks = [...section!.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block]) => block!)
  const upgrade = blocks.find((block) => block.includes('cp -a /opt/dalleserver '))!
  const back = blocks.find((block) => block.includes('dalleserver-bad'))!

  const folder = await temporaryFolder(t)
  const bin = join(folder, 'bin')
  await mkdir(bin)
  /** A stand-in for a program: it fails when it is told to, and says what it was asked for. */
  const program = async (name: string, does: string) => {
    await writeFile(join(bin, name), `#!/bin/sh\n[ "$FAILS" != "${name} $1" ] || exit 1\n${does}\n`)
    await chmod(join(bin, name), 0o755)
  }
  await program('git', 'mkdir -p dist && echo new > version')
  await program('npm', '')
  await program('systemctl', `echo "$1" >> ${folder}/services`)
  const run = (block: string, fails = '') =>
    spawnSync('bash', ['-c', block.replaceAll(/\/opt\/|\/etc\/systemd\/system\//g, `${folder}/`)], {
      env: { PATH: `${bin}:${process.env.PATH}`, FAILS: fails }
    }).status
  const version = async () => (await readFile(join(folder, 'dalleserver/version'), 'utf8')).trim()

  await mkdir(join(folder, 'dalleserver/docker/systemd'), { recursive: true })
  await writeFile(join(folder, 'dalleserver/docker/systemd/dalleserver.service'), text)
  await writeFile(join(folder, 'dalleserver/version'), 'old')
  for (const fails of ['git fetch', 'git checkout', 'npm ci', 'npm run']) {
    t.not(run(upgrade, fails), 0, `${fails} fails`)
    t.equal(await version(), 'old')
    t.notOk(existsSync(join(folder, 'services')), 'the server runs on')
  }
  t.not(run(back), 0, 'there is nothing to go back to')
  t.equal(await version(), 'old')

  t.equal(run(upgrade), 0)
  t.equal(await version(), 'new')
  t.equal(run(back), 0)
  t.equal(await version(), 'old')
  t.equal(await readFile(join(folder, 'services'), 'utf8'), 'stop\ndaemon-reload\nstart\n'.repeat(2))
  t.equal(await readFile(join(folder, 'dalleserver.service'), 'utf8'), text, 'the unit is installed')
})

t.test(
  'the server makes no system call that the unit refuses',
  {
    skip: !(existsSync(STRACE) && existsSync(ANALYZE)) && 'needs strace and systemd-analyze'
  },
  async (t) => {
    const allowed = new Set<string>()
    for (const { value } of directives.filter(({ name }) => name === 'SystemCallFilter')) {
      for (const set of value.replace('~', '').split(' ')) {
        for (const call of callsOf(set)) {
          if (value.startsWith('~')) allowed.delete(call)
          else allowed.add(call)
        }
      }
    }
    t.ok(allowed.size > 200)

    const folder = await temporaryFolder(t)
    const summary = join(folder, 'calls')
    const server = [process.execPath, fromRoot('dist/bundle/server.js'), ...serving(folder)]
    const child = spawn(STRACE, ['-f', '-qq', '-c', '-o', summary, ...server, '--host', '0.0.0.0'], {
      env: { PATH: process.env.PATH, UV_THREADPOOL_SIZE: '8' },
      stdio: ['ignore', 'pipe', 'inherit'],
      // A group, because strace that is killed leaves the server behind.
      detached: true
    })
    const ended = once(child, 'exit')
    t.teardown(async () => {
      killGroup(child.pid!)
      await ended
    })
    let out = ''
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()))
    await until(() => /listens at .*:\d+/.test(out))
    const port = /listens at .*:(\d+)/.exec(out)![1]!
    const url = `http://127.0.0.1:${port}/dalle/simple/${ADDRESS}`
    const made = await askForRun(`${url}?generate=1`, { headers: { prefer: 'wait=55' } })
    t.equal(made.headers.get('content-type'), 'image/png')
    await bodyOf(made)
    await bodyOf(await fetch(`${url}?w=320&format=webp`))
    // strace writes the summary when the server has ended.
    const children = await readFile(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8')
    process.kill(Number(children), 'SIGTERM')
    await ended

    const rows = (await readFile(summary, 'utf8')).split('\n').map((line) => line.trim().split(/\s+/))
    const calls = rows.filter(([share]) => /^\d+\.\d+$/.test(share!)).map((row) => row.at(-1)!)
    t.ok(calls.includes('fsync') && calls.includes('accept4'))
    t.same(
      calls.filter((name) => name !== 'total' && !allowed.has(name)),
      []
    )
  }
)

function analyze(...args: string[]): { ok: boolean; text: string } {
  const { status, stdout, stderr } = spawnSync(ANALYZE, args, { encoding: 'utf8' })
  return { ok: status === 0, text: stdout + stderr }
}

/** The system calls of a set of systemd, and of the sets in it. */
function callsOf(set: string): Set<string> {
  const { text } = analyze('syscall-filter', set)
  const calls = new Set<string>()
  for (const line of text.split('\n')) {
    const [, name] = /^ {4}([@\w-]+)$/.exec(line) ?? []
    if (name?.startsWith('@')) for (const call of callsOf(name)) calls.add(call)
    else if (name !== undefined) calls.add(name)
  }
  return calls
}
