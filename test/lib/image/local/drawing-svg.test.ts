import sharp from 'sharp'
import t from 'tap'
import { drawingSvg } from '../../../../lib/image/local/drawing-svg.ts'
import { ADDRESS, dressOf, wearing } from './dresses.ts'

const PATTERN =
  /<pattern id="[^"]*" width="(\d+)" height="(\d+)" [^>]*patternTransform="scale\(([\d.e-]+)(?: ([\d.e-]+))?\)/g

t.test('the tiles of textures are whole pixels at every size, which the renderer draws fast', async (t) => {
  const patterned = ['Javanese batik,southeast asian', 'matryoshka,folk'].map((artStyle1) =>
    wearing({ artStyle1 })
  )
  for (const size of [257, 300, 512, 777, 1024]) {
    for (const dress of patterned) {
      const patterns = [...drawingSvg(dress, size, false).matchAll(PATTERN)]
      t.ok(patterns.length > 0)
      for (const [, width, height, x, y = x] of patterns) {
        for (const pixels of [Number(width) * Number(x), Number(height) * Number(y)]) {
          const shown = (pixels * size) / 1000
          t.ok(shown > 0.5 && Math.abs(shown - Math.round(shown)) < 1e-6, `${shown} pixels at ${size}`)
        }
      }
    }
  }
  t.notMatch(drawingSvg(patterned[0]!, 256, false), /<pattern/, 'a small drawing has no textures')
})

t.test('a captioned drawing fits into its square and shows the drawing above the band', async (t) => {
  const dress = dressOf(ADDRESS)
  for (const size of [16, 300, 1024]) {
    const { width, height } = await sharp(Buffer.from(drawingSvg(dress, size, true))).metadata()
    t.equal(height, size)
    t.ok(width < size && width > size * 0.7, `${width} × ${height}`)
  }
  const captioned = sharp(Buffer.from(drawingSvg(dress, 600, true)))
  const { width } = await captioned.metadata()
  const above = await captioned
    .extract({ left: 0, top: 0, width, height: width })
    .removeAlpha()
    .raw()
    .toBuffer()
  const plain = await sharp(Buffer.from(drawingSvg(dress, width, false)))
    .removeAlpha()
    .raw()
    .toBuffer()
  t.ok(above.equals(plain))
})
