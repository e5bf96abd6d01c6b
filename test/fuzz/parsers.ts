import assert from 'node:assert/strict'
import fc from 'fast-check'
import { mediaTypeOf } from '../../lib/image/media-type.ts'
import { hasTooManyParts } from '../../lib/image/parts.ts'
import { readCommand } from '../../lib/config/command.ts'
import { ConfigError, createConfig } from '../../lib/config/config.ts'
import { parseDotenv } from '../../lib/config/dotenv.ts'
import { parseDuration } from '../../lib/config/duration.ts'
import { SETTINGS } from '../../lib/config/settings.ts'
import { isServiceError } from '../../lib/errors.ts'
import { createErrorSerializer, requestIdOf } from '../../lib/log.ts'
import { readCursor, splitHashes, writeCursor } from '../../lib/engine/cursor.ts'
import { isPublic, mayBeProvider } from '../../lib/provider/addresses.ts'
import { readEvents } from '../../lib/provider/event-stream.ts'
import { UnusableAnswer, readRetryAfter } from '../../lib/provider/failures.ts'
import { createJsonLimits } from '../../lib/provider/json-limits.ts'
import { costOf, parsePrices, readUsage } from '../../lib/provider/prices.ts'
import {
  artifactPath,
  isPictureName,
  isSeriesName,
  parseAnnotatedPath,
  resolveInside,
  seriesName
} from '../../lib/storage/layout.ts'
import { parseHeaders } from '../../lib/tracing/collector.ts'
import { appliedPreferences, readPreferences } from '../../routes/dalle/preferences.ts'
import { isLastId } from '../../routes/dalle/events.ts'
import { damaged, textOf } from './damage.ts'

/** One parser: a name and a property that holds for every input. */
export type Fuzzed = [name: string, property: fc.IRawProperty<unknown>]

const CONTROL = /\p{Cc}/u
const SECRET = 'a-secret-that-no-error-shows'

/** Runs a reader of the configuration. Its error is one line. */
function checkConfig(read: () => unknown): void {
  try {
    read()
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    assert.doesNotMatch(error.message, CONTROL)
    assert.ok(error.message.length < 1_000, error.message)
  }
}

/** A property of a text. */
const text = (known: string[], check: (given: string) => void) => fc.property(textOf(...known), check)
const names = SETTINGS.map(([name]) => name)
const secrets = SETTINGS.flatMap(([name, { secret }]) => (secret ? [name] : []))
const flags = SETTINGS.flatMap(([, { flag }]) => (flag === undefined ? [] : [`--${flag}`, `--${flag}=`]))
const values = [
  '1',
  '0',
  '80',
  '60s',
  'http://',
  'x@y',
  'local',
  SECRET,
  '-',
  '=',
  ' ',
  '~',
  '{"a":{"call":1}}',
  '9'.repeat(400)
]

const configuration: Fuzzed[] = [
  [
    'durations',
    text(['1', '.', '9e9', 'h', 'ms', 'µs', '-', '0', '9'.repeat(400)], (given) => {
      const ms = parseDuration(given)
      assert.ok(ms === undefined || ms >= 0)
      if (ms === Infinity) checkConfig(() => createConfig({ TB_DALLE_LOCK_TTL: given }))
    })
  ],
  [
    '.env',
    text([...names, '=', '\n', '"', "'", '#', '\r\n', 'export ', '\ufeff', '`', ...values], (given) => {
      const { values: dotenv, warnings: dotenvWarnings } = parseDotenv(given)
      checkConfig(() => readCommand({ argv: [], env: {}, dotenv, dotenvWarnings, version: '1' }))
    })
  ],
  [
    'flags',
    fc.property(
      fc.array(
        fc.oneof(fc.constantFrom(...flags, '--', '-h', '--no-wait', '--no-port', '---'), textOf(...values)),
        { maxLength: 5 }
      ),
      (argv) => {
        checkConfig(() => readCommand({ argv, env: {}, version: '1' }))
      }
    )
  ],
  [
    'settings',
    fc.property(
      fc.dictionary(fc.constantFrom<string>(...names), textOf(...values), { maxKeys: 4 }),
      (given) => {
        checkConfig(() => createConfig(given))
      }
    )
  ],
  [
    'secrets',
    fc.property(fc.constantFrom(...secrets), textOf(SECRET, ' ', ',', '\n', '='), (name, given) => {
      try {
        createConfig({ [name]: given })
      } catch (error) {
        assert.ok(error instanceof ConfigError && !error.message.includes(SECRET))
      }
    })
  ],
  [
    'prices',
    text(
      ['{', '}', '"m":', '{"call":', '1', '-1', '1e999', ',', '"input":', '"output":', '"__proto__":'],
      (given) => {
        for (const price of Object.values(parsePrices(given) ?? {})) assert.ok(costOf(price, undefined) >= 0)
      }
    )
  ],
  [
    'headers of the collector',
    text(['a', '=', ',', '%20', '%', '\r\n', ' '], (given) => {
      for (const [name, value] of Object.entries(parseHeaders(given) ?? {})) new Headers().set(name, value)
    })
  ]
]

const requests: Fuzzed[] = [
  [
    'cursors',
    fc.property(
      fc.oneof(
        textOf('["newest",', 'a', '=', '_'),
        fc.json(),
        fc
          .tuple(
            fc.constantFrom('newest', 'series'),
            fc.double(),
            fc.string(),
            fc.double(),
            fc.string(),
            fc.string()
          )
          .map((parts) => JSON.stringify(parts))
      ),
      (given) => {
        for (const encoded of [given, Buffer.from(given).toString('base64url')]) {
          const cursor = readCursor(encoded)
          if (cursor === undefined) continue
          assert.deepEqual(readCursor(writeCursor(cursor)), cursor)
          splitHashes(cursor.finishedSeries)
        }
      }
    )
  ],
  [
    'Prefer',
    text(
      ['wait', '=', '"', ',', ';', '55', '999999999', 'respond-async', 'return', 'minimal', ' '],
      (given) => {
        const preferences = readPreferences(given)
        const { wait = 0, minimal = false } = preferences
        assert.equal(typeof minimal, 'boolean')
        assert.ok(Number.isInteger(wait) && wait >= 0 && wait <= 60)
        assert.match(appliedPreferences(preferences), /^(?:wait=\d+)?(?:, )?(?:respond-async)?$/)
      }
    )
  ],
  [
    'addresses and series',
    text(
      ['0x', '0', 'f', 'F'.repeat(40), '/', '..', '\\', '\0', '.png', '/annotated/', ' ', 'simple'],
      (given) => {
        for (const name of [given, seriesName(given)]) {
          const isValid = isSeriesName(name) && isPictureName(given)
          try {
            const path = artifactPath('annotated', name, given)
            assert.ok(isValid && resolveInside('/data', path).startsWith('/data/'))
          } catch (error) {
            assert.ok(!isValid && isServiceError(error))
          }
          parseAnnotatedPath(`${name}/annotated/${given}`)
        }
      }
    )
  ],
  [
    'paths',
    text(['..', '/', '.', '\\', '\0', 'a', '//', '%2e'], (given) => {
      try {
        const path = resolveInside('/data', given)
        assert.ok(path === '/data' || path.startsWith('/data/'), path)
      } catch (error) {
        assert.ok(isServiceError(error))
      }
    })
  ],
  [
    'ids of requests and events',
    text(['a', '.', '.done', '-', '\n', '9'], (given) => {
      assert.match(requestIdOf(given), /^[A-Za-z0-9._-]{1,64}$/)
      isLastId(given)
    })
  ]
]

const anything = fc.anything({ maxDepth: 3, withBigInt: false })

const provider: Fuzzed[] = [
  [
    'addresses of hosts',
    fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (given) => {
      assert.ok(!isPublic(given) || mayBeProvider(given))
      if (given.includes(':')) return
      for (const prefix of ['::ffff:', '64:ff9b::', '::ffff:0:']) {
        assert.equal(isPublic(prefix + given), isPublic(given))
      }
    })
  ],
  [
    'JSON within limits',
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.json(), fc.nat(50), (bytes, json, cut) => {
      const check = createJsonLimits()
      check(Buffer.from(json.slice(0, cut)))
      check(Buffer.from(json.slice(cut)))
      try {
        createJsonLimits()(bytes)
      } catch (error) {
        assert.ok(error instanceof UnusableAnswer)
      }
    })
  ],
  [
    'streams of events',
    fc.asyncProperty(
      textOf('data:', ' ', '{"a":1}', '\n', '\n\n', '\r\n', '\r', '[DONE]', ': x', 'event: e', 'id'),
      fc.nat(20),
      async (given, size) => {
        const bytes = Buffer.from(given)
        async function* pieces() {
          for (let at = 0; at < bytes.length; at += size + 1) yield bytes.subarray(at, at + size + 1)
        }
        const read = async (body: AsyncIterable<Uint8Array>) => {
          try {
            const events: unknown[] = []
            for await (const event of readEvents(body)) events.push(event)
            return events
          } catch (error) {
            assert.ok(error instanceof SyntaxError || error instanceof UnusableAnswer)
            return 'refused'
          }
        }
        async function* atOnce() {
          yield bytes
        }
        assert.deepEqual(await read(pieces()), await read(atOnce()), 'the pieces make no difference')
      }
    )
  ],
  [
    'counts of tokens',
    fc.property(
      anything,
      fc.record({ input_tokens: anything, output_tokens: anything, prompt_tokens_details: anything }),
      (usage, named) => {
        for (const given of [usage, named]) {
          const cost = costOf({ input: 5, cachedInput: 1, output: 30, call: 0.2 }, readUsage(given))
          assert.ok(Number.isFinite(cost) && cost >= 0)
        }
      }
    )
  ],
  [
    'Retry-After',
    fc.property(
      fc.string({ unit: fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code)) }),
      fc.date({ noInvalidDate: true }),
      (given, date) => {
        for (const value of [given, date.toUTCString(), String(date.getTime())]) {
          for (const name of ['retry-after', 'retry-after-ms']) {
            const ms = readRetryAfter(new Headers({ [name]: value }))
            assert.ok(ms === undefined || (ms >= 0 && ms <= 900_000), value)
          }
        }
      }
    )
  ],
  [
    'errors in the log',
    fc.property(
      textOf('\x1b[2J', '\n', '\r', SECRET, '\u202e', 'x'.repeat(2_000)),
      anything,
      anything,
      (message, code, cause) => {
        const serialize = createErrorSerializer({ [SECRET]: '<key>' })
        const logged = serialize(Object.assign(new Error(message, { cause }), { code }))
        assert.doesNotMatch(
          [logged.message, logged.code, logged.stack.replaceAll('\n', '')].join(''),
          CONTROL
        )
        assert.ok(!JSON.stringify(logged).includes(SECRET) && JSON.stringify(logged).length < 100_000)
      }
    )
  ],
  [
    'media types and parts',
    fc.property(
      fc
        .constantFrom('\x89PNG\r\n\x1a\n', '\xff\xd8\xff', 'RIFF\0\0\0\0WEBP', 'GIF89a')
        .chain((begin) => damaged(Buffer.from(begin + '\0'.repeat(30), 'latin1'))),
      (bytes) => {
        const mediaType = mediaTypeOf(bytes)
        assert.ok(mediaType === undefined || !hasTooManyParts(bytes, mediaType))
      }
    )
  ]
]

/** Every parser of texts that come from outside. */
export const PARSERS: Fuzzed[] = [...configuration, ...requests, ...provider]
