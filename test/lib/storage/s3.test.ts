import t from 'tap'
import { isServiceError } from '../../../lib/errors.ts'
import { parseListing } from '../../../lib/storage/s3-answers.ts'
import { createS3 } from '../../../lib/storage/s3.ts'
import type { S3Options } from '../../../lib/storage/s3.ts'
import { startStore } from '../../peers/s3.ts'

const peer = await startStore(t)

/** Time passes only when the store is silent: then each limit is over. */
const timers = new Set<() => void>()
const clock = {
  startTimer(_ms: number, expire: () => void) {
    timers.add(expire)
    return () => timers.delete(expire)
  }
}
peer.onSilence(() => {
  for (const expire of [...timers]) expire()
})

function open(options: Partial<S3Options> = {}) {
  let retries = 0
  const s3 = createS3({ ...peer.config, firstWaitMs: 0, clock, onRetry: () => (retries += 1), ...options })
  return { s3, retries: () => retries }
}

/** The error of an operation as clients see it. */
async function refusalOf(work: Promise<unknown>) {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason
  )
  if (!isServiceError(error)) throw new Error(`no error of the service: ${String(error)}`)
  const { code, message, details, retryAfter } = error
  return { code, message, details, retryAfter }
}

const AWAY = {
  code: 'SERVICE_UNAVAILABLE',
  message: 'The object store does not answer',
  details: 'Ask again in a moment',
  retryAfter: 5
}

t.test('an object is written, read in whole and in part, described and removed', async (t) => {
  const { s3 } = open()
  const etag = await s3.put('a/b.txt', Buffer.from('0123456789'))
  t.match(etag, /^"[0-9a-f]{32}"$/)
  t.equal(String(await s3.read('a/b.txt')), '0123456789')
  t.equal(String(await s3.read('a/b.txt', { start: 2, end: 4 })), '234')
  const parts: Buffer[] = []
  for await (const part of (await s3.stream('a/b.txt', { start: 7, end: 9 }))!) parts.push(part as Buffer)
  t.equal(String(Buffer.concat(parts)), '789')
  t.match(await s3.head('a/b.txt'), { bytes: 10, etag, modifiedMs: Number })
  t.not(await s3.put('a/b.txt', Buffer.from('other')), etag)
  t.equal(String(await s3.read('a/b.txt')), 'other')
  await s3.remove('a/b.txt')
  await s3.remove('a/b.txt')
  t.strictSame(
    [await s3.read('a/b.txt'), await s3.stream('a/b.txt'), await s3.head('a/b.txt')],
    [undefined, undefined, undefined]
  )
})

t.test('keys and prefixes with odd characters name the same object in every call', async (t) => {
  const { s3 } = open({ url: `${peer.config.url}/a%20prefix/ü` })
  const keys = [
    "it's (not) a*test!",
    'a+b c',
    '100%',
    '50%25',
    'q?x=1&y#z',
    'äöü/日本',
    'a&amp;<b>',
    '~-_.,;=@:$'
  ]
  for (const key of keys) {
    await s3.put(`odd/${key}.txt`, Buffer.from(key))
    t.equal(String(await s3.read(`odd/${key}.txt`)), key)
  }
  const listed = []
  for await (const { key } of s3.list('odd/')) listed.push(key)
  t.strictSame(listed.sort(), keys.map((key) => `odd/${key}.txt`).sort())
  for (const key of keys) await s3.remove(`odd/${key}.txt`)
  t.equal((await s3.list('odd/').next()).done, true)
})

t.test('a listing goes on over all its pages', async (t) => {
  const { s3 } = open()
  const names = Array.from({ length: 1_010 }, (_, at) => `many/${String(at).padStart(4, '0')}`)
  const queue = [...names]
  await Promise.all(
    Array.from({ length: 8 }, async () => {
      for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
        await s3.put(name, Buffer.from('x'))
      }
    })
  )
  const before = peer.requests.length
  const found = []
  for await (const { key, bytes, modifiedMs } of s3.list('many/')) found.push([key, bytes, modifiedMs > 1e12])
  t.strictSame(
    found,
    names.map((name) => [name, 1, true])
  )
  t.equal(peer.requests.length - before, 2)
})

t.test('a listing is read with and without encoded keys', (t) => {
  const listing = (type: string, key: string) =>
    `<ListBucketResult>${type}<IsTruncated>true</IsTruncated><Contents><Key>${key}</Key><Size>7</Size>` +
    '<LastModified>2026-11-26T00:00:00.000Z</LastModified></Contents></ListBucketResult>'
  const keyOf = (xml: string) => parseListing(xml).objects[0]?.key
  t.equal(keyOf(listing('<EncodingType>url</EncodingType>', 'a%2Bb+c/%25')), 'a+b c/%')
  t.equal(keyOf(listing('', 'a+b%25 &amp;&lt;&#x41;&#66;&quot;&unknown;')), 'a+b%25 &<AB"&unknown;')
  t.strictSame(parseListing('<ListBucketResult></ListBucketResult>'), { objects: [], isTruncated: false })
  t.end()
})

t.test('a fault that passes is not seen; each is tried again', async (t) => {
  const { s3, retries } = open()
  await s3.put('kept', Buffer.alloc(100_000, 'k'))
  for (const [at, fault] of ([500, 503, 'reset', 'silent'] as const).entries()) {
    peer.fail(fault, 2)
    t.ok(await s3.put('new', Buffer.from('n')), `put: ${fault}`)
    peer.fail(fault, 1)
    t.equal((await s3.read('kept'))?.length, 100_000, `read: ${fault}`)
    peer.fail(fault, 1)
    t.equal((await s3.head('kept'))?.bytes, 100_000, `head: ${fault}`)
    t.equal(retries(), (at + 1) * 4)
  }
  peer.fail('cut', 1)
  t.equal((await s3.read('kept'))?.length, 100_000, 'read: cut')
  peer.fail(undefined)
})

t.test('a fault that lasts is SERVICE_UNAVAILABLE, without the name of a host', async (t) => {
  const { s3 } = open()
  t.teardown(() => peer.fail(undefined))
  for (const fault of [500, 503, 'reset', 'silent'] as const) {
    peer.fail(fault)
    t.strictSame(await refusalOf(s3.put('x', Buffer.from('x'))), AWAY, `put: ${fault}`)
    t.strictSame(await refusalOf(s3.read('kept')), AWAY, `read: ${fault}`)
  }
  const others = [
    async () => await s3.stream('kept'),
    async () => await s3.head('kept'),
    async () => await s3.remove('kept'),
    async () => await s3.list('').next(),
    async () => await s3.check('x')
  ]
  for (const work of others) t.strictSame(await refusalOf(work()), AWAY)
  const gone = open({ url: 'http://127.0.0.1:9/bucket' }).s3
  t.strictSame(await refusalOf(gone.read('x')), AWAY, 'nothing listens')
})

t.test('a stream that is cut ends with an error', async (t) => {
  const { s3 } = open()
  await s3.put('long', Buffer.alloc(300_000, 'l'))
  peer.fail('cut', 1)
  const stream = await s3.stream('long')
  let received = 0
  await t.rejects(async () => {
    for await (const part of stream!) received += (part as Buffer).length
  })
  t.ok(received < 300_000)
  peer.fail(undefined)
})

t.test('what the store refuses is said in one clear sentence, and not tried again', async (t) => {
  const refused = async (options: Partial<S3Options>) => {
    const { s3, retries } = open(options)
    const { code, details } = await refusalOf(s3.check('start'))
    t.strictSame([code, retries()], ['FILE_SYSTEM_ERROR', 0])
    return details
  }
  t.equal(await refused({ accessKeyId: 'other' }), 'the object store does not know the access key')
  t.equal(await refused({ secretAccessKey: 'other' }), 'the object store refuses the secret key')
  t.equal(await refused({ url: peer.config.url.replace('pictures', 'missing') }), 'the bucket does not exist')
  await open().s3.check('start')
  t.equal((await open().s3.list('write-check/').next()).done, true, 'the check leaves nothing')
})
