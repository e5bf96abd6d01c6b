import t from 'tap'
import { TOKENS_PATTERN, bearerToken, createTokenNames, parseTokens } from '../../../lib/access/tokens.ts'

t.test('tokens are separated by commas and may have names', async (t) => {
  t.same(parseTokens('first-token-of-mine, phone:second-token-of-mine==,third-token-of-mine'), [
    { name: 'token-1', token: 'first-token-of-mine' },
    { name: 'phone', token: 'second-token-of-mine==' },
    { name: 'token-3', token: 'third-token-of-mine' }
  ])
  const pattern = new RegExp(TOKENS_PATTERN)
  for (const text of [
    'x'.repeat(16),
    `a:${'x'.repeat(16)}`,
    ` a-b_9:${'x'.repeat(16)} , ${'y'.repeat(512)}`
  ]) {
    t.match(text, pattern)
  }
  const token = 'x'.repeat(16)
  for (const text of [
    'short',
    ':' + token,
    `a b:${token}`,
    `a:b:${token}`,
    `${token},`,
    `${token},,`,
    `${token},,${token}`,
    `,${token}`,
    `a:short`,
    `-:${token}`
  ]) {
    t.notMatch(text, pattern)
  }
})

t.test('a file of tokens may have comments, one token a line, and a line end of Windows', async (t) => {
  const pattern = new RegExp(TOKENS_PATTERN)
  const text = [
    '# who may, since 2026',
    'phone:first-token-of-mine,  # of Ann, until May',
    '',
    '  second-token-of-mine,',
    '#old:a-token-that-is-gone,',
    'ci:third-token-of-mine # the last one'
  ]
  for (const end of ['\n', '\r\n']) {
    for (const whole of [text.join(end), `${text.join(end)}${end}`]) {
      t.match(whole, pattern)
      t.same(parseTokens(whole), [
        { name: 'phone', token: 'first-token-of-mine' },
        { name: 'token-2', token: 'second-token-of-mine' },
        { name: 'ci', token: 'third-token-of-mine' }
      ])
    }
  }
  for (const wrong of [
    '# only a comment',
    `${'x'.repeat(16)},, # nothing after it`,
    `${'x'.repeat(16)} y # z`
  ]) {
    t.notMatch(wrong, pattern)
  }
  t.notMatch(`${'# '.repeat(50_000)}\n${'#\n'.repeat(50_000)}`, pattern, 'a long text without a token')
})

t.test('a known token has its name, and no other', async (t) => {
  const nameOf = createTokenNames(parseTokens('old:first-token-of-mine,old:second-token-of-mine'))
  t.equal(nameOf('first-token-of-mine'), 'old')
  t.equal(nameOf('second-token-of-mine'), 'old', 'two tokens may have one name')
  for (const token of ['', 'old', 'first-token-of-min', 'first-token-of-mine2', 'FIRST-TOKEN-OF-MINE']) {
    t.equal(nameOf(token), undefined)
  }
  t.equal(createTokenNames([])('first-token-of-mine'), undefined)
})

t.test('a bearer token is read from the header', async (t) => {
  t.equal(bearerToken('Bearer abc'), 'abc')
  t.equal(bearerToken('bearer   abc '), 'abc')
  for (const header of [undefined, '', 'abc', 'Bearer', 'Bearer a b', 'Basic abc']) {
    t.equal(bearerToken(header), undefined)
  }
})
