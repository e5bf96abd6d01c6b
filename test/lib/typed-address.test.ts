import t from 'tap'
import { checksumAddress } from '../../lib/checksum.ts'
import { addressProblem, findAddress, isAccountName, isUnfinished } from '../../lib/typed-address.ts'
import { EIP55_EXAMPLES } from './eip55.ts'

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
    ['12af', '4 of 40 digits so far.'],
    ['vitalik.eth', '“vitalik.eth” is a name'],
    ['https://etherscan.io/', 'An address begins with 0x.'],
    ['0x12g4', '“g” is not a hexadecimal digit'],
    ['0x71C7…976F', 'This address is shortened'],
    ['0x71C765...976F', 'This address is shortened'],
    [`${ADDRESS} ${ADDRESS}`, 'These are several addresses'],
    [`${ADDRESS}, ${ADDRESS.toLowerCase()}`, 'These are several addresses'],
    [`https://example.com/${ADDRESS}?a=${ADDRESS}`, ''],
    ['0x 12 4', '3 of 40 digits'],
    ['0\u0445f503', 'There is “\u0445”, a Cyrillic letter that looks like a Latin one.'],
    ['0xf5\u03bf3', 'There is “\u03bf”, a Greek letter'],
    ['0x1234', '4 of 40 digits so far.'],
    [`${ADDRESS}ab`, '42 digits, 2 too many']
  ] as const) {
    t.match(addressProblem(text), message, text)
  }
})

t.test('an address in a link is not being typed', async (t) => {
  t.equal(addressProblem('0x1234', checksumAddress, true), 'The address has 4 digits, not 40.')
  t.equal(addressProblem('1', checksumAddress, true), 'The address has 1 digit, not 40.')
  t.equal(addressProblem(`${ADDRESS}ab`, checksumAddress, true), 'The address has 42 digits, 2 too many.')
  t.equal(addressProblem(ADDRESS, checksumAddress, true), '')
  const page = `https://example.com/${ADDRESS}?from=${ADDRESS}`
  t.equal(addressProblem(page, checksumAddress, true), '', 'the first of a page')
})

t.test('what people take for an address is named, and a secret gets a warning', async (t) => {
  const hash = `0x${'2f'.repeat(32)}`
  const words = 'legal winner thank year wave sausage worth useful legal winner thank yellow'
  for (const [text, message] of [
    [hash, 'the hash of a transaction, or a private key. Never paste a private key'],
    [hash.slice(2), 'Never paste a private key'],
    [` ${hash}\n`, 'Never paste a private key'],
    [`https://etherscan.io/tx/${hash}`, 'the page of a transaction'],
    ['1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa', 'a Bitcoin address'],
    ['3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy', 'a Bitcoin address'],
    ['bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq', 'a Bitcoin address'],
    ['bc1p5cyxnuxmeuwuvkwfem96lqzszd02n6xdcjrs20cac6yqjjwudpxqkedrcr', 'a Bitcoin address'],
    [words, 'Never paste it anywhere'],
    [`${words} ${words}`, 'Never paste it anywhere']
  ] as const) {
    t.match(addressProblem(text), message, text)
  }
  for (const text of [
    '1'.repeat(30),
    `3${'a'.repeat(33)}`,
    `${hash}0`,
    `0x${'1'.repeat(63)}`,
    'twelve words'
  ]) {
    t.notMatch(addressProblem(text), /Bitcoin|paste/, text)
  }
})

t.test('the beginning of an address is unfinished', async (t) => {
  for (const text of ['', '0', '0x', '0X1', '1', '0x 1', ADDRESS.slice(0, -1)]) t.ok(isUnfinished(text), text)
  for (const text of ['0y', '0xg', ADDRESS, `${ADDRESS}a`]) t.notOk(isUnfinished(text), text)
})

t.test('an address is found in what people copy', async (t) => {
  const digits = ADDRESS.slice(2)
  const token = `0x${'1'.repeat(40)}`
  for (const text of [
    ADDRESS,
    ` ${ADDRESS}\n`,
    `${ADDRESS.slice(0, 12)} ${ADDRESS.slice(12, 30)}\u200b${ADDRESS.slice(30)}`,
    digits,
    `0X${digits}`,
    `ethereum:${ADDRESS}`,
    `ethereum:pay-${ADDRESS}@1?value=2.014e18`,
    `ethereum:${token}@1/transfer?uint256=1&address=${ADDRESS}`,
    `eip155:1:${ADDRESS}`,
    `did:pkh:eip155:1:${ADDRESS}`,
    `"${ADDRESS}"`,
    `'${digits}',`,
    `<${ADDRESS}>.`,
    `(“${ADDRESS}”)`,
    ...['eth', 'matic', 'base', 'arb1', 'ARB-nova'].map((chain) => `${chain}:${ADDRESS}`),
    `${ADDRESS}/1234`,
    `eth:${ADDRESS}/1234`,
    `https://etherscan.io/address/${ADDRESS}#tokentxns`,
    `etherscan.io/address/${ADDRESS}`,
    `https://eth.blockscout.com/address/${ADDRESS}?tab=txs`,
    `http://localhost:8080/preview/simple/${ADDRESS}`
  ]) {
    t.equal(findAddress(text), ADDRESS, text)
    t.equal(addressProblem(text, checksumAddress), '', text)
  }
  const hash = `0x${'2'.repeat(64)}`
  const others = [`eth:${hash}`, `${ADDRESS}/x`, `${ADDRESS}/1234/5`, `_:${ADDRESS}`]
  for (const text of [
    '',
    'hello',
    hash,
    `https://etherscan.io/tx/${hash}`,
    `${ADDRESS}0`,
    `my ${ADDRESS}`,
    ...others
  ]) {
    t.equal(findAddress(text), undefined, text)
  }
})

t.test('the name of an account is told from an address and from a file', async (t) => {
  for (const text of ['vitalik.eth', ' Nick.ETH ', 'a.base.eth', 'föhn.eth']) t.ok(isAccountName(text), text)
  for (const text of [ADDRESS, `${ADDRESS}.png`, 'eth', '.eth', 'x/y.eth', 'hello']) {
    t.notOk(isAccountName(text), text)
  }
})
