import { once } from 'node:events'
import { chown, mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import t from 'tap'
import type { Test } from 'tap'
import { PACKAGE_ROOT } from '../../lib/package.ts'
import { ADDRESS, temporaryFolder } from '../helper.ts'
import { createTestDatabase, noPostgres } from '../peers/postgres.ts'
import { serving, startServer } from './process.ts'
import type { ServerOptions } from './process.ts'

/** The user without rights of Debian. */
const NOBODY = 65_534

// What each wrong setting is answered with is tested with lib/config; here is one of each source.
t.test('a wrong setting is one line on stderr and exit code 2', async (t) => {
  const cwd = await temporaryFolder(t)
  const cases: Array<[what: string, options: ServerOptions, line: RegExp]> = [
    ['a flag', { args: ['--colour'] }, /^--colour is not a flag/],
    ['a variable', { env: { TB_DALLE_PORT: '65536' } }, /^TB_DALLE_PORT is "65536"/]
  ]
  for (const [what, options, line] of cases) await failsWith(t, what, { cwd, ...options }, 2, line)

  await writeFile(join(cwd, '.env'), 'TB_DALLE_PORT=nonsense\n')
  await failsWith(t, 'the file .env', { cwd }, 2, /^TB_DALLE_PORT is "nonsense"/)
  t.match(
    await startServer(t, { cwd, args: ['--help'] }).exited,
    { code: 0, out: /--lock-ttl, TB_DALLE_LOCK_TTL/, err: '' },
    'help is printed even with a wrong setting'
  )
})

t.test(
  'a command ends with 2 where a setting must change, and with 1 where it may succeed later',
  async (t) => {
    const cwd = await temporaryFolder(t)
    const env = { TB_DALLE_DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' }
    const args = ['--data-dir', cwd]
    await failsWith(t, 'no database', { cwd, args: ['migrate'] }, 2, /^TB_DALLE_DATABASE_URL is missing/)
    for (const command of [['migrate'], ['import', ...args], ['export', ...args]]) {
      await failsWith(
        t,
        command[0]!,
        { cwd, env, args: command },
        1,
        /^The database cannot be used: .*REFUSED/
      )
    }
  }
)

t.test('a key on an address that others can reach is refused with what to set', async (t) => {
  const cwd = await temporaryFolder(t)
  const env = { OPENAI_API_KEY: 'sk-test', TB_DALLE_HOST: '0.0.0.0' }
  await failsWith(
    t,
    'no token',
    { cwd, env },
    2,
    /^TB_DALLE_HOST is "0\.0\.0\.0" .* set TB_DALLE_API_TOKENS, or/
  )
})

t.test('.env may begin with a byte order mark, and UTF-16 is refused', async (t) => {
  const cwd = await temporaryFolder(t)
  const text = 'TB_DALLE_PORT=nonsense\r\nTB_DALLE_HOST=127.0.0.1\r\n'
  await writeFile(join(cwd, '.env'), `\uFEFF${text}`)
  await failsWith(t, 'a byte order mark', { cwd }, 2, /^TB_DALLE_PORT is "nonsense"/)
  for (const encoded of [Buffer.from(`\uFEFF${text}`, 'utf16le'), Buffer.from(text, 'utf16le')]) {
    for (const bytes of [encoded, Buffer.from(encoded).swap16()]) {
      await writeFile(join(cwd, '.env'), bytes)
      await failsWith(t, 'UTF-16', { cwd }, 2, /^\.env .*UTF-16.*save it as UTF-8\.\n$/)
    }
  }
})

t.test('the log warns of a variable that is no setting, or that Kubernetes sets', async (t) => {
  const dataDir = await temporaryFolder(t)
  const server = startServer(t, {
    args: serving(dataDir),
    cwd: dataDir,
    env: { TB_DALLE_API_TOKEN: 'a-token-of-the-operator', TB_DALLE_PORT: 'tcp://10.0.0.1:80' }
  })
  await server.listening()
  t.match(server.output.out, /"level":40.*TB_DALLE_API_TOKEN is not a setting .*TB_DALLE_API_TOKENS meant/)
  t.notMatch(server.output.out, /a-token-of-the-operator/)
  t.match(server.output.out, /"level":40.*TB_DALLE_PORT .* has no effect: Kubernetes sets it/)
})

t.test('localhost is one address, so that the limits hold on all connections', async (t) => {
  const dataDir = await temporaryFolder(t)
  const server = startServer(t, { args: [...serving(dataDir), '--host', 'localhost'], cwd: dataDir })
  const { port, hostname } = new URL(await server.listening())
  t.equal(hostname, '127.0.0.1')
  t.equal((await fetch(`http://localhost:${port}/healthz`)).status, 200)
  const [error] = await once(connect(Number(port), '::1'), 'error')
  t.match(error, { code: /ECONNREFUSED|EADDRNOTAVAIL|EAFNOSUPPORT/ })
})

t.test('--version prints the version and ends', async (t) => {
  const cwd = await temporaryFolder(t)
  const { version } = JSON.parse(await readFile(join(PACKAGE_ROOT, 'package.json'), 'utf8'))
  t.match(await startServer(t, { cwd, args: ['--version'] }).exited, {
    code: 0,
    out: `dalleserver ${version}\n`,
    err: ''
  })
})

t.test('a host that does not exist, and a port without privileges, end with exit code 2', async (t) => {
  const dataDir = await temporaryFolder(t)
  const cwd = await temporaryFolder(t)
  // A name without an address, and an address that needs the name of its network.
  for (const host of ['no-host.invalid', 'fe80::7']) {
    const env = { TB_DALLE_HOST: host }
    const line = new RegExp(`^${host.replaceAll('.', '\\.')} is not an address of this machine: choose .*\n$`)
    await failsWith(t, host, { cwd, args: serving(cwd), env }, 2, line)
  }
  const least = Number(await readFile('/proc/sys/net/ipv4/ip_unprivileged_port_start', 'utf8').catch(() => 0))
  if (process.getuid?.() !== 0 || least < 2) return t.comment('needs root and ports for root only')
  await chown(dataDir, NOBODY, NOBODY)
  await failsWith(
    t,
    'a port for root only',
    { cwd: dataDir, args: ['--data-dir', dataDir], env: { TB_DALLE_PORT: '1' }, uid: NOBODY },
    2,
    /^Port 1 on 127\.0\.0\.1 needs privileges/
  )
})

t.test(
  'a database, user or host that does not exist ends with exit code 2',
  { skip: noPostgres },
  async (t) => {
    const cwd = await temporaryFolder(t)
    const right = await createTestDatabase()
    const wrongs: Array<[change: (url: URL) => void, line: RegExp]> = [
      [(url) => (url.pathname = '/nothing'), /database "nothing" does not exist/],
      [(url) => (url.username = 'nobody'), /role "nobody" does not exist/],
      [(url) => (url.hostname = 'no-host.invalid'), /ENOTFOUND no-host\.invalid/]
    ]
    for (const [change, line] of wrongs) {
      const url = new URL(right)
      change(url)
      const env = { TB_DALLE_DATABASE_URL: url.href }
      await failsWith(t, url.href, { cwd, args: serving(cwd), env }, 2, line)
    }
    // Nothing listens there now.
    const away = new URL(right)
    away.port = '1'
    const env = { TB_DALLE_DATABASE_URL: away.href }
    await failsWith(t, 'a database that is away', { cwd, args: serving(cwd), env }, 1, /ECONNREFUSED/)
  }
)

t.test('a server that cannot start prints one line on stderr and ends with exit code 1', async (t) => {
  const dataDir = await temporaryFolder(t)
  const cwd = await temporaryFolder(t)
  await writeFile(join(dataDir, 'a-file'), '')
  const incomplete = join(dataDir, 'incomplete')
  await mkdir(join(incomplete, 'databases'), { recursive: true })
  await writeFile(join(incomplete, 'databases/nouns.csv'), 'version,noun\nv0.1.0,otter\n')
  const linked = join(dataDir, 'linked')
  await mkdir(linked)
  await symlink('/tmp', join(linked, 'output'))
  const taken = createServer().listen(0, '127.0.0.1')
  await once(taken, 'listening')
  t.teardown(() => taken.close())
  const port = String((taken.address() as AddressInfo).port)

  const cases: Array<[what: string, args: string[], line: RegExp]> = [
    [
      'the data folder is a file',
      serving(join(dataDir, 'a-file')),
      /^The data folder .*a-file cannot be used/
    ],
    [
      'the data folder is below a file',
      serving(join(dataDir, 'a-file/sub')),
      /cannot be used: Could not write to the data folder: a file is where a folder must be\.$/m
    ],
    [
      'one of its folders is a link out of it',
      serving(linked),
      /^The data folder .*linked cannot be used: output in it is a link that leads out of it .*instead\.\n$/
    ],
    [
      'some databases are missing',
      serving(incomplete),
      /^dalleserver could not start: databases\/\w+\.csv is missing in the data folder: .*\n$/
    ],
    [
      'another program listens at the port',
      ['--port', port, '--data-dir', dataDir],
      new RegExp(`^Port ${port} on 127\\.0\\.0\\.1 is in use`)
    ],
    [
      'the machine does not have the address',
      [...serving(dataDir), '--host', '203.0.113.7'],
      /^203\.0\.113\.7 is not an address of this machine/
    ]
  ]
  for (const [what, args, line] of cases) await failsWith(t, what, { cwd, args }, 1, line)
})

t.test(
  'a folder in the data folder that belongs to another user ends the start with its name',
  { skip: process.getuid?.() !== 0 && 'needs root, to give files to users' },
  async (t) => {
    const cwd = await temporaryFolder(t)
    await chown(cwd, NOBODY, NOBODY)
    for (const folder of ['output', 'runs', 'metrics']) {
      const dataDir = join(cwd, `data-${folder}`)
      await mkdir(join(dataDir, folder), { recursive: true, mode: 0o755 })
      await chown(dataDir, NOBODY, NOBODY)
      await failsWith(
        t,
        folder,
        { cwd, args: serving(dataDir), uid: NOBODY },
        1,
        new RegExp(
          `^The data folder .* cannot be used: ${folder}/ in it cannot be written: the server may not`
        )
      )
    }
  }
)

t.test(
  'a folder of a series that belongs to another user is a warning: the other series work',
  { skip: process.getuid?.() !== 0 && 'needs root, to give files to users' },
  async (t) => {
    const dataDir = await temporaryFolder(t)
    const output = join(dataDir, 'output')
    await mkdir(join(output, 'simple/generated'), { recursive: true, mode: 0o755 })
    await mkdir(join(output, 'birds/annotated'), { recursive: true, mode: 0o755 })
    for (const own of [dataDir, output, join(output, 'simple'), join(output, 'birds')]) {
      await chown(own, NOBODY, NOBODY)
    }
    await chown(join(output, 'birds/annotated'), NOBODY, NOBODY)
    const server = startServer(t, { cwd: dataDir, args: serving(dataDir), uid: NOBODY })
    const url = await server.listening()
    const [line] = await server.printed(/.*the server may not write to folders of series.*\}/)
    t.match(JSON.parse(line), { level: 40, count: 1, folders: ['output/simple/generated'] })
    t.equal((await fetch(`${url}/dalle/simple/${ADDRESS}?generate=1`)).status, 503)
    const picture = await fetch(`${url}/dalle/birds/${ADDRESS}?generate=1`, {
      headers: { prefer: 'wait=55' }
    })
    t.equal(picture.headers.get('content-type'), 'image/png')
    await picture.arrayBuffer()
  }
)

async function failsWith(
  t: Test,
  what: string,
  options: ServerOptions,
  expected: number,
  line: RegExp
): Promise<void> {
  const { code, out, err } = await startServer(t, options).exited
  t.equal(code, expected, what)
  t.match(err, line, what)
  t.equal(err.trim().split('\n').length, 1, `${what}: one line, no stack`)
  t.equal(out, '', what)
}
