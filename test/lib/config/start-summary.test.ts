import t from 'tap'
import { startSummary } from '../../../lib/config/start-summary.ts'
import { configOf } from './read-config.ts'

t.test('the summary of a start says who draws, who may change something and what may be spent', async (t) => {
  const plain = configOf(['--data-dir', '/data\u001b[2J'])
  t.equal(startSummary(plain, false), 'artist: built-in; tokens: none; daily limit: none; engine: embedded')
  t.match(
    startSummary(plain, true),
    /; data folder: \/data\\u001b\[2J$/,
    'a folder cannot control a terminal'
  )

  const env = {
    OPENAI_API_KEY: 'sk-secret',
    OPENAI_BASE_URL: 'https://gateway.example:8443/v1?key=query',
    TB_DALLE_ENHANCEMENT_MODEL: 'chat-1',
    TB_DALLE_IMAGE_MODEL: 'image-1',
    TB_DALLE_IMAGE_URL: 'https://images.example/draw?key=query',
    TB_DALLE_PRICES: '{"chat-1":{"call":0.01},"image-1":{"call":0.1}}',
    TB_DALLE_API_TOKENS: 'a-token-of-16-letters,shop:another-of-16-letters',
    TB_DALLE_DAILY_BUDGET_USD: '5',
    TB_DALLE_DAILY_IMAGE_LIMIT: '100',
    TB_DALLE_DATABASE_URL: 'postgres://dalle:password@db.example/dalle'
  }
  const { OPENAI_BASE_URL: _, ...official } = env
  const text =
    'prompts: chat-1 at HOST; artist: image-1 at images.example; tokens: 2; ' +
    'daily limit: 5 USD and 100 images; engine: PostgreSQL'
  t.equal(startSummary(configOf([], official), false), text.replace('HOST', 'api.openai.com'))
  const open = startSummary(configOf([], { ...official, TB_DALLE_OPEN: '1' }), false)
  t.match(open, /; tokens: 2, but anybody may start runs;/)
  t.match(startSummary(configOf([], { ...env, TB_DALLE_SKIP_IMAGE: '1' }), false), /; artist: built-in;/)
  t.notMatch(startSummary(configOf([], env), true), /secret|password|query|letters/)
})
