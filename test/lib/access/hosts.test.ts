import t from 'tap'
import { hostName, isLoopbackName, isLoopbackNetwork, listedName } from '../../../lib/access/hosts.ts'

t.test('the name of a Host header is compared without case, port and last dot', async (t) => {
  const names: Array<[string, string | undefined]> = [
    ['dalle.example', 'dalle.example'],
    ['Dalle.Example:8080', 'dalle.example'],
    ['dalle.example.', 'dalle.example'],
    ['dalle.example:', 'dalle.example'],
    ['my_server-1', 'my_server-1'],
    ['127.0.0.1:8080', '127.0.0.1'],
    ['[::1]', '::1'],
    ['[::1]:8080', '::1'],
    ['[0:0:0:0:0:0:0:1]', '::1'],
    ['[::ffff:127.0.0.1]:80', '127.0.0.1'],
    ['', ''],
    ['a b', undefined],
    ['a@b', undefined],
    ['a/b', undefined],
    ['a..b', undefined],
    ['a:b', undefined],
    ['a:123456', undefined],
    ['::1', undefined],
    ['[::1', undefined],
    ['[localhost]', undefined],
    ['a, b', undefined],
    ['é', undefined],
    ['x'.repeat(254), undefined]
  ]
  for (const [text, name] of names) t.equal(hostName(text), name, JSON.stringify(text))
})

t.test('a list holds names and addresses without ports', async (t) => {
  t.equal(listedName('Dalle.Example'), 'dalle.example')
  t.equal(listedName('::1'), '::1')
  t.equal(listedName('[::1]'), '::1')
  t.equal(listedName('2001:DB8:0:0::5'), '2001:db8::5')
  for (const text of ['', 'a:80', 'http://a', 'a/b', '*.a', '[::1]:80', 'a:']) {
    t.equal(listedName(text), undefined, text)
  }
})

t.test('loopback is known without a look into DNS', async (t) => {
  for (const name of [
    'localhost',
    'LOCALHOST',
    'a.localhost',
    '127.0.0.1',
    '127.9.9.9',
    '::1',
    '::ffff:127.0.0.1'
  ]) {
    t.ok(isLoopbackName(name), name)
  }
  for (const name of ['0.0.0.0', '::', 'localhost.example', 'alocalhost', '10.0.0.1', '127.1', 'dalle', '']) {
    t.notOk(isLoopbackName(name), name)
  }
  for (const network of ['127.0.0.1', '127.0.0.0/8', '127.0.0.1/32', '::1', '::1/128']) {
    t.ok(isLoopbackNetwork(network), network)
  }
  for (const network of ['127.0.0.0/7', '0.0.0.0/0', '10.0.0.0/8', '::1/64', '::/0', '10.0.0.1']) {
    t.notOk(isLoopbackNetwork(network), network)
  }
})
