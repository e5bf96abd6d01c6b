import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { accessSync, constants } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { delimiter, join } from 'node:path'
import type { Test } from 'tap'
import { parse, stringify } from 'yaml'
import { PACKAGE_ROOT } from '../../lib/package.ts'
import { temporaryFolder, until } from '../helper.ts'

const PROGRAMS = ['prometheus', 'promtool', 'prometheus-alertmanager', 'amtool']
const fromRoot = (path: string) => join(PACKAGE_ROOT, path)

export const CONFIGURATION = fromRoot('docker/prometheus/prometheus.yml')
export const RULES = ['recording', 'alerts'].map((name) => fromRoot(`docker/prometheus/rules/${name}.yml`))

/** One series of a result: a sample, or one sample for each step of a range. */
export interface Series {
  metric: Record<string, string>
  value?: [time: number, value: string]
  values?: Array<[time: number, value: string]>
}

/** A sentence that says why this machine cannot run Prometheus for the tests; else false. */
export function noPrometheus(): string | false {
  const missing = PROGRAMS.filter(
    (name) => !process.env.PATH!.split(delimiter).some((folder) => isExecutable(join(folder, name)))
  )
  return (
    missing.length > 0 &&
    `needs ${missing.join(', ')}: on Debian, apt-get install --no-install-recommends prometheus prometheus-alertmanager`
  )
}

export type Prometheus = Awaited<ReturnType<typeof startPrometheus>>

/**
 * Starts Prometheus and Alertmanager with the committed configuration, except for their addresses, the targets and the
 * intervals of scrapes and evaluations.
 * @param own a folder with the operator's own prometheus.yml and alertmanager.yml, in place of the committed ones
 */
export async function startPrometheus(
  t: Test,
  { targets, interval, own }: { targets: string[]; interval: string; own?: string }
) {
  const folder = await temporaryFolder(t)
  const [port, alertmanagerPort] = [await freePort(), await freePort()]
  const origin = `http://127.0.0.1:${port}`
  const alertmanager = `http://127.0.0.1:${alertmanagerPort}`

  const config = parse(await readFile(own ? join(own, 'prometheus.yml') : CONFIGURATION, 'utf8'))
  const addresses: Record<string, string[]> = {
    dalleserver: targets,
    prometheus: [new URL(origin).host],
    alertmanager: [new URL(alertmanager).host]
  }
  Object.assign(config.global, {
    scrape_interval: interval,
    scrape_timeout: interval,
    evaluation_interval: interval
  })
  config.rule_files = RULES
  config.alerting.alertmanagers[0].static_configs[0].targets = addresses.alertmanager
  for (const job of config.scrape_configs) job.static_configs[0].targets = addresses[job.job_name]
  // Paths in a configuration begin at its folder.
  const configuration = join(own ?? folder, 'started.yml')
  await writeFile(configuration, stringify(config))

  await run(
    t,
    'prometheus-alertmanager',
    [
      `--config.file=${own ? join(own, 'alertmanager.yml') : fromRoot('docker/prometheus/alertmanager.yml')}`,
      `--storage.path=${join(folder, 'alertmanager')}`,
      `--web.listen-address=${addresses.alertmanager![0]}`,
      '--cluster.listen-address='
    ],
    `${alertmanager}/-/ready`
  )
  await run(
    t,
    'prometheus',
    [
      `--config.file=${configuration}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=${addresses.prometheus![0]}`
    ],
    `${origin}/-/ready`
  )

  const ask = async (path: string, parameters: Record<string, string>) =>
    await askPrometheus(origin, path, parameters)

  return {
    origin,
    alertmanager,
    /** Evaluates the expression now. */
    query: async (query: string) => await ask('query', { query }),
    /** Evaluates it at each half second since `start`, in Unix seconds. */
    range: async (query: string, start: number) =>
      await ask('query_range', { query, start: String(start), end: String(Date.now() / 1000), step: '0.5' }),
    /** The names of the alerts that Alertmanager has received. */
    alerts: async () =>
      (
        (await (await fetch(`${alertmanager}/api/v2/alerts`)).json()) as Array<{
          labels: { alertname: string }
        }>
      ).map(({ labels }) => labels.alertname)
  }
}

/** Asks the interface of a Prometheus for series: `query` or `query_range`. */
export async function askPrometheus(
  origin: string,
  path: string,
  parameters: Record<string, string>
): Promise<Series[]> {
  const answer = await fetch(`${origin}/api/v1/${path}`, {
    method: 'POST',
    body: new URLSearchParams(parameters)
  })
  const { status, data, error } = (await answer.json()) as {
    status: string
    data: { result: Series[] }
    error: string
  }
  if (status !== 'success') throw new Error(`${parameters.query}: ${error}`)
  return data.result
}

/** Starts a daemon, waits until the URL `ready` answers, and ends the daemon with the test. */
async function run(t: Test, program: string, args: string[], ready: string): Promise<void> {
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] })
  let lastOutput = ''
  child.stderr.on('data', (chunk: Buffer) => {
    lastOutput = (lastOutput + chunk.toString()).slice(-2000)
  })
  const gone = once(child, 'exit')
  t.teardown(async () => {
    // Its data goes with the test, so it has nothing to save.
    child.kill('SIGKILL')
    await gone
  })
  await until(async () => {
    if (child.exitCode !== null) throw new Error(`${program} ended: ${lastOutput}`)
    return await fetch(ready).then(
      ({ ok }) => ok,
      () => false
    )
  })
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  return port
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
