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
