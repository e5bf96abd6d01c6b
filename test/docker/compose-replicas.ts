import { cp, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Test } from 'tap'
import { parse } from 'yaml'
import { parseDuration } from '../../lib/config/duration.ts'
import { PACKAGE_ROOT } from '../../lib/package.ts'
import { ADDRESS, bodyOf, sha256, temporaryFolder, until } from '../helper.ts'
import type { Containers } from '../peers/containers.ts'
import { fetchPicture, freePort } from './service.ts'
import type { Service } from './service.ts'

const PROJECT = 'dalleserver-replicas'
const FILE = 'compose.replicas.yaml'
/** A substitute for its image would need Grafana, which Debian does not have. */
const LEFT_OUT = ['grafana']
const PARTS = ['postgres', 'nginx', 'alertmanager', 'prometheus']

interface ComposeService {
  image: string
  depends_on?: Record<string, { condition: string }>
  deploy?: { replicas: string }
  pids_limit: number
  stop_grace_period?: string
  restart: string
  network_mode?: string
}

interface Composition {
  services: Record<string, ComposeService>
  networks: Record<string, unknown>
  volumes: Record<string, unknown>
}

/** Starts all of the compose file that can run here, and breaks some of it. */
export async function testReplicas(t: Test, containers: Containers, service: Service): Promise<void> {
  // A copy, so that a docker/.env of this checkout has no effect.
  const folder = join(await temporaryFolder(t), 'docker')
  const source = join(PACKAGE_ROOT, 'docker')
  await cp(source, folder, { recursive: true, filter: (name) => !name.endsWith('/.env') })
  const port = await freePort()
  await writeFile(join(folder, '.env'), `DALLESERVER_PORT=${port}\n`)
  await useOlderNginx(folder)
  const composition = parse(await readFile(join(folder, FILE), 'utf8'), { merge: true }) as Composition
  for (const name of LEFT_OUT) delete composition.services[name]

  await makeImages(containers, service, composition)
  const compose = await createCompose(service, { folder, composition })
  const url = `http://127.0.0.1:${port}`
  await t.test('each service starts when those before it are ready', async (t) => {
    for (const name of inOrder(composition)) await compose.start(t, name)
  })
  await t.test('a worker draws what nginx is asked for, and each server has the same picture', async (t) => {
    await testPicture(t, compose, url)
  })
  await t.test('Prometheus reaches each process; nginx does not reach the database', async (t) => {
    await testNetworks(t, compose, service)
  })
  await t.test('a picture is made while a server and a worker are gone', async (t) => {
    await testKill(t, compose, { service, url })
  })
}

async function testPicture(t: Test, { containersOf, drawnBy, addressOf }: Compose, url: string) {
  const path = `/dalle/simple/${ADDRESS}`
  const made = await fetchPicture(`${url}${path}?generate=1`)
  t.match([made.status, made.headers.get('content-type')], [200, 'image/png'])
  t.equal(made.headers.get('x-dalle-run'), 'started')
  const expected = { etag: made.headers.get('etag'), hash: sha256(await bodyOf(made)) }
  t.match(expected.etag, /\w/)
  const origins = await Promise.all(containersOf('server').map(addressOf))
  t.equal(new Set(origins).size, 2)
  for (const origin of [...origins, url]) {
    const answer = await fetch(origin + path)
    t.match([answer.status, answer.headers.get('x-dalle-run')], [200, 'cached'])
    t.same({ etag: answer.headers.get('etag'), hash: sha256(await bodyOf(answer)) }, expected, origin)
  }
  t.match(await drawnBy('simple'), [/_worker_[12]$/], 'one worker, and no server')
}

async function testNetworks(t: Test, { containersOf }: Compose, { run, must }: Service): Promise<void> {
  const [prometheus, nginx] = ['prometheus', 'nginx'].map((name) => containersOf(name)[0]!)
  const targets = async () => {
    const ask = ['wget', '-q', '-O', '-', 'http://127.0.0.1:9090/api/v1/targets']
    const { data } = JSON.parse(await must('podman', 'exec', prometheus!, ...ask))
    return (data.activeTargets as Array<{ labels: { job: string }; health: string }>)
      .map(({ labels, health }) => `${labels.job} ${health}`)
      .sort()
  }
  const expected = ['alertmanager up', ...Array(4).fill('dalleserver up'), 'prometheus up']
  await until(async () => (await targets()).join() === expected.join())
  t.same(await targets(), expected)
  const find = async (name: string) => (await run('podman', ['exec', nginx!, 'getent', 'hosts', name])).code
  t.same([await find('server'), await find('postgres')], [0, 2])
}

async function testKill(
  t: Test,
  { containersOf, drawnBy }: Compose,
  { service, url }: { service: Service; url: string }
): Promise<void> {
  const [worker, otherWorker] = containersOf('worker')
  const [server] = containersOf('server')
  await service.must('podman', 'kill', worker!, server!)
  for (const name of [worker!, server!]) {
    t.match((await service.inspect(name)).State, { Running: false, ExitCode: 137 }, name)
  }
  const made = await fetchPicture(`${url}/dalle/birds/${ADDRESS}?generate=1`)
  t.match([made.status, made.headers.get('content-type')], [200, 'image/png'])
  await bodyOf(made)
  t.same(await drawnBy('birds'), [otherWorker])
  t.equal((await fetch(`${url}/dalle/simple/${ADDRESS}`)).headers.get('content-type'), 'image/png')
}

/** Debian's nginx looks the servers up once, at its start. Everything else of the configuration stays as it is. */
async function useOlderNginx(folder: string): Promise<void> {
  const file = join(folder, 'nginx/replicas.conf')
  const text = await readFile(file, 'utf8')
  const older = text.replace(/^( *server server:8080) resolve /m, '$1 ')
  if (older === text) throw new Error('The configuration of nginx does not name the servers as expected')
  await writeFile(file, older)
}

async function makeImages(
  { buildParts }: Containers,
  { must, image }: Service,
  { services }: Composition
): Promise<void> {
  await buildParts(Object.fromEntries(PARTS.map((name) => [name, services[name]!.image])))
  await must('podman', 'tag', image, `localhost/${services.server!.image}`)
}

/** The names of the services, each after those that it waits for. */
function inOrder({ services }: Composition): string[] {
  const names = new Set<string>()
  const add = (name: string) => {
    for (const other of Object.keys(services[name]!.depends_on ?? {})) add(other)
    names.add(name)
  }
  for (const name of Object.keys(services)) add(name)
  return [...names]
}

type Compose = Awaited<ReturnType<typeof createCompose>>

async function createCompose(
  { run, must, inspect, healthy }: Service,
  { folder, composition }: { folder: string; composition: Composition }
) {
  const { services } = composition
  await writeFile(join(folder, 'podman.json'), forPodmanCompose(composition))
  // Variables of the shell would win over docker/.env.
  const text = await readFile(join(folder, FILE), 'utf8')
  const variables = [...text.matchAll(/^ {2}([A-Z0-9_]+):|\$\{([A-Z_]+)/gm)].map(([, a, b]) => a ?? b!)
  const unset = variables.flatMap((name) => ['-u', name])

  const containersOf = (name: string) => {
    const [, replicas = '1'] = /:-(\d+)\}$/.exec(services[name]!.deploy?.replicas ?? '') ?? []
    const count = Number(replicas)
    return Array.from({ length: count }, (_, index) => `${PROJECT}_${name}_${index + 1}`)
  }
  return {
    containersOf,

    /** The URL of a server at its address in the network that it shares with nginx. */
    async addressOf(container: string): Promise<string> {
      const { Networks: networks } = (await inspect(container)).NetworkSettings
      return `http://${networks[`${PROJECT}_default`].IPAddress}:8080`
    },

    /** The containers whose log has the end of a run of the series; waits for the first one. */
    async drawnBy(series: string): Promise<string[]> {
      const containers = ['server', 'worker'].flatMap(containersOf)
      const isEnd = (line: string) =>
        line.includes(`"series":"${series}"`) && line.includes('"msg":"run completed"')
      let found: string[] = []
      await until(async () => {
        const logs = await Promise.all(containers.map(async (name) => await must('podman', 'logs', name)))
        found = containers.filter((_, index) => logs[index]!.split('\n').some(isEnd))
        return found.length > 0
      })
      return found
    },

    /** Starts the containers of a service, and waits until they have ended well or are healthy. */
    async start(t: Test, name: string): Promise<void> {
      const { pids_limit: pids, stop_grace_period: grace, restart } = services[name]!
      // podman-compose does not know these two. Unlike Docker, podman makes more than the named folders writable.
      const options = ['--read-only-tmpfs=false', `--pids-limit=${pids}`]
      // Unlike the rest of the file, this does not go through podman-compose, which knows the variables.
      const plain = grace?.replace(/^\$\{\w+:-(\w+)\}$/, '$1')
      if (plain !== undefined) options.push(`--stop-timeout=${parseDuration(plain)! / 1000}`)
      const args = ['-p', PROJECT, '-f', 'podman.json', `--podman-run-args=${options.join(' ')}`]
      const command = [...unset, 'podman-compose', ...args, 'up', '--detach', '--no-build', name]
      const { out, err } = await run('env', command, { cwd: folder })
      for (const container of containersOf(name)) {
        try {
          if (restart === 'no') {
            t.equal(await must('podman', 'wait', container), '0', `${container} ends with 0`)
          } else await healthy(container)
        } catch (error) {
          const { out: log, err: errors } = await run('podman', ['logs', '--tail', '40', container])
          throw new Error(`${container} does not start:\n${out}${err}${log}${errors}`, { cause: error })
        }
      }
      t.pass(name)
    }
  }
}

/** The compose file without what podman-compose 1.0.3 does not know. */
function forPodmanCompose({ services, networks, volumes }: Composition): string {
  const known = Object.entries(services).map(([name, { depends_on: _, network_mode: mode, ...service }]) => [
    name,
    mode === 'none' ? { ...service, networks: ['none'] } : service
  ])
  // JSON, because podman-compose reads YAML 1.1, where `no` is a boolean.
  return JSON.stringify({
    services: Object.fromEntries(known),
    networks: { ...networks, default: {}, none: { internal: true } },
    volumes
  })
}
