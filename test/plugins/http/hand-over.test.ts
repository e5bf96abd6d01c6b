import { symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import type { Test } from 'tap'
import { ADDRESS, bodyOf, buildApp, noisyPng, temporaryFolder } from '../../helper.ts'
import type { BuildOptions } from '../../helper.ts'

const PICTURE = `/dalle/simple/${ADDRESS}`
const FILE = `simple/annotated/${ADDRESS}.png`
const ACCEL = { TB_DALLE_ACCEL_REDIRECT: '/internal/' }
const png = await noisyPng(40)

async function start(t: Test, settings: Record<string, string>, options: BuildOptions = {}) {
  const server = await buildApp(t, { settings, ...options })
  await server.app.pictures.stored.put('simple', ADDRESS, png)
  /** Which file a proxy is told to send; undefined where the server has sent the response itself. */
  async function handed(path: string, headers: Record<string, string> = {}, method = 'GET') {
    const response = await server.ask(path, { headers, method })
    const value = response.headers.get('x-accel-redirect') ?? response.headers.get('x-sendfile') ?? undefined
    const { length } = await bodyOf(response)
    t.equal(length === 0, value !== undefined || method === 'HEAD', `the body of ${method} ${path}`)
    return value
  }
  return { ...server, handed }
}

t.test('pictures, drawings and variants are left to the proxy, with the headers of the server', async (t) => {
  const { ask, handed, app } = await start(t, ACCEL)
  await app.files.write(`output/simple/generated/${ADDRESS}.png`, png)
  await app.files.write('output/ä b%/generated/x#?.png', png)
  const paths = [PICTURE, `/files/${FILE}`, `/files/simple/generated/${ADDRESS}.png`]
  t.same(await Promise.all(paths.map((path) => handed(path))), [
    `/internal/output/${FILE}`,
    `/internal/output/${FILE}`,
    `/internal/output/simple/generated/${ADDRESS}.png`
  ])
  const name = '%C3%A4%20b%25/generated/x%23%3F.png'
  t.equal(await handed(`/files/${name}`), `/internal/output/${name}`)
  const variant = new RegExp(`^/internal/cache/simple/${ADDRESS}\\.[0-9a-z]+-[0-9a-z]+\\.w384\\.png$`)
  t.match(await handed(`${PICTURE}?w=384&format=png`), variant)

  for (const path of [...paths, `${PICTURE}?w=384&format=png`]) {
    const [left, sent] = [await ask(path), await ask(path, { headers: { 'x-dalle-hand-over': 'no' } })]
    const common = ({ headers }: Response) =>
      [...headers].filter(
        ([name]) => !/^(?:date|content-length|x-request-id|x-accel-|x-dalle-bytes)/.test(name)
      )
    t.same(common(left), common(sent), path)
    t.equal(left.headers.get('x-dalle-bytes'), sent.headers.get('content-length'))
    const headers = { 'if-none-match': left.headers.get('etag')! }
    const current = await ask(path, { headers })
    t.match(
      { status: current.status, to: current.headers.get('x-accel-redirect') },
      { status: 304, to: null }
    )
  }
})

t.test('the server sends what a proxy would answer in another way, or must not send', async (t) => {
  const { ask, handed, app, dataDir } = await start(t, ACCEL)
  const etag = (await ask(PICTURE)).headers.get('etag')!
  for (const [headers, method] of [
    [{ range: 'bytes=0-9' }],
    [{ range: 'bytes=0-9', 'if-range': etag }],
    [{ range: 'bytes=0-1,4-5' }],
    [{ 'if-match': '"other"' }],
    [{ 'if-unmodified-since': 'Thu, 01 Jan 1970 00:00:00 GMT' }],
    [{}, 'HEAD']
  ] as const) {
    t.equal(await handed(PICTURE, headers, method), undefined, JSON.stringify([headers, method]))
  }
  t.equal(await handed(`${PICTURE}?generate=1`, { prefer: 'wait=1' }), undefined, 'an answer that was held')

  const outside = join(await temporaryFolder(t), 'outside.png')
  await writeFile(outside, png)
  await symlink(outside, join(dataDir, 'output/simple/annotated/link.png'))
  await app.files.write('output/simple/title/other.txt', 'x'.repeat(100_000))
  await app.files.write('output/simple/metadata/not.png', 'x'.repeat(100_000))
  await app.files.write('archives/simple/annotated/old.png', png)
  for (const path of [
    'simple/annotated/link.png',
    'simple/title/other.txt',
    'simple/metadata/not.png',
    '../archives/simple/annotated/old.png',
    '%2e%2e/archives/simple/annotated/old.png',
    `${FILE}/..%2f..%2f..%2f..%2farchives/simple/annotated/old.png`
  ]) {
    t.equal(await handed(`/files/${path}`), undefined, path)
  }
})

t.test('a picture that the server changes before it sends it is not left to a proxy', async (t) => {
  const lines: unknown[] = []
  const { handed } = await start(
    t,
    { ...ACCEL, TB_DALLE_EMBED_PROMPT: '0', LOG_LEVEL: 'warn' },
    {
      onLogLine: (line) => lines.push(line)
    }
  )
  t.equal(await handed(PICTURE), undefined)
  t.equal(await handed(`${PICTURE}?w=384&format=png`), undefined)
  t.match(lines, [{ level: 40, reason: 'TB_DALLE_EMBED_PROMPT is 0' }])
})

t.test('where trusted proxies are named, only they get a path in place of a picture', async (t) => {
  const { handed } = await start(t, {
    TB_DALLE_SENDFILE: '/srv/the data',
    TB_DALLE_TRUSTED_PROXIES: '127.0.0.1'
  })
  t.equal(await handed(PICTURE), undefined, 'a client that reaches the server directly')
  const forwarded = { 'x-forwarded-for': '192.0.2.7' }
  t.equal(await handed(PICTURE, forwarded), `/srv/the%20data/output/${FILE}`)
  const stranger = await start(t, { ...ACCEL, TB_DALLE_TRUSTED_PROXIES: '192.0.2.1' })
  t.equal(await stranger.handed(PICTURE, forwarded), undefined)
})
