import t from 'tap'
import { parseWrk } from './wrk.ts'

const output = (more: string[] = [], percentiles = ['6.30ms', '19.02ms']) =>
  [
    'Running 5s test @ http://127.0.0.1:8080/',
    '  2 threads and 50 connections',
    '  Thread Stats   Avg      Stdev     Max   +/- Stdev',
    '    Latency     6.73ms    2.10ms  99.00ms   91.22%',
    '    Req/Sec     3.74k   301.10     4.50k    70.00%',
    '  Latency Distribution',
    `     50%    ${percentiles[0]}`,
    '     75%    7.01ms',
    '     90%    8.12ms',
    `     99%   ${percentiles[1]}`,
    '  37195 requests in 5.00s, 1.80GB read',
    ...more,
    'Requests/sec:   7439.12',
    'Transfer/sec:    368.49MB',
    ''
  ].join('\n')

t.test('reads the rate, the percentiles and the number of requests', async (t) => {
  t.same(parseWrk(output()), { perSecond: 7439.12, p50Ms: 6.3, p99Ms: 19.02, requests: 37_195, failed: 0 })
})

t.test('reads percentiles in each unit of wrk as milliseconds', async (t) => {
  const units: Array<[text: string, ms: number]> = [
    ['250.00us', 0.25],
    ['1.50s', 1_500],
    ['2.00m', 120_000],
    ['0.50h', 1_800_000]
  ]
  for (const [text, ms] of units) t.equal(parseWrk(output([], [text, '9.00s'])).p50Ms, ms, text)
})

t.test('counts errors of sockets and other responses than 2xx and 3xx as failed', async (t) => {
  const errors = '  Socket errors: connect 1, read 20, write 300, timeout 4000'
  t.equal(parseWrk(output([errors])).failed, 4_321)
  t.equal(parseWrk(output([errors, '  Non-2xx or 3xx responses: 50000'])).failed, 54_321)
})

t.test('refuses an output without measurements', async (t) => {
  t.throws(() => parseWrk('unable to connect to 127.0.0.1:1 Connection refused'), /has measured nothing/)
  t.throws(() => parseWrk(output().replace('37195 requests', '0 requests')), /has measured nothing/)
})
