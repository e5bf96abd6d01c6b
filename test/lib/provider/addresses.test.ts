import t from 'tap'
import { isPublic, mayBeProvider } from '../../../lib/provider/addresses.ts'

t.test('an IPv4 address within IPv6 is judged as IPv4', async (t) => {
  for (const address of [
    '93.184.216.34',
    '2606:2800:220:1:248:1893:25c8:1946',
    '::ffff:93.184.216.34',
    '64:ff9b::93.184.216.34',
    '::ffff:0:93.184.216.34',
    '2002:5db8:d822::1'
  ]) {
    t.ok(isPublic(address) && mayBeProvider(address), address)
  }
  for (const inside of ['10.0.0.1', '127.0.0.1', '192.168.1.1', '172.16.0.1', '100.64.0.1']) {
    const [a, b, c, d] = inside.split('.').map((part) => Number(part).toString(16).padStart(2, '0'))
    const to4 = `2002:${a}${b}:${c}${d}::1`
    for (const address of [inside, `::ffff:${inside}`, `64:ff9b::${inside}`, `::ffff:0:${inside}`, to4]) {
      t.notOk(isPublic(address), address)
      t.ok(mayBeProvider(address), address)
    }
  }
})

t.test('link-local, reserved and shared addresses are never reached', async (t) => {
  for (const inside of ['169.254.169.254', '0.0.0.0', '224.0.0.1', '255.255.255.255', '240.0.0.1']) {
    for (const address of [inside, `::ffff:${inside}`, `64:ff9b::${inside}`]) {
      t.notOk(isPublic(address) || mayBeProvider(address), address)
    }
  }
  for (const address of [
    'fe80::1',
    'ff02::1',
    '::',
    '2001::1',
    '64:ff9b:1::1',
    '2002:a9fe:a9fe::1',
    '::808:808'
  ]) {
    t.notOk(isPublic(address) || mayBeProvider(address), address)
  }
})
