import { parseEnv } from 'node:util'
import t from 'tap'
import { parseDotenv } from '../../../lib/config/dotenv.ts'
import { readCommand } from '../../../lib/config/command.ts'

t.test('settings, comments, empty lines and values in quotes have no warning', (t) => {
  const { values, warnings } = parseDotenv(
    [
      '# a comment with a quote: it\'s, and NAME="half',
      '',
      'TB_DALLE_PORT=8081 # a port',
      'export LOG_LEVEL=warn\r',
      '  OPENAI_BASE_URL = "http://models.internal/v1"',
      'TB_DALLE_API_TOKENS="one two',
      '# three',
      'four" # until here',
      "TB_DALLE_PRICES='{}'"
    ].join('\n')
  )
  t.same(warnings, [])
  t.same(values, {
    TB_DALLE_PORT: '8081',
    LOG_LEVEL: 'warn',
    OPENAI_BASE_URL: 'http://models.internal/v1',
    TB_DALLE_API_TOKENS: 'one two\n# three\nfour',
    TB_DALLE_PRICES: '{}'
  })
  t.end()
})

t.test('a line that is no setting has a warning with its number, and takes no other line with it', (t) => {
  for (const line of [
    'TB_DALLE_DAILY_IMAGE_LIMIT: 5',
    'TB_DALLE_DAILY_IMAGE_LIMIT 5',
    'set TB_DALLE_DAILY_IMAGE_LIMIT=5',
    '- TB_DALLE_DAILY_IMAGE_LIMIT=5',
    'OPENAI_API_KEY',
    '= 5'
  ]) {
    const { values, warnings } = parseDotenv(`LOG_LEVEL=warn\n${line}\nTB_DALLE_PORT=8081\n`)
    t.same(warnings, ['line 2 of .env is not a setting and has no effect: write NAME=value'], line)
    t.same(values, { LOG_LEVEL: 'warn', TB_DALLE_PORT: '8081' }, line)
  }
  t.end()
})

t.test('indented comments and blank lines take no setting with them, and tabs are no part of a name', (t) => {
  t.same(parseDotenv('  # it\'s a comment\nA=1\n   \r\n \t \nB=2\n\t# "c"\nexport C=3'), {
    values: { A: '1', B: '2', C: '3' },
    warnings: []
  })
  t.same(parseDotenv('A="1\n  # in quotes\n\n2"\nB=2').values, { A: '1\n  # in quotes\n\n2', B: '2' })
  t.same(parseDotenv('\tA=1\nexport\tB=2\nC\t=\t3\n \t export D="4\n\t5"'), {
    values: { A: '1', B: '2', C: '3', D: '4\n\t5' },
    warnings: []
  })
  t.end()
})

t.test('what Node reads of a text without broken lines is read, whatever its quotes are', (t) => {
  for (const text of [
    'PORT=8081 # or NAME="half\nKEY="sk-1"',
    "URL=http://h/?q='\nB='2'",
    'TOKEN=abc=="\nB="2"',
    'A="one\ntwo\n# three"\nB=2',
    'A="one\n# three"\nB=2\nC="x"',
    'A="one\ntwo" # three\nB=2',
    "A='one\n\ntwo'\r\nB=`x\ny`\r\n",
    "A=it's\nB=\"2\"\nexport C = '3'"
  ]) {
    t.same(parseDotenv(text), { values: parseEnv(text), warnings: [] }, JSON.stringify(text))
  }
  t.end()
})

t.test('the warnings are among those of the start', (t) => {
  const { values: dotenv, warnings: dotenvWarnings } = parseDotenv('TB_DALLE_DAILY_IMAGE_LIMIT: 5')
  t.match(readCommand({ argv: [], env: {}, dotenv, dotenvWarnings, version: '1' }), {
    run: 'serve',
    warnings: [/^line 1 of \.env is not a setting/]
  })
  t.end()
})
