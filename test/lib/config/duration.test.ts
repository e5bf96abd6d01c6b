import fc from 'fast-check'
import t from 'tap'
import { parseDuration } from '../../../lib/config/duration.ts'

t.test('durations have the syntax of Go', async (t) => {
  const valid: Array<[string, number]> = [
    ['60s', 60_000],
    ['5m', 300_000],
    ['1h30m', 5_400_000],
    ['250ms', 250],
    ['1.5h', 5_400_000],
    ['.5s', 500],
    ['1.s', 1_000],
    ['0', 0],
    ['0s', 0],
    ['1us', 0.001],
    ['1µs', 0.001],
    ['1ns', 0.000_001],
    ['1h1m1s1ms', 3_661_001],
    ['30m1h', 5_400_000],
    ['1m1m', 120_000],
    ['007s', 7_000]
  ]
  for (const [text, ms] of valid) t.equal(parseDuration(text), ms, text)

  const invalid = [
    '',
    ' ',
    '5',
    '00',
    '0.0',
    '5x',
    '-5m',
    '1h 30m',
    ' 5m',
    '5m ',
    '5m\n',
    'm',
    '.',
    '.s',
    '1..5s',
    '1,5s',
    '5M',
    '5min',
    '5 m',
    '1e3s',
    '0x5s',
    '٥s',
    '5d',
    's5',
    '5m3'
  ]
  for (const text of invalid) t.equal(parseDuration(text), undefined, JSON.stringify(text))
})

t.test("a duration is the sum of its parts, and texts outside Go's grammar are refused", async (t) => {
  const msPerUnit: Record<string, number> = {
    ns: 1e-6,
    us: 1e-3,
    µs: 1e-3,
    ms: 1,
    s: 1e3,
    m: 60e3,
    h: 3600e3
  }
  const part = fc.record({
    thousandths: fc.integer({ min: 0, max: 10_000_000 }),
    unit: fc.constantFrom(...Object.keys(msPerUnit))
  })
  const isSum = fc.property(fc.array(part, { minLength: 1, maxLength: 5 }), (parts) => {
    const text = parts.map(({ thousandths, unit }) => `${thousandths / 1000}${unit}`).join('')
    const ms = parts.reduce((sum, { thousandths, unit }) => sum + (thousandths / 1000) * msPerUnit[unit]!, 0)
    const parsed = parseDuration(text)
    return parsed !== undefined && Math.abs(parsed - ms) <= 1e-9 * ms
  })
  t.doesNotThrow(() => fc.assert(isSum))

  const grammar = /^(?:0|(?:(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:ns|us|µs|ms|s|m|h))+)$/
  const text = fc
    .array(fc.constantFrom('0', '1', '59', '.', 's', 'm', 'h', 'n', 'ms', 'us', 'µs', '-', '+', ' ', 'e'), {
      maxLength: 8
    })
    .map((pieces) => pieces.join(''))
  const isByGrammar = fc.property(
    fc.oneof(text, fc.string()),
    (text) => (parseDuration(text) !== undefined) === grammar.test(text)
  )
  t.doesNotThrow(() => fc.assert(isByGrammar, { numRuns: 2_000 }))
})
