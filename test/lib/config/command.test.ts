import { isAbsolute, resolve } from 'node:path'
import t from 'tap'
import { readCommand } from '../../../lib/config/command.ts'
import { SCHEMA, configOf, refusalOf, textOf } from './read-config.ts'

t.test('flags have the syntax of Go, and other arguments are refused', async (t) => {
  for (const argv of [
    ['-port', '8081'],
    ['--port', '8081'],
    ['-port=8081'],
    ['--port=8081'],
    ['--port', '1', '--port', '8081']
  ]) {
    t.equal(configOf(argv).port, 8081, argv.join(' '))
  }
  t.match(
    configOf(['-data-dir', '/d', '--lock-ttl=1m', '-host', '::']),
    { dataDir: '/d', lockTtlMs: 60_000, host: '::' },
    'several at once'
  )
  t.equal(configOf(['-data-dir', '-tmp']).dataDir, resolve('-tmp'), 'a value keeps its dash')
  t.ok(isAbsolute(configOf([], { HOME: 'relative' }).dataDir), 'a home that is no absolute path is not used')

  const refusals: Array<[string[], RegExp]> = [
    [['--colour', 'red'], /^--colour is not a flag/],
    [['--colour=red'], /^--colour is not a flag/],
    [['-colour'], /^--colour is not a flag/],
    [['-p', '1'], /^-p is not a flag/],
    [['--no-port'], /^--no-port is not a flag/],
    [['--constructor', '1'], /^--constructor is not a flag/],
    [['--TB_DALLE_PORT', '1'], /^--TB_DALLE_PORT is not a flag/],
    [['--concurrency', '1'], /^--concurrency is not a flag/],
    [['drss'], /^"drss" is not expected: the commands are serve, migrate, import, export, dress and sheet,/],
    [['constructor'], /^"constructor" is not expected/],
    [['serve', '8081'], /^"8081" is not expected/],
    [['dress', 'birds'], /^Usage: dalleserver dress <series> <address>$/],
    [['dress', 'birds', '0x1', '0x2'], /^Usage: dalleserver dress/],
    [['sheet', 'noir'], /^Usage: dalleserver sheet <built-in series> <count> \[file\]$/],
    [['sheet', 'noir', '6', 'a.png', 'b.png'], /^Usage: dalleserver sheet/],
    [['--port', '1', '8081'], /^"8081" is not expected/],
    [['--', '--port'], /^"--port" is not expected/],
    [['--port'], /^--port needs a value/],
    [['-port'], /^--port needs a value/],
    [['--port='], /^--port needs a value/],
    [['--port', ''], /^--port needs a value/],
    [['--host', 'a', '--data-dir'], /^--data-dir needs a value/]
  ]
  for (const [argv, expected] of refusals) {
    const message = refusalOf(t, () => configOf(argv))
    t.match(message, expected, argv.join(' '))
    t.notMatch(message, /\n/)
  }
})

t.test('a command and its flags may be in any order', async (t) => {
  const run = (...argv: string[]) => readCommand({ argv, env: {}, version: '1' })
  t.match(run('serve', '--port', '1'), { run: 'serve', config: { port: 1 } })
  t.match(run('--data-dir', '/d', 'dress', 'birds', '0x1'), {
    run: 'dress',
    series: 'birds',
    address: '0x1',
    config: { dataDir: '/d' }
  })
  t.match(run('dress', 'birds', '-data-dir', '/d', '0x1'), { address: '0x1', config: { dataDir: '/d' } })
  t.same(run('sheet', 'noir', '6'), { run: 'sheet', series: 'noir', count: '6', file: undefined })
  t.match(run('sheet', 'noir', '6', 'a.png'), { file: 'a.png' })
  const env = { TB_DALLE_DATABASE_URL: 'postgres://host/name' }
  for (const name of ['migrate', 'import', 'export'] as const) {
    t.match(readCommand({ argv: [name, '--data-dir', '/d'], env, version: '1' }), {
      run: name,
      databaseUrl: 'postgres://host/name',
      ...(name !== 'migrate' && { config: { dataDir: '/d' } })
    })
    t.match(
      refusalOf(t, () => run(name)),
      /^TB_DALLE_DATABASE_URL is missing/
    )
    t.match(
      refusalOf(t, () => run(name, '/d')),
      /^"\/d" is not expected/
    )
  }
  t.match(textOf(['--help']), /^ {2}dress <series> <address>$/m)
  t.match(textOf(['sheet', '--help']), /^ {2}sheet /m, 'help is also given for a command')
})

t.test('--no-wait has no value and no variable', async (t) => {
  t.equal(configOf([]).noWait, false)
  t.equal(configOf([], { TB_DALLE_NO_WAIT: '1', NO_WAIT: '1' }).noWait, false)
  for (const argv of [
    ['--no-wait'],
    ['-no-wait'],
    ['--no-wait', '--no-wait'],
    ['--no-wait', '--port', '1']
  ]) {
    t.equal(configOf(argv).noWait, true, argv.join(' '))
  }
  t.equal(configOf(['--data-dir', '--no-wait']).noWait, false, 'it may be the value of another flag')
  for (const argv of [['--no-wait=1'], ['--no-wait='], ['-no-wait=false']]) {
    t.match(
      refusalOf(t, () => configOf(argv)),
      /^--no-wait has no value\.$/,
      argv.join(' ')
    )
  }
  t.match(
    refusalOf(t, () => configOf(['--no-wait', '1'])),
    /^"1" is not expected/
  )
})

t.test('--help shows every setting with its flag and default, and --version shows the version', async (t) => {
  for (const flag of ['--help', '-help', '-h']) {
    const help = textOf([flag])
    for (const [name, { flag: long, description, default: value, defaultText }] of SCHEMA) {
      t.ok(help.includes(long === undefined ? `\n  ${name}\n` : `\n  --${long}, ${name}\n`), name)
      t.ok(help.includes(`${description} (default: ${value ?? defaultText})`), description)
    }
    for (const line of ['--no-wait\n', '--version, -v', '--help, -h', '1.2.3']) {
      t.ok(help.includes(line), line)
    }
    t.notMatch(help, /undefined/)
  }
  for (const flag of ['--version', '-version', '-v']) t.equal(textOf([flag]), 'dalleserver 1.2.3\n')
  t.match(
    textOf(['--port', 'nonsense', '--help']),
    /^dalleserver 1.2.3: /,
    'a bad value does not hide the help'
  )
})
