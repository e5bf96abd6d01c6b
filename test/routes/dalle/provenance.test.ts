import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import sharp from 'sharp'
import { ADDRESS, bodyOf, buildApp, plainPng, pollUntilDone, temporaryFolder } from '../../helper.ts'

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

t.test('with TB_DALLE_EMBED_PROMPT=0 no file is served with a prompt that it got before', async (t) => {
  const before = await buildApp(t)
  const { dalleDress } = await pollUntilDone(`/dalle/simple/${ADDRESS}?generate=1`, before.ask)
  const { seed, titlePrompt, prompt, tersePrompt } = dalleDress
  const output = (kind: string) => `output/simple/${kind}/${ADDRESS}`
  const technical = await before.app.files.readText(`${output('technical')}.txt`, { maxBytes: 100_000 })
  const secret = 'the prompt that the provider was sent'
  const jpeg = await sharp(await plainPng(64))
    .withExif({ IFD0: { ImageDescription: secret } })
    .jpeg()
    .toBuffer()
  await before.app.files.write(`output/other/generated/${ADDRESS}.png`, jpeg)
  const foreign = await sharp(await plainPng(64))
    .withExif({ IFD0: { ImageDescription: secret } })
    .png()
    .toBuffer()
  await before.app.files.write(`output/other/annotated/${ADDRESS}.png`, foreign)
  await before.app.files.write(`${output('enhanced')}.txt`, secret)
  await before.app.files.write('output/simple/notes.md', secret)
  await before.app.files.write('output/simple/selector/broken.json', `"${secret}`)
  t.ok((await bodyOf(await before.ask(`/files/simple/annotated/${ADDRESS}.png`))).includes(prompt))
  t.ok((await bodyOf(await before.ask(`/files/other/annotated/${ADDRESS}.png`))).includes(secret))

  const dataDir = await temporaryFolder(t)
  await cp(join(before.dataDir, 'output'), join(dataDir, 'output'), { recursive: true })
  const { ask } = await buildApp(t, { dataDir, settings: { TB_DALLE_EMBED_PROMPT: '0' } })
  const texts = [prompt, tersePrompt, technical!.trim(), secret]
  for (const url of [
    `/dalle/simple/${ADDRESS}`,
    `/files/simple/annotated/${ADDRESS}.png`,
    `/files/simple/annotated/${ADDRESS}.png?format=webp`,
    `/files/simple/generated/${ADDRESS}.png`,
    `/files/other/generated/${ADDRESS}.png`,
    `/files/other/annotated/${ADDRESS}.png`
  ]) {
    const response = await ask(url)
    t.equal(response.status, 200, url)
    const body = await bodyOf(response)
    t.equal(Number(response.headers.get('content-length')), body.length)
    t.notOk(texts.some((text) => body.includes(text) || body.includes(JSON.stringify(text).slice(1, -1))))
    const { comments = [], format } = await sharp(body, { failOn: 'warning' }).metadata()
    t.equal(`image/${format}`, response.headers.get('content-type'))
    if (url.endsWith(`/simple/annotated/${ADDRESS}.png`)) {
      const { Title, Dress } = Object.fromEntries(comments.map(({ keyword, text }) => [keyword, text]))
      t.equal(Title, titlePrompt)
      t.match(JSON.parse(Dress!), { original: ADDRESS, attributes: dalleDress.attributes })
      const again = await ask(url, { headers: { 'if-none-match': response.headers.get('etag')! } })
      t.equal(again.status, 304)
    }
  }
  for (const path of [`simple/selector/${ADDRESS}.json`, `simple/metadata/${seed}.json`]) {
    const response = await ask(`/files/${path}`)
    t.equal(response.status, 200, path)
    const body = await response.text()
    t.match(body, titlePrompt)
    t.notMatch(body, /"(?:prompt|dataPrompt|tersePrompt|enhancedPrompt|technicalPrompt)"/)
    t.notOk(texts.some((text) => body.includes(JSON.stringify(text).slice(1, -1))))
  }
  t.equal((await ask(`/files/simple/title/${ADDRESS}.txt`)).status, 200)
  const hidden = ['prompt', 'data', 'terse', 'technical', 'enhanced'].map((kind) => `${kind}/${ADDRESS}.txt`)
  for (const path of [...hidden, 'notes.md', 'selector/broken.json']) {
    t.equal((await ask(`/files/simple/${path}`)).status, 404, path)
  }
})
