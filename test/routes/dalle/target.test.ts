import t from 'tap'
import { ADDRESS, buildApp, json } from '../../helper.ts'

/** The words of the Go server, which clients compare. */
const MESSAGE: Record<string, string> = {
  INVALID_REQUEST: 'Invalid request path',
  INVALID_SERIES: 'Invalid series name',
  INVALID_ADDRESS: 'Invalid address format'
}

t.test('every invalid path below /dalle has its error code, and details that quote the value', async (t) => {
  const { ask } = await buildApp(t)
  const cases: Array<[path: string, code: string, details: RegExp]> = [
    ['/dalle', 'INVALID_REQUEST', /<series>/],
    ['/dalle/', 'INVALID_REQUEST', /<series>/],
    ['/dalle/simple', 'INVALID_REQUEST', /<series>/],
    ['/dalle/nope', 'INVALID_REQUEST', /<series>/],
    [`/dalle//${ADDRESS}`, 'MISSING_PARAMETER', /series/],
    ['/dalle//', 'MISSING_PARAMETER', /series/],
    [`/dalle/nope/${ADDRESS}`, 'INVALID_SERIES', /"nope"/],
    ['/dalle/nope/', 'INVALID_SERIES', /"nope"/],
    ['/dalle/nope/xyz', 'INVALID_SERIES', /"nope"/],
    [`/dalle/${'n'.repeat(5000)}/${ADDRESS}`, 'INVALID_SERIES', /"n{100}…"/],
    [`/dalle/..%2f..%2fetc/${ADDRESS}`, 'INVALID_SERIES', /"\.\.\/\.\.\/etc"/],
    [`/dalle/%00/${ADDRESS}`, 'INVALID_SERIES', /is not a series/],
    ['/dalle/simple/', 'MISSING_PARAMETER', /address/],
    ['/dalle/simple/xyz', 'INVALID_ADDRESS', /"xyz"/],
    [`/dalle/simple/${ADDRESS.slice(2)}`, 'INVALID_ADDRESS', /40 hexadecimal/],
    [`/dalle/simple/${ADDRESS}0`, 'INVALID_ADDRESS', /40 hexadecimal/],
    [`/dalle/simple/${ADDRESS.slice(0, -1)}`, 'INVALID_ADDRESS', /40 hexadecimal/],
    [`/dalle/simple/${ADDRESS.slice(0, -1)}g`, 'INVALID_ADDRESS', /40 hexadecimal/],
    [`/dalle/simple/${ADDRESS}.png`, 'INVALID_ADDRESS', /\.png"/],
    [`/dalle/simple/${ADDRESS}/extra`, 'INVALID_ADDRESS', /\/extra"/],
    [`/dalle/simple/${ADDRESS}%20`, 'INVALID_ADDRESS', /40 hexadecimal/],
    ['/dalle/simple/..%2f..%2f..%2fetc%2fpasswd', 'INVALID_ADDRESS', /etc\/passwd/],
    ['/dalle?%', 'INVALID_REQUEST', /<series>/],
    ['/dalle?generate=1', 'INVALID_REQUEST', /<series>/],
    ['/dalle/?%', 'INVALID_REQUEST', /<series>/],
    ['/dalle/simple?%/%', 'INVALID_REQUEST', /<series>/],
    ['/dalle/simple/%zz', 'INVALID_REQUEST', /percent-encoding/],
    ['/dalle/simple/%c3%28', 'INVALID_REQUEST', /percent-encoding/],
    [`/dalle/simple/${ADDRESS}?generate=1&generate=1`, 'INVALID_REQUEST', /generate is given 2 times/],
    [`/dalle/simple/${ADDRESS}?remove=1&remove=2`, 'INVALID_REQUEST', /remove is given 2 times/]
  ]
  for (const [path, code, details] of cases) {
    const before = Math.floor(Date.now() / 1000)
    const response = await ask(path)
    t.equal(response.status, 400, path.slice(0, 80))
    const { success, error, request_id: id } = await json(response)
    t.equal(success, false)
    t.equal(error.code, code, path.slice(0, 80))
    if (code !== 'MISSING_PARAMETER') t.equal(error.message, MESSAGE[code])
    t.match(error.details, details)
    t.equal(error.request_id, id)
    t.equal(id, response.headers.get('x-request-id'))
    t.equal(response.headers.get('cache-control'), 'no-store')
    t.equal(response.headers.get('content-type'), 'application/json; charset=utf-8')
    t.ok(error.timestamp >= before && error.timestamp <= Date.now() / 1000)
  }
})
