import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { chmod, cp, mkdir, readFile, readdir, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import sharp from 'sharp'
import t from 'tap'
import { parse, stringify } from 'yaml'
import { PACKAGE_ROOT, VERSION } from '../../lib/package.ts'
import { ADDRESS, build, json, temporaryFolder } from '../helper.ts'
import { noContainers, openContainers } from '../peers/containers.ts'

const REVISION = '0123456789abcdef0123456789abcdef01234567'
const MEGABYTE = 1_000_000
/** Of the strictest operator: no capability, nothing writable but the data folder, not even /tmp. */
const HARDENED = [
  '--read-only',
  '--read-only-tmpfs=false',
  '--cap-drop',
  'ALL',
  '--security-opt',
  'no-new-privileges',
  '--pids-limit',
  '200',
  '--memory',
  '512m'
]
const fromRoot = (path: string) => join(PACKAGE_ROOT, path)

const skip = noContainers()
// A machine that has never made the base image takes its time.
t.setTimeout(600_000)

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
const picture = async (url: string) => await fetch(url, { headers: { prefer: 'wait=60' } })

async function freePort(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  return String(port)
}

t.test('the image', { skip }, async (t) => {
  const containers = await openContainers(t)
  const { run, must } = containers
  const image = 'localhost/dalleserver:test'
  await containers.build(image, { VERSION: '1.2.3-test', REVISION })
  const inspect = async (name: string) => JSON.parse(await must('podman', 'inspect', name))[0]

  /** A server in its container, on the machine's own network. */
  const start = async (volume: string) => {
    const port = await freePort()
    const name = await must(
      'podman',
      'run',
      '--detach',
      '--network',
      'host',
      '--env',
      `TB_DALLE_PORT=${port}`,
      ...HARDENED,
      '--volume',
      `${volume}:/data`,
      image
    )
    return {
      name,
      url: `http://127.0.0.1:${port}`,
      exec: async (script: string) => await must('podman', 'exec', name, 'sh', '-c', script)
    }
  }
  /** Runs the image's health check until it passes. */
  const healthy = async (name: string) => {
    for (const end = Date.now() + 60_000; (await run('podman', ['healthcheck', 'run', name])).code !== 0;) {
      if (Date.now() > end) throw new Error(`not healthy in a minute: ${await must('podman', 'logs', name)}`)
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }
  /** Signals it; how it ended and after how long. */
  const stop = async (name: string) => {
    const since = performance.now()
    await must('podman', 'stop', '--time', '30', name)
    const ms = performance.now() - since
    return { code: (await inspect(name)).State.ExitCode as number, ms }
  }

  await t.test('holds what the service needs to run, says what it is, and is small', async (t) => {
    const { Size, Config, Labels, User, Healthcheck } = await inspect(image)
    t.ok(Size < 300 * MEGABYTE, `${Math.round(Size / MEGABYTE)} MB`)
    t.comment(`the image has ${Math.round(Size / MEGABYTE)} MB`)
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

    const files = (
      await must(
        'podman',
        'run',
        '--rm',
        '--network',
        'none',
        '--entrypoint',
        'find',
        image,
        '.',
        '-type',
        'f',
        '-printf',
        '%m %P\\n'
      )
    ).split('\n')
    const names = new Set(files.map((line) => line.slice(line.indexOf(' ') + 1)))
    t.same(
      files.filter((line) => (parseInt(line, 8) & 0o044) !== 0o044),
      [],
      'everything can be read by everyone'
    )
    const own = [...names].filter((name) => !name.startsWith('node_modules/'))
    t.same(
      own.filter(
        (name) =>
          !/^(package\.json|dist\/.*\.js(\.map)?|lib\/dress\/(databases|series)\/.*\.(csv|json)|routes\/preview\/assets\/.*)$/.test(
            name
          )
      ),
      [],
      'and nothing else'
    )
    t.same(
      own.filter((name) => /test|bench|\.env/.test(name)),
      []
    )
    const expected = (await readdir(fromRoot('dist'), { recursive: true }))
      .filter((name) => /^(?!test\/).*\.js$/.test(name))
      .map((name) => `dist/${name}`)
    t.same(
      expected.filter((name) => !names.has(name)),
      [],
      'every module that is built here'
    )
    const { packages } = JSON.parse(await readFile(fromRoot('package-lock.json'), 'utf8')) as {
      packages: Record<string, { dev?: boolean }>
    }
    const dev = Object.entries(packages)
      .filter(([, { dev }]) => dev === true)
      .map(([folder]) => folder)
    t.ok(dev.length > 100)
    t.same(
      dev.filter((folder) => names.has(`${folder}/package.json`)),
      [],
      'no package for development'
    )

    t.match(
      await run('podman', ['run', '--rm', '--network', 'none', image, '--version']),
      { code: 0, out: `dalleserver ${VERSION}\n`, err: '' },
      'flags may follow the name of the image'
    )
    const [, program, ...args] = Healthcheck.Test
    t.match(
      await run('podman', ['run', '--rm', '--network', 'none', '--entrypoint', program, image, ...args]),
      { code: 1, out: /ECONNREFUSED/ },
      'the health check fails where nothing listens'
    )
  })

  await t.test(
    'draws the same pictures as the machine it runs on, with no root, no capability and no font; data outlives the container',
    async (t) => {
      const volume = await must('podman', 'volume', 'create')
      const started = performance.now()
      const { name, url, exec } = await start(volume)
      await healthy(name)
      t.comment(`healthy after ${Math.round(performance.now() - started)} ms`)

      const here = await build(t)
      for (const series of ['simple', 'ukiyo-e', 'deep-sea']) {
        const path = `/dalle/${series}/${ADDRESS}?generate=1`
        const [there, expected] = await Promise.all(
          [url, here.url].map(async (base) => {
            const answer = await picture(`${base}${path}`)
            t.equal(answer.headers.get('content-type'), 'image/png')
            return Buffer.from(await answer.arrayBuffer())
          })
        )
        t.equal(sha256(there!), sha256(expected!), series)
        t.match(await sharp(there).metadata(), { format: 'png', width: 1024 })
        t.ok((await sharp(there).stats()).entropy > 1, 'a whole picture')
      }
      t.equal((await fetch(`${url}/preview`)).status, 200)
      t.equal((await fetch(`${url}/metrics`)).status, 200)

      t.match(
        await exec('grep -h -E "^(Uid|CapEff|NoNewPrivs)" /proc/[0-9]*/status | sort -u'),
        /^CapEff:\t0+\nNoNewPrivs:\t1\nUid:\t1000\t1000\t1000\t1000$/,
        'all of its processes'
      )
      t.match(await exec('grep " / " /proc/mounts'), / ro[, ]/)
      t.equal(
        await exec(
          'find / -xdev \\( -iname "*.ttf" -o -iname "*.otf" -o -path /etc/fonts \\) -not -path "/app/*" 2>/dev/null || true'
        ),
        '',
        'its only fonts are its own'
      )
      t.equal(await exec('find /data ! -user 1000 | head'), '')
      await exec('sleep 0.1 & exit')
      await new Promise((resolve) => setTimeout(resolve, 300))
      t.equal(
        await exec('cat /proc/[0-9]*/stat 2>/dev/null | grep -c " Z " || true'),
        '0',
        'orphans are reaped'
      )

      await fetch(`${url}/dalle/birds/${ADDRESS}?generate=1`)
      const first = await stop(name)
      t.equal(first.code, 0)
      t.ok(first.ms < 12_000, `${Math.round(first.ms)} ms`)
      t.match(await must('podman', 'logs', name), /"signal":"SIGTERM","msg":"stopping"/)

      const again = await start(volume)
      await healthy(again.name)
      const kept = await fetch(`${again.url}/dalle/simple/${ADDRESS}?generate=1`)
      t.equal(kept.headers.get('x-dalle-run'), 'cached')
      t.match(await json(kept), { data: { done: true, cacheHit: true, percent: 100 } })
      t.equal(
        (await picture(`${again.url}/dalle/birds/${ADDRESS}?generate=1`)).headers.get('content-type'),
        'image/png',
        'and the run that was working at the signal'
      )
      t.match(await stop(again.name), { code: 0 })

      const early = await start(volume)
      const end = await stop(early.name)
      t.ok(
        [0, 143].includes(end.code) && end.ms < 12_000,
        `a signal during the start ends it too (${end.code}, ${Math.round(end.ms)} ms)`
      )
    }
  )

  await t.test('a volume that cannot be written is one clear line and exit code 1', async (t) => {
    const folder = join(await temporaryFolder(t), 'data')
    await mkdir(folder)
    await chmod(folder, 0o755)
    const cases: Array<[what: string, options: string[]]> = [
      ['of another user', ['--volume', `${folder}:/data`]],
      ['mounted read-only', ['--volume', `${folder}:/data:ro`]],
      ['owned by the user of the image, while another runs', ['--volume', '/data', '--user', '4321:4321']]
    ]
    for (const [what, options] of cases) {
      const { code, out, err } = await run('podman', [
        'run',
        '--rm',
        '--network',
        'none',
        ...HARDENED,
        ...options,
        image
      ])
      t.equal(code, 1, what)
      t.match(
        err,
        /^The data folder \/data cannot be used: Could not write to the data folder: .*\.\n$/,
        what
      )
      t.equal(out, '', what)
    }
    t.same(await readdir(folder), [])
  })

  await t.test(
    'compose: valid, refused without a password, closed to the outside, and the server comes up as written there',
    async (t) => {
      // As a user sets it up, in a copy, so that nobody's docker/.env takes part.
      const folder = join(await temporaryFolder(t), 'docker')
      await cp(fromRoot('docker'), folder, { recursive: true, filter: (source) => !source.endsWith('/.env') })
      const project = 'dalleserver-test'
      const text = await readFile(join(folder, 'compose.yaml'), 'utf8')
      const example = await readFile(join(folder, '.env.example'), 'utf8')
      // docker-compose 1.x, which needs no daemon to validate, knows all but the project's name.
      await writeFile(join(folder, 'nameless.yaml'), text.replace(/^name: .*$/m, ''))
      // What the shell sets would win over docker/.env.
      const unset = [...example.matchAll(/^#?([A-Z_]+)=/gm)].flatMap(([, name]) => ['-u', name!])
      const validate = async () =>
        await run('env', [...unset, 'docker-compose', '-p', project, '-f', 'nameless.yaml', 'config'], {
          cwd: folder
        })
      await writeFile(join(folder, '.env'), example)
      t.match(await validate(), {
        code: 1,
        err: /Grafana has no default password - copy docker\/\.env\.example to docker\/\.env and set GRAFANA_PASSWORD there/
      })
      const port = await freePort()
      const settings = example
        .replace(/^GRAFANA_PASSWORD=$/m, 'GRAFANA_PASSWORD=hush')
        .replace(/^#DALLESERVER_PORT=8080$/m, `DALLESERVER_PORT=${port}`)
        .replace(/^#LOG_LEVEL=info$/m, 'LOG_LEVEL=debug')
      await writeFile(join(folder, '.env'), settings)
      const validated = await validate()
      t.match(validated, { code: 0, err: '' })
      const { services } = parse(validated.out) as { services: Record<string, Record<string, any>> } // eslint-disable-line @typescript-eslint/no-explicit-any
      t.same(Object.keys(services).sort(), ['alertmanager', 'grafana', 'prometheus', 'server'])
      t.same(Object.fromEntries(Object.entries(services).map(([name, { ports }]) => [name, ports ?? []])), {
        alertmanager: [],
        prometheus: [],
        grafana: ['127.0.0.1:3000:3000/tcp'],
        server: [`127.0.0.1:${port}:8080/tcp`]
      })
      for (const [name, service] of Object.entries(services)) {
        t.match(
          service,
          {
            read_only: true,
            cap_drop: ['ALL'],
            security_opt: ['no-new-privileges:true'],
            cpus: Number,
            mem_limit: String,
            pids_limit: Number,
            restart: 'unless-stopped'
          },
          name
        )
        if (name !== 'server') {
          t.match(
            service,
            { image: /:v?\d+\.\d+\.\d+$/, healthcheck: { test: Array } },
            `${name} is pinned and says when it is well`
          )
        }
        for (const { condition } of Object.values(service.depends_on ?? {}) as Array<{ condition: string }>) {
          t.equal(condition, 'service_healthy')
        }
      }
      t.match(
        services.server!.environment,
        { LOG_LEVEL: 'debug' },
        'what docker/.env says reaches the server'
      )
      const passed = Object.keys(services.server!.environment)
      t.ok(passed.includes('OPENAI_API_KEY') && !passed.includes('GRAFANA_PASSWORD'))
      const documented = new Set(
        [...(await readFile(fromRoot('.env.example'), 'utf8')).matchAll(/^#([A-Z_]+)=/gm)].map(
          ([, name]) => name!
        )
      )
      t.same(
        [...documented].filter(
          (name) => !passed.includes(name) && !/^TB_DALLE_(PORT|HOST|DATA_DIR|REVISION)$/.test(name)
        ),
        [],
        'every setting of the server can be given'
      )
      const provisioned = parse(
        await readFile(join(folder, 'grafana/provisioning/dashboards/dalleserver.yml'), 'utf8')
      )
      t.ok(
        services.grafana!.volumes.some((mount: string) =>
          mount.includes(`:${provisioned.providers[0].options.path}:`)
        ),
        'dashboards are read where they are mounted'
      )

      await writeFile(join(folder, 'built.yaml'), stringify({ services: { server: { image } } }))
      const compose = async (...args: string[]) => {
        const outcome = await run(
          'env',
          [...unset, 'podman-compose', '-p', project, '-f', 'compose.yaml', '-f', 'built.yaml', ...args],
          { cwd: folder }
        )
        if (outcome.code !== 0) {
          throw new Error(`podman-compose ${args.join(' ')}: ${outcome.out}${outcome.err}`)
        }
      }
      t.teardown(async () => await compose('down', '--volumes'))
      await compose('up', '--detach', '--no-build', 'server')
      const url = `http://127.0.0.1:${port}`
      await healthy(`${project}_server_1`)
      t.equal((await fetch(`${url}/readyz`)).status, 200)
      const answer = await picture(`${url}/dalle/simple/${ADDRESS}?generate=1`)
      t.equal(answer.headers.get('content-type'), 'image/png')
      await answer.arrayBuffer()
      const [target] = parse(
        await readFile(join(folder, 'prometheus/prometheus.yml'), 'utf8')
      ).scrape_configs.find((job: { job_name: string }) => job.job_name === 'dalleserver').static_configs[0]
        .targets
      const scraped = await must(
        'podman',
        'run',
        '--rm',
        '--network',
        `${project}_default`,
        '--entrypoint',
        'node',
        image,
        '--eval',
        `fetch('http://${target}/metrics').then(async (answer) => console.log(await answer.text()))`
      )
      t.match(scraped, /^dalleserver_up 1$/m, 'at the address that Prometheus is told')
    }
  )
})
