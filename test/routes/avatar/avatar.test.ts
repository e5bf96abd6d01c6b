import { readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import t from 'tap'
import { seedOf } from '../../../lib/dress/attributes.ts'
import { captionImage } from '../../../lib/image/caption.ts'
import { inOutput, metadataPath } from '../../../lib/storage/layout.ts'
import { ADDRESS, bodyOf, buildApp, json, plainPng, until } from '../../helper.ts'

const other = (digit: string) => `0x${digit.repeat(40)}`
const AVATAR = `/avatar/simple/${ADDRESS}`
/** The server of all tests that need none of their own. Each test has addresses of its own. */
const { ask, app, dataDir } = await buildApp(t)
const avatarOf = (digit: string) => `/avatar/simple/${other(digit)}`
/** The files of the cache. */
const cached = async () => await readdir(join(dataDir, 'cache/simple')).catch(() => [])
/** The format that sharp names for each extension. */
const FORMAT_OF = { png: 'png', webp: 'webp', avif: 'heif', jpeg: 'jpeg', jpg: 'jpeg', svg: 'svg' }

async function metadataOf(response: Response) {
  return await sharp(await bodyOf(response)).metadata()
}

/** The average colour of an image. */
async function colorOf(response: Response): Promise<number[]> {
  const { channels } = await sharp(await bodyOf(response)).stats()
  return channels.slice(0, 3).map(({ mean }) => Math.round(mean))
}

/** The size of a picture, its colour, and that of its drawing. */
type Look = typeof LOOK
const LOOK = { width: 64, height: 64, color: '#cc3300', drawing: '#cc3300' }

/** Writes the files of a picture: the drawing in one colour, and the picture of it in the same or another one. */
async function putPicture(address: string, look: Partial<Look> = {}): Promise<void> {
  const { width, height, color, drawing } = { ...LOOK, ...look }
  const pixels = async (background: string) =>
    await sharp({ create: { width, height, channels: 3, background } })
      .raw()
      .toBuffer()
  const data = await pixels(color)
  await app.pictures.stored.put('simple', address, await captionImage({ data, width, height }, 'A caption'))
  const encoded = await sharp(await pixels(drawing), { raw: { width, height, channels: 3 } })
    .jpeg()
    .toBuffer()
  // A provider may send another format than PNG.
  await app.files.write(`output/simple/generated/${address}.png`, encoded)
}

t.test('without a picture, each format and size is a marked drawing of the built-in artist', async (t) => {
  for (const [extension, size] of [
    ['png', 16],
    ['webp', 64],
    ['avif', 33],
    ['jpeg', 129],
    ['jpg', 20],
    ['svg', 1024],
    ['WEBP', 1024]
  ] as const) {
    const response = await ask(`${AVATAR}.${extension}?size=${size}`)
    t.equal(response.status, 200, extension)
    t.equal(response.headers.get('x-dalle-placeholder'), 'true')
    t.equal(response.headers.get('x-dalle-run'), 'idle')
    t.equal(response.headers.get('cache-control'), 'public, max-age=60')
    t.equal(response.headers.get('last-modified'), null, 'its age says nothing about a later picture')
    t.equal(response.headers.get('vary'), null)
    const format = FORMAT_OF[extension.toLowerCase() as 'png']
    t.match(await metadataOf(response), { format, width: size, height: size }, extension)
  }
  t.equal(await app.pictures.stored.find('simple', ADDRESS), undefined, 'it is not stored as the picture')
  t.equal((await app.generation.working(0)).count, 0)
  t.strictSame((await json(await ask(`/dalle/simple/${ADDRESS}`))).data, {})
  t.equal(await app.files.stat(`output/simple/generated/${ADDRESS}.png`), undefined)
})

t.test(
  'without an extension the format is that of Accept, and without a size it has 256 pixels',
  async (t) => {
    for (const [accept, format] of [
      ['image/avif,image/webp,image/*,*/*;q=0.8', 'webp'],
      ['image/png', 'png'],
      ['*/*', 'png']
    ] as const) {
      const response = await ask(AVATAR, { headers: { accept } })
      t.equal(response.headers.get('vary'), 'Accept')
      t.match(await metadataOf(response), { format, width: 256, height: 256 }, accept)
    }
  }
)

t.test('a placeholder is what the picture of the built-in artist looks like', async (t) => {
  const before = await sharp(await bodyOf(await ask(`${avatarOf('1')}.png?size=256`)))
    .raw()
    .toBuffer()
  const svg = await bodyOf(await ask(`${avatarOf('1')}.svg?size=100`))
  await (
    await ask(`/dalle/simple/${other('1')}?generate=1`, { headers: { prefer: 'wait=60' } })
  ).arrayBuffer()
  const response = await ask(`${avatarOf('1')}.png?size=256`)
  t.equal(response.headers.get('x-dalle-placeholder'), null)
  t.equal(response.headers.get('x-dalle-run'), 'cached')
  t.equal(response.headers.get('cache-control'), 'public, no-cache')
  const after = await sharp(await bodyOf(response))
    .raw()
    .toBuffer()
  const difference = after.reduce((sum, value, at) => sum + Math.abs(value - before[at]!), 0) / after.length
  t.ok(difference < 12, `the channels differ by ${difference.toFixed(1)} of 255 on average`)

  const vector = await ask(`${avatarOf('1')}.svg?size=100`)
  t.equal(vector.headers.get('x-dalle-placeholder'), null, 'the picture is this drawing')
  t.ok((await bodyOf(vector)).equals(svg))
  t.equal(vector.headers.get('content-type'), 'image/svg+xml')
  t.equal(vector.headers.get('content-security-policy'), "default-src 'none'; sandbox")
  t.equal(vector.headers.get('x-content-type-options'), 'nosniff')
  t.notMatch(svg.toString(), /<script|<text|<style|href|on\w+=/, 'it needs no font and loads nothing')

  const recordPath = inOutput(metadataPath('simple', seedOf(other('1'))))
  const record = JSON.parse((await app.files.readText(recordPath))!)
  await app.files.write(recordPath, JSON.stringify({ ...record, artist: record.artist - 1 }))
  const earlier = await ask(`${avatarOf('1')}.svg?size=100`)
  t.equal(earlier.headers.get('x-dalle-placeholder'), 'true', 'an earlier edition drew the picture otherwise')
  await app.files.write(recordPath, JSON.stringify(record))
  t.equal((await ask(`${avatarOf('1')}.svg?size=100`)).headers.get('x-dalle-placeholder'), null)

  const captioned = await ask(`${avatarOf('1')}.png?size=256&caption=1`)
  const { width, height } = await metadataOf(captioned)
  t.equal(height, 256)
  t.ok(width! > 200 && width! < 256, `the caption makes it higher than wide: ${width}`)
})

t.test('a picture is a square without its caption, also where its drawing is missing', async (t) => {
  // As wide as a model draws landscapes: the band must be found, because a square of the top would have it.
  await putPicture(other('2'), { width: 240, height: 120, color: '#cc3300', drawing: '#0033cc' })
  const drawn = await ask(`${avatarOf('2')}.png?size=90`)
  t.match(await metadataOf(drawn.clone() as Response), { width: 90, height: 90 })
  t.strictSame(await colorOf(drawn), [0, 51, 204], 'the drawing, which is a JPEG')
  await app.files.remove(`output/simple/generated/${other('2')}.png`)
  const cut = await ask(`${avatarOf('2')}.png?size=90`)
  t.strictSame(await colorOf(cut), [204, 51, 0], 'the picture without its band')
  const whole = await ask(`${avatarOf('2')}.png?size=90&caption`)
  const { width, height } = await metadataOf(whole)
  t.equal(width, 90)
  t.ok(height! > 45 && height! < 90, `with the band: ${height}`)
  t.match(
    await metadataOf(await ask(`${avatarOf('2')}.png?size=1024`)),
    { width: 1024, height: 1024 },
    'enlarged'
  )
  const vector = await ask(`${avatarOf('2')}.svg`)
  t.equal(vector.headers.get('x-dalle-placeholder'), 'true', 'no drawing of the built-in artist')
})

t.test('a damaged drawing gives way to the picture, and a damaged picture to the placeholder', async (t) => {
  await putPicture(other('3'))
  await writeFile(
    join(dataDir, `output/simple/generated/${other('3')}.png`),
    Buffer.from('\xff\xd8\xffcut', 'latin1')
  )
  t.strictSame(await colorOf(await ask(`${avatarOf('3')}.png?size=32`)), [204, 51, 0])
  const whole = await plainPng(64)
  const broken = Buffer.concat([whole.subarray(0, 60), Buffer.alloc(40), whole.subarray(-12)])
  await app.files.write(`output/simple/annotated/${other('3')}.png`, broken)
  const response = await ask(`${avatarOf('3')}.png?size=32`)
  t.equal(response.headers.get('x-dalle-placeholder'), 'true')
  t.equal((await metadataOf(response)).width, 32)
})

t.test('a placeholder and a picture have their own ETags, and both are revalidated', async (t) => {
  const path = `${avatarOf('4')}.webp?size=48`
  const etagOf = async (address = path) => (await ask(address)).headers.get('etag')!
  const placeholder = await etagOf()
  const revalidate = async (etag: string) => (await ask(path, { headers: { 'if-none-match': etag } })).status
  t.equal(await revalidate(placeholder), 304)
  await until(async () => (await cached()).some((name) => name.startsWith(other('4'))))
  await rm(join(dataDir, 'cache'), { recursive: true })
  t.equal(await etagOf(), placeholder, 'the ETag does not depend on the cache')
  t.not(await etagOf(`${avatarOf('4')}.webp?size=49`), placeholder)
  t.not(await etagOf(`${avatarOf('4')}.webp?size=48&caption=1`), placeholder)
  t.not(await etagOf(`/avatar/empty/${other('4')}.webp?size=48`), placeholder)

  await putPicture(other('4'))
  t.equal(await revalidate(placeholder), 200, 'the picture is another image')
  const first = await ask(path)
  t.ok(first.headers.get('last-modified'))
  t.equal(await revalidate(first.headers.get('etag')!), 304)
  await putPicture(other('4'), { color: '#0033cc', drawing: '#0033cc' })
  t.equal(await revalidate(first.headers.get('etag')!), 200, 'it was made again')
  t.strictSame(await colorOf(await ask(`${avatarOf('4')}.png?size=20`)), [0, 51, 204])

  const head = await ask(path, { method: 'HEAD' })
  t.equal(head.headers.get('content-length'), String((await bodyOf(await ask(path))).length))
  const part = await ask(path, { headers: { range: 'bytes=0-9' } })
  t.equal(part.status, 206)
  t.equal((await bodyOf(part)).length, 10)
})

t.test('another definition of the series gives another placeholder with another ETag', async (t) => {
  const define = async (nouns: string[]) => {
    await app.files.write('user-series/own.json', JSON.stringify({ suffix: 'own', nouns }))
    await app.dresses.series.reload('user-series/own.json')
    return await ask(`/avatar/own/${ADDRESS}.png?size=40`)
  }
  const [first, second] = [await define(['otter']), await define(['heron'])]
  t.not(first.headers.get('etag'), second.headers.get('etag'))
  t.notOk((await bodyOf(first)).equals(await bodyOf(second)))
})

t.test('an avatar is made once, and kept in cache/', async (t) => {
  const { ask, app, dataDir } = await buildApp(t)
  const names = async () => await readdir(join(dataDir, 'cache/simple')).catch(() => [])
  const path = `/avatar/simple/${other('7')}.png?size=30`
  const bodies = await Promise.all(Array.from({ length: 20 }, async () => await bodyOf(await ask(path))))
  t.ok(bodies.every((body) => body.equals(bodies[0]!)))
  await app.pictures.variants.stop()
  t.equal((await names()).length, 1)
  // The server makes no more variants, so this comes from the cache.
  t.ok((await bodyOf(await ask(path))).equals(bodies[0]!))
  t.equal((await ask(`/avatar/simple/${other('8')}.png?size=30`)).status, 503)
})

t.test('an SVG is drawn once while it is in memory', async (t) => {
  const series = (await app.dresses.series.get('simple'))!
  const read = async (size: number) => {
    const request = { size, hasCaption: false, format: 'svg' as const }
    return await app.avatars
      .placeholder(series, other('9'), request)
      .read({ id: 'a client', signal: new AbortController().signal })
  }
  const first = await read(30)
  t.equal(await read(30), first)
  t.notOk((await read(31))!.equals(first!))
})

t.test('fallback=404 is an error in place of a placeholder', async (t) => {
  const missing = await ask(`${avatarOf('5')}.png?fallback=404`)
  t.equal(missing.status, 404)
  t.match(await json(missing), { error: { code: 'NOT_FOUND', details: new RegExp(other('5')) } })
  await putPicture(other('5'))
  t.equal((await ask(`${avatarOf('5')}.png?fallback=404`)).status, 200)
  const text = await (await ask('/metrics')).text()
  t.match(text, /dalleserver_avatars_total\{content="missing"\} 1\n/)
  for (const content of ['picture', 'placeholder']) {
    t.match(text, new RegExp(`dalleserver_avatars_total\\{content="${content}"\\} [1-9]`))
  }
})

t.test('bad input is refused with the value', async (t) => {
  const cases: Array<[path: string, code: string, details: RegExp]> = [
    ['/avatar', 'INVALID_REQUEST', /\/avatar\/<series>\/<address>/],
    ['/avatar/simple', 'INVALID_REQUEST', /\/avatar\/<series>/],
    [`/avatar//${ADDRESS}`, 'MISSING_PARAMETER', /series in \/avatar/],
    ['/avatar/simple/', 'MISSING_PARAMETER', /address/],
    [`/avatar/nope/${ADDRESS}.png`, 'INVALID_SERIES', /"nope"/],
    ['/avatar/simple/0x12.png', 'INVALID_ADDRESS', /"0x12"/],
    [`${AVATAR}/extra`, 'INVALID_ADDRESS', /extra/],
    [`${AVATAR}.gif`, 'INVALID_REQUEST', /"gif".*png, webp, avif, jpeg, svg/],
    [`${AVATAR}.`, 'INVALID_REQUEST', /""/],
    [`${AVATAR}.png.png`, 'INVALID_REQUEST', /"png\.png"/],
    [`${AVATAR}?size=15`, 'INVALID_REQUEST', /size is "15".*16/],
    [`${AVATAR}?size=1025`, 'INVALID_REQUEST', /size is "1025".*1024/],
    [`${AVATAR}?size=big`, 'INVALID_REQUEST', /size is "big".*whole number/],
    [`${AVATAR}?size=1e3`, 'INVALID_REQUEST', /size is "1e3".*whole number/],
    [`${AVATAR}?size=0x40`, 'INVALID_REQUEST', /size is "0x40"/],
    [`${AVATAR}?size=64.5`, 'INVALID_REQUEST', /"64.5"/],
    [`${AVATAR}?size=`, 'INVALID_REQUEST', /size/],
    [`${AVATAR}?size=64&size=65`, 'INVALID_REQUEST', /size/],
    [`${AVATAR}?Size=64`, 'INVALID_REQUEST', /write size/],
    [`${AVATAR}?caption=maybe`, 'INVALID_REQUEST', /caption is "maybe"/],
    [`${AVATAR}?generate=yes`, 'INVALID_REQUEST', /generate is "yes"/],
    [`${AVATAR}?fallback=identicon`, 'INVALID_REQUEST', /fallback is "identicon".*404/]
  ]
  for (const [path, code, details] of cases) {
    const response = await ask(path)
    t.equal(response.status, 400, path)
    t.match((await json(response)).error, { code, details }, path)
  }
})
