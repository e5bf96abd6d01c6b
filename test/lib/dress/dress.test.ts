import { Value } from '@sinclair/typebox/value'
import t from 'tap'
import { seedOf } from '../../../lib/dress/attributes.ts'
import { prepareDress } from '../../../lib/dress/dress.ts'
import { DalleDressSchema } from '../../../lib/schemas/dress.ts'
import type { Series } from '../../../lib/schemas/series.ts'
import { ADDRESS } from '../../helper.ts'
import { ORDER, databases } from './built-in.ts'

t.test('a dress has every field that the contract lists', async (t) => {
  const series: Series = { suffix: 'simple', colorLimit: 'three' }
  const { dress, prompts } = prepareDress(databases, series, ADDRESS)
  t.same([...Value.Errors(DalleDressSchema, dress)], [])
  t.same(
    Object.keys(dress).sort(),
    [
      'original',
      'originalName',
      'fileName',
      'fileSize',
      'modifiedAt',
      'seed',
      'prompt',
      'dataPrompt',
      'titlePrompt',
      'tersePrompt',
      'enhancedPrompt',
      'attributes',
      'seedChunks',
      'selectedTokens',
      'selectedRecords',
      'imageUrl',
      'generatedPath',
      'annotatedPath',
      'downloadMode',
      'ipfsHash',
      'cacheHit',
      'completed',
      'series',
      'colorLimit',
      'databaseVersion',
      'databaseHash'
    ].sort()
  )
  t.match(dress, {
    original: ADDRESS,
    originalName: ADDRESS,
    fileName: ADDRESS,
    seed: seedOf(ADDRESS),
    series: 'simple',
    colorLimit: 'three',
    databaseVersion: 'v1.0.0',
    databaseHash: databases.hash,
    enhancedPrompt: '',
    completed: false,
    cacheHit: false,
    downloadMode: '',
    generatedPath: `simple/generated/${ADDRESS}.png`,
    annotatedPath: `simple/annotated/${ADDRESS}.png`,
    prompt: prompts.prompt,
    dataPrompt: prompts.data,
    titlePrompt: prompts.title,
    tersePrompt: prompts.terse
  })
  t.same(
    dress.seedChunks,
    dress.attributes.map(({ bytes }) => bytes)
  )
  t.same(
    dress.selectedTokens,
    ORDER.map(([, name]) => name)
  )
  t.same(
    dress.selectedRecords,
    dress.attributes.map(({ value }) => value)
  )

  const kept = structuredClone(dress)
  dress.completed = true
  dress.attributes.forEach((attribute) => {
    attribute.value = 'spoilt'
  })
  dress.selectedRecords.length = 0
  t.same(
    prepareDress(databases, series, ADDRESS).dress,
    kept,
    'a run that changes its dress changes no other'
  )
})
