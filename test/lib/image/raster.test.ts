import { crc32, deflateSync } from 'node:zlib'
import sharp from 'sharp'
import t from 'tap'
import { MAX_PIXELS, decodeImage, decodePixels, encodePng } from '../../../lib/image/raster.ts'
import { noise, pixel, pixelsOf } from './rasters.ts'

/** A PNG put together by hand, so that its depth, palette and size are what the test says. */
function pngOf(
  {
    width,
    height,
    depth,
    colorType,
    palette
  }: { width: number; height: number; depth: number; colorType: number; palette?: number[] },
  pixels: Buffer
): Buffer {
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)]
    length.writeUInt32BE(data.length)
    sum.writeUInt32BE(crc32(body))
    return Buffer.concat([length, body, sum])
  }
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header[8] = depth
  header[9] = colorType
  const rowBytes = pixels.length / height
  const rows = Buffer.alloc(height * (rowBytes + 1))
  for (let y = 0; y < height; y += 1) {
    pixels.copy(rows, y * (rowBytes + 1) + 1, y * rowBytes, (y + 1) * rowBytes)
  }
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    ...(palette === undefined ? [] : [chunk('PLTE', Buffer.from(palette))]),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0))
  ])
}

const blackPng = (width: number, height: number) =>
  pngOf({ width, height, depth: 1, colorType: 0 }, Buffer.alloc(Math.ceil(width / 8) * height))

t.test('pictures of all formats are decoded', async (t) => {
  const picture = noise(30, 20)
  const of = (channels: 1 | 2 | 3 | 4, data: number[], width = data.length / channels) =>
    sharp(Buffer.from(data), { raw: { width, height: 1, channels } })
  const near = (found: Buffer, expected: number[], by: number) =>
    found.length === expected.length &&
    expected.every((value, index) => Math.abs(found[index]! - value) <= by)

  t.test('the bytes of a PNG are kept', async (t) => {
    const bytes = await encodePng(picture)
    const { raster, png } = await decodeImage(bytes)
    t.same(raster, picture)
    t.ok(png.equals(bytes))
    t.same((await decodeImage(new Uint8Array(bytes))).raster, picture, 'from any array of bytes')
    t.same(await decodePixels(bytes), picture, 'also without its PNG')
    await t.rejects(decodePixels(bytes.subarray(0, 200)), { code: 'IMAGE_DOWNLOAD_ERROR' })
  })

  t.test('grey becomes red, green and blue alike', async (t) => {
    const { data } = (await decodeImage(await of(1, [0, 77, 255]).toColourspace('b-w').png().toBuffer()))
      .raster
    t.same([...data], [0, 0, 0, 77, 77, 77, 255, 255, 255])
  })

  t.test('transparent pixels become white', async (t) => {
    const grey = (
      await decodeImage(
        pngOf({ width: 3, height: 1, depth: 8, colorType: 4 }, Buffer.from([0, 255, 0, 0, 0, 127]))
      )
    ).raster
    t.ok(near(grey.data, [0, 0, 0, 255, 255, 255, 128, 128, 128], 1), [...grey.data].join())
    const color = (
      await decodeImage(await of(4, [255, 0, 0, 255, 255, 0, 0, 0, 255, 0, 0, 51]).png().toBuffer())
    ).raster
    t.ok(near(color.data, [255, 0, 0, 255, 255, 255, 255, 204, 204], 1), [...color.data].join())
  })

  t.test('a palette and sixteen bits are read as the colours they stand for', async (t) => {
    const indexed = pngOf(
      { width: 4, height: 2, depth: 2, colorType: 3, palette: [1, 2, 3, 250, 0, 0, 0, 128, 255, 9, 9, 9] },
      Buffer.from([0b00011011, 0b11100100])
    )
    t.same(
      [...(await decodeImage(indexed)).raster.data],
      [1, 2, 3, 250, 0, 0, 0, 128, 255, 9, 9, 9, 9, 9, 9, 0, 128, 255, 250, 0, 0, 1, 2, 3]
    )
    const deep = pngOf(
      { width: 2, height: 1, depth: 16, colorType: 2 },
      Buffer.from([255, 255, 0, 0, 128, 128, 10, 10, 200, 200, 99, 99])
    )
    t.ok(near((await decodeImage(deep)).raster.data, [255, 0, 128, 10, 200, 99], 1))
    const deepGrey = pngOf(
      { width: 2, height: 1, depth: 16, colorType: 4 },
      Buffer.from([128, 0, 255, 255, 0, 0, 0, 0])
    )
    t.ok(near((await decodeImage(deepGrey)).raster.data, [128, 128, 128, 255, 255, 255], 1))
    const bits = pngOf({ width: 8, height: 1, depth: 1, colorType: 0 }, Buffer.from([0b10100101]))
    t.same(
      [...(await decodeImage(bits)).raster.data.filter((_, index) => index % 3 === 0)],
      [255, 0, 255, 0, 0, 255, 0, 255]
    )
  })

  t.test('other formats are encoded as PNG', async (t) => {
    const image = sharp(picture.data, { raw: { width: 30, height: 20, channels: 3 } })
    const flat = sharp({ create: { width: 30, height: 20, channels: 3, background: '#3366cc' } })
    const inputs = {
      jpeg: await flat.clone().jpeg().toBuffer(),
      'JPEG of four inks': await flat.clone().toColourspace('cmyk').jpeg().toBuffer(),
      webp: await flat.clone().webp().toBuffer(),
      gif: await flat.clone().gif().toBuffer(),
      avif: await flat.clone().avif({ effort: 0 }).toBuffer()
    }
    for (const [format, bytes] of Object.entries(inputs)) {
      const { raster, png } = await decodeImage(bytes)
      t.same([raster.width, raster.height, raster.data.length], [30, 20, 1800], format)
      // Inks reach less far than a screen's blue.
      t.ok(
        near(raster.data.subarray(900, 903), [0x33, 0x66, 0xcc], format.startsWith('JPEG') ? 40 : 6),
        `${format}: ${[...raster.data.subarray(900, 903)].join()}`
      )
      t.equal((await sharp(png).metadata()).format, 'png')
      t.same(await pixelsOf(png), raster)
    }
    t.same((await decodeImage(await image.webp({ lossless: true }).toBuffer())).raster, picture)
  })

  t.test('a photograph is rotated by its orientation', async (t) => {
    const half = (color: string) =>
      sharp({ create: { width: 20, height: 20, channels: 3, background: color } })
        .png()
        .toBuffer()
    const lying = await sharp({ create: { width: 40, height: 20, channels: 3, background: '#000' } })
      .composite([
        { input: await half('#f00'), left: 0, top: 0 },
        { input: await half('#00f'), left: 20, top: 0 }
      ])
      .jpeg({ chromaSubsampling: '4:4:4' })
      .withMetadata({ orientation: 6 })
      .toBuffer()
    const { raster, png } = await decodeImage(lying)
    t.same([raster.width, raster.height], [20, 40])
    t.ok(near(Buffer.from(pixel(raster, 10, 5)), [255, 0, 0], 6), 'what was on the left is at the top')
    t.ok(near(Buffer.from(pixel(raster, 10, 35)), [0, 0, 255], 6))
    t.same(await pixelsOf(png), raster)
  })

  t.test('a picture of the largest size is decoded', async (t) => {
    const { raster } = await decodeImage(blackPng(4096, 4096))
    t.equal(raster.data.length, MAX_PIXELS * 3)
  })
})

t.test('bytes that are not a valid picture are refused', async (t) => {
  const png = await encodePng(noise(64, 64))
  const jpeg = await sharp(noise(64, 64).data, { raw: { width: 64, height: 64, channels: 3 } })
    .jpeg()
    .toBuffer()
  const damaged = Buffer.from(png)
  damaged.fill(0xaa, png.length >> 1, (png.length >> 1) + 40)
  const inputs = {
    'nothing at all': Buffer.alloc(0),
    text: Buffer.from('{"error": "no image today"}'),
    'a web page': Buffer.from('<!doctype html><html><body>502</body></html>'),
    'a truncated PNG': png.subarray(0, png.length >> 1),
    'a PNG cut before its pixels': png.subarray(0, 40),
    'a damaged PNG': damaged,
    'a truncated JPEG': jpeg.subarray(0, jpeg.length >> 1),
    'an SVG': Buffer.from(
      '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>'
    ),
    'an SVG with an XML head': Buffer.from(
      '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'
    ),
    'a TIFF': await sharp({ create: { width: 9, height: 9, channels: 3, background: '#fff' } })
      .tiff()
      .toBuffer(),
    'random bytes': noise(40, 40).data,
    'a row more than the largest': blackPng(4096, 4097),
    'a small file of 400 million pixels': blackPng(20_000, 20_000)
  }
  t.ok(inputs['a small file of 400 million pixels'].length < 200_000)
  for (const [what, bytes] of Object.entries(inputs)) {
    await t.rejects(decodeImage(bytes), { code: 'IMAGE_DOWNLOAD_ERROR', statusCode: 500, cause: Error }, what)
  }
})
