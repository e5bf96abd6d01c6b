import t from 'tap'
import { parseHeaders } from '../../../lib/tracing/collector.ts'

t.test('headers are name=value pairs, with percent-encoded values', async (t) => {
  t.same(parseHeaders('api-key=a%20secret%3D, x-tenant = b=c ,empty='), {
    'api-key': 'a secret=',
    'x-tenant': 'b=c',
    empty: ''
  })
  for (const text of ['', 'api-key', '=secret', 'a b=c', 'a=b,', 'a=%zz', 'a=%0A', 'a=%FF', 'a=é']) {
    t.equal(parseHeaders(text), undefined, text)
  }
})
