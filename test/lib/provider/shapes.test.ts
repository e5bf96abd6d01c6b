import t from 'tap'
import { KNOWN_PRICES, costOf } from '../../../lib/provider/prices.ts'
import { SHAPES, startOpenAi } from '../../peers/openai.ts'
import { startClient } from './start-client.ts'

const openai = await startOpenAi({ scale: 0.0625 })
t.teardown(() => openai.close())
t.beforeEach(() => openai.reset())

for (const { name, operation, code, calls, charges, circuit, enhanced } of SHAPES) {
  t.test(`an answer of the shape ${name}`, async (t) => {
    const { draw, enhance, ledger, breakers } = await startClient(t, { baseUrl: openai.url })
    openai.behave(operation, { kind: 'shape', shape: name })
    const { result, error } = operation === 'image' ? await draw() : await enhance()
    t.equal(error?.code ?? '', code)
    if (code === '') t.ok(result)
    if (enhanced !== undefined && code === '') t.equal(result, enhanced('An otter'))
    t.equal(openai.count(operation), calls, 'calls')

    const price = KNOWN_PRICES[operation === 'image' ? 'gpt-image-2' : 'gpt-4.1-mini']!
    const usage =
      typeof charges === 'string'
        ? undefined
        : { inputTokens: charges.input, cachedTokens: 0, outputTokens: charges.output }
    const usd = charges === 'nothing' ? 0 : calls * costOf(price, usage)
    t.ok(Math.abs(ledger.spent().usd - usd) < 1e-6, `${ledger.spent().usd} USD, not ${usd}`)
    if (charges === 'nothing') t.equal(ledger.spent().images, 0)

    const { state, failures, successes } = breakers[operation === 'image' ? 'draw' : 'enhance'].report()
    const expected = {
      success: ['CLOSED', 0, 1],
      untouched: ['CLOSED', 0, 0],
      counts: ['CLOSED', calls, 0],
      opens: ['OPEN', 1, 0]
    }
    t.same([state, failures, successes], expected[circuit], 'the circuit')
  })
}
