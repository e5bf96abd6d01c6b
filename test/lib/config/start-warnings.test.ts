import t from 'tap'
import { readCommand } from '../../../lib/config/command.ts'
import { warnOfStrangers } from '../../../lib/config/start-warnings.ts'

const TOKENS = { TB_DALLE_API_TOKENS: 'a-token-of-the-operator' }
const KEY = { OPENAI_API_KEY: 'sk-test', TB_DALLE_DAILY_BUDGET_USD: '5' }

/** The warnings of a start: those before it, and those when the server listens. */
function warningsOf(env: Record<string, string>, argv: string[] = []): string[] {
  const command = readCommand({ argv, env, version: '1.0.0' })
  return command.run === 'serve' ? [...command.warnings, ...warnOfStrangers(command.config)] : []
}

t.test('a server that strangers reach without tokens warns at its start, also without a key', async (t) => {
  for (const host of ['0.0.0.0', '::', '192.0.2.7', 'dalle.example']) {
    const expected = new RegExp(
      `^the server listens on ${host} and has no tokens, .* start runs and fill the disk: `
    )
    t.match(warningsOf({ TB_DALLE_HOST: host }), [expected], host)
    t.equal(warningsOf({ TB_DALLE_HOST: host }).length, 1, host)
    t.match(warningsOf({}, ['--host', host]), [expected], `--host ${host}`)
  }
  for (const [name, value] of [
    ['TB_DALLE_HOSTS', 'dalle.example'],
    ['TB_DALLE_TRUSTED_PROXIES', '10.0.0.0/8'],
    ['TB_DALLE_PUBLIC_URL', 'https://dalle.example']
  ] as const) {
    const expected = `the server is reached by others (${name} is ${value}) and has no tokens, so all who`
    t.ok(warningsOf({ [name]: value })[0]?.startsWith(expected), name)
    t.strictSame(warningsOf({ [name]: value, ...TOKENS }), [], name)
    t.strictSame(warningsOf({ [name]: value, TB_DALLE_OPEN: '1' }), [], name)
  }
  const outside = { TB_DALLE_HOST: '0.0.0.0' }
  const meant: Array<Record<string, string>> = [
    { ...outside, ...TOKENS },
    { ...outside, TB_DALLE_OPEN: '1' },
    { ...outside, ...TOKENS, ...KEY },
    { ...outside, ...KEY, TB_DALLE_OPEN: '1' },
    { TB_DALLE_HOST: 'localhost' },
    { TB_DALLE_HOST: '::1' },
    {}
  ]
  for (const env of meant) t.strictSame(warningsOf(env), [], JSON.stringify(env))
})

t.test('a drawing that may take longer than its run is warned of', async (t) => {
  t.match(warningsOf({ ...KEY, ...TOKENS, TB_DALLE_IMAGE_TIMEOUT: '6m' }), [
    /^TB_DALLE_IMAGE_TIMEOUT is longer than TB_DALLE_LOCK_TTL, .*: set TB_DALLE_LOCK_TTL to a longer time$/
  ])
  const fitting: Array<Record<string, string>> = [
    {},
    { TB_DALLE_IMAGE_TIMEOUT: '6m', TB_DALLE_LOCK_TTL: '6m' },
    { TB_DALLE_IMAGE_TIMEOUT: '6m', TB_DALLE_SKIP_IMAGE: '1' }
  ]
  for (const env of fitting) t.strictSame(warningsOf({ ...KEY, ...TOKENS, ...env }), [], JSON.stringify(env))
})
