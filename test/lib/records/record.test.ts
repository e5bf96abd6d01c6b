import t from 'tap'
import { isBelowOutput, relativeArtifact, savedArtifact } from '../../../lib/records/artifact-paths.ts'
import { shownRecord } from '../../../lib/records/describe.ts'
import { imageIdOf, recordedSeriesHash } from '../../../lib/records/identity.ts'
import { parseRecord, writeRecord } from '../../../lib/records/record.ts'
import type { ImageRecord } from '../../../lib/schemas/image-record.ts'
import { GO_RECORD, OLD_RECORD, SEED } from './samples.ts'

const ROOT = '/srv/dalle'

const read = (value: unknown) => parseRecord(JSON.stringify(value), ROOT) as ImageRecord

t.test('a record of the Go server is read, also after its folder was moved', async (t) => {
  const record = read(GO_RECORD)
  t.same(record.artifacts, {
    generated: `simple/generated/${SEED}.png`,
    annotated: `simple/annotated/${SEED}.png`
  })
  t.equal(record.series.source, 'embedded')
  t.same(record.stages.enhanced, { status: 'skipped' })
  t.same(record.status, { completed: true, cacheHit: false })
  t.notOk('unknown' in record)
})

t.test('a record is written with absolute paths, two spaces, a final newline and escaped HTML', async (t) => {
  const text = writeRecord({ ...read(GO_RECORD), input: 'a <b> & c' }, ROOT)
  t.match(text, `"annotated": "${ROOT}/output/simple/annotated/${SEED}.png"`)
  t.match(text, '\n  "input": "a \\u003cb\\u003e \\u0026 c",\n')
  t.ok(text.endsWith('\n}\n'))
  const again = parseRecord(text, '/elsewhere') as ImageRecord
  t.equal(again.artifacts.annotated, `simple/annotated/${SEED}.png`)
  t.equal(again.input, 'a <b> & c')
  const keys = Object.keys(JSON.parse(text))
  t.same(
    keys,
    'metadataVersion imageId input seed series recipe database selectedRecords prompts artifacts stages status'.split(
      ' '
    )
  )
})

t.test('a record of an older version of this server gets stages, status and the source', async (t) => {
  const record = read(OLD_RECORD)
  t.match(record, {
    series: { source: 'embedded' },
    artifacts: { generated: 'simple/generated/0x.png', annotated: 'simple/annotated/0x.png' },
    stages: {
      selected: { status: 'complete' },
      prompted: { status: 'complete' },
      enhanced: { status: 'skipped' },
      generated: { status: 'complete' },
      annotated: { status: 'complete' }
    },
    status: { completed: true, cacheHit: false },
    provider: 'local'
  })
  t.notOk('enhancedPrompt' in record.prompts, 'empty prompts are left out')
})

t.test('a text that is no record says why', async (t) => {
  const damaged: Array<[string, RegExp]> = [
    ['', /not JSON/],
    ['{"metadataVersion": "1', /not JSON/],
    ['null', /not the record/],
    ['[]', /not the record/],
    ['{}', /metadataVersion is missing/],
    [JSON.stringify({ ...GO_RECORD, input: '' }), /input is missing/],
    [JSON.stringify({ ...GO_RECORD, seed: 7 }), /seed is missing or of another type/],
    [JSON.stringify({ ...GO_RECORD, series: { name: '' } }), /series.name/],
    [JSON.stringify({ ...GO_RECORD, recipe: { name: 'default' } }), /recipe.version/],
    [JSON.stringify({ ...GO_RECORD, artifacts: { generated: 5 } }), /artifacts/],
    [JSON.stringify({ ...GO_RECORD, selectedRecords: {} }), /selectedRecords/],
    [JSON.stringify({ ...GO_RECORD, prompts: { prompt: [] } }), /prompts/]
  ]
  for (const [text, reason] of damaged) t.match(parseRecord(text, ROOT), reason, text.slice(0, 60))
  const sparse = read({
    metadataVersion: '1.0.0',
    input: 'a',
    seed: 'b',
    series: { name: 'c', source: null },
    recipe: { name: 'd', version: 'e' },
    selectedRecords: null,
    artifacts: null
  })
  t.match(sparse, { imageId: '', selectedRecords: [], artifacts: {}, status: { completed: false } })
})

t.test('what follows the last /output/ is the path of an artifact', async (t) => {
  const paths: Array<[string, string]> = [
    ['', ''],
    ['/srv/dalle/output/simple/generated/a.png', 'simple/generated/a.png'],
    ['/srv/dalle/output/output/generated/a.png', 'output/generated/a.png'],
    ['/home/x/output/dalle/output/simple/annotated/a.png', 'simple/annotated/a.png'],
    ['/home/x/output/output/annotated/a.png', 'output/annotated/a.png'],
    ['C:\\dalle\\output\\simple\\annotated\\a.png', 'simple/annotated/a.png'],
    ['simple/annotated/a.png', 'simple/annotated/a.png'],
    ['/etc/passwd', '/etc/passwd'],
    ['/x/output/../../etc/passwd', '../../etc/passwd']
  ]
  for (const [path, relative] of paths) t.equal(relativeArtifact(path, ROOT), relative, path)
  for (const inside of ['simple/annotated/a.png', 'a', 'a/..b']) t.ok(isBelowOutput(inside), inside)
  for (const outside of ['/etc/passwd', '..', '../x', 'a/../../x', '.', 'a\0b', 'C:\\x']) {
    t.notOk(isBelowOutput(outside), JSON.stringify(outside))
    t.equal(savedArtifact(outside, ROOT), outside)
  }
  t.equal(savedArtifact('', ROOT), '')
})

t.test('an answer has paths relative to the data folder, and none of the machine', async (t) => {
  const record = read({
    ...GO_RECORD,
    series: { ...GO_RECORD.series, source: '/old/place/series/simple.json' },
    artifacts: { generated: '/etc/passwd', annotated: GO_RECORD.artifacts.annotated }
  })
  const shown = shownRecord(record)
  t.same(shown.artifacts, { annotated: `output/simple/annotated/${SEED}.png` })
  t.equal(shown.series.source, 'series/simple.json')
  t.notMatch(JSON.stringify(shown), /\/old\/|\/etc\//)
})

t.test('the hash of a series is that of its compact JSON in the Go server', async (t) => {
  // sha256 of {"last":7,"suffix":"x","purpose":"a \u003cb","adverbs":null,…,"nouns":["cat,"],…,"source":"user"}
  const series = { suffix: 'x', last: 7, purpose: 'a <b', nouns: ['cat,'], source: 'user', places: null }
  t.equal(
    recordedSeriesHash(series),
    'sha256:d6d28bcf99f4ec36d0ae429be903fa3cb8f74e0cd51b9c909ab698900c37c74d'
  )
  t.not(recordedSeriesHash({ ...series, source: 'builtin' }), recordedSeriesHash(series))
  t.not(recordedSeriesHash({ ...series, places: ['Paris'] }), recordedSeriesHash(series))
  t.equal(recordedSeriesHash({ ...series, deleted: false }), recordedSeriesHash(series))
})

t.test('the id of an image is the hash of its eight parts, joined by NUL', async (t) => {
  const [name, version, archiveHash, hash] = ['n', 'v', 'a', 'h']
  t.equal(
    imageIdOf({
      input: 'i',
      seed: 's',
      series: { name, hash, source: '' },
      recipe: { name: 'r', version: '1' },
      database: { version, archiveHash }
    }),
    'sha256:c4045e9bb22a4afaef58e68ea14207226e576c26715e8057ca2ba1f10bbd5aca'
  )
})
