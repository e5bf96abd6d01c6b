import t from 'tap'
import { createPublicUrl } from '../../../plugins/http/public-url.ts'
import { buildApp } from '../../helper.ts'

type Asked = Parameters<ReturnType<typeof createPublicUrl>>[0]

/** A request as Fastify shows it behind proxies that it trusts. */
function asked(host: string | undefined, { protocol = 'http', ofClient = host, socket = {} } = {}): Asked {
  return { protocol, host, raw: { headers: { host: ofClient }, socket } } as unknown as Asked
}

t.test('the configured URL is the whole one if it has a path, and else gets the base path', async (t) => {
  const of = (url: string, basePath: string) => createPublicUrl(url)(asked('other.example'), basePath)
  t.equal(of('https://dalle.example', ''), 'https://dalle.example')
  t.equal(of('https://dalle.example/', ''), 'https://dalle.example', 'no slash at the end')
  t.equal(of('https://dalle.example/pictures/', ''), 'https://dalle.example/pictures')
  t.equal(of('https://dalle.example', '/art'), 'https://dalle.example/art')
  t.equal(of('https://dalle.example/art/', '/art'), 'https://dalle.example/art', 'not twice')
  t.equal(
    of('https://dalle.example/pictures', '/art'),
    'https://dalle.example/pictures',
    'a proxy renames it'
  )
  t.equal(of('http://dalle.example:8080/?a=b', ''), 'http://dalle.example:8080', 'without a query')
})

t.test('without it, the host of the request counts, if it can be one', async (t) => {
  const publicUrlOf = createPublicUrl(undefined)
  t.equal(publicUrlOf(asked('dalle.example:8080'), '/art'), 'http://dalle.example:8080/art')
  t.equal(publicUrlOf(asked('Dalle.Example:443', { protocol: 'https' }), ''), 'https://dalle.example')
  t.equal(publicUrlOf(asked('[::1]:8080'), ''), 'http://[::1]:8080')
  t.equal(publicUrlOf(asked('dalle.example', { protocol: 'javascript' }), ''), 'http://dalle.example')

  const behind = { ofClient: 'inside.example' }
  for (const host of ['evil.example/x', 'a@evil.example', 'a b', 'evil.example:99999', '"><b>', '[::1', '']) {
    t.equal(publicUrlOf(asked(host, behind), ''), 'http://inside.example', `not ${host}`)
  }
})

t.test('without any host, it is the address of the socket', async (t) => {
  const of = (socket: object) => createPublicUrl(undefined)(asked(undefined, { socket }), '/art')
  t.equal(of({ localAddress: '127.0.0.1', localPort: 8080 }), 'http://127.0.0.1:8080/art')
  t.equal(of({ localAddress: '::ffff:10.0.0.7', localPort: 80 }), 'http://10.0.0.7:80/art')
  t.equal(of({ localAddress: '::1', localPort: 8080 }), 'http://[::1]:8080/art')
  t.equal(of({}), 'http://localhost/art', 'a Unix socket has none')
  const invalid = asked('evil.example/x', { socket: { localAddress: '127.0.0.1', localPort: 80 } })
  t.equal(createPublicUrl(undefined)(invalid, ''), 'http://127.0.0.1:80', 'nor is an invalid host used')
})

t.test('the headers of a trusted proxy count, and those of others do not', async (t) => {
  const { app } = await buildApp(t, { settings: { TB_DALLE_TRUSTED_PROXIES: '10.0.0.7' } })
  const link = async (remoteAddress: string, forwardedHost: string) => {
    const headers = {
      host: 'localhost:8080',
      'x-forwarded-host': forwardedHost,
      'x-forwarded-proto': 'https'
    }
    const answer = await app.inject({ url: '/nft/simple', remoteAddress, headers })
    return answer.json<{ external_link: string }>().external_link
  }
  t.equal(await link('10.0.0.7', 'dalle.example'), 'https://dalle.example/preview?series=simple')
  t.equal(await link('10.0.0.7', 'dalle.example/evil'), 'https://localhost:8080/preview?series=simple')
  t.equal(await link('10.0.0.8', 'dalle.example'), 'http://localhost:8080/preview?series=simple')
})
