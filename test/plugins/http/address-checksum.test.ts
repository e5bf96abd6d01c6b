import t from 'tap'
import { ADDRESS, buildApp, json } from '../../helper.ts'

const RIGHT = '0xf503017D7baF7FBC0fff7492b751025c6A78179b'
/** The last letter has the wrong case. */
const WRONG = `${RIGHT.slice(0, -1)}B`
const HEADER = 'x-address-checksum'

const paths = (address: string) => [
  `/dalle/simple/${address}`,
  `/dalle/simple/${address}/partial`,
  `/dalle/simple/${address}?generate=0`,
  `/avatar/simple/${address}.svg`,
  `/nft/simple/${address}`,
  `/nft/simple/${address}.json`,
  `/preview/simple/${address}`
]

/** The page of a picture that is not there is a 404 with a button that makes it. */
const isAnswered = (path: string, status: number) =>
  status < 300 || (path.startsWith('/preview/') && status === 404)

const order = (seed: string) => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ seed })
})

t.test('an address whose case is wrong is marked, and answered all the same', async (t) => {
  const { ask } = await buildApp(t)
  for (const path of paths(WRONG)) {
    const { headers, status } = await ask(path)
    t.equal(headers.get(HEADER), 'invalid', path)
    t.ok(isAnswered(path, status), path)
  }
  for (const address of [RIGHT, ADDRESS, `0x${ADDRESS.slice(2).toUpperCase()}`, `0X${RIGHT.slice(2)}`]) {
    for (const path of paths(address)) t.equal((await ask(path)).headers.get(HEADER), null, path)
  }
  t.equal((await ask(`/dalle/none/${WRONG}`)).headers.get(HEADER), 'invalid', 'an error has it too')
  for (const [seed, mark] of [
    [WRONG, 'invalid'],
    [RIGHT, null]
  ] as const) {
    const answer = await ask('/v1/images/preview', order(seed))
    t.equal(answer.status, 200)
    t.equal(answer.headers.get(HEADER), mark, 'so is the seed of a request')
    t.equal((await ask(`/v1/images/${seed}`)).headers.get(HEADER), mark)
  }
})

t.test('with TB_DALLE_STRICT_CHECKSUM=1 it is refused, with the right form', async (t) => {
  const { ask } = await buildApp(t, { settings: { TB_DALLE_STRICT_CHECKSUM: '1' } })
  for (const path of [
    ...paths(WRONG),
    `/dalle/simple/${WRONG}?generate=1`,
    `/dalle/simple/${WRONG}/events`
  ]) {
    const answer = await ask(path)
    t.equal(answer.status, 400, path)
    t.match(await json(answer), {
      error: { code: 'INVALID_ADDRESS', message: 'Invalid address format', details: `write ${RIGHT} if` }
    })
    t.equal(answer.headers.get(HEADER), 'invalid')
  }
  const removal = await ask(`/dalle/simple/${WRONG}`, { method: 'DELETE' })
  t.equal((await json(removal)).error.code, 'INVALID_ADDRESS')
  const series = await ask(`/dalle/none/${WRONG}`)
  t.equal((await json(series)).error.code, 'INVALID_SERIES', 'what is wrong first is said first')
  for (const answer of [
    await ask('/v1/images/generate', order(WRONG)),
    await ask('/v1/images/preview', order(` ${WRONG} `)),
    await ask(`/v1/images/${WRONG}`),
    await ask(`/v1/images/${WRONG}`, { method: 'DELETE' })
  ]) {
    t.equal(answer.status, 400)
    t.match(await json(answer), { error: { code: 'invalid_input', details: RIGHT } })
  }
  for (const path of [...paths(RIGHT), ...paths(ADDRESS)]) {
    t.ok(isAnswered(path, (await ask(path)).status), path)
  }
  t.equal((await ask('/v1/images/preview', order(RIGHT))).status, 200)
})
