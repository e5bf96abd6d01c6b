import t from 'tap'
import { readCommand } from '../../../lib/config/command.ts'
import { warnOfUnknown } from '../../../lib/config/unknown-names.ts'

t.test('a name that is no setting is warned of, with the nearest one', async (t) => {
  const names: Array<[string, string]> = [
    ['TB_DALLE_API_TOKEN', 'TB_DALLE_API_TOKENS'],
    ['TB_DALLE_TOKENS', 'TB_DALLE_API_TOKENS'],
    ['TB_DALLE_TOKENS_FILE', 'TB_DALLE_API_TOKENS_FILE'],
    ['TB_DALLE_BUDGET', 'TB_DALLE_DAILY_BUDGET_USD'],
    ['TB_DALLE_BUDGET_USD', 'TB_DALLE_DAILY_BUDGET_USD'],
    ['TB_DALLE_IMAGE_LIMIT', 'TB_DALLE_DAILY_IMAGE_LIMIT'],
    ['TB_DALLE_CONCURENCY', 'TB_DALLE_CONCURRENCY'],
    ['TB_DALLE_MODEL', 'TB_DALLE_IMAGE_MODEL'],
    ['TB_DALLE_DATADIR', 'TB_DALLE_DATA_DIR'],
    ['TB_DALLE_PORTS', 'TB_DALLE_PORT'],
    ['tb_dalle_port', 'TB_DALLE_PORT']
  ]
  for (const [name, nearest] of names) {
    t.strictSame(warnOfUnknown([name]), [`${name} is not a setting and has no effect: is ${nearest} meant?`])
  }
})

t.test(
  'settings, secret files, variables of the Go server and of other programs are not warned of',
  async (t) => {
    const { warnings } = readCommand({
      argv: [],
      env: {
        TB_DALLE_PORT: '1',
        TB_DALLE_SERIES: 'simple',
        TB_DALLE_SPEND: 'pro',
        TB_DALLE_SKIP_IMAGE: '1',
        PATH: '/bin',
        DALLE: '1'
      },
      dotenv: { TB_DALLE_ARCHIVE_RUN: '1' },
      version: '1'
    }) as { warnings: string[] }
    t.strictSame(warnings, [
      'TB_DALLE_ARCHIVE_RUN is not a setting and has no effect: is TB_DALLE_ARCHIVE_RUNS meant?'
    ])
    t.strictSame(warnOfUnknown(['OPENAI_API_KEY_FILE', 'TB_DALLE_API_TOKENS_FILE']), [])
  }
)

t.test(
  'a name that other programs have for a setting is warned of, where the setting is absent',
  async (t) => {
    t.strictSame(warnOfUnknown(['OPENAI_KEY', 'OPENAI_API_BASE', 'OPENAI_ORG']), [
      'OPENAI_KEY is not a setting and has no effect: is OPENAI_API_KEY meant?',
      'OPENAI_API_BASE is not a setting and has no effect: is OPENAI_BASE_URL meant?'
    ])
    t.strictSame(warnOfUnknown(['OPENAI_KEY', 'OPENAI_API_KEY']), [])
    for (const [name, meant] of [
      ['TB_DALLE_OPENAI_API_KEY', 'OPENAI_API_KEY'],
      ['TB_DALLE_OPENAI_KEY_FILE', 'OPENAI_API_KEY_FILE'],
      ['OPENAI_API_KEYS_FILE', 'OPENAI_API_KEY_FILE']
    ] as const) {
      t.strictSame(warnOfUnknown([name]), [`${name} is not a setting and has no effect: is ${meant} meant?`])
    }
    t.match(warnOfUnknown(['TB_DALLE_PORT_FILE']), [/only secrets can come from files: set TB_DALLE_PORT$/])
  }
)

t.test('settings of a provider without its key are warned of', async (t) => {
  const warningsOf = (env: Record<string, string>) => {
    const command = readCommand({ argv: [], env, version: '1' })
    return command.run === 'serve' ? command.warnings : []
  }
  const settings = { TB_DALLE_IMAGE_MODEL: 'gpt-image-2', TB_DALLE_DAILY_IMAGE_LIMIT: '9' }
  t.strictSame(warningsOf({ ...settings, OPENAI_API_KEY: '' }), [
    'OPENAI_API_KEY is empty or absent, so the built-in artist draws, and ' +
      'TB_DALLE_IMAGE_MODEL, TB_DALLE_DAILY_IMAGE_LIMIT have no effect'
  ])
  t.match(warningsOf({ OPENAI_BASE_URL: 'http://localhost:1/v1' }), [/and OPENAI_BASE_URL has no effect$/])
  t.strictSame(warningsOf({ ...settings, OPENAI_API_KEY: 'sk-test' }), [])
  t.strictSame(warningsOf({ ...settings, TB_DALLE_SKIP_IMAGE: '1' }), [])
  t.strictSame(warningsOf({ OPENAI_API_KEY: '' }), [])
})
