import t from 'tap'
import { judge, ratios } from './row.ts'
import type { Row } from './row.ts'
import { formatNumber, formatTable } from './table.ts'

const rate: Row = { what: 'a picture', value: 800, unit: '/s', peers: { bare: 1_000, nginx: 4_000 } }

t.test('a figure is compared with each peer', async (t) => {
  t.same(ratios(rate), { bare: 0.8, nginx: 0.2 })
  t.same(ratios({ ...rate, peers: undefined }), {})
})

t.test('a share of a peer holds from its limit on', async (t) => {
  t.equal(judge({ ...rate, wanted: { atLeast: 0.8, of: 'bare' } }), 'yes')
  t.equal(judge({ ...rate, wanted: { atLeast: 0.8, of: 'nginx' } }), 'no')
  t.equal(judge(rate), undefined)
})

t.test('a share of a peer that was not measured is unknown', async (t) => {
  t.equal(judge({ ...rate, peers: {}, wanted: { atLeast: 0.8, of: 'bare' } }), 'unknown')
})

t.test('a limit holds below it', async (t) => {
  const start: Row = { what: 'start', value: 400, unit: 'ms', wanted: { below: 400 } }
  t.equal(judge(start), 'no')
  t.equal(judge({ ...start, value: 399 }), 'yes')
  t.equal(judge({ ...start, value: Number.NaN }), 'unknown')
})

t.test('a rate with failed responses does not hold', async (t) => {
  t.equal(judge({ ...rate, failed: 1, wanted: { atLeast: 0.8, of: 'bare' } }), 'no')
})

t.test('the table says what was measured, beside what, and whether it holds', async (t) => {
  const row: Row = {
    ...rate,
    p50Ms: 1.234,
    p99Ms: 19,
    cpuUs: 120.4,
    failed: 2,
    wanted: { atLeast: 0.8, of: 'bare', because: 'for a reason' }
  }
  const limit: Row = {
    what: 'start',
    value: 1234.5,
    unit: 'ms',
    wanted: { below: 400 },
    note: '90 ms of CPU'
  }
  const cells = formatTable([row, limit])
    .trimEnd()
    .split('\n')
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim())
    )
  t.same(cells[2], [
    'a picture',
    '800/s; 2 failed',
    '1.23 ms, 19 ms',
    '120 µs',
    '0.8 × bare (1,000/s), 0.2 × nginx (4,000/s)',
    '≥ 0.8 × bare (for a reason)',
    'no'
  ])
  t.same(cells[3], ['start', '1,235 ms; 90 ms of CPU', '', '', '', '< 400 ms', 'no'])
  t.equal(
    new Set(
      formatTable([row, limit])
        .trimEnd()
        .split('\n')
        .map(({ length }) => length)
    ).size,
    1
  )
})

t.test('numbers have three digits that count', async (t) => {
  t.same([0.012345, 9.876, 99.96, 1234.4, Number.NaN].map(formatNumber), [
    '0.0123',
    '9.88',
    '100',
    '1,234',
    '–'
  ])
})
