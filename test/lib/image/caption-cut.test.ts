import t from 'tap'
import { captionImage, heightAboveCaption } from '../../../lib/image/caption.ts'
import { noise, pixelsOf, plain } from './rasters.ts'

t.test('the band of a caption is found by its pixels', async (t) => {
  const text = 'A fizzily tattered Inca tern, a glider pilot'
  for (const [name, picture] of [
    ['noise', noise(200, 120)],
    ['one colour, which the band has too', plain(300, 300, [200, 60, 10])],
    ['black, where band and hairline are the same', plain(64, 64, [0, 0, 0])],
    ['white', plain(97, 41, [255, 255, 255])],
    ['a wide picture', noise(1024, 40)]
  ] as const) {
    const captioned = await pixelsOf(await captionImage(picture, text))
    const expected = name.startsWith('black') ? captioned.height : picture.height
    t.equal(heightAboveCaption(captioned), expected, name)
  }
})

t.test('a picture without a band keeps its height', async (t) => {
  t.equal(heightAboveCaption(noise(100, 60)), 60)
  t.equal(heightAboveCaption(plain(100, 60, [7, 7, 7])), 60)
  t.equal(heightAboveCaption(plain(1, 1, [7, 7, 7])), 1)
})
