import t from 'tap'
import sharp from 'sharp'
import { ADDRESS, bodyOf, buildApp, pollUntilDone } from '../../helper.ts'

t.test(
  'both pictures of a run contain their provenance, and their prompts where the setting allows it',
  async (t) => {
    for (const [setting, isEmbedded] of [
      ['1', true],
      ['0', false]
    ] as const) {
      const { ask } = await buildApp(t, { settings: { TB_DALLE_EMBED_PROMPT: setting } })
      const { dalleDress } = await pollUntilDone(`/dalle/simple/${ADDRESS}?generate=1`, ask)
      for (const kind of ['annotated', 'generated']) {
        const png = await bodyOf(await ask(`/files/simple/${kind}/${ADDRESS}.png`))
        const { comments = [], xmp } = await sharp(png, { failOn: 'warning' }).metadata()
        const texts = Object.fromEntries(comments.map(({ keyword, text }) => [keyword, text]))
        t.match(texts, { Title: dalleDress.titlePrompt, Provider: 'local', Software: /^dalleserver / }, kind)
        t.match(JSON.parse(texts.Dress!), {
          original: ADDRESS,
          series: 'simple',
          attributes: dalleDress.attributes
        })
        t.match(xmp!.toString(), '/digitalsourcetype/algorithmicMedia<')
        t.equal(
          png.includes(dalleDress.prompt),
          isEmbedded,
          `${kind}, prompts ${isEmbedded ? '' : 'not '}embedded`
        )
      }
    }
  }
)
