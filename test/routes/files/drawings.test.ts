import sharp from 'sharp'
import t from 'tap'
import { ADDRESS, bodyOf, buildApp, json } from '../../helper.ts'

const DRAWING = `/files/simple/generated/${ADDRESS}.png`
const SECRET = 'a secret prompt'

/** A drawing as a provider may send it: a JPEG whose metadata holds the prompt. */
async function jpegWithPrompt(): Promise<Buffer> {
  return await sharp({ create: { width: 300, height: 150, channels: 3, background: '#204060' } })
    .withExif({ IFD0: { ImageDescription: SECRET } })
    .jpeg()
    .toBuffer()
}

t.test('a drawing is sent in other sizes and formats, without its metadata', async (t) => {
  const { ask, app } = await buildApp(t, { settings: { TB_DALLE_EMBED_PROMPT: '0' } })
  t.equal((await ask(`${DRAWING}?w=64`)).status, 404)
  const jpeg = await jpegWithPrompt()
  t.ok(jpeg.includes(SECRET))
  await app.files.write(`output/simple/generated/${ADDRESS}.png`, jpeg)
  for (const [query, format, width] of [
    ['?w=64&format=webp', 'webp', 64],
    ['?w=128', 'png', 128],
    ['?format=avif', 'heif', 300],
    ['?format=png', 'png', 300],
    ['?w=1024&format=jpeg', 'jpeg', 300],
    ['', 'png', 300]
  ] as const) {
    const response = await ask(DRAWING + query)
    t.equal(response.status, 200, query)
    const image = await bodyOf(response)
    t.match(await sharp(image).metadata(), { format, width, height: Math.round(width / 2) }, query)
    t.notOk(image.includes(SECRET), query)
    const etag = response.headers.get('etag')!
    t.equal((await ask(DRAWING + query, { headers: { 'if-none-match': etag } })).status, 304)
  }
  const webp = await ask(`${DRAWING}?w=64`, { headers: { accept: 'image/webp' } })
  t.equal(webp.headers.get('content-type'), 'image/webp')
  t.equal(webp.headers.get('vary'), 'Accept')
  for (const [path, details] of [
    [`${DRAWING}?w=65`, /w is "65"/],
    [`${DRAWING}?format=gif`, /format is "gif"/],
    [`/files/simple/title/${ADDRESS}.txt?w=64`, /w and format are for .*generated/]
  ] as const) {
    const refused = await ask(path)
    t.equal(refused.status, 400)
    t.match((await json(refused)).error.details, details)
  }
})

t.test('a damaged drawing is an error that says no more', async (t) => {
  const { ask, app } = await buildApp(t)
  await app.files.write(`output/simple/generated/${ADDRESS}.png`, (await jpegWithPrompt()).subarray(0, 200))
  const response = await ask(`${DRAWING}?w=64`)
  t.equal(response.status, 500)
  t.match((await json(response)).error, {
    code: 'IMAGE_DOWNLOAD_ERROR',
    details: 'The picture on disk is damaged'
  })
})
