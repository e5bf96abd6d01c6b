import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { cp, mkdir, readFile, readdir, stat, writeFile } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import t from 'tap'
import type { Test } from 'tap'
import { parse } from 'yaml'
import { createConfig } from '../../lib/config/config.ts'
import { SECRET_FILES } from '../../lib/config/secret-files.ts'
import { temporaryFolder } from '../helper.ts'
import { CONFIGURATION as NGINX } from '../peers/nginx.ts'
import { fromRoot, program } from './monitoring.ts'

const FILE = 'compose.replicas.yaml'
const PROCESSES = ['migrate', 'server', 'worker']
/** They end, and others start after them. */
const ONCE = ['secrets', 'migrate']
/** Settings that the image or the compose file fixes. */
const FIXED = /^TB_DALLE_(?:PORT|HOST|DATA_DIR|REVISION|ROLE|DATABASE_URL)$/

interface ComposeService {
  image?: string
  restart: string
  environment?: Record<string, string | null>
  volumes: string[]
  networks?: string[] | Record<string, unknown>
  ports?: string[]
  depends_on?: Record<string, { condition: string }>
  deploy?: { replicas: number }
  stop_grace_period?: string
}

interface Composition {
  services: Record<string, ComposeService>
  networks: Record<string, { internal?: boolean }>
  volumes: Record<string, unknown>
}

const skip =
  !process.env.PATH!.split(delimiter).some((folder) => existsSync(join(folder, 'docker-compose'))) &&
  'needs docker-compose: on Debian, apt-get install --no-install-recommends docker-compose'

/** The compose file as docker-compose resolves it, with these lines in docker/.env. */
async function resolve(t: Test, dotenv?: string): Promise<Composition> {
  // A copy, so that a docker/.env of this checkout has no effect. docker-compose 1.x does not know the project's name.
  const folder = join(await temporaryFolder(t), 'docker')
  await cp(fromRoot('docker'), folder, { recursive: true, filter: (source) => !source.endsWith('/.env') })
  const text = await readFile(join(folder, FILE), 'utf8')
  await writeFile(join(folder, FILE), text.replace(/^name: .*$/m, ''))
  if (dotenv !== undefined) await writeFile(join(folder, '.env'), dotenv)
  const names = Object.keys(process.env).filter((name) => /^(?:TB_|OPENAI|DALLE|GRAFANA|POSTGRES)/.test(name))
  const unset = names.flatMap((name) => ['-u', name])
  const config = [
    'docker-compose',
    '-p',
    'test',
    '--project-directory',
    folder,
    '-f',
    join(folder, FILE),
    'config'
  ]
  const { ok, text: resolved } = await program('env', [...unset, ...config])
  t.ok(ok, 'docker-compose accepts the file', { resolved })
  return parse(resolved.replaceAll(`${folder}/`, './')) as Composition
}

const networksOf = ({ networks = ['default'] }: ComposeService) =>
  Array.isArray(networks) ? networks : Object.keys(networks)

t.test('the compose file of several servers', { skip }, async (t) => {
  const { services, networks, volumes } = await resolve(t)
  const names = Object.keys(services)

  await t.test('needs nothing to be set, and reaches other machines with no port', async (t) => {
    t.same(Object.fromEntries(Object.entries(services).map(([name, { ports }]) => [name, ports ?? []])), {
      ...Object.fromEntries(names.map((name) => [name, []])),
      nginx: ['127.0.0.1:8080:8080/tcp'],
      grafana: ['127.0.0.1:3000:3000/tcp']
    })
    t.match(
      { server: services.server!.deploy, worker: services.worker!.deploy },
      {
        server: { replicas: 2 },
        worker: { replicas: 2 }
      }
    )
    const more = await resolve(t, 'DALLESERVER_SERVERS=3\nTB_DALLE_CONCURRENCY=7\n')
    t.equal(more.services.server!.deploy!.replicas, 3)
    for (const name of PROCESSES) t.match(more.services[name]!.environment, { TB_DALLE_CONCURRENCY: '7' })
  })

  await t.test(
    'each service is hardened, has a version and a health check, and starts in order',
    async (t) => {
      for (const [name, service] of Object.entries(services)) {
        const isOnce = ONCE.includes(name)
        const expected = {
          read_only: true,
          cap_drop: ['ALL'],
          security_opt: ['no-new-privileges:true'],
          cpus: Number,
          mem_limit: String,
          pids_limit: Number,
          restart: isOnce ? 'no' : 'unless-stopped',
          logging: { driver: 'json-file', options: { 'max-size': '10m', 'max-file': '5' } }
        }
        t.match(service, expected, name)
        if (!isOnce && !PROCESSES.includes(name)) {
          t.match(service, { image: /:v?\d+\.\d+/, healthcheck: { test: Array } }, name)
        }
        for (const [other, { condition }] of Object.entries(service.depends_on ?? {})) {
          const end = ONCE.includes(other) ? 'service_completed_successfully' : 'service_healthy'
          t.equal(condition, end, `${name} waits for ${other}`)
        }
      }
      const seconds = (name: string) => parseInt(services[name]!.stop_grace_period!, 10)
      for (const [name, longest] of Object.entries({ server: 11.5, worker: 303.5 })) {
        t.ok(seconds(name) > longest, `${name} may end by itself`)
        t.same(Object.keys(services[name]!.depends_on!), ['migrate'], 'after the tables exist')
      }
      const longer = (await resolve(t, 'DALLESERVER_STOP_TIMEOUT=20m\n')).services
      t.match([longer.worker, longer.server], [{ stop_grace_period: /^20m/ }, { stop_grace_period: '15s' }])
      t.same(Object.keys(services.migrate!.depends_on!), ['postgres'])
    }
  )

  await t.test('only what needs the database reaches it, and each secret is a file', async (t) => {
    const withSecret = names.filter((name) =>
      services[name]!.volumes.some((v) => v.startsWith('database-secret:'))
    )
    t.same(withSecret.sort(), ['secrets', 'postgres', ...PROCESSES].sort())
    t.same(networks.database, { internal: true })
    t.same(
      names.filter((name) => networksOf(services[name]!).includes('database')).sort(),
      ['postgres', ...PROCESSES].sort()
    )
    t.same(networksOf(services.postgres!), ['database'])
    for (const [name, { environment = {}, volumes: mounts }] of Object.entries(services)) {
      for (const mount of mounts) {
        const [source = '', target, mode] = mount.split(':')
        const isWritable = /^(?:data|postgres|alertmanager|prometheus|grafana)$/.test(source)
        if (!isWritable && name !== 'secrets') t.equal(mode, 'ro', `${name}: ${mount}`)
        t.ok(source in volumes || existsSync(fromRoot(`docker/${source}`)), `${name}: ${source} exists`)
        t.match(target, /^\//)
      }
      for (const [variable, value] of Object.entries(environment)) {
        if (/_?FILE$/.test(variable) && value) {
          t.ok(
            mounts.some((mount) => value.startsWith(`${mount.split(':')[1]}/`)),
            `${name}: ${variable}`
          )
        } else {
          t.notOk(
            /PASSWORD|SECRET|KEY$|TOKEN/.test(variable) && value,
            `${name}: ${variable} holds no secret`
          )
        }
      }
    }
    const used = names.flatMap((name) => services[name]!.volumes.map((mount) => mount.split(':')[0]))
    for (const volume of Object.keys(volumes)) t.ok(used.includes(volume), volume)
  })

  await t.test('docker/.env can hold every setting, and the parts name each other', async (t) => {
    const example = await readFile(fromRoot('.env.example'), 'utf8')
    const settings = [...example.matchAll(/^#([A-Z0-9_]+)=/gm)].map(([, name]) => name!)
    const files = ['OPENAI_API_KEY', 'TB_DALLE_API_TOKENS', 'TB_DALLE_DATABASE_URL'].map(
      (name) => `${name}_FILE`
    )
    t.same(
      files.filter((file) => !SECRET_FILES.some((each) => each.file === file)),
      []
    )
    const one = parse(await readFile(fromRoot('docker/compose.yaml'), 'utf8')).services.server.environment
    files.push(...(one as string[]).filter((name) => name.endsWith('_FILE')))
    for (const name of PROCESSES) {
      const passed = Object.keys(services[name]!.environment!)
      t.same(
        [...settings.filter((each) => !FIXED.test(each)), ...files].filter((each) => !passed.includes(each)),
        []
      )
      t.notOk(passed.includes('GRAFANA_PASSWORD'))
    }
    t.equal(services.server!.environment!.TB_DALLE_ROLE, 'http')
    t.equal(services.worker!.environment!.TB_DALLE_ROLE, 'worker')

    const dockerfile = await readFile(fromRoot('docker/Dockerfile'), 'utf8')
    const [, port] = /^EXPOSE (\d+)$/m.exec(dockerfile)!
    t.match(await readFile(NGINX, 'utf8'), new RegExp(`server server:${port} resolve`))
    const { scrape_configs: jobs } = parse(await readFile(fromRoot('docker/prometheus/replicas.yml'), 'utf8'))
    const [{ dns_sd_configs: found }] = jobs.filter(
      (job: { job_name: string }) => job.job_name === 'dalleserver'
    )
    t.same(found, [{ names: ['server', 'worker'], type: 'A', port: Number(port), refresh_interval: '5s' }])

    const single = parse(await readFile(fromRoot('docker/compose.yaml'), 'utf8'))
    const several = parse(await readFile(fromRoot(`docker/${FILE}`), 'utf8'))
    t.equal(several.name, single.name, 'the volumes of one server are those of several')
    for (const name of ['alertmanager', 'prometheus', 'grafana']) {
      t.equal(several.services[name].image, single.services[name].image)
      t.ok(Object.hasOwn(single.volumes, name))
    }
    t.ok(Object.hasOwn(single.volumes, 'data'))
  })

  await t.test('passwords are made once, and the URL of the database follows a change', async (t) => {
    const folder = await temporaryFolder(t)
    for (const name of ['database', 'grafana']) await mkdir(join(folder, name))
    const script = (await readFile(fromRoot('docker/postgres/make-secrets.sh'), 'utf8')).replaceAll(
      '/secrets',
      folder
    )
    const read = async (name: string) => await readFile(join(folder, name), 'utf8')
    const make = async () => {
      execFileSync('sh', ['-c', script])
      return { password: await read('database/password'), grafana: await read('grafana/password') }
    }
    const made = await make()
    for (const password of Object.values(made)) t.match(password, /^[0-9a-f]{48}$/)
    t.not(made.password, made.grafana)
    t.same(await make(), made)
    t.equal(
      (await stat(join(folder, 'database/url'))).mode & 0o777,
      0o644,
      'every user of a container reads it'
    )
    const configured = createConfig({ TB_DALLE_DATABASE_URL_FILE: join(folder, 'database/url') })
    t.equal(configured.databaseUrl, `postgres://dalle:${made.password}@postgres:5432/dalle`)
    await writeFile(join(folder, 'database/password'), 'changed')
    await make()
    t.match(await read('database/url'), /:changed@/)

    // One server has no database.
    const single = await temporaryFolder(t)
    await mkdir(join(single, 'grafana'))
    execFileSync('sh', ['-c', script.replaceAll(folder, single)])
    t.same((await readdir(single, { recursive: true })).sort(), ['grafana', 'grafana/password'])
  })
})
