import fc from 'fast-check'
import t from 'tap'
import { PACKAGE_ROOT } from '../../lib/package.ts'
import { build } from '../helper.ts'
import { quickArtist } from '../routes/preview/browser.ts'
import { connectionRuns } from './cases.ts'
import { checkConversation } from './check-answers.ts'
import { conversation } from './requests.ts'

/** A run that ended answers for forced ones, so that few pictures are made. */
const HOLD = { TB_DALLE_FAILURE_HOLD: '1h' }
const SERVERS: Array<[what: string, settings: Record<string, string>]> = [
  ['an open server', HOLD],
  ['a server with tokens', { ...HOLD, TB_DALLE_API_TOKENS: 'a-token-of-this-test' }]
]

for (const [what, settings] of SERVERS) {
  t.test(`${what} answers whatever comes over a socket, as the contract says`, async (t) => {
    const { url, dataDir } = await build(t, { artist: quickArtist, settings })
    const target = { port: Number(new URL(url).port), hidden: [dataDir, PACKAGE_ROOT] }
    const property = fc.asyncProperty(conversation, async (requests) => {
      const problems = await checkConversation(target, requests)
      if (problems.length > 0) throw new Error(problems.join('\n'))
    })
    await fc.assert(property, connectionRuns(SERVERS.length))
  })
}
