import { crc32, deflateSync } from 'node:zlib'
import fc from 'fast-check'
import sharp from 'sharp'
import t from 'tap'
import { BUILT_IN_DATABASES, loadDatabases } from '../../lib/dress/databases.ts'
import { prepareDress } from '../../lib/dress/dress.ts'
import { captionImage } from '../../lib/image/caption.ts'
import { contrast, luminance, mix, parseHex, readableOn, toHex } from '../../lib/image/color.ts'
import type { Rgb } from '../../lib/image/color.ts'
import { dominantColor } from '../../lib/image/dominant.ts'
import { textOutline, textWidth, wrapText } from '../../lib/image/lettering.ts'
import { embedProvenance } from '../../lib/image/provenance.ts'
import { MAX_PIXELS, decodeImage, encodePng } from '../../lib/image/raster.ts'
import type { Raster } from '../../lib/image/raster.ts'
import type { DalleDress } from '../../lib/schemas/dress.ts'
import { ADDRESS } from '../helper.ts'

// Drawing takes its time on a busy machine.
t.setTimeout(120_000)

const databases = await loadDatabases(BUILT_IN_DATABASES)
function plain(width: number, height: number, color: Rgb): Raster {
  return { data: Buffer.alloc(width * height * 3, Buffer.from(color)), width, height }
}

function noise(width: number, height: number): Raster {
  const data = Buffer.alloc(width * height * 3)
  for (let at = 0, state = 1; at < data.length; at += 1) {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    data[at] = state >> 16
  }
  return { data, width, height }
}

async function pixelsOf(image: Buffer): Promise<Raster> {
  const { data, info } = await sharp(image).raw().toBuffer({ resolveWithObject: true })
  if (info.channels !== 3) throw new Error(`${info.channels} channels where three belong`)
  return { data, width: info.width, height: info.height }
}

function pixel({ data, width }: Raster, x: number, y: number): Rgb {
  const at = (y * width + x) * 3
  return [data[at]!, data[at + 1]!, data[at + 2]!]
}

/** WCAG 2.2, written out a second time. */
function relativeLuminance(color: Rgb): number {
  const [r, g, b] = color
    .map((channel) => channel / 255)
    .map((share) => (share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4)) as [
    number,
    number,
    number
  ]
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

function contrastOf(a: Rgb, b: Rgb): number {
  const [la, lb] = [relativeLuminance(a), relativeLuminance(b)]
  return (Math.max(la, lb) + 0.05) / (Math.min(la, lb) + 0.05)
}

interface Band {
  height: number
  color: Rgb
  hairline: Rgb
  hairlineIsOneColor: boolean
  /** The pixel that differs most from the band. */
  ink: Rgb
  /** Columns from the left and right edge, rows from the hairline and the bottom, that hold no ink. */
  free: { left: number; right: number; top: number; bottom: number }
}

/** What a captioned picture shows below its own pixels. */
function bandOf(captioned: Raster, pictureHeight: number): Band {
  const { width, height } = captioned
  const color = pixel(captioned, 0, height - 1)
  const hairline = pixel(captioned, 0, pictureHeight)
  const same = (a: Rgb, b: Rgb) => a.every((channel, index) => channel === b[index])
  let top = pictureHeight
  while (same(pixel(captioned, 0, top), hairline) && !same(hairline, color)) top += 1
  let ink = color
  let most = 0
  const edges = { left: width, right: -1, top: height, bottom: -1 }
  for (let y = top; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const at = (y * width + x) * 3
      const differs =
        Math.abs(captioned.data[at]! - color[0]) +
        Math.abs(captioned.data[at + 1]! - color[1]) +
        Math.abs(captioned.data[at + 2]! - color[2])
      if (differs > most) {
        most = differs
        ink = pixel(captioned, x, y)
      }
      if (differs <= 24) continue
      edges.left = Math.min(edges.left, x)
      edges.right = Math.max(edges.right, x)
      edges.top = Math.min(edges.top, y)
      edges.bottom = Math.max(edges.bottom, y)
    }
  }
  return {
    height: height - pictureHeight,
    color,
    hairline,
    hairlineIsOneColor: Array.from({ length: width }, (_, x) => x).every((x) =>
      same(pixel(captioned, x, pictureHeight), hairline)
    ),
    ink,
    free: {
      left: edges.left,
      right: width - 1 - edges.right,
      top: edges.top - top,
      bottom: height - 1 - edges.bottom
    }
  }
}

const TERSE =
  'A tenderly bejewelled monarch butterfly, a basket weaver, pirouetting with joy within sight of the windmills of Kinderdijk, in the style of prehistoric cave painting.'
const FOX = 'The quick brown fox jumps over the lazy dog and '

t.test("a caption leaves the picture's own pixels as they are", async (t) => {
  for (const picture of [noise(1024, 64), noise(257, 131), noise(300, 1)]) {
    const captioned = await pixelsOf(await captionImage(picture, TERSE))
    t.equal(captioned.width, picture.width)
    t.ok(captioned.height > picture.height)
    t.ok(
      captioned.data.subarray(0, picture.data.length).equals(picture.data),
      `${picture.width} × ${picture.height}`
    )
  }
})

t.test('a caption reads on a band of any colour', async (t) => {
  const greys = Array.from({ length: 18 }, (_, index): Rgb => [index * 15, index * 15, index * 15])
  // Around these two greys black and white read equally badly.
  const middle = [116, 117, 118, 119, 120, 186].map((level): Rgb => [level, level, level])
  const saturated = [0, 1, 2, 3, 4, 5, 6].flatMap((bits): Rgb[] =>
    [128, 255].map((level) => [
      (bits + 1) & 1 ? level : 0,
      (bits + 1) & 2 ? level : 0,
      (bits + 1) & 4 ? level : 0
    ])
  )
  const named = databases.rows.colors.slice(0, 20).map((row) => parseHex(row.split(',')[1]!)!)
  for (const color of [...greys, ...middle, ...saturated, ...named]) {
    const band = bandOf(await pixelsOf(await captionImage(plain(1024, 4, color), 'Otter')), 4)
    const what = color.join()
    t.same(band.color, color, `${what}: the band has the picture's colour`)
    t.ok(['0,0,0', '255,255,255'].includes(band.ink.join()), `${what}: the letters are black or white`)
    t.ok(contrastOf(band.ink, band.color) >= 4.5, `${what}: contrast ${contrastOf(band.ink, band.color)}`)
    t.ok(band.hairlineIsOneColor)
    // Nothing is darker than black, so there the hairline cannot be seen.
    if (what !== '0,0,0') {
      t.ok(
        relativeLuminance(band.hairline) < relativeLuminance(band.color),
        `${what}: the hairline is darker`
      )
    }
  }
})

t.test('a caption stays inside its margins', async (t) => {
  const texts = {
    'one letter': 'A',
    'one word': 'Otter',
    'a terse prompt': TERSE,
    '260 letters': FOX.repeat(6).slice(0, 260),
    '600 letters': FOX.repeat(13).slice(0, 600),
    'a word of 300 letters': 'W'.repeat(300),
    accents: 'A Māori carver from Chichén Itzá, an Øresund ångström, ǅ and Żółć',
    'blanks of all kinds': '\n  An\totter \u2003 sleeps.\n\n'
  }
  for (const width of [256, 512, 1024, 1792, 4096]) {
    for (const [what, text] of Object.entries(texts)) {
      const band = bandOf(await pixelsOf(await captionImage(plain(width, 4, [40, 90, 160]), text)), 4)
      // A glyph such as j reaches a tenth of its size over its own edge; the largest size is a thirtieth of the width.
      const margin = width / 24 - Math.max(width / 300, 1)
      const { left, right, top, bottom } = band.free
      t.ok(
        left < width && left >= margin && right >= margin,
        `${what} at ${width}: ${left} and ${right} are free beside it`
      )
      t.ok(top >= 2 && bottom >= 2, `${what} at ${width}: ${top} and ${bottom} are free above and below it`)
    }
  }
})

t.test('a caption without a word is an empty band', async (t) => {
  for (const text of ['', ' \n ']) {
    const band = bandOf(await pixelsOf(await captionImage(plain(512, 4, [40, 90, 160]), text)), 4)
    t.ok(band.height > 1)
    t.same(band.ink, band.color)
  }
})

t.test('a band grows with its text up to a limit', async (t) => {
  const heightFor = async (text: string, width = 256) =>
    bandOf(await pixelsOf(await captionImage(plain(width, 4, [200, 200, 200]), text)), 4).height
  const one = await heightFor('Otter', 1024)
  const three = await heightFor(FOX.repeat(6), 1024)
  t.ok(one < three, `${one} < ${three}`)
  const [cut, longer] = await Promise.all(
    [40, 41].map(async (times) => await captionImage(plain(256, 4, [200, 200, 200]), FOX.repeat(times)))
  )
  t.ok(cut!.equals(longer!), 'what is too long is cut off')
  t.ok((await heightFor(FOX.repeat(40))) <= 256 / 2)
})

t.test('the smallest picture takes a caption', async (t) => {
  const { width, height } = await pixelsOf(await captionImage(plain(1, 1, [9, 9, 9]), TERSE))
  t.equal(width, 1)
  t.ok(height > 1)
})

t.test('lettering', async (t) => {
  t.test('lines are as wide as asked at most and lose no letter', async () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: fc.constantFrom(...'abcijlmwWMÅø.-'), minLength: 1, maxLength: 40 }), {
          maxLength: 30
        }),
        fc.integer({ min: 20, max: 400 }),
        fc.integer({ min: 8, max: 20 }),
        (words, width, size) => {
          const lines = wrapText(words.join(' '), size, width)
          return (
            lines.every((line) => textWidth(line, size) <= width) &&
            lines.join('').replaceAll(' ', '') === words.join('')
          )
        }
      ),
      { seed: 7, numRuns: 150 }
    )
  })

  t.test('words are kept whole where they fit', async (t) => {
    t.same(wrapText('an otter  sleeps', 10, textWidth('an otter', 10) + 1), ['an otter', 'sleeps'])
    t.same(wrapText('', 10, 100), [])
    t.same(wrapText('WW', 10, 1), ['W', 'W'], 'a letter wider than the line stands alone')
    t.ok(textWidth('an otter', 20) === 2 * textWidth('an otter', 10))
  })

  t.test('the font has every letter that a name in the databases has', async (t) => {
    const missing = textOutline('\uf8ff', 100, 0, 0)
    const letters = new Set(
      Object.values(databases.rows)
        .flat()
        .flatMap((row) => [...row.split(',')[0]!])
    )
    t.same(
      [...letters, ...'āéíáøñüçßÅØłőș…,.'].filter(
        (letter) => letter !== ' ' && [missing, ''].includes(textOutline(letter, 100, 0, 0))
      ),
      []
    )
    t.not(textOutline('Māori', 100, 0, 0), textOutline('Maori', 100, 0, 0))
    t.equal(
      textOutline('tủi, Bến, Hawaiʻi', 100, 0, 0),
      textOutline('tui, Bên, Hawai‘i', 100, 0, 0),
      'or at least the letter without its marks'
    )
  })
})

t.test('the dominant colour', async (t) => {
  /** 64 × 64 pixels, so that every pixel counts as it is. */
  const sample = (
    colors: Array<[number, Rgb]>,
    order: (index: number) => number = (index) => index
  ): Raster => {
    const pixels = colors.flatMap(([count, color]) => Array.from({ length: count }, () => color))
    return {
      data: Buffer.from(pixels.map((_, index) => pixels[order(index) % pixels.length]!).flat()),
      width: 64,
      height: 64
    }
  }

  t.test('is the average of the three most frequent, by how often they occur', async (t) => {
    const colors: Array<[number, Rgb]> = [
      [2048, [200, 0, 0]],
      [1024, [0, 200, 0]],
      [512, [0, 0, 200]],
      [256, [255, 255, 255]],
      [256, [0, 0, 0]]
    ]
    t.same(
      await dominantColor(sample(colors)),
      [(200 * 2048) / 3584, (200 * 1024) / 3584, (200 * 512) / 3584].map(Math.round)
    )
    t.same(await dominantColor(plain(640, 480, [12, 34, 56])), [12, 34, 56])
    t.same(await dominantColor(plain(1, 1, [255, 255, 255])), [255, 255, 255])
  })

  t.test('counts shades of one step as one colour', async (t) => {
    const colors: Array<[number, Rgb]> = [
      [1000, [96, 96, 96]],
      [1000, [111, 111, 111]],
      [1100, [0, 0, 0]],
      [990, [200, 200, 200]],
      [6, [255, 255, 255]]
    ]
    const level = Math.round((1000 * 96 + 1000 * 111 + 990 * 200) / 4090)
    t.same(await dominantColor(sample(colors)), [level, level, level])
  })

  t.test('does not hang on the order of equally frequent ones', async (t) => {
    const colors = [220, 10, 120, 60].map((level): [number, Rgb] => [1024, [level, level, level]])
    const darkest = Math.round((10 + 60 + 120) / 3)
    for (const order of [
      (index: number) => index,
      (index: number) => 4095 - index,
      (index: number) => index * 1237,
      (index: number) => index * 2049
    ]) {
      t.same(await dominantColor(sample(colors, order)), [darkest, darkest, darkest])
    }
  })
})

t.test('colours', async (t) => {
  t.same(parseHex('#0aFf80'), [10, 255, 128])
  for (const text of ['0aff80', '#0af', '#0aff8', '#0aff800', '#0aff8g', '', ' #0aff80']) {
    t.equal(parseHex(text), undefined, text)
  }
  t.equal(toHex([10, 254.6, 0]), '#0aff00')
  t.same(mix([0, 100, 200], [100, 100, 0], 0.25), [25, 100, 150])
  for (const [a, b] of [
    [
      [0, 0, 0],
      [255, 255, 255]
    ],
    [
      [119, 119, 119],
      [255, 255, 255]
    ],
    [
      [255, 0, 0],
      [0, 0, 255]
    ]
  ] as Array<[Rgb, Rgb]>) {
    t.ok(Math.abs(contrast(a, b) - contrastOf(a, b)) < 1e-9)
    t.equal(contrast(a, b), contrast(b, a))
    t.ok(Math.abs(luminance(a) - relativeLuminance(a)) < 1e-9)
  }
  fc.assert(
    fc.property(
      fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255)),
      (color) => contrastOf(color, readableOn(color)) >= 4.58
    ),
    { seed: 7 }
  )
})

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

t.test('a picture is decoded whatever it came as', async (t) => {
  const picture = noise(30, 20)
  const of = (channels: 1 | 2 | 3 | 4, data: number[], width = data.length / channels) =>
    sharp(Buffer.from(data), { raw: { width, height: 1, channels } })
  const near = (found: Buffer, expected: number[], by: number) =>
    found.length === expected.length &&
    expected.every((value, index) => Math.abs(found[index]! - value) <= by)

  t.test('a PNG is kept as the very bytes that came', async (t) => {
    const bytes = await encodePng(picture)
    const { raster, png } = await decodeImage(bytes)
    t.same(raster, picture)
    t.ok(png.equals(bytes))
    t.same((await decodeImage(new Uint8Array(bytes))).raster, picture, 'from any array of bytes')
  })

  t.test('grey becomes red, green and blue alike', async (t) => {
    const { data } = (await decodeImage(await of(1, [0, 77, 255]).toColourspace('b-w').png().toBuffer()))
      .raster
    t.same([...data], [0, 0, 0, 77, 77, 77, 255, 255, 255])
  })

  t.test('what is transparent turns white', async (t) => {
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

  t.test('other formats are kept as the PNG of their pixels', async (t) => {
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

  t.test('a photograph is turned the way its camera was held', async (t) => {
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

  t.test('up to the largest size', async (t) => {
    const { raster } = await decodeImage(blackPng(4096, 4096))
    t.equal(raster.data.length, MAX_PIXELS * 3)
  })
})

t.test('what is no such picture is refused', async (t) => {
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

t.test('a PNG says where it comes from', async (t) => {
  const { dress } = prepareDress(databases, { suffix: 'simple' }, ADDRESS)
  const titled: DalleDress = {
    ...dress,
    titlePrompt: 'The “Odd” <Otter> & Co, Ġgantija',
    enhancedPrompt: 'An otter & its “<shadow>”.'
  }
  const picture = await encodePng(noise(40, 30))
  const embedded = (options: Partial<Parameters<typeof embedProvenance>[1]> = {}) =>
    embedProvenance(picture, { dress: titled, provider: 'local', withPrompts: true, ...options })

  async function read(png: Buffer) {
    const { xmp, comments = [] } = await sharp(png, { failOn: 'warning' }).metadata()
    return {
      xmp: xmp?.toString() ?? '',
      texts: Object.fromEntries(comments.map(({ keyword, text }) => [keyword, text]))
    }
  }

  t.test('in text chunks and an XMP packet', async (t) => {
    const { xmp, texts } = await read(embedded())
    t.match(texts, {
      Title: titled.titlePrompt,
      Description: titled.enhancedPrompt,
      Provider: 'local',
      Software: /^dalleserver \d+\.\d+\.\d+$/,
      Databases: `v1.0.0 ${databases.hash}`
    })
    const told = JSON.parse(texts.Dress!)
    t.match(told, {
      original: ADDRESS,
      series: 'simple',
      seed: dress.seed,
      prompt: dress.prompt,
      databaseVersion: 'v1.0.0',
      attributes: dress.attributes
    })
    t.notOk(
      'fileSize' in told || 'cacheHit' in told || 'modifiedAt' in told,
      'nothing that changes while it lies there'
    )
    t.match(xmp, 'http://cv.iptc.org/newscodes/digitalsourcetype/algorithmicMedia<')
    t.match(xmp, 'The “Odd” &lt;Otter&gt; &amp; Co, Ġgantija')
    t.match(xmp, 'An otter &amp; its “&lt;shadow&gt;”.')
    t.match((await read(embedded({ provider: 'openai' }))).xmp, '/trainedAlgorithmicMedia<')
  })

  t.test('without the prompts where they are to stay secret', async (t) => {
    const png = embedded({ withPrompts: false })
    const { texts } = await read(png)
    t.match(texts, { Title: titled.titlePrompt, Provider: 'local' })
    for (const prompt of [
      dress.prompt,
      dress.dataPrompt,
      dress.tersePrompt,
      'its “<shadow>”',
      'its “&lt;shadow'
    ]) {
      t.notOk(png.includes(prompt), prompt.slice(0, 20))
    }
    t.same(JSON.parse(texts.Dress!).attributes, dress.attributes)
  })

  t.test('and stays the picture it is', async (t) => {
    t.same((await decodeImage(embedded())).raster, (await decodeImage(picture)).raster)
    t.ok(
      embedProvenance(embedded(), { dress: titled, provider: 'local', withPrompts: true }).equals(embedded()),
      'said once, however often it is written'
    )
    t.same(
      (await read(embedProvenance(embedded(), { dress, provider: 'openai', withPrompts: false }))).texts
        .Description,
      undefined,
      'an earlier prompt does not stay behind'
    )
    const told = await sharp(picture)
      .withExif({ IFD0: { ImageDescription: 'a secret prompt' } })
      .png()
      .toBuffer()
    const foreign = Buffer.concat([told, Buffer.from('a secret prompt')])
    t.ok(foreign.includes('a secret prompt'))
    const kept = embedProvenance(foreign, { dress: titled, provider: 'openai', withPrompts: false })
    t.notOk(kept.includes('a secret prompt'), 'nor one that came with it')
    t.same((await decodeImage(kept)).raster, (await decodeImage(picture)).raster)
    const cut = picture.subarray(0, picture.length - 12)
    t.ok(
      embedProvenance(Buffer.from(cut), { dress: titled, provider: 'local', withPrompts: true }).equals(
        embedded()
      ),
      'one that was cut before its end is ended'
    )
  })
})
