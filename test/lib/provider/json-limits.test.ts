import t from 'tap'
import { createJsonLimits } from '../../../lib/provider/json-limits.ts'

/** Where the value ends in a text that comes in two pieces, counted from its begin; undefined if it does not end. */
function endOf(text: string, cut: number): number | undefined {
  const bytes = Buffer.from(text)
  const check = createJsonLimits()
  const first = check(bytes.subarray(0, cut))
  if (first !== undefined) return first
  const second = check(bytes.subarray(cut))
  return second === undefined ? undefined : cut + second
}

t.test('the end of a value is found wherever the text is cut', async (t) => {
  const strings = ['', 'plain', '"', '\\', '\\"', '"\\', '\\\\', '}]', '{[', ',:', 'ü"é', '\n"\n', 'a\\']
  for (const string of strings) {
    const json = JSON.stringify({ [string]: [string, { b: string }] })
    const bytes = Buffer.byteLength(json)
    const ends = Array.from({ length: bytes + 1 }, (_, cut) => endOf(`${json} "}`, cut))
    t.ok(
      ends.every((end) => end === bytes),
      json
    )
    t.equal(endOf(json.slice(0, -1), 3), undefined)
  }
})

t.test('what stands in a string counts for nothing', async (t) => {
  const image = 'A'.repeat(100_000)
  const json = JSON.stringify({ a: '[{'.repeat(20_000), b: image, c: `${',:"\\'.repeat(20_000)}${image}` })
  t.equal(endOf(json, 50_000), json.length)
  const list = JSON.stringify({ a: image, b: Array.from({ length: 10_000 }, () => 1) })
  t.throws(() => endOf(list, 50_000), /too many values/, 'commas after a string count')
})
