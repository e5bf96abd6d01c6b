import { once } from 'node:events'
import { connect } from 'node:net'
import t from 'tap'
import { build, buildApp } from '../../helper.ts'

t.test('the first JSON value of a body counts, whatever its Content-Type', async (t) => {
  const app = await buildApp(t)
  const preview = async (body: string, headers: Record<string, string> = {}) => {
    const response = await app.ask('/v1/images/preview', { method: 'POST', headers, body })
    const { data, error } = JSON.parse(await response.text())
    return error === undefined ? data.input : `${response.status} ${error.code}: ${error.message}`
  }
  const invalid = '400 invalid_input: invalid JSON request'
  const types = [
    'application/x-www-form-urlencoded',
    'text/plain',
    'application/xml; charset=x',
    'no type',
    ''
  ]
  for (const type of types) {
    t.equal(await preview('{"input": "a"}', type === '' ? {} : { 'content-type': type }), 'a', type)
  }
  const cases: Array<[string, string]> = [
    ['{"INPUT": "a", "Series": "EMPTY"}', 'a'],
    ['{"input": "a", "Input": "b"}', 'b'],
    ['{"input": "a", "unknown": {"x": [1]}, "seed": null}', 'a'],
    ['{"input": "a} ]\\" {"} and {more', 'a} ]" {'],
    ['  {"input": "a"}{"input": "b"}', 'a'],
    ['{"input": "a"} 5', 'a'],
    ['{"input": "é ☃"}', 'é ☃'],
    ['null', '400 invalid_input: invalid_input: input is required'],
    ['null {', '400 invalid_input: invalid_input: input is required'],
    ['', invalid],
    [' \n', invalid],
    ['[]', invalid],
    ['[{"input": "a"}]', invalid],
    ['5', invalid],
    ['"input"', invalid],
    ['{"input": 5}', invalid],
    ['{"input": ["a"]}', invalid],
    ['{"input": "a", "image": "true"}', invalid],
    ['{"input": "a"', invalid],
    ["{'input': 'a'}", invalid],
    ['input=a', invalid],
    ['['.repeat(100_000), invalid],
    ['\ufeff{"input": "a"}', invalid]
  ]
  for (const [body, answer] of cases) t.equal(await preview(body), answer, body.slice(0, 60))
})

t.test('a body over 1 MiB is refused, and one below it is taken', async (t) => {
  const { app, url } = await build(t)
  const post = async (body: string) => await fetch(`${url}/v1/images/preview`, { method: 'POST', body })
  for (const bytes of [2 ** 20 + 1, 10_000_000]) {
    const response = await post(`{"input": "${'a'.repeat(bytes)}"}`)
    t.equal(response.status, 413)
    t.match(await response.json(), { error: { code: 'PAYLOAD_TOO_LARGE' } })
  }
  const longest = await post(`{"input": "${'<'.repeat(2 ** 20 - 20)}"}`)
  t.equal(longest.status, 200)
  const list = (await (await fetch(`${url}/v1/images`)).json()) as { data: unknown[] }
  t.equal(list.data.length, 1, 'its record can be read again')
  t.equal(app.server.listening, true)
})

t.test('a request without a body and a Content-Type reaches its route', async (t) => {
  const { app } = await build(t)
  const { port } = app.server.address() as { port: number }
  const socket = connect(port, '127.0.0.1')
  socket.write('POST /v1/validate HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n')
  const chunks: Buffer[] = []
  socket.on('data', (chunk) => chunks.push(chunk))
  await once(socket, 'close')
  t.match(Buffer.concat(chunks).toString(), /^HTTP\/1.1 200 [^]*"valid": true/)
  for (const body of ['', '{', '[]', 'x=y']) {
    const response = await app.inject({ method: 'POST', url: '/v1/validate', payload: body })
    t.match(response.json(), { success: true, data: { valid: true } })
  }
})

t.test('a field of the wrong type is named, with its value and what is right', async (t) => {
  const { ask } = await buildApp(t)
  const long = 'x'.repeat(200)
  const cases: Array<[string, string, string, string]> = [
    ['POST', 'images/preview', '{"input": 5}', 'input is 5: it must be a text'],
    ['POST', 'images/preview', '{"input": "a", "force": "yes"}', 'force is "yes": it must be true or false'],
    [
      'POST',
      'images/preview',
      `{"input": ${'['.repeat(100_000)}${']'.repeat(100_000)}}`,
      'input is a list: it must be a text'
    ],
    ['POST', 'series/mine/hidden', '{"hidden": 1}', 'hidden is 1: it must be true or false'],
    ['PUT', 'series/mine', '{"nouns": "otter"}', 'nouns is "otter": it must be a list of texts'],
    ['PUT', 'series/mine', '{"tropes": [1]}', 'tropes is a list: it must be a list of texts'],
    ['PUT', 'series/mine', '{"nouns": {}}', 'nouns is an object: it must be a list of texts'],
    ['PUT', 'series/mine', '{"last": 0.5}', 'last is 0.5: it must be a whole number'],
    [
      'PUT',
      'series/mine',
      `{"nouns": "${long}"}`,
      `nouns is "${long.slice(0, 99)}…: it must be a list of texts`
    ]
  ]
  for (const [method, path, body, details] of cases) {
    const response = await ask(`/v1/${path}`, { method, body })
    t.equal(response.status, 400)
    t.match(JSON.parse(await response.text()).error, { code: 'invalid_input', details })
  }
})
