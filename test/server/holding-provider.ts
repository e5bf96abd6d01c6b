import type { Test } from 'tap'
import { startOpenAi } from '../peers/openai.ts'

/** A provider that holds its drawings until `deliver` is called, and the settings of a server that uses it. */
export async function startHoldingProvider(t: Test) {
  const openai = await startOpenAi({ scale: 0.125 })
  t.teardown(() => openai.close())
  let deliver = () => {}
  const until = new Promise<void>((resolve) => {
    deliver = resolve
  })
  t.teardown(deliver)
  openai.behave('image', { kind: 'delay', until })
  const env = {
    OPENAI_API_KEY: 'sk-test',
    OPENAI_BASE_URL: openai.url,
    TB_DALLE_NO_ENHANCE: '1',
    LOG_LEVEL: 'debug'
  }
  return { env, deliver, openai }
}
