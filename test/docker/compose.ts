import { cp, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Test } from 'tap'
import { parse, stringify } from 'yaml'
import { SECRET_FILES } from '../../lib/config/secret-files.ts'
import { PACKAGE_ROOT } from '../../lib/package.ts'
import { ADDRESS, temporaryFolder } from '../helper.ts'
import { freePort } from './service.ts'
import type { Service } from './service.ts'

const PROJECT = 'dalleserver-test'
/** Settings of the server that the image or the compose file fixes. */
const FIXED = /^TB_DALLE_(PORT|HOST|DATA_DIR|REVISION)$/
const TOKEN = 'a-token-for-the-tests'
const fromRoot = (path: string) => join(PACKAGE_ROOT, path)

interface ComposeService {
  profiles?: string[]
  ports?: Array<string | { published: number; target: number }>
  environment: Record<string, string>
  volumes: string[]
  depends_on?: Record<string, { condition: string }>
}

/** Validates the compose file as a user configures it, then starts the server with it. */
export async function testCompose(t: Test, service: Service): Promise<void> {
  // A copy, so that a docker/.env of this checkout has no effect.
  const folder = join(await temporaryFolder(t), 'docker')
  await cp(fromRoot('docker'), folder, { recursive: true, filter: (source) => !source.endsWith('/.env') })
  const example = await readFile(join(folder, '.env.example'), 'utf8')
  // Variables of the shell would win over docker/.env.
  const unset = [...example.matchAll(/^#?([A-Z_]+)=/gm)].flatMap(([, name]) => ['-u', name!])
  const port = await freePort()

  const services = await validate(t, service, { folder, example, unset, port })
  testServices(t, services, port)
  testSecrets(t, services, folder)
  await testSettings(t, services)
  await testDashboards(t, services, folder)
  await testStart(t, service, { folder, unset, port })
}

interface Setup {
  folder: string
  unset: string[]
  port: string
}

async function validate(
  t: Test,
  { run }: Service,
  { folder, example, unset, port }: Setup & { example: string }
): Promise<Record<string, ComposeService>> {
  // docker-compose 1.x validates without a daemon, and knows everything but the project's name.
  const text = await readFile(join(folder, 'compose.yaml'), 'utf8')
  await writeFile(join(folder, 'nameless.yaml'), text.replace(/^name: .*$/m, ''))
  const command = ['docker-compose', '-p', PROJECT, '-f', 'nameless.yaml', 'config']
  const config = async () => await run('env', [...unset, ...command], { cwd: folder })

  t.match(await config(), { code: 0, err: '' }, 'nothing has to be set')
  const settings = example
    .replace(/^#DALLESERVER_PORT=8080$/m, `DALLESERVER_PORT=${port}`)
    .replace(/^#LOG_LEVEL=info$/m, 'LOG_LEVEL=debug')
    .replace(/^#DALLESERVER_STOP_TIMEOUT=15s$/m, 'DALLESERVER_STOP_TIMEOUT=315s')
    .replace(/^#(TB_DALLE_API_TOKENS_FILE=.*)$/m, '$1')
  await writeFile(join(folder, 'secrets/tokens'), `${TOKEN}\n`, { mode: 0o444 })
  await writeFile(join(folder, '.env'), settings)
  const validated = await config()
  t.match(validated, { code: 0, err: '' })
  return (parse(validated.out) as { services: Record<string, ComposeService> }).services
}

function testServices(t: Test, services: Record<string, ComposeService>, port: string): void {
  const started = Object.entries(services).filter(([, { profiles }]) => profiles === undefined)
  t.same(started.map(([name]) => name).sort(), ['alertmanager', 'grafana', 'prometheus', 'secrets', 'server'])
  t.same(
    Object.fromEntries(started.map(([name, { ports }]) => [name, ports ?? []])),
    {
      alertmanager: [],
      prometheus: [],
      secrets: [],
      grafana: ['127.0.0.1:3000:3000/tcp'],
      server: [`127.0.0.1:${port}:8080/tcp`]
    },
    'other machines reach no port'
  )
  t.match(
    services.tls,
    {
      profiles: ['tls'],
      ports: [
        { published: 80, target: 8080 },
        { published: 443, target: 8443 }
      ]
    },
    'only with the profile "tls" do other machines reach one, and that has TLS'
  )
  t.match(services.server, { stop_grace_period: /^(?:315s|5m15s)$/ }, 'as long as its runs may go on')
  const hardened = {
    read_only: true,
    cap_drop: ['ALL'],
    security_opt: ['no-new-privileges:true'],
    cpus: Number,
    mem_limit: String,
    pids_limit: Number,
    logging: { driver: 'json-file', options: { 'max-size': '10m', 'max-file': '5' } }
  }
  for (const [name, service] of Object.entries(services)) {
    const isOnce = name === 'secrets'
    t.match(service, { ...hardened, restart: isOnce ? 'no' : 'unless-stopped' }, name)
    if (name !== 'server' && !isOnce) {
      const version = name === 'tls' ? /^nginx:\d+\.\d+\.\d+-alpine$/ : /:v?\d+\.\d+\.\d+$/
      const pinned = { image: version, healthcheck: { test: Array } }
      t.match(service, pinned, `${name} has a version and a health check`)
    }
    for (const [other, { condition }] of Object.entries(service.depends_on ?? {})) {
      t.equal(condition, other === 'secrets' ? 'service_completed_successfully' : 'service_healthy')
    }
  }
}

/** Grafana has no default password, and a secret need not be in a variable. */
function testSecrets(t: Test, services: Record<string, ComposeService>, folder: string): void {
  const withPassword = Object.entries(services)
    .filter(([, { volumes }]) => volumes.some((mount) => mount.startsWith('grafana-secret:')))
    .map(([name]) => name)
  t.same(withPassword.sort(), ['grafana', 'secrets'])
  t.same(
    services.secrets!.volumes.map((mount) => mount.split(':')[1]),
    ['/make-secrets.sh', '/secrets/grafana']
  )
  t.ok(services.grafana!.volumes.includes('grafana-secret:/run/grafana:ro'))
  t.equal(services.grafana!.environment.GF_SECURITY_ADMIN_PASSWORD__FILE, '/run/grafana/password')
  for (const [name, { environment = {} }] of Object.entries(services)) {
    const held = Object.entries(environment).filter(
      ([variable, value]) => value && /(?:PASSWORD|SECRET|KEY|TOKENS?)$/.test(variable)
    )
    t.same(held, [], `${name}: no variable holds a secret`)
  }
  for (const { file } of SECRET_FILES) t.ok(file in services.server!.environment, file)
  t.ok(services.server!.volumes.includes(`${folder}/secrets:/run/secrets/dalleserver:ro`))
}

async function testSettings(t: Test, { server }: Record<string, ComposeService>): Promise<void> {
  const { environment } = server!
  t.match(environment, { LOG_LEVEL: 'debug' }, 'the server gets the settings of docker/.env')
  const passed = Object.keys(environment)
  t.ok(passed.includes('OPENAI_API_KEY') && !passed.includes('GRAFANA_PASSWORD'))
  const example = await readFile(fromRoot('.env.example'), 'utf8')
  const missing = [...example.matchAll(/^#([A-Z_]+)=/gm)]
    .map(([, name]) => name!)
    .filter((name) => !passed.includes(name) && !FIXED.test(name))
  t.same(missing, [], 'docker/.env can hold every setting of the server')
}

async function testDashboards(
  t: Test,
  { grafana }: Record<string, ComposeService>,
  folder: string
): Promise<void> {
  const file = join(folder, 'grafana/provisioning/dashboards/dalleserver.yml')
  const { path } = parse(await readFile(file, 'utf8')).providers[0].options
  t.ok(
    grafana!.volumes.some((mount) => mount.includes(`:${path}:`)),
    'Grafana reads dashboards where they are mounted'
  )
}

async function testStart(
  t: Test,
  { run, must, healthy, image }: Service,
  { folder, unset, port }: Setup
): Promise<void> {
  await writeFile(join(folder, 'built.yaml'), stringify({ services: { server: { image } } }))
  // podman-compose passes on variables of the shell, and not those of docker/.env.
  const set = ['TB_DALLE_API_TOKENS_FILE=/run/secrets/dalleserver/tokens']
  const command = [...set, 'podman-compose', '-p', PROJECT, '-f', 'compose.yaml', '-f', 'built.yaml']
  const compose = async (...args: string[]) => {
    const { code, out, err } = await run('env', [...unset, ...command, ...args], { cwd: folder })
    if (code !== 0) throw new Error(`podman-compose ${args.join(' ')}: ${out}${err}`)
  }
  t.teardown(async () => await compose('down', '--volumes'))
  await compose('up', '--detach', '--no-build', 'server')
  await healthy(`${PROJECT}_server_1`)
  const url = `http://127.0.0.1:${port}`
  t.equal((await fetch(`${url}/readyz`)).status, 200)
  const picture = `${url}/dalle/simple/${ADDRESS}?generate=1`
  t.equal((await fetch(picture)).status, 401, 'the token is read from its file')
  const authorization = `Bearer ${TOKEN}`
  const response = await fetch(picture, { headers: { authorization, prefer: 'wait=60' } })
  t.equal(response.headers.get('content-type'), 'image/png')
  await response.arrayBuffer()

  const prometheus = parse(await readFile(join(folder, 'prometheus/prometheus.yml'), 'utf8'))
  const job = prometheus.scrape_configs.find((each: { job_name: string }) => each.job_name === 'dalleserver')
  const [target] = job.static_configs[0].targets
  const script = [
    `fetch('http://${target}/metrics')`,
    '.then(async (response) => console.log(await response.text()))'
  ].join('')
  const node = ['--entrypoint', 'node', image, '--eval', script]
  const scraped = await must('podman', 'run', '--rm', '--network', `${PROJECT}_default`, ...node)
  t.match(scraped, /^dalleserver_up 1$/m, 'Prometheus reaches the server at the address in its configuration')
}
