import assert from 'node:assert/strict'
import fc from 'fast-check'
import sharp from 'sharp'
import { createSeriesRegistry } from '../../lib/dress/series-registry.ts'
import { createJournal } from '../../lib/engine/embedded/journal.ts'
import { createLedger } from '../../lib/engine/embedded/ledger.ts'
import { isServiceError } from '../../lib/errors.ts'
import { createAnswers } from '../../lib/generation/answers.ts'
import { createArtifacts } from '../../lib/generation/artifacts.ts'
import { prepareDress } from '../../lib/dress/dress.ts'
import { decodeImage } from '../../lib/image/raster.ts'
import { embedProvenance } from '../../lib/image/provenance.ts'
import { createAverages } from '../../lib/progress/averages.ts'
import { ADDRESS } from '../helper.ts'
import { SIMPLE, databases, recordOf } from '../lib/generation/fixtures.ts'
import { damaged, damagedJson } from './damage.ts'
import type { Fuzzed } from './parsers.ts'

const RUN_ID = '01234567-89ab-4def-8123-456789abcdef'
const ENTRY = { version: 1, sequence: 3, percent: 40, record: recordOf({ runId: RUN_ID }) }
const SPENDING = {
  version: 'v1',
  day: '2026-01-31',
  usd: 1.5,
  images: 2,
  calls: [{ runId: RUN_ID, step: 'draw', state: 'reserved', day: '2026-01-31', usd: 0.2, images: 1 }]
}
const STATS = {
  version: 'v1',
  phaseAverages: { setup: { count: 2, avgNs: 5e6 }, image_wait: { count: 2, avgNs: 5e9 } },
  generationRuns: 2,
  cacheHits: 1
}
const SERIES = {
  suffix: 'own',
  purpose: 'x',
  last: 0,
  deleted: false,
  adverbs: ['a'],
  nouns: null,
  colorLimit: 3
}
const { dress } = prepareDress(databases, SIMPLE, ADDRESS)
const image = sharp({ create: { width: 6, height: 6, channels: 3, background: '#336699' } })
const IMAGES = [
  await image.clone().png().toBuffer(),
  await image.clone().jpeg().toBuffer(),
  await image.clone().gif().toBuffer(),
  await image.clone().webp().toBuffer()
]

/** Files of which each has the same text. */
const filesWith = (text: string, ...names: string[]) => ({
  list: async () =>
    names.map((name) => ({
      name,
      isFile: () => true,
      isDirectory: () => false,
      isSymbolicLink: () => false
    })) as never,
  readText: async () => text,
  read: async () => Buffer.from(text),
  stat: async () => ({ size: 1, mtimeMs: 1, isFile: () => true }) as never,
  statAll: async () => new Map(),
  write: async () => {},
  remove: async () => true,
  setAside: async () => true,
  archive: async () => true
})

const money = (value: number) => assert.ok(Number.isFinite(value) && value >= 0, String(value))

/** Every parser of files in the data folder, and of images. */
export const FILE_PARSERS: Fuzzed[] = [
  [
    'the budget',
    fc.asyncProperty(damagedJson(SPENDING), fc.boolean(), async (json, isLimited) => {
      const limits = isLimited ? { usd: 10, images: 10 } : {}
      const ledger = createLedger({
        files: filesWith(json),
        limits,
        onDiskError: () => {},
        now: () => Date.UTC(2026, 0, 31, 12)
      })
      try {
        await ledger.open()
      } catch {
        return assert.ok(isLimited, 'only a limit makes the file needed')
      }
      const { usd, images } = ledger.spent()
      money(usd)
      money(images)
      const refusal = ledger.refusal({ usd: 100, images: 100 })
      if (refusal !== undefined) {
        assert.ok(Number.isInteger(refusal.retryAfter) && refusal.retryAfter! > 0, `${refusal.retryAfter}`)
      }
      const reservation = await ledger
        .reserve({ runId: 'x', step: 'draw', expected: { usd: 0, images: 0 }, repeatsLost: 0 })
        .catch((error: unknown) => assert.ok(isServiceError(error)))
      if (reservation !== undefined) reservation.settle({ usd: 0, images: 0 })
      money(ledger.spent().usd)
    })
  ],
  [
    'the journal',
    fc.asyncProperty(damagedJson(ENTRY), async (json) => {
      const foreign: string[] = []
      const entries = await createJournal({
        files: filesWith(json, `${RUN_ID}.json`),
        onForeign: (file) => foreign.push(file)
      }).read()
      assert.equal(entries.length + foreign.length, 1)
      for (const { record } of entries) prepareDress(databases, record.definition, record.address)
    })
  ],
  [
    'averages',
    fc.property(damagedJson(STATS), (json) => {
      const averages = createAverages(json)
      averages.addRun({ setup: 5 })
      averages.addCacheHit()
      for (const ns of Object.values(averages.all())) money(ns)
    })
  ],
  [
    'series',
    fc.asyncProperty(damagedJson(SERIES), async (json) => {
      const problems: string[] = []
      const registry = await createSeriesRegistry({
        files: filesWith(json, 'own.json'),
        onUnreadable: (_file, reason) => problems.push(reason)
      })
      const own = await registry.get('own', { withDeleted: true })
      assert.ok(own !== undefined || problems.length > 0)
      if (own !== undefined) prepareDress(databases, own, ADDRESS)
      assert.ok((await registry.get('simple')) !== undefined, 'one file spoils no other series')
    })
  ],
  [
    'a kept answer',
    fc.asyncProperty(
      fc.tuple(
        damagedJson({
          version: 1,
          databaseHash: databases.hash,
          seriesHash: '',
          usd: 1,
          images: 1,
          bytes: 3
        }),
        fc.constantFrom('\n', ''),
        fc.string()
      ),
      async (parts) => {
        const answer = await createAnswers(filesWith(parts.join(''))).read(recordOf())
        if (answer !== undefined) money(answer.expense.usd)
      }
    )
  ],
  [
    'the dress of a picture',
    fc.asyncProperty(damagedJson(dress), async (json) => {
      const read = await createArtifacts(filesWith(json)).readDress(dress)
      assert.ok(
        read.original === dress.original &&
          Array.isArray(read.attributes) &&
          typeof read.downloadMode === 'string'
      )
    })
  ],
  [
    'images',
    fc.asyncProperty(fc.constantFrom(...IMAGES).chain(damaged), async (bytes) => {
      try {
        const { png, raster } = await decodeImage(bytes)
        assert.equal(raster.data.length, raster.width * raster.height * 3)
        const whole = embedProvenance(png, { dress, provider: 'openai', withPrompts: true })
        assert.equal((await decodeImage(whole)).raster.width, raster.width)
      } catch (error) {
        assert.ok(isServiceError(error) && error.code === 'IMAGE_DOWNLOAD_ERROR', String(error))
      }
    })
  ]
]
