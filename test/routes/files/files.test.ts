import t from 'tap'
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
