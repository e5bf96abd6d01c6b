import t from 'tap'
import { json, until } from '../../helper.ts'
import { NO_ENHANCEMENT, addressOf, buildWithOpenAi } from './with-openai.ts'

t.test('/health says whether the provider was asked, and how its last call ended', async (t) => {
  const { openai, url, make } = await buildWithOpenAi(t, {
    settings: NO_ENHANCEMENT,
    retry: { retries: 0 }
  })
  const says = async (message: string) =>
    // The result of /health is reused for a second.
    await until(async () => {
      const { openai: component } = (await json(await fetch(`${url}/health`))).data.components
      return component.status === 'healthy' && component.message === message
    })
  await says('The provider has not been asked yet')
  openai.script('image', 'server_error')
  t.not((await make()).error, '')
  await says('The last call to the provider failed')
  t.equal((await make(addressOf(1))).error, '')
  await says('The provider answers')
})
