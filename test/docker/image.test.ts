import { createHash } from 'node:crypto'
import { chmod, mkdir, readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import t from 'tap'
import type { Test } from 'tap'
import { PACKAGE_ROOT, VERSION } from '../../lib/package.ts'
import { ADDRESS, askForRun, build, json, temporaryFolder, until } from '../helper.ts'
import { noContainers, openContainers } from '../peers/containers.ts'
import { testCompose } from './compose.ts'
import { testReplicas } from './compose-replicas.ts'
import { HARDENED, createService, fetchPicture } from './service.ts'
import type { Service } from './service.ts'

const IMAGE = 'localhost/dalleserver:test'
const REVISION = '0123456789abcdef0123456789abcdef01234567'
const MEGABYTE = 1_000_000
/** What the image holds of this repository. */
const OWN_FILES = [
  /^package\.json$/,
  /^dist\/.*\.(js|css)$/,
  /^lib\/dress\/(databases|series)\/.*\.(csv|json)$/,
  /^lib\/image\/local\/drawings\/.*\.svg$/,
  /^lib\/engine\/postgres\/migrations\/[\w-]+\.sql$/,
  /^routes\/preview\/assets\//
]
const fromRoot = (path: string) => join(PACKAGE_ROOT, path)
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

// A machine that has never made the base image needs minutes.
t.setTimeout(1_800_000)

t.test('the image', { skip: noContainers() }, async (t) => {
  const containers = await openContainers(t)
  await containers.build(IMAGE, { VERSION: '1.2.3-test', REVISION })
  const service = createService(containers, IMAGE)
  await t.test('says what it is, and is small', async (t) => await testLabels(t, service))
  await t.test('holds what the service needs and nothing else', async (t) => await testFiles(t, service))
  await t.test('takes flags, and has a health check that can fail', async (t) => {
    await testCommands(t, service)
  })
  await t.test('draws the same pictures as this machine', async (t) => await testPictures(t, service))
  await t.test('keeps its data, and stops at a signal', async (t) => await testRestart(t, service))
  await t.test('prints one line and exits with 1 when it cannot write to the volume', async (t) => {
    await testVolumes(t, service)
  })
  await t.test('starts with compose', async (t) => await testCompose(t, service))
  await t.test('several of it start with compose, behind nginx, with PostgreSQL', async (t) => {
    await testReplicas(t, containers, service)
  })
})

async function testLabels(t: Test, { inspect, image }: Service): Promise<void> {
  const { Size, Config, Labels, User } = await inspect(image)
  t.ok(Size < 260 * MEGABYTE, `${Math.round(Size / MEGABYTE)} MB`)
  t.equal(User, '1000:1000', 'a number, for runAsNonRoot')
  t.match(Labels, {
    'org.opencontainers.image.title': 'dalleserver',
    'org.opencontainers.image.version': '1.2.3-test',
    'org.opencontainers.image.revision': REVISION,
    'org.opencontainers.image.licenses': 'MIT'
  })
  t.same(Config.Volumes, { '/data': {} })
  t.ok(Config.Env.includes(`TB_DALLE_REVISION=${REVISION}`))
  t.match(
    await readFile(fromRoot('docker/Dockerfile'), 'utf8'),
    new RegExp(`^ARG VERSION=${VERSION}$`, 'm'),
    'a build without arguments has the version of package.json'
  )
}

async function testFiles(t: Test, { must, image }: Service): Promise<void> {
  const find = ['--entrypoint', 'find', image, '.', '-type', 'f', '-printf', '%m %P\\n']
  const files = (await must('podman', 'run', '--rm', '--network', 'none', ...find)).split('\n')
  const names = new Set(files.map((line) => line.slice(line.indexOf(' ') + 1)))
  const unreadable = files.filter((line) => (parseInt(line, 8) & 0o044) !== 0o044)
  t.same(unreadable, [], 'every user can read every file')

  const own = [...names].filter((name) => !name.startsWith('node_modules/'))
  const unexpected = own.filter((name) => !OWN_FILES.some((pattern) => pattern.test(name)))
  t.same(unexpected, [], 'no other file of the repository')
  const forDevelopment = own.filter((name) => /test|bench|\.env/.test(name))
  t.same(forDevelopment, [])
  const expected = (await readdir(fromRoot('dist'), { recursive: true }))
    .filter((name) => /^(?!test\/).*\.(js|css)$/.test(name))
    .map((name) => `dist/${name}`)
  const missing = expected.filter((name) => !names.has(name))
  t.same(missing, [], 'everything that the build makes here')

  const { packages } = JSON.parse(await readFile(fromRoot('package-lock.json'), 'utf8')) as {
    packages: Record<string, { dev?: boolean }>
  }
  const dev = Object.entries(packages)
    .filter(([, { dev }]) => dev === true)
    .map(([folder]) => folder)
  t.ok(dev.length > 100)
  const installed = dev.filter((folder) => names.has(`${folder}/package.json`))
  t.same(installed, [], 'no package for development')

  // The code of most packages is in the bundle. Their licences must come with it.
  const licensed = [...names].filter((name) => /^node_modules\/(@[^/]+\/)?[^/]+\/licen[cs]e/i.test(name))
  for (const name of ['fastify', 'lru-cache', 'undici', 'sharp']) {
    t.ok(
      licensed.some((file) => file.startsWith(`node_modules/${name}/`)),
      `the licence of ${name}`
    )
  }
  t.notOk(names.has('node_modules/fastify/fastify.js'), 'no code that the bundle has')
  const managers = ['npm', 'npx', 'yarn', 'apt-get'].map((name) => `command -v ${name}`).join('; ')
  const found = await must('podman', 'run', '--rm', '--entrypoint', 'sh', image, '-c', `${managers}; true`)
  t.equal(found, '', 'no package manager')
}

async function testCommands(t: Test, { run, inspect, image }: Service): Promise<void> {
  t.match(
    await run('podman', ['run', '--rm', '--network', 'none', image, '--version']),
    { code: 0, out: `dalleserver ${VERSION}\n`, err: '' },
    'flags may follow the name of the image'
  )
  const [, program, ...args] = (await inspect(image)).Healthcheck.Test
  t.match(
    await run('podman', ['run', '--rm', '--network', 'none', '--entrypoint', program, image, ...args]),
    { code: 1, out: /ECONNREFUSED/ },
    'the health check fails when nothing listens'
  )
}

async function testPictures(t: Test, { must, start, healthy, stop }: Service): Promise<void> {
  const { name, url, exec } = await start(await must('podman', 'volume', 'create'))
  await healthy(name)
  const here = await build(t)
  for (const series of ['simple', 'ukiyo-e', 'deep-sea']) {
    const path = `/dalle/${series}/${ADDRESS}?generate=1`
    const [there, expected] = await Promise.all(
      [url, here.url].map(async (base) => {
        const response = await fetchPicture(`${base}${path}`)
        t.equal(response.headers.get('content-type'), 'image/png')
        return Buffer.from(await response.arrayBuffer())
      })
    )
    t.equal(sha256(there!), sha256(expected!), series)
    t.match(await sharp(there).metadata(), { format: 'png', width: 1024 })
    t.ok((await sharp(there).stats()).entropy > 1, 'the picture is not blank')
  }
  t.equal((await fetch(`${url}/preview`)).status, 200)
  t.equal((await fetch(`${url}/metrics`)).status, 200)
  for (const path of ['docs/assets/swagger-ui-bundle.js', 'docs/assets/swagger-ui.css', 'openapi.json']) {
    const [there, expected] = await Promise.all(
      [url, here.url].map(async (base) => await (await fetch(`${base}/${path}`)).text())
    )
    t.equal(there!.length, expected!.length, path)
  }
  // The scripts of the page import modules of packages.
  const scripts = new Set(
    (await (await fetch(`${url}/preview`)).text()).match(/\/preview\/assets\/[^"]+\.(?:js|css|woff2)/g)
  )
  t.ok(scripts.size > 3)
  for (const path of scripts) t.equal((await fetch(url + path)).status, 200, path)
  t.match(
    (await json(await fetch(`${url}/health`))).data.components.memory,
    { status: 'healthy', message: / of 512 MB of the container$/ },
    'the memory is measured against the limit of the container'
  )

  t.match(
    await exec('grep -h -E "^(Uid|CapEff|NoNewPrivs)" /proc/[0-9]*/status | sort -u'),
    /^CapEff:\t0+\nNoNewPrivs:\t1\nUid:\t1000\t1000\t1000\t1000$/,
    'no process is root or has a capability'
  )
  t.match(await exec('grep " / " /proc/mounts'), / ro[, ]/)
  const fonts = '\\( -iname "*.ttf" -o -iname "*.otf" -o -path /etc/fonts \\)'
  const foreignFonts = await exec(`find / -xdev ${fonts} -not -path "/app/*" 2>/dev/null || true`)
  t.equal(foreignFonts, '', 'the image has no fonts but those of the service')
  t.equal(await exec('find /data ! -user 1000 | head'), '')

  // The shell ends before its child, which then belongs to PID 1. A zombie keeps its folder in /proc.
  const orphan = await exec('sleep 0.1 >/dev/null 2>&1 & echo $!')
  await until(async () => (await exec(`test -e /proc/${orphan} || echo gone`)) === 'gone')
  const zombies = await exec('cat /proc/[0-9]*/stat 2>/dev/null | grep -c " Z " || true')
  t.equal(zombies, '0', 'orphans are reaped')
  t.equal(await stop(name), 0)
}

async function testRestart(t: Test, { must, start, healthy, stop }: Service): Promise<void> {
  const volume = await must('podman', 'volume', 'create')
  const first = await start(volume)
  await healthy(first.name)
  await (await fetchPicture(`${first.url}/dalle/simple/${ADDRESS}?generate=1`)).arrayBuffer()
  const backup = await readFile(fromRoot('docker/backup.sh'), 'utf8')
  const saved = await first.exec(`(${backup}) | tar --list`)
  t.match(saved, `output/simple/annotated/${ADDRESS}.png`, 'the image has what a backup needs')
  await askForRun(`${first.url}/dalle/birds/${ADDRESS}?generate=1`)
  t.equal(await stop(first.name), 0)
  t.match(await must('podman', 'logs', first.name), /"signal":"SIGTERM","msg":"stopping"/)

  const second = await start(volume)
  await healthy(second.name)
  const kept = await fetch(`${second.url}/dalle/simple/${ADDRESS}?generate=1`)
  t.equal(kept.headers.get('x-dalle-run'), 'cached')
  t.match(await json(kept), { data: { done: true, cacheHit: true, percent: 100 } })
  const working = await fetchPicture(`${second.url}/dalle/birds/${ADDRESS}?generate=1`)
  t.equal(working.headers.get('content-type'), 'image/png', 'the run that worked at the signal')
  t.equal(await stop(second.name), 0)

  const third = await start(volume)
  const code = await stop(third.name)
  t.ok([0, 143].includes(code), `a signal during the start ends it (${code})`)
}

async function testVolumes(t: Test, { run, image }: Service): Promise<void> {
  const folder = join(await temporaryFolder(t), 'data')
  await mkdir(folder)
  await chmod(folder, 0o755)
  const cases: Array<[what: string, options: string[]]> = [
    ['of another user', ['--volume', `${folder}:/data`]],
    ['mounted read-only', ['--volume', `${folder}:/data:ro`]],
    ["owned by the image's user while another user runs", ['--volume', '/data', '--user', '4321:4321']]
  ]
  const line = /^The data folder \/data cannot be used: Could not write to the data folder: .*\.\n$/
  for (const [what, options] of cases) {
    const args = ['run', '--rm', '--network', 'none', ...HARDENED, ...options, image]
    const { code, out, err } = await run('podman', args)
    t.equal(code, 1, what)
    t.match(err, line, what)
    t.equal(out, '', what)
  }
  t.same(await readdir(folder), [])
}
