import t from 'tap'
import { readCommand } from '../../../lib/config/command.ts'
import type { Command } from '../../../lib/config/command.ts'
import { refusalOf } from './read-config.ts'

type Serve = Extract<Command, { run: 'serve' }>

const read = (
  env: Record<string, string>,
  { argv = [], dotenv = {} }: { argv?: string[]; dotenv?: Record<string, string> } = {}
) => readCommand({ argv, env, dotenv, version: '1' }) as Serve

/** What Kubernetes sets in each Pod for a Service with one named port. */
const linksOf = (prefix: string, address: string, port: number) => ({
  [`${prefix}_SERVICE_HOST`]: address,
  [`${prefix}_SERVICE_PORT`]: String(port),
  [`${prefix}_SERVICE_PORT_HTTP`]: String(port),
  [`${prefix}_PORT`]: `tcp://${address}:${port}`,
  [`${prefix}_PORT_${port}_TCP`]: `tcp://${address}:${port}`,
  [`${prefix}_PORT_${port}_TCP_PROTO`]: 'tcp',
  [`${prefix}_PORT_${port}_TCP_PORT`]: String(port),
  [`${prefix}_PORT_${port}_TCP_ADDR`]: address
})
const warningOf = (name: string, value: string, service: string) =>
  `${name} is "${value}" and has no effect: Kubernetes sets it for a Service named ${service}. ` +
  'Set enableServiceLinks to false in the Pod, or give the Service another name.'

t.test('what Kubernetes sets for a Service named tb-dalle is ignored with one line', async (t) => {
  const { config, warnings } = read(linksOf('TB_DALLE', '10.0.0.1', 80))
  t.equal(config.port, 8080, 'the default')
  t.strictSame(warnings, [warningOf('TB_DALLE_PORT', 'tcp://10.0.0.1:80', 'tb-dalle')])

  for (const link of ['tcp://[fd00::1]:8080', 'udp://10.0.0.1:53', 'sctp://10.0.0.1:9']) {
    t.match(read({ TB_DALLE_PORT: link }), { config: { port: 8080 }, warnings: [/has no effect/] }, link)
  }
})

t.test('a port that is set elsewhere counts', async (t) => {
  const env = linksOf('TB_DALLE', '10.0.0.1', 80)
  t.equal(read(env, { dotenv: { TB_DALLE_PORT: '9000' } }).config.port, 9000)
  t.equal(read(env, { argv: ['--port', '9001'] }).config.port, 9001)
  const set = read({ ...env, TB_DALLE_PORT: '9002' })
  t.equal(set.config.port, 9002, 'the Pod sets the variable itself')
  t.strictSame(set.warnings, [], 'and the other variables of the Service are not warned of')
})

t.test('Services with longer names are ignored too', async (t) => {
  const { config, warnings } = read({
    ...linksOf('TB_DALLE_METRICS', '10.0.0.2', 9090),
    ...linksOf('TB_DALLE_WORKER', '10.0.0.3', 8080)
  })
  t.equal(config.metricsPort, undefined)
  t.strictSame(warnings, [warningOf('TB_DALLE_METRICS_PORT', 'tcp://10.0.0.2:9090', 'tb-dalle-metrics')])
})

t.test('other values are refused or warned of as ever', async (t) => {
  for (const value of ['tcp://', 'tcp://10.0.0.1', 'http://10.0.0.1:80', 'tcp:80', '10.0.0.1:80']) {
    const message = refusalOf(t, () => read({ TB_DALLE_PORT: value }))
    t.equal(message, `TB_DALLE_PORT is "${value}": it must be a whole number from 0 to 65535.`)
  }
  const link = 'tcp://10.0.0.1:80'
  t.match(
    refusalOf(t, () => read({}, { argv: ['--port', link] })),
    /^--port is "tcp:/
  )
  t.match(
    refusalOf(t, () => read({}, { dotenv: { TB_DALLE_PORT: link } })),
    /^TB_DALLE_PORT is "tcp:/,
    'Kubernetes writes no .env'
  )
  t.match(read({ TB_DALLE_METRIC_PORT: '9090' }).warnings, [/TB_DALLE_METRICS_PORT meant\?$/])
})
