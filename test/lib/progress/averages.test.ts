import t from 'tap'
import { createAverages } from '../../../lib/progress/averages.ts'
import { statsOf } from './fixtures.ts'

t.test('the first duration is the first average, and each later one weighs a fifth', async (t) => {
  const averages = createAverages()
  t.equal(averages.of('setup'), 0)
  t.strictSame(averages.all(), {})
  averages.addRun({ setup: 1_000, image_wait: 500 })
  t.equal(averages.of('setup'), 1_000)
  averages.addRun({ setup: 2_000 })
  t.equal(averages.of('setup'), 1_200)
  averages.addRun({ setup: 0 })
  t.equal(averages.of('setup'), 960)
  averages.addCacheHit()
  t.strictSame(averages.all(), { setup: 960, image_wait: 500 })
  t.strictSame(averages.stats, {
    version: 'v1',
    phaseAverages: { setup: { count: 3, avgNs: 960 }, image_wait: { count: 1, avgNs: 500 } },
    generationRuns: 3,
    cacheHits: 1
  })
})

t.test('the statistics of the Go server are continued', async (t) => {
  const averages = createAverages(`{
    "version": "v1",
    "phaseAverages": {
      "setup": {"count": 2, "avgNs": 5000},
      "image_wait": {"count": 9, "avgNs": 30000000000},
      "completed": {"count": 9, "avgNs": 1}
    },
    "generationRuns": 9, "cacheHits": 21
  }`)
  t.strictSame(averages.all(), { setup: 5_000, image_wait: 30_000_000_000 }, 'only of the work phases')
  averages.addRun({ setup: 10_000 })
  averages.addCacheHit()
  t.strictSame(averages.stats.phaseAverages.setup, { count: 3, avgNs: 6_000 })
  t.match(averages.stats, { generationRuns: 10, cacheHits: 22 })
})

t.test('unreadable statistics are replaced by empty ones', async (t) => {
  const fresh = { version: 'v1', phaseAverages: {}, generationRuns: 0, cacheHits: 0 }
  const whole = statsOf({ setup: 1 })
  const texts = [
    undefined,
    '',
    'not JSON',
    '{"version":"v1","phaseAv',
    'null',
    '[]',
    '7',
    '{}',
    JSON.stringify({ ...whole, version: 'v2' })
  ]
  for (const text of texts) t.strictSame(createAverages(text).stats, fresh, String(text))
  t.strictSame(createAverages(JSON.stringify(whole)).stats, whole, 'readable statistics are kept')
})

t.test('a value that cannot be is left out, and the others are kept', async (t) => {
  const good = { count: 3, avgNs: 5e9 }
  const impossible = [
    '5',
    'null',
    '[]',
    '"3"',
    '{}',
    '{"count":1}',
    '{"count":1,"avgNs":"1"}',
    '{"count":1,"avgNs":-1}',
    '{"count":1,"avgNs":NaN}',
    '{"count":1,"avgNs":Infinity}',
    '{"count":1,"avgNs":-Infinity}',
    '{"count":1,"avgNs":1e300}',
    '{"count":1,"avgNs":1e999}',
    '{"count":1.5,"avgNs":1}',
    '{"count":-1,"avgNs":1}',
    '{"count":0,"avgNs":1}',
    '{"count":1e300,"avgNs":1}',
    '{"count":NaN,"avgNs":1}',
    '{"count":null,"avgNs":1}'
  ]
  for (const text of impossible) {
    const { stats, all } = createAverages(
      `{"version":"v1","phaseAverages":{"image_wait":${JSON.stringify(good)},"setup":${text}},` +
        '"generationRuns":7,"cacheHits":8}'
    )
    t.strictSame(stats, {
      version: 'v1',
      phaseAverages: { image_wait: good },
      generationRuns: 7,
      cacheHits: 8
    })
    t.strictSame(all(), { image_wait: 5e9 }, text)
  }
  for (const text of ['-1', '1.5', '1e300', 'NaN', '"7"', 'null', '{}']) {
    const json = `{"version":"v1","phaseAverages":{"setup":{"count":1,"avgNs":2}},"generationRuns":${text}}`
    t.match(createAverages(json).stats, {
      phaseAverages: { setup: { count: 1, avgNs: 2 } },
      generationRuns: 0,
      cacheHits: 0
    })
  }
  for (const text of ['5', 'null', '[]', '"x"']) {
    const json = `{"version":"v1","phaseAverages":${text},"generationRuns":7,"cacheHits":8}`
    t.match(createAverages(json).stats, { phaseAverages: {}, generationRuns: 7, cacheHits: 8 }, text)
  }
})

t.test('unknown phases are left out', async (t) => {
  const average = '{"count":9,"avgNs":1}'
  const { stats } = createAverages(
    `{"version":"v1","phaseAverages":{"completed":${average},"__proto__":${average},"dreaming":${average},` +
      `"constructor":${average},"annotate":${average}},"generationRuns":1,"cacheHits":1}`
  )
  t.strictSame(stats.phaseAverages, { annotate: { count: 9, avgNs: 1 } })
})
