import t from 'tap'
import { errors } from '../../lib/errors.ts'
import { createErrorSerializer, loggedPath, requestIdOf } from '../../lib/log.ts'
import type { LoggedError } from '../../lib/log.ts'

const serialize = createErrorSerializer({
  'file:///opt/server/': '',
  '/opt/server/': '',
  '/var/data': '<data>'
})

t.test('a logged error contains no hidden text, in its message, its stack or its causes', async (t) => {
  const cause = Object.assign(
    new Error("ENOSPC: no space left, open '/var/data/output/a.png' and '/var/data/b'"),
    { code: 'ENOSPC' }
  )
  cause.stack = [
    cause.message,
    '    at write (file:///opt/server/dist/lib/storage/files.js:1:1)',
    '    at /opt/server/dist/app.js:2:2'
  ].join('\n')
  const error = errors.fileSystem('Could not write a file: no space is left on the disk', cause)
  const logged = serialize(error)
  t.notMatch(JSON.stringify(logged), /\/opt|\/var/)
  t.match(logged, {
    type: 'Error',
    code: 'FILE_SYSTEM_ERROR',
    message: 'File system error',
    details: 'Could not write a file: no space is left on the disk'
  })
  t.match(logged.cause, {
    code: 'ENOSPC',
    message: "ENOSPC: no space left, open '<data>/output/a.png' and '<data>/b'",
    stack: /at write \(dist\/lib\/storage\/files\.js:1:1\)\n {4}at dist\/app\.js:2:2$/
  })
  t.match(serialize(new TypeError('x')), {
    type: 'TypeError',
    message: 'x',
    stack: /TypeError: x\n/,
    cause: undefined
  })
  t.strictSame(
    serialize('thrown in /var/data/x'),
    { type: 'string', message: 'thrown in <data>/x', stack: '' },
    'also when the thrown value is not an error'
  )
})

t.test('what is away is logged with its causes, and without the stacks of the code that asked', async (t) => {
  const cause = Object.assign(new Error('connect ECONNREFUSED /var/data/socket'), { code: 'ECONNREFUSED' })
  t.match(serialize(errors.unavailable('The database is not available', 'Ask again', cause)), {
    code: 'SERVICE_UNAVAILABLE',
    message: 'The database is not available',
    details: 'Ask again',
    stack: /^$/,
    cause: { code: 'ECONNREFUSED', message: 'connect ECONNREFUSED <data>/socket', stack: /^$/ }
  })
})

t.test('a provider that is away is logged without stacks, and a mistake with its own', async (t) => {
  const cause = new Error('fetch failed', { cause: new Error('connect ECONNREFUSED 127.0.0.1:9') })
  const hasStack = (error: unknown) => /"stack":"[^"]/.test(JSON.stringify(serialize(error)))
  for (const code of ['OPENAI_UNAVAILABLE', 'OPENAI_TIMEOUT', 'OPENAI_RATE_LIMIT'] as const) {
    const error = errors.provider(code, 'The model provider cannot be reached', { cause })
    t.notOk(hasStack(error), code)
    t.match(serialize(error), { cause: { cause: { message: /ECONNREFUSED/ } } }, code)
  }
  t.ok(hasStack(errors.internal(cause)))
})

t.test('a logged error has at most four causes', async (t) => {
  let error = new Error('cause 9')
  for (let depth = 8; depth >= 0; depth--) error = new Error(`cause ${depth}`, { cause: error })
  const messages: string[] = []
  for (
    let logged: LoggedError | undefined = serialize(error);
    logged !== undefined;
    logged = logged.cause as LoggedError | undefined
  ) {
    messages.push(logged.message)
  }
  t.strictSame(messages, ['cause 0', 'cause 1', 'cause 2', 'cause 3', 'cause 4'])

  const ring = new Error('round')
  ring.cause = ring
  t.doesNotThrow(() => JSON.stringify(serialize(ring)), 'a circle of causes ends too')
})

t.test('whatever is thrown has a text in the log', (t) => {
  const serialize = createErrorSerializer({})
  const values = [undefined, null, 'text', 1n, Symbol('s'), { toString: '' }, Object.create(null), () => 1]
  for (const thrown of values) t.type(serialize(thrown).message, 'string')
  t.equal(serialize({ toString: '' }).message, "{ toString: '' }")
  t.end()
})

t.test('a request id is kept if it is valid, else made', async (t) => {
  for (const given of ['a', 'A-1_b.c', 'x'.repeat(64)]) t.equal(requestIdOf(given), given)
  for (const given of ['', 'x'.repeat(65), 'a b', 'a/b', '<i>', '%20', 'é', undefined, ['a']]) {
    t.match(requestIdOf(given), /^[0-9a-f]{8}$/, String(given))
  }
  t.not(requestIdOf(undefined), requestIdOf(undefined))
})

t.test('a logged path has no query and at most 200 characters', async (t) => {
  t.equal(loggedPath('/dalle/simple/0x1?token=secret'), '/dalle/simple/0x1')
  t.equal(loggedPath(`/${'x'.repeat(300)}`).length, 200)
})

t.test('a text from outside is shortened, and its control characters are escaped', async (t) => {
  const message = 'red \x1b[31m\r\n{"level":60}\x9b2J\u202e'
  const error = Object.assign(new Error(`${message}${'x'.repeat(50_000)}`), {
    code: '\x1b[2Jcode'.repeat(100),
    details: 'one\ntwo'
  })
  const logged = serialize(Object.assign(new Error('outer', { cause: error }), { code: { an: 'object' } }))
  const {
    message: shown,
    stack,
    code,
    details
  } = logged.cause as LoggedError & { code: string; details: string }
  t.ok(shown.startsWith('red \\u001b[31m\\u000d\\u000a{"level":60}\\u009b2J\\u202exx'), shown.slice(0, 80))
  t.ok(shown.length < 1_100 && code.length < 200, 'a message of 1,000 characters, a code of 100')
  t.notMatch(stack, /^\{/m, 'no line of the stack is the message')
  t.match(stack, /\n {4}at /, 'the frames are there')
  t.equal(details, 'one\\u000atwo')
  t.equal(logged.code, undefined)
  t.notMatch([shown, stack.replaceAll('\n', ''), code].join(''), /\p{Cc}/u)
})
