import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import type { Artist } from '../../../lib/image/artist.ts'
import type { Token } from '../../../lib/schemas/nft.ts'
import { expectedCid } from '../../cid.ts'
import { buildGoFolder, goAddress } from '../../go-folder.ts'
import { ADDRESS, bodyOf, buildApp, json, plainPng } from '../../helper.ts'
import { put } from '../../lib/storage/faults.ts'
import { exampleOf } from '../examples/documentation.ts'

const CHECKSUMMED = '0xf503017D7baF7FBC0fff7492b751025c6A78179b'
const TOKEN = `/nft/simple/${CHECKSUMMED}`
const PICTURE = `/dalle/simple/${ADDRESS}`
const WAIT = { headers: { prefer: 'wait=55' } }
const SETTINGS = { TB_DALLE_PUBLIC_URL: 'https://dalle.example/art/', TB_DALLE_FAILURE_HOLD: '1ms' }

/** An artist that paints fast, each time in another colour. */
function createPainter(): Artist {
  let color = 0
  return {
    provider: 'local',
    compose: () => ({
      draw: async () => ({
        downloadMode: 'local',
        download: async () => await plainPng(64, `#${String((color += 100_001)).padStart(6, '0')}`)
      })
    })
  }
}

t.test('the metadata of a token are there before the picture is, and its CID with the picture', async (t) => {
  const { ask, dataDir } = await buildApp(t, { artist: createPainter(), settings: SETTINGS })
  const token = async (): Promise<Token> => await json(await ask(TOKEN))
  const answer = await ask(TOKEN)
  t.equal(answer.headers.get('content-type'), 'application/json; charset=utf-8')
  t.equal(answer.headers.get('cache-control'), 'public, no-cache')
  t.equal(answer.headers.get('x-address-checksum'), null)
  t.equal(answer.headers.get('access-control-allow-origin'), '*')
  const before: Token = await json(answer)
  t.match(before, {
    name: /^The /,
    description: new RegExp(`^An? .*\\.\n\nThe picture of ${CHECKSUMMED} in the series simple\\.$`),
    image: `https://dalle.example/art/avatar/simple/${CHECKSUMMED}.png?size=1024&caption=1`,
    external_url: `https://dalle.example/art/preview/simple/${CHECKSUMMED}`,
    background_color: /^[0-9a-f]{6}$/
  })
  t.notOk('image_cid' in before)
  t.equal(before.attributes.length, 18)
  const { pathname, search } = new URL(before.image)
  const image = await ask(pathname.replace('/art', '') + search)
  t.equal(image.headers.get('content-type'), 'image/png')
  t.equal(image.headers.get('access-control-allow-origin'), '*')
  t.equal(image.headers.get('x-dalle-placeholder'), 'true', 'an image, before there is a picture')
  t.same((await json(await ask(PICTURE))).data, {}, 'nothing has started')

  const { data: started } = await json(await ask(`${PICTURE}?generate=1`))
  t.equal(started.dalleDress.ipfsHash, '', 'there is no CID before the picture')
  await ask(`${PICTURE}?generate=1`, WAIT)
  const served = await bodyOf(await ask(PICTURE))
  const { image_cid: cid, ...rest } = await token()
  t.equal(cid, expectedCid(served), 'of the bytes that are sent')
  t.same(rest, before, 'and all else is as before')

  const { data: poll } = await json(await ask(`${PICTURE}?generate=1`))
  t.equal(poll.dalleDress.ipfsHash, cid)
  const dress = JSON.parse(await readFile(join(dataDir, `output/simple/selector/${ADDRESS}.json`), 'utf8'))
  t.equal(dress.ipfsHash, cid)
  const { data: record } = await json(await ask(`/v1/images/${ADDRESS}`))
  t.equal(record.metadata.ipfsHash, cid)
  const file = await json(await ask(`/files/simple/metadata/${dress.seed}.json`))
  t.equal(file.ipfsHash, cid)

  await ask(`${PICTURE}?generate=1&force=1`, WAIT)
  const redrawn = await bodyOf(await ask(PICTURE))
  const after = await token()
  t.not(after.image_cid, cid, 'a new picture has another CID')
  t.equal(after.image_cid, expectedCid(redrawn))

  const foreign = await plainPng(32, '#123456')
  await put(dataDir, `output/simple/annotated/${ADDRESS}.png`, foreign)
  t.equal((await token()).image_cid, expectedCid(foreign), 'another program has replaced the file')
  await ask(`${PICTURE}?remove=1`)
  t.notOk('image_cid' in (await token()))
})

t.test('metadata are answered as other resources are', async (t) => {
  const { ask } = await buildApp(t, { settings: SETTINGS })

  await t.test('the example of the documentation is what is answered', async (t) => {
    const {
      image_cid: cid,
      attributes,
      ...example
    } = JSON.parse(
      exampleOf('NFT metadata', 'json', SETTINGS.TB_DALLE_PUBLIC_URL.replace(/\/$/, ''))
    ) as Token
    const token: Token = await json(await ask(TOKEN))
    t.match(token, example)
    for (const attribute of attributes) {
      t.hasStrict(
        token.attributes.find(({ value }) => value === attribute.value),
        attribute
      )
    }
    t.match(cid, /^bafkrei[a-z2-7]{52}$/)
  })

  await t.test('the case of the path does not matter, and .json may end it', async (t) => {
    const body = await (await ask(TOKEN)).text()
    for (const path of [`/nft/SIMPLE/${ADDRESS}`, `/nft/simple/${ADDRESS}.json`, `/nft/simple/${ADDRESS}/`]) {
      t.equal(await (await ask(path)).text(), body, path)
    }
  })

  await t.test('a client that has the body gets 304, and HEAD gets the headers', async (t) => {
    for (const path of [TOKEN, '/nft/simple']) {
      const { headers, status } = await ask(path)
      t.equal(status, 200)
      const etag = headers.get('etag')!
      t.match(etag, /^"[\w-]{27}"$/)
      const again = await ask(path, { headers: { 'if-none-match': `"other", W/${etag}` } })
      t.equal(again.status, 304)
      t.equal(await again.text(), '')
      t.equal((await ask(path, { headers: { 'if-none-match': '"other"' } })).status, 200)
      const head = await ask(path, { method: 'HEAD' })
      t.equal(head.headers.get('etag'), etag)
      t.equal(head.headers.get('content-length'), String((await bodyOf(await ask(path))).length))
    }
  })

  await t.test('the metadata of a collection name its series', async (t) => {
    const collection = await json(await ask('/nft/Deep%20Sea'))
    t.match(collection, {
      name: 'Deep Sea',
      description: /\w\. One picture for each Ethereum address\.$/,
      image: /^https:\/\/dalle\.example\/art\/avatar\/deep-sea\/0x[0-9a-fA-F]{40}\.png\?size=1024&caption=1$/,
      external_link: 'https://dalle.example/art/preview?series=deep-sea'
    })
    const { pathname } = new URL(collection.image)
    const [, address] = /(0x\w+)\.png$/.exec(pathname)!
    t.equal((await ask(`/nft/deep-sea/${address}`)).headers.get('x-address-checksum'), null, 'as EIP-55 says')
  })

  await t.test('what is wrong is answered as it is for pictures', async (t) => {
    for (const [path, code, details] of [
      [`/nft/none/${ADDRESS}`, 'INVALID_SERIES', /"none"/],
      ['/nft/none', 'INVALID_SERIES', /"none"/],
      ['/nft/simple/0x12', 'INVALID_ADDRESS', /"0x12"/],
      [`/nft/simple/${ADDRESS}.png`, 'INVALID_ADDRESS', /\.png"/],
      ['/nft/simple/1234', 'INVALID_ADDRESS', /"1234"/],
      [`/nft/simple/${ADDRESS}/1`, 'INVALID_ADDRESS', /\/1"/],
      ['/nft', 'INVALID_REQUEST', /\/nft\/<series>/],
      ['/nft/simple/.json', 'MISSING_PARAMETER', /\/nft\//]
    ] as const) {
      const answer = await ask(path)
      t.equal(answer.status, 400, path)
      t.match(await json(answer), { success: false, error: { code, details } }, path)
      t.equal(answer.headers.get('cache-control'), 'no-store')
      t.equal(answer.headers.get('etag'), null)
    }
  })
})

t.test('with TB_DALLE_EMBED_PROMPT=0 no prompt is said, and the CID is that of what is sent', async (t) => {
  const first = await buildApp(t, { artist: createPainter() })
  const { dataDir } = first
  await first.ask(`${PICTURE}?generate=1`, WAIT)
  const { image_cid: withPrompts, description } = await json(await first.ask(TOKEN))
  await first.app.close()
  const { ask } = await buildApp(t, { dataDir, settings: { TB_DALLE_EMBED_PROMPT: '0' } })
  const token = await json(await ask(TOKEN))
  t.equal(token.description, `The picture of ${CHECKSUMMED} in the series simple.`)
  t.notMatch(JSON.stringify(token), description.split('\n')[0])
  t.not(token.image_cid, withPrompts)
  t.equal(token.image_cid, expectedCid(await bodyOf(await ask(PICTURE))))
})

t.test('pictures of the Go server have a CID, and the attributes that they were made from', async (t) => {
  const { ask } = await buildApp(t, { dataDir: await buildGoFolder(t) })
  const path = `go-series-15/${goAddress(15)}`
  const token = await json(await ask(`/nft/${path}`))
  t.equal(token.image_cid, expectedCid(await bodyOf(await ask(`/dalle/${path}`))))
  t.match(token.attributes, [
    { trait_type: 'Adjective', value: 'Weathered' },
    { trait_type: 'Backdrop', value: 'A plain soft grey background' }
  ])
  t.equal(token.name, 'The Title 15')
})
