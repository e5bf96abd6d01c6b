import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { temporaryFolder } from '../../helper.ts'
import { configOf, refusalOf } from './read-config.ts'

const BROKEN_TOKEN =
  /cannot be used \(read from the file that TB_DALLE_API_TOKENS_FILE names\): .* a comma or a line end between two/

t.test('a secret can come from a file', async (t) => {
  const folder = await temporaryFolder(t)
  const file = async (name: string, text: string) => {
    await writeFile(join(folder, name), text)
    return join(folder, name)
  }
  const key = await file('key', 'sk-from-file\n')
  const tokens = await file('tokens', '\uFEFFphone:a-token-from-a-file\r\n')
  const headers = await file('headers', 'api-key=secret')
  t.match(
    configOf([], {
      OPENAI_API_KEY_FILE: key,
      TB_DALLE_API_TOKENS_FILE: tokens,
      OTEL_EXPORTER_OTLP_HEADERS_FILE: headers,
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318'
    }),
    {
      providers: [{ apiKey: 'sk-from-file' }],
      apiTokens: [{ name: 'phone', token: 'a-token-from-a-file' }],
      tracing: { headers: { 'api-key': 'secret' } }
    }
  )
  t.match(
    configOf([], {}, { OPENAI_API_KEY_FILE: key }).providers[0],
    { apiKey: 'sk-from-file' },
    'also by .env'
  )

  t.match(
    configOf([], { OPENAI_API_KEY: 'sk-from-env' }, { OPENAI_API_KEY_FILE: '/none' }).providers[0],
    { apiKey: 'sk-from-env' },
    'the environment has precedence over .env'
  )
  t.match(configOf([], { OPENAI_API_KEY_FILE: key }, { OPENAI_API_KEY: 'sk-from-dotenv' }).providers[0], {
    apiKey: 'sk-from-file'
  })

  await mkdir(join(folder, 'folder'))
  const refusals: Array<[Record<string, string>, RegExp]> = [
    [
      { OPENAI_API_KEY: 'sk-1', OPENAI_API_KEY_FILE: key },
      /^OPENAI_API_KEY and OPENAI_API_KEY_FILE are both set/
    ],
    [
      { OPENAI_API_KEY_FILE: join(folder, 'none') },
      /^OPENAI_API_KEY_FILE is ".*none": .*cannot be read \(ENOENT\)/
    ],
    [{ OPENAI_API_KEY_FILE: join(folder, 'folder') }, /cannot be read \(EISDIR\)/],
    [
      { TB_DALLE_API_TOKENS_FILE: await file('empty', ' \n') },
      /^TB_DALLE_API_TOKENS_FILE is ".*": the file is empty/
    ],
    [{ TB_DALLE_API_TOKENS_FILE: await file('short', 'secret') }, /^TB_DALLE_API_TOKENS cannot be used/],
    // A token that is broken over two lines.
    ...(await Promise.all(
      ['a-secret-of-the-first\n-and-its-rest\n', 'a-short-part\na-secret-of-the-second\n'].map(
        async (text, index): Promise<[Record<string, string>, RegExp]> => [
          { TB_DALLE_API_TOKENS_FILE: await file(`broken-${index}`, text) },
          BROKEN_TOKEN
        ]
      )
    ))
  ]
  for (const [env, expected] of refusals) {
    const message = refusalOf(t, () => configOf([], env))
    t.match(message, expected)
    t.notMatch(message, /\n|: secret/)
  }
})

t.test('a file of tokens has one a line, or commas, or both', async (t) => {
  const folder = await temporaryFolder(t)
  const tokensOf = async (text: string) => {
    const path = join(folder, 'tokens')
    await writeFile(path, text)
    return configOf([], { TB_DALLE_API_TOKENS_FILE: path }).apiTokens
  }
  const expected = [
    { name: 'phone', token: 'a-secret-of-the-first' },
    { name: 'token-2', token: 'a-secret-of-the-second' }
  ]
  for (const text of [
    'phone:a-secret-of-the-first\na-secret-of-the-second\n',
    'phone:a-secret-of-the-first\r\na-secret-of-the-second\r\n',
    'phone:a-secret-of-the-first,\na-secret-of-the-second\n',
    '# who\nphone:a-secret-of-the-first # of Ada\n\n  # the rest\n a-secret-of-the-second',
    'phone:a-secret-of-the-first\n, a-secret-of-the-second # the last\n'
  ]) {
    t.same(await tokensOf(text), expected, JSON.stringify(text))
  }
})
