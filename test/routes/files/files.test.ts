import t from 'tap'
import { checksumAddress } from '../../../lib/checksum.ts'
import { ADDRESS, build, buildApp, plainPng } from '../../helper.ts'
import { rawGet } from '../../raw-http.ts'

t.test('files outside the output folder are never served, for any spelling of the path', async (t) => {
  const { url, app, dataDir } = await build(t)
  await app.pictures.stored.put('simple', ADDRESS, await plainPng(32))
  await app.files.write('secret.txt', 'top secret')
  await app.files.write('output/.hidden', 'top secret')
  await app.files.write('output/simple/.x.png.1.0000abcd.tmp', 'top secret')
  const spellings = [
    '../secret.txt',
    '..%2fsecret.txt',
    '%2e%2e/secret.txt',
    '%2e%2e%2fsecret.txt',
    '..%5csecret.txt',
    '%252e%252e/secret.txt',
    'simple/../../secret.txt',
    'simple/..%2f..%2fsecret.txt',
    './secret.txt',
    '/secret.txt',
    '//secret.txt',
    `${encodeURIComponent(dataDir)}/secret.txt`,
    `${dataDir}/secret.txt`,
    'simple/annotated/..%00/x',
    '%00',
    'secret.txt%00.png',
    '.hidden',
    'simple/.x.png.1.0000abcd.tmp',
    'simple',
    'simple/',
    'simple/annotated',
    '',
    `simple/annotated/${ADDRESS}.png/x`,
    `SIMPLE/annotated/${ADDRESS}.png`,
    'a'.repeat(3000)
  ]
  for (const spelling of spellings) {
    const text = await rawGet(url, `/files/${spelling}`)
    t.match(text, /^HTTP\/1\.1 404 /, spelling.slice(0, 80))
    t.match(text, /"code":"NOT_FOUND"/)
    t.notMatch(text, /top secret/)
  }
})

t.test('/files serves all files of a run with their media types', async (t) => {
  const { ask } = await buildApp(t)
  await (await ask(`/dalle/simple/${ADDRESS}?generate=1`, { headers: { prefer: 'wait=60' } })).arrayBuffer()
  const types: Record<string, string> = {
    png: 'image/png',
    txt: 'text/plain; charset=utf-8',
    json: 'application/json; charset=utf-8'
  }
  for (const path of [
    'annotated/A.png',
    'generated/A.png',
    'title/A.txt',
    'terse/A.txt',
    'prompt/A.txt',
    'data/A.txt',
    'technical/A.txt',
    'selector/A.json'
  ]) {
    const response = await ask(`/files/simple/${path.replace('A', ADDRESS)}`)
    t.equal(response.status, 200, path)
    t.equal(response.headers.get('content-type'), types[path.split('.')[1]!])
    t.ok((await response.arrayBuffer()).byteLength > 0)
  }
})

t.test('an address in any case names the files of the address', async (t) => {
  const { url, app } = await build(t)
  const right = checksumAddress(ADDRESS)
  const wrong = right
    .replace(/[a-f]/, (letter) => letter.toUpperCase())
    .replace(/[A-F](?=[^A-F]*$)/, (letter) => letter.toLowerCase())
  await app.pictures.stored.put('simple', ADDRESS, await plainPng(32))
  await app.files.write(`output/gone/generated/${ADDRESS}.png`, await plainPng(32))
  await app.files.write(`output/simple/selector/${ADDRESS}.json`, '{}')
  for (const name of [right, `0X${ADDRESS.slice(2).toUpperCase()}`, ADDRESS]) {
    for (const path of [
      `simple/annotated/${name}.png`,
      `simple/annotated/${name}.png?w=64&format=webp`,
      `gone/generated/${name}.png?w=64`,
      `simple/selector/${name}.json`
    ]) {
      const response = await fetch(`${url}/files/${path}`, { redirect: 'error' })
      t.equal(response.status, 200, path)
      t.equal(response.headers.get('x-address-checksum'), null)
    }
  }
  const noted = await fetch(`${url}/files/simple/annotated/${wrong}.png`)
  t.equal(noted.status, 200)
  t.equal(noted.headers.get('x-address-checksum'), 'invalid')

  const strict = await build(t, { settings: { TB_DALLE_STRICT_CHECKSUM: '1' } })
  const refused = await fetch(`${strict.url}/files/simple/annotated/${wrong}.png`)
  t.equal(refused.status, 400)
  t.match(await refused.json(), { error: { code: 'INVALID_ADDRESS', details: new RegExp(`write ${right}`) } })
})
