import t from 'tap'
import { KNOWN_PRICES, costOf, priceOf, readUsage } from '../../../lib/provider/prices.ts'

t.test('a call costs the price of its tokens, or else the price of a call', async (t) => {
  const price = { input: 5, cachedInput: 1.25, output: 30, call: 0.2 }
  t.equal(costOf(price, { inputTokens: 1_000_000, cachedTokens: 0, outputTokens: 100_000 }), 8)
  t.equal(costOf(price, { inputTokens: 1_000_000, cachedTokens: 1_000_000, outputTokens: 0 }), 1.25)
  t.equal(
    costOf(
      { input: 5, output: 30, call: 1 },
      { inputTokens: 1_000_000, cachedTokens: 1_000_000, outputTokens: 0 }
    ),
    5
  )
  t.equal(costOf(price, undefined), 0.2)
  t.equal(costOf({ call: 0.04 }, { inputTokens: 9, cachedTokens: 0, outputTokens: 9 }), 0.04)
  t.equal(priceOf(KNOWN_PRICES, 'gpt-image-2-2026-04-21'), KNOWN_PRICES['gpt-image-2'])
  for (const unknown of ['mine', 'constructor', '__proto__', 'gpt-image-2-mini']) {
    t.equal(priceOf(KNOWN_PRICES, unknown), undefined, unknown)
  }
})

t.test(
  'token counts are read under the names of both endpoints, and impossible ones are ignored',
  async (t) => {
    const counts = { inputTokens: 5, cachedTokens: 0, outputTokens: 7 }
    t.same(readUsage({ input_tokens: 5, output_tokens: 7 }), counts)
    t.same(readUsage({ prompt_tokens: 5, completion_tokens: 7 }), counts)
    t.same(
      readUsage({ prompt_tokens: 5, completion_tokens: 7, prompt_tokens_details: { cached_tokens: 4 } }),
      { ...counts, cachedTokens: 4 }
    )
    for (const usage of [
      undefined,
      null,
      {},
      [],
      'much',
      { input_tokens: '5', output_tokens: '7' },
      { input_tokens: -1, output_tokens: 5 },
      { input_tokens: 1.5, output_tokens: 5 },
      { input_tokens: 1, output_tokens: 1, prompt_tokens_details: { cached_tokens: 9 } }
    ]) {
      t.equal(readUsage(usage), undefined, JSON.stringify(usage))
    }
  }
)
