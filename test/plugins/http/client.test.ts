import t from 'tap'
import type { Test } from 'tap'
import { isLoopback, networkOf, parseAddress } from '../../../plugins/http/client.ts'
import { buildApp } from '../../helper.ts'

t.test('an IPv4 address is one client, and so is a network /64 of IPv6 addresses', async (t) => {
  t.equal(networkOf('192.0.2.7'), '192.0.2.7')
  t.equal(networkOf('2001:db8:1:2:3:4:5:6'), '2001:db8:1:2::/64')
  t.equal(networkOf('2001:db8:1:2:ffff::1'), '2001:db8:1:2::/64')
  t.equal(networkOf('2001:db8:1:3::1'), '2001:db8:1:3::/64')
  t.equal(networkOf('fe80::1%eth0'), 'fe80::/64')
})

t.test('an IPv4 address in IPv6, or with a port, is the same client', async (t) => {
  t.equal(parseAddress('::ffff:192.0.2.7'), '192.0.2.7')
  t.equal(parseAddress('192.0.2.7:4711'), '192.0.2.7')
  t.equal(parseAddress('[2001:db8::1]:4711'), '2001:db8::1')
  for (const text of [undefined, '', 'unknown', '127.1', '1', '192.0.2.7:', '2001:db8::1:xyz']) {
    t.equal(parseAddress(text), undefined, String(text))
  }
})

t.test('the loopback addresses are on this machine', async (t) => {
  for (const address of ['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1']) {
    t.ok(isLoopback(address), address)
  }
  for (const address of ['', '10.0.0.1', '2001:db8::1', '::']) t.notOk(isLoopback(address), address)
})

/** Asks a service, and returns the client as it sees it. */
async function askWho(t: Test, settings: Record<string, string>, onLogLine = (_line: unknown) => {}) {
  let seen: unknown
  const { app } = await buildApp(t, {
    settings: { LOG_LEVEL: 'info', ...settings },
    onLogLine,
    extend: (app) =>
      app.addHook('onResponse', async ({ clientId, clientAddress, isLoopback }) => {
        seen = { clientId, clientAddress, isLoopback }
      })
  })
  return async (remoteAddress: string, headers: Record<string, string> = {}) => {
    await app.inject({ url: '/series', remoteAddress, headers })
    return seen as { clientId: string; clientAddress: string; isLoopback: boolean }
  }
}

t.test(
  'X-Forwarded-For counts behind a trusted proxy, and only its last address before the proxies',
  async (t) => {
    const who = await askWho(t, { TB_DALLE_TRUSTED_PROXIES: '127.0.0.1, 10.0.0.0/8' })
    const behind = async (forwarded: string) => {
      const { clientId } = await who('::ffff:127.0.0.1', { 'x-forwarded-for': forwarded })
      return clientId
    }
    t.equal(await behind('192.0.2.7'), '192.0.2.7')
    t.equal(
      await behind('198.51.100.1, 192.0.2.7, 10.1.2.3'),
      '192.0.2.7',
      'the client can write the first ones'
    )
    t.equal(await behind('2001:db8:1:2::5'), '2001:db8:1:2::/64')
    t.equal(await behind('not an address'), '127.0.0.1')
    t.same(await who('203.0.113.9', { 'x-forwarded-for': '192.0.2.7' }), {
      clientId: '203.0.113.9',
      clientAddress: '203.0.113.9',
      isLoopback: false
    })
  }
)

t.test('a forwarded address from a peer that is not trusted is ignored and warned of once', async (t) => {
  const warnings: unknown[] = []
  const who = await askWho(t, {}, (line) => {
    const { level, msg, client } = line as { level: number; msg: string; client: string }
    if (level === 40) warnings.push({ msg, client })
  })
  t.match(await who('127.0.0.1', { 'x-forwarded-for': '192.0.2.7' }), {
    clientId: '127.0.0.1',
    isLoopback: true
  })
  await who('127.0.0.1', { forwarded: 'for=192.0.2.8' })
  t.match(warnings, [{ msg: /TB_DALLE_TRUSTED_PROXIES/, client: '127.0.0.1' }])
  t.equal(warnings.length, 1)
})

t.test('a trusted proxy is not warned of', async (t) => {
  const lines: number[] = []
  const who = await askWho(t, { TB_DALLE_TRUSTED_PROXIES: '127.0.0.1' }, (line) => {
    lines.push((line as { level: number }).level)
  })
  await who('127.0.0.1', { 'x-forwarded-for': '192.0.2.7', 'x-real-ip': '192.0.2.7' })
  await who('127.0.0.1')
  t.notOk(lines.includes(40))
})
