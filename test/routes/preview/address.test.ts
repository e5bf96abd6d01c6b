import t from 'tap'
import { checksumAddress } from '../../../lib/checksum.ts'
import { addressProblem, isUnfinished } from '../../../routes/preview/client/address.ts'
import { EIP55_EXAMPLES } from '../../lib/eip55.ts'

const ADDRESS = EIP55_EXAMPLES[4]!

t.test('a valid address has no problem', async (t) => {
  for (const example of EIP55_EXAMPLES) {
    t.equal(addressProblem(example, checksumAddress), '')
    t.equal(addressProblem(example.toLowerCase(), checksumAddress), '')
    t.equal(addressProblem(`0x${example.slice(2).toUpperCase()}`, checksumAddress), '')
  }
})

t.test('a letter in the wrong case is a problem, once the hash function is loaded', async (t) => {
  const mistyped = ADDRESS.replace('A', 'a')
  t.match(addressProblem(mistyped, checksumAddress), 'a digit may be mistyped')
  t.equal(addressProblem(mistyped), '')
})

t.test('each problem has its own message', async (t) => {
  for (const [text, message] of [
    ['', 'Enter an address'],
    ['hello', 'An address begins with 0x.'],
    [ADDRESS.slice(2), 'Put 0x in front'],
    ['0x12g4', '“g” is not a hexadecimal digit'],
    ['0x12 4', 'contains a space'],
    ['0x1234', '4 of 40 digits so far.'],
    [`${ADDRESS}ab`, '42 digits, 2 too many']
  ] as const) {
    t.match(addressProblem(text), message, text)
  }
})

t.test('the beginning of an address is unfinished', async (t) => {
  for (const text of ['', '0', '0x', '0X1', ADDRESS.slice(0, -1)]) t.ok(isUnfinished(text), text)
  for (const text of ['1', '0y', '0xg', ADDRESS, `${ADDRESS}a`]) t.notOk(isUnfinished(text), text)
})
