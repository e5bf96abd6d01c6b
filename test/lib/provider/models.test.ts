import t from 'tap'
import { imageRequest, parseSizes, shutdownOf } from '../../../lib/provider/models.ts'
import { orientationOf } from '../../../lib/provider/orientation.ts'
import type { ImageSettings } from '../../../lib/provider/operations.ts'
import { startOpenAi } from '../../peers/openai.ts'
import { startClient } from './start-client.ts'

const SETTINGS: ImageSettings = {
  model: 'gpt-image-2',
  family: undefined,
  quality: 'high',
  sizes: ['square', 'landscape', 'portrait'],
  style: 'vivid',
  url: undefined,
  timeoutMs: 1,
  retryOnTimeout: false,
  partialImages: 0
}

t.test('viewpoint and composition decide the orientation', async (t) => {
  const of = (viewpoint: string, composition: string) =>
    orientationOf([
      { name: 'viewpoint', value: viewpoint },
      { name: 'composition', value: composition }
    ])
  t.equal(of('panoramic view,lens,x', 'the rule of odds,balance,x'), 'landscape')
  t.equal(of("worm's-eye view,height,wide", 'a central axis,balance,x'), 'portrait')
  t.equal(of('panoramic view,lens,x', 'a tall diamond,shape,x'), 'square', 'they disagree')
  t.equal(of('front view,side,panoramic', 'none'), 'square', 'only the name of a row counts')
  t.equal(orientationOf([]), 'square')
})

t.test('each model gets the parameters that it accepts', async (t) => {
  const openai = await startOpenAi({ scale: 0.0625 })
  t.teardown(() => openai.close())
  const cases: Array<[settings: Partial<ImageSettings>, sizes: string[]]> = [
    [{ model: 'gpt-image-2' }, ['1024x1024', '1024x1536', '1536x1024']],
    [{ model: 'gpt-image-1', quality: 'hd' }, ['1024x1024', '1024x1536', '1536x1024']],
    [{ model: 'dall-e-3', style: 'natural' }, ['1024x1024', '1024x1792', '1792x1024']],
    [{ model: 'dall-e-2', style: 'vivid', partialImages: 3 }, ['1024x1024', '1024x1024', '1024x1024']]
  ]
  for (const [image, sizes] of cases) {
    openai.reset()
    const { draw } = await startClient(t, { baseUrl: openai.url, image })
    for (const orientation of ['square', 'portrait', 'landscape'] as const) {
      const { error } = await draw({ orientation, prompt: 'x'.repeat(40_000) })
      t.equal(error, undefined, `${image.model} accepts ${orientation}`)
    }
    t.same(
      openai.requests.map(({ body }) => body.size),
      sizes,
      String(image.model)
    )
  }
})

t.test('quality, style and the form of the answer depend on the family', async (t) => {
  const request = (settings: Partial<ImageSettings>) =>
    imageRequest({ ...SETTINGS, ...settings }, 'An otter', 'square')
  t.same(request({}), { model: 'gpt-image-2', prompt: 'An otter', n: 1, size: '1024x1024', quality: 'high' })
  t.match(request({ quality: 'standard' }), { quality: 'medium' })
  t.match(request({ model: 'dall-e-3' }), { quality: 'hd', style: 'vivid', response_format: 'b64_json' })
  t.match(request({ model: 'dall-e-2', partialImages: 2 }), { quality: 'standard', stream: undefined })
  t.match(request({ partialImages: 2 }), { stream: true, partial_images: 2 })
  t.match(
    request({ model: 'mine', quality: 'hd' }),
    { quality: 'hd', style: 'vivid' },
    'a model of a compatible server gets the settings unchanged'
  )
})

t.test('an announced shutdown is known for each version of a model', async (t) => {
  const end = new Date('2026-10-23T00:00:00Z')
  t.same(shutdownOf('gpt-image-1'), end)
  t.same(shutdownOf('gpt-image-1-2025-04-23'), end)
  t.equal(shutdownOf('gpt-image-2'), undefined)
})

t.test(
  'the family of a model decides its parameters, and a setting names it where the name does not',
  async (t) => {
    const of = (settings: Partial<ImageSettings>) =>
      imageRequest({ ...SETTINGS, ...settings }, 'An otter', 'landscape')
    const dallE3 = { size: '1792x1024', quality: 'hd', style: 'vivid', response_format: 'b64_json' }
    t.match(of({ model: 'openai/dall-e-3' }), { model: 'openai/dall-e-3', ...dallE3 })
    t.match(of({ model: 'my-dalle3', family: 'dall-e-3' }), { model: 'my-dalle3', ...dallE3 })
    t.match(of({ model: 'DALL-E-3' }), dallE3)
    const mine = of({ model: 'my-dalle3' })
    t.match(
      mine,
      { size: '1536x1024', quality: 'high', style: 'vivid' },
      'else it is one of a compatible server'
    )
    t.notOk('response_format' in mine)
    const gpt = of({ model: 'azure/gpt-image-1', quality: 'hd' })
    t.match(gpt, { size: '1536x1024', quality: 'high' })
    t.notOk('style' in gpt)
  }
)

t.test('only the sizes that a model takes are asked for', async (t) => {
  const sizesOf = (text: string, model = 'gpt-image-2') =>
    (['square', 'landscape', 'portrait'] as const).map(
      (orientation) =>
        imageRequest({ ...SETTINGS, model, sizes: parseSizes(text)! }, 'An otter', orientation).size
    )
  t.same(sizesOf('square,landscape,portrait'), ['1024x1024', '1536x1024', '1024x1536'])
  t.same(sizesOf('square, portrait', 'dall-e-3'), ['1024x1024', '1024x1024', '1024x1792'])
  t.same(sizesOf('landscape'), ['1536x1024', '1536x1024', '1536x1024'])
  t.same(sizesOf('512x512'), ['512x512', '512x512', '512x512'])
  t.same(sizesOf('768x512,512x512,512x768'), ['512x512', '768x512', '512x768'])
  t.same(sizesOf('none'), [undefined, undefined, undefined])
  t.notOk(
    'size' in imageRequest({ ...SETTINGS, sizes: [] }, 'An otter', 'square'),
    'none leaves the size out'
  )
  t.notOk('quality' in imageRequest({ ...SETTINGS, quality: undefined }, 'An otter', 'square'))
  for (const wrong of ['', 'wide', 'square,', '512', '0x0', '512x', 'none,square']) {
    t.equal(parseSizes(wrong), undefined, wrong)
  }
})
