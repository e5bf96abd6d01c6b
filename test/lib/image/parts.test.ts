import { crc32 } from 'node:zlib'
import sharp from 'sharp'
import t from 'tap'
import { decodeImage } from '../../../lib/image/raster.ts'
import { MAX_PARTS, hasTooManyParts } from '../../../lib/image/parts.ts'

const MANY = 2 * MAX_PARTS
const image = sharp({ create: { width: 8, height: 8, channels: 3, background: '#336699' } })

function pngChunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const chunk = Buffer.alloc(body.length + 8)
  chunk.writeUInt32BE(data.length)
  body.copy(chunk, 4)
  chunk.writeUInt32BE(crc32(body), body.length + 4)
  return chunk
}

/** The image with the same part many times at a place. */
function stuffed(bytes: Buffer, at: number, part: Buffer, times: number): Buffer {
  return Buffer.concat([bytes.subarray(0, at), ...Array<Buffer>(times).fill(part), bytes.subarray(at)])
}

t.test('an image of very many parts is refused before it is decoded', async (t) => {
  const png = await image.clone().png().toBuffer()
  const jpeg = await image.clone().jpeg().toBuffer()
  const gif = await image.clone().gif().toBuffer()
  const webp = await image.clone().webp().toBuffer()
  const frame = gif.subarray(gif.indexOf(Buffer.from([0x21, 0xf9])), -1)
  const bombs: Array<[what: string, mediaType: string, make: (times: number) => Buffer]> = [
    ['empty text chunks', 'image/png', (n) => stuffed(png, 33, pngChunk('tEXt', Buffer.alloc(0)), n)],
    [
      'empty data chunks',
      'image/png',
      (n) => stuffed(png, png.length - 12, pngChunk('IDAT', Buffer.alloc(0)), n)
    ],
    ['application segments', 'image/jpeg', (n) => stuffed(jpeg, 2, Buffer.from([0xff, 0xe1, 0, 2]), n)],
    ['comments', 'image/jpeg', (n) => stuffed(jpeg, 2, Buffer.from([0xff, 0xfe, 0, 2]), n)],
    ['frames', 'image/gif', (n) => stuffed(gif, gif.length - 1, frame, n)],
    ['extensions', 'image/gif', (n) => stuffed(gif, gif.length - 1, Buffer.from([0x21, 0xfe, 1, 0, 0]), n)],
    ['chunks', 'image/webp', (n) => stuffed(webp, webp.length, Buffer.from('JUNK\0\0\0\0'), n)]
  ]
  for (const [what, mediaType, make] of bombs) {
    const name = `${mediaType}: ${what}`
    t.ok(hasTooManyParts(make(MANY), mediaType), name)
    await t.rejects(
      decodeImage(make(MANY)),
      { code: 'IMAGE_DOWNLOAD_ERROR', cause: { message: /too many parts/ } },
      name
    )
    t.notOk(hasTooManyParts(make(MAX_PARTS / 4), mediaType), `${name}, a quarter of the limit`)
  }
})

t.test('images of usual encoders have few parts', async (t) => {
  const noise = { type: 'gaussian' as const, mean: 128, sigma: 50 }
  const large = sharp({ create: { width: 512, height: 512, channels: 3, background: '#999', noise } })
  for (const [mediaType, bytes] of [
    ['image/png', await large.clone().png().toBuffer()],
    ['image/jpeg', await large.clone().jpeg({ progressive: true, quality: 100 }).toBuffer()],
    ['image/gif', await image.clone().resize(1024).gif({ effort: 1 }).toBuffer()],
    ['image/webp', await large.clone().webp().toBuffer()],
    ['image/avif', Buffer.alloc(64)]
  ] as const) {
    t.notOk(hasTooManyParts(bytes, mediaType), mediaType)
  }
})

t.test('bytes that end anywhere are counted too', async (t) => {
  const webp = await image.clone().webp().toBuffer()
  const jpeg = await image.clone().jpeg().toBuffer()
  const gif = await image.clone().gif().toBuffer()
  const png = await image.clone().png().toBuffer()
  for (const [mediaType, bytes] of Object.entries({
    'image/png': png,
    'image/jpeg': jpeg,
    'image/gif': gif,
    'image/webp': webp
  })) {
    for (let end = 0; end <= bytes.length; end += 1) {
      if (hasTooManyParts(bytes.subarray(0, end), mediaType)) t.fail(`${mediaType} cut at ${end}`)
    }
  }
})

t.test('what is not one of the known formats is not given to a decoder', async (t) => {
  for (const text of [
    '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"/>',
    'II*\0',
    '%PDF-1.7',
    ''
  ]) {
    await t.rejects(decodeImage(Buffer.from(text)), { cause: { message: 'no image of a known type' } })
  }
})
