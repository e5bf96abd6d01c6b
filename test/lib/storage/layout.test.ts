import { sep } from 'node:path'
import fc from 'fast-check'
import t from 'tap'
import { isServiceError } from '../../../lib/errors.ts'
import {
  ARTIFACTS,
  artifactPath,
  inOutput,
  isAddress,
  isSeriesName,
  metadataPath,
  resolveInside,
  runArchivePath,
  seriesName
} from '../../../lib/storage/layout.ts'
import { ADDRESS } from '../../helper.ts'

const SEED = 'f503017d7baf7fbc0fff7492b751025c6a78179bb97187a6c520157b2947fff0'

t.test('artifacts have the paths of the Go server; stand-ins have a folder of their own', async (t) => {
  const paths = Object.fromEntries(
    ARTIFACTS.map((artifact) => [artifact, artifactPath(artifact, 'simple', ADDRESS)])
  )
  t.strictSame(paths, {
    data: `simple/data/${ADDRESS}.txt`,
    title: `simple/title/${ADDRESS}.txt`,
    terse: `simple/terse/${ADDRESS}.txt`,
    prompt: `simple/prompt/${ADDRESS}.txt`,
    enhanced: `simple/enhanced/${ADDRESS}.txt`,
    technical: `simple/technical/${ADDRESS}.txt`,
    selector: `simple/selector/${ADDRESS}.json`,
    generated: `simple/generated/${ADDRESS}.png`,
    annotated: `simple/annotated/${ADDRESS}.png`,
    standin: `simple/standin/${ADDRESS}.png`
  })
  t.equal(metadataPath('simple', SEED), `simple/metadata/${SEED}.json`)
  t.equal(runArchivePath('simple', ADDRESS, 1_700_000_000), `metrics/runs/simple_${ADDRESS}_1700000000.json`)
  t.equal(inOutput('simple'), 'output/simple')
})

t.test('an address is 0x and forty lower-case hexadecimal digits', async (t) => {
  t.ok(isAddress(ADDRESS))
  t.ok(isAddress(`0x${'0'.repeat(40)}`))
  for (const text of [
    '',
    '0x',
    ADDRESS.slice(2),
    ADDRESS.slice(0, -1),
    `${ADDRESS}0`,
    ADDRESS.toUpperCase(),
    ADDRESS.replace('f', 'F'),
    ADDRESS.replace('0x', '0X'),
    ADDRESS.replace('f', 'g'),
    ` ${ADDRESS}`,
    `${ADDRESS}\n`,
    `${ADDRESS}/`,
    `0x${'٣'.repeat(40)}`
  ]) {
    t.notOk(isAddress(text), JSON.stringify(text))
  }
})

t.test('a series name is one lower-case folder name', async (t) => {
  for (const text of [
    'simple',
    'five-tone-postal-protozoa',
    'a',
    '1',
    'my_series.v2',
    'größe',
    '日本',
    '-',
    'a..b',
    'a'.repeat(190)
  ]) {
    t.ok(isSeriesName(text), text)
  }
  for (const text of [
    '',
    '.',
    '..',
    '.hidden',
    '...',
    ' a',
    'a b',
    'Simple',
    'a/b',
    '/a',
    'a\\b',
    '\\a',
    'a\0',
    '\0',
    'a\nb',
    'a\n',
    '\ta',
    'a\x7f',
    '\x1f',
    'a'.repeat(191),
    '日'.repeat(64)
  ]) {
    t.notOk(isSeriesName(text), JSON.stringify(text))
  }
  const names: Array<[string, string]> = [
    ['Simple', 'simple'],
    ['My Own Series', 'my-own-series'],
    ['a  b', 'a--b'],
    ['ÄÖ', 'äö'],
    ['already-so', 'already-so']
  ]
  for (const [text, name] of names) t.equal(seriesName(text), name)
})

t.test('no spelling of a path leads outside the root', async (t) => {
  const spellings = [
    '..',
    '../',
    '../x',
    '../../etc/passwd',
    'a/../..',
    'a/../../b',
    './../x',
    'a/./../../b',
    '/../x',
    '//../../x',
    '../root-2/x',
    '../rootx',
    'a\0b',
    '\0',
    '../\0'
  ]
  for (const path of spellings) {
    t.throws(() => resolveInside('/data/root', path), { code: 'FILE_SYSTEM_ERROR' }, JSON.stringify(path))
  }
  const inside: Array<[string, string]> = [
    ['', '/data/root'],
    ['.', '/data/root'],
    ['a/..', '/data/root'],
    ['/etc/passwd', '/data/root/etc/passwd'],
    ['a/../b', '/data/root/b'],
    ['..a', '/data/root/..a'],
    ['...', '/data/root/...'],
    ['..\\x', '/data/root/..\\x'],
    ['%2e%2e/x', '/data/root/%2e%2e/x']
  ]
  for (const [path, expected] of inside) t.equal(resolveInside('/data/root', path), expected)
  t.equal(resolveInside('/', 'etc'), '/etc', 'a root of / has everything inside')
})

t.test('a path of any parts is refused or inside the root', async (t) => {
  const piece = fc.constantFrom(
    '..',
    '.',
    '/',
    '\\',
    '\0',
    'a',
    ' ',
    '~',
    '%2e',
    '%2f',
    '..;',
    '\u2024',
    'simple',
    ADDRESS,
    SEED,
    '\n'
  )
  const text = fc.oneof(
    fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join('')),
    fc.string({ unit: 'binary' }),
    fc.constantFrom('simple', ADDRESS, SEED)
  )
  const isRefusal = (error: unknown) => isServiceError(error) && error.code === 'FILE_SYSTEM_ERROR'
  let inside = 0

  function staysInside(root: string, path: () => string): boolean {
    try {
      const resolved = path()
      inside += 1
      return (
        (resolved === root || resolved.startsWith(root + sep)) &&
        !resolved.includes('\0') &&
        !resolved.split(sep).includes('..')
      )
    } catch (error) {
      return isRefusal(error)
    }
  }

  /** Whether the path has the given depth and no part that leads to another folder. */
  function isPlain(path: () => string, depth: number): boolean {
    try {
      const parts = path().split(/[/\\]/)
      return (
        parts.length === depth &&
        parts.every((part) => part !== '' && part !== '.' && part !== '..' && !part.includes('\0'))
      )
    } catch (error) {
      return isRefusal(error)
    }
  }

  t.doesNotThrow(() =>
    fc.assert(
      fc.property(text, (path) => staysInside('/data/root', () => resolveInside('/data/root', path))),
      { numRuns: 2_000 }
    )
  )
  t.ok(inside > 100, 'many were inside')
  t.doesNotThrow(() =>
    fc.assert(
      fc.property(
        text,
        text,
        fc.constantFrom(...ARTIFACTS),
        (series, name, artifact) =>
          isPlain(() => artifactPath(artifact, series, name), 3) &&
          isPlain(() => artifactPath(artifact, series, ADDRESS), 3) &&
          isPlain(() => artifactPath(artifact, 'simple', name), 3) &&
          isPlain(() => metadataPath(series, SEED), 3) &&
          isPlain(() => metadataPath('simple', name), 3) &&
          isPlain(() => runArchivePath(series, ADDRESS, 1), 3) &&
          isPlain(() => runArchivePath('simple', name, 1), 3)
      ),
      { numRuns: 2_000 }
    )
  )

  t.throws(() => artifactPath('data', '..', ADDRESS), { code: 'FILE_SYSTEM_ERROR' })
  t.throws(() => artifactPath('data', 'simple', '../../x'), { code: 'FILE_SYSTEM_ERROR' })
  t.throws(() => metadataPath('simple', '\0'), { code: 'FILE_SYSTEM_ERROR' })
  t.equal(metadataPath('simple', 'A b/..'), 'simple/metadata/a-b--.json', 'the name is the path-safe seed')
  t.throws(() => runArchivePath('simple', '..', 1), { code: 'FILE_SYSTEM_ERROR' })
})
