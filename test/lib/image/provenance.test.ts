import sharp from 'sharp'
import t from 'tap'
import { prepareDress } from '../../../lib/dress/dress.ts'
import { withFilledSlots } from '../../../lib/dress/slots.ts'
import { embedProvenance } from '../../../lib/image/provenance.ts'
import { decodeImage, encodePng } from '../../../lib/image/raster.ts'
import type { DalleDress } from '../../../lib/schemas/dress.ts'
import { ADDRESS } from '../../helper.ts'
import { databases } from '../dress/built-in.ts'
import { noise } from './rasters.ts'

t.test('the provenance of a PNG', async (t) => {
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

  t.test('is in text chunks and an XMP packet', async (t) => {
    const { xmp, texts } = await read(embedded())
    t.match(texts, {
      Title: titled.titlePrompt,
      Description: titled.enhancedPrompt,
      Provider: 'local',
      Artist: '2',
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
      attributes: withFilledSlots(dress).attributes
    })
    t.notOk(
      'fileSize' in told || 'cacheHit' in told || 'modifiedAt' in told,
      'nothing that changes while it lies there'
    )
    t.match(xmp, 'http://cv.iptc.org/newscodes/digitalsourcetype/algorithmicMedia<')
    t.match(xmp, 'The “Odd” &lt;Otter&gt; &amp; Co, Ġgantija')
    t.match(xmp, 'An otter &amp; its “&lt;shadow&gt;”.')
    const other = await read(embedded({ provider: 'openai' }))
    t.match(other.xmp, '/trainedAlgorithmicMedia<')
    t.notOk('Artist' in other.texts, 'only the built-in artist has editions')
  })

  t.test('has no prompts if they are secret', async (t) => {
    const png = embedded({ withPrompts: false })
    const { texts } = await read(png)
    t.match(texts, { Title: titled.titlePrompt, Provider: 'local', Artist: '2' })
    for (const prompt of [
      dress.prompt,
      dress.dataPrompt,
      dress.tersePrompt,
      'its “<shadow>”',
      'its “&lt;shadow'
    ]) {
      t.notOk(png.includes(prompt), prompt.slice(0, 20))
    }
    t.same(JSON.parse(texts.Dress!).attributes, withFilledSlots(dress).attributes)
  })

  t.test('does not change the pixels and replaces earlier metadata', async (t) => {
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
