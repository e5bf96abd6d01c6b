import { gunzipSync, gzipSync, inflateRawSync } from 'node:zlib'
import t from 'tap'
import { createSharedBody } from '../../lib/shared-body.ts'

const TEXTS = { nothing: '', short: 'ä', long: 'dalleserver_up 1\n'.repeat(20_000) }

t.test('a body has the words of one response around the text of all', async (t) => {
  for (const [name, text] of Object.entries(TEXTS)) {
    const body = createSharedBody(text)
    for (const around of [
      {},
      { before: '# id: 1\n' },
      { after: ',"id":"ü"}' },
      { before: '{', after: '}' }
    ]) {
      const { before = '', after = '' } = around
      const expected = before + text + after
      t.equal(body.plain(around).toString(), expected, name)
      const gzip = await body.gzip(around)
      t.equal(gunzipSync(gzip).toString(), expected, `${name}, compressed`)
      // gunzipSync reads several members. Some clients read the first one only.
      const first = inflateRawSync(gzip.subarray(10), { info: true }) as unknown as {
        buffer: Buffer
        engine: { bytesWritten: number }
      }
      t.equal(first.engine.bytesWritten, gzip.length - 18, `${name}, in one member`)
    }
  }
})

t.test('a compressed body is about as short as one that is compressed as a whole', async (t) => {
  const text = TEXTS.long
  const { length } = await createSharedBody(text).gzip({ before: '# id: 1\n' })
  t.ok(length < gzipSync(text).length + 64, `${length} bytes`)
})
