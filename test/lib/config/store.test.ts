import t from 'tap'
import { hiddenTexts } from '../../../lib/config/hidden.ts'
import { configOf, refusalOf } from './read-config.ts'

const DATABASE = { TB_DALLE_DATABASE_URL: 'postgres://host/database' }
const KEYS = { TB_DALLE_S3_ACCESS_KEY_ID: 'the-key', TB_DALLE_S3_SECRET_ACCESS_KEY: 'the-secret' }
const URL = { TB_DALLE_S3_URL: 'https://host:9000/bucket/some/prefix/' }

t.test('a bucket has its keys and a region, and its keys are in no line of the log', (t) => {
  const config = configOf([], { ...DATABASE, ...KEYS, ...URL })
  t.strictSame(config.s3, {
    url: URL.TB_DALLE_S3_URL,
    region: 'us-east-1',
    accessKeyId: 'the-key',
    secretAccessKey: 'the-secret'
  })
  t.match(hiddenTexts(config), { 'the-key': '<store>', 'the-secret': '<store>' })
  t.equal(configOf([], DATABASE).s3, undefined)
  t.end()
})

t.test('a bucket has no query and no fragment', (t) => {
  for (const end of ['?x=1', '#x']) {
    const refused = refusalOf(t, () =>
      configOf([], { ...DATABASE, ...KEYS, TB_DALLE_S3_URL: `https://host/bucket${end}` })
    )
    t.match(refused, /^TB_DALLE_S3_URL is ".+": it must be a URL such as/)
  }
  t.end()
})

t.test('a bucket that lacks something is refused in one sentence', (t) => {
  const refused = (env: Record<string, string>) => refusalOf(t, () => configOf([], env))
  t.equal(
    refused({ ...KEYS, ...URL }),
    'TB_DALLE_S3_URL is set: it needs TB_DALLE_DATABASE_URL, the database of all processes.'
  )
  const both = 'TB_DALLE_S3_URL is set: it needs TB_DALLE_S3_ACCESS_KEY_ID and TB_DALLE_S3_SECRET_ACCESS_KEY.'
  for (const name of Object.keys(KEYS)) t.equal(refused({ ...DATABASE, ...KEYS, ...URL, [name]: '' }), both)
  t.equal(
    refused({ ...DATABASE, ...KEYS }),
    'TB_DALLE_S3_ACCESS_KEY_ID is set, but TB_DALLE_S3_URL, the bucket that it is for, is not.'
  )
  t.end()
})
