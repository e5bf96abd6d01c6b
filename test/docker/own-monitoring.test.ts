import { cp, mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import t from 'tap'
import type { Test } from 'tap'
import { parse, stringify } from 'yaml'
import { ADDRESS, build, temporaryFolder, until } from '../helper.ts'
import { noPrometheus, startPrometheus } from '../peers/prometheus.ts'
import { DOCUMENTATION, fromRoot, program } from './monitoring.ts'

const skip = noPrometheus()
const FIRST_TOKEN = 'first-token-of-16-letters'
const WEBHOOK_TOKEN = 'token-of-the-webhook'

/** A copy of what the commands of the documentation work on, and a function that runs those of a section. */
async function prepare(t: Test) {
  const root = await temporaryFolder(t)
  await mkdir(join(root, 'docker/secrets'), { recursive: true })
  await cp(fromRoot('docker/prometheus'), join(root, 'docker/prometheus'), { recursive: true })
  await writeFile(join(root, 'docker/secrets/tokens'), `${FIRST_TOKEN}\n`)
  const readme = await readFile(DOCUMENTATION, 'utf8')
  return {
    root,
    own: join(root, 'docker/prometheus/own'),
    read: async (path: string) => await readFile(join(root, path), 'utf8'),
    async follow(section: string): Promise<void> {
      const [, text] = readme.split(`\n### ${section}\n`)
      const commands = /```sh\n(.*?)```/s.exec(text!)![1]!
      const { ok, text: output } = await program('sh', ['-e'], `cd '${root}'\n${commands}`)
      if (!ok) throw new Error(`${commands}${output}`)
    }
  }
}

/** Accepts what Alertmanager sends, and refuses what has another token. */
async function startReceiver(t: Test) {
  const received: string[] = []
  const server = createServer((request, response) => {
    response.statusCode = request.headers.authorization === `Bearer ${WEBHOOK_TOKEN}` ? 200 : 401
    let body = ''
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString()
    })
    request.on('end', () => {
      if (response.statusCode === 200) {
        const { alerts } = JSON.parse(body) as { alerts: Array<{ labels: { alertname: string } }> }
        received.push(...alerts.map(({ labels }) => labels.alertname))
      }
      response.end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  return { received, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/alerts` }
}

t.test('receivers and tokens of an operator lie in files that git ignores', { skip }, async (t) => {
  const { root, own, read, follow } = await prepare(t)
  await follow('Receivers of alerts')
  await follow('A token for Prometheus')

  await t.test('the compose files take them', async (t) => {
    const settings = parseEnv(await read('docker/.env'))
    for (const file of ['compose.yaml', 'compose.replicas.yaml']) {
      const { services } = parse(await readFile(fromRoot(`docker/${file}`), 'utf8'), { merge: true })
      for (const name of ['alertmanager', 'prometheus']) {
        const variable = `${name.toUpperCase()}_CONFIG`
        const [flag] = services[name].command as string[]
        const [, folder, standard] = new RegExp(
          `^--config\\.file=(/etc/${name}/)\\$\\{${variable}:-(\\w+\\.yml)\\}$`
        ).exec(flag!)!
        t.ok(services[name].volumes.includes(`./prometheus:${folder!.slice(0, -1)}:ro`), `${file}: ${name}`)
        await stat(fromRoot(`docker/prometheus/${standard}`))
        await stat(join(root, 'docker/prometheus', settings[variable]!))
      }
    }
    const example = await readFile(fromRoot('docker/.env.example'), 'utf8')
    for (const [name, value] of Object.entries(settings).filter(([name]) => name.endsWith('_CONFIG'))) {
      t.ok(example.includes(`\n#${name}=${value}\n`), name)
    }
  })

  await t.test('git ignores all of them', async (t) => {
    const files = ['alertmanager.yml', 'prometheus.yml', 'metrics-token', 'webhook-token']
    const paths = files.map((name) => `docker/prometheus/own/${name}`)
    // A folder of its own, because the sources may be without git.
    await program('git', ['-C', root, 'init', '--quiet'])
    const { text } = await program('git', ['-C', root, 'check-ignore', ...paths])
    t.same(text.trim().split('\n'), paths)
  })

  await t.test('promtool and amtool accept them; each is sent where it belongs', async (t) => {
    const receiver = await startReceiver(t)
    const configuration = parse(await read('docker/prometheus/own/alertmanager.yml'))
    configuration.receivers = [
      {
        name: 'everyone',
        webhook_configs: [
          {
            url: receiver.url,
            http_config: { authorization: { credentials_file: 'webhook-token' } }
          }
        ]
      }
    ]
    configuration.route.group_wait = '0s'
    await writeFile(join(own, 'alertmanager.yml'), stringify(configuration))
    await writeFile(join(own, 'webhook-token'), WEBHOOK_TOKEN)
    for (const [name, args] of [
      ['amtool', ['check-config', join(own, 'alertmanager.yml')]],
      ['promtool', ['check', 'config', join(own, 'prometheus.yml')]]
    ] as const) {
      const { ok, text } = await program(name, [...args])
      t.ok(ok, name, { text })
      if (name === 'promtool') t.match(text, /SUCCESS: 2 rule files found/)
    }

    const tokens = await read('docker/secrets/tokens')
    const { TB_DALLE_METRICS_AUTH = '', TB_DALLE_METRICS_TOKENS_FILE: file = '' } = parseEnv(
      await read('docker/.env')
    )
    const readers = await read(file.replace('/run/secrets/dalleserver/', 'docker/secrets/'))
    const { url } = await build(t, {
      settings: { TB_DALLE_API_TOKENS: tokens, TB_DALLE_METRICS_AUTH, TB_DALLE_METRICS_TOKENS: readers }
    })
    t.equal((await fetch(`${url}/metrics`)).status, 401)
    const authorization = `Bearer ${FIRST_TOKEN}`
    t.equal(
      (await fetch(`${url}/metrics`, { headers: { authorization } })).status,
      200,
      'the first one counts'
    )
    const ofPrometheus = `Bearer ${await read('docker/prometheus/own/metrics-token')}`
    const start = await fetch(`${url}/dalle/simple/${ADDRESS}?generate=1`, {
      headers: { authorization: ofPrometheus }
    })
    t.equal(start.status, 403, 'the token of Prometheus starts no run')
    const prometheus = await startPrometheus(t, { targets: [new URL(url).host], interval: '1s', own })
    await until(async () => (await prometheus.query('up{job="dalleserver"} == 1')).length === 1)

    await fetch(`${prometheus.alertmanager}/api/v2/alerts`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify([{ labels: { alertname: 'ServerDown', job: 'dalleserver' } }])
    })
    await until(() => receiver.received.includes('ServerDown'))
  })
})
