import type { DalleDress } from '../schemas/dress.ts'
import type { Series } from '../schemas/series.ts'
import { artifactPath } from '../storage/layout.ts'
import { seedOf, selectAttributes } from './attributes.ts'
import type { Databases } from './databases.ts'
import { writePrompts } from './prompts.ts'
import type { Prompts } from './prompts.ts'

export interface PreparedDress {
  dress: DalleDress
  prompts: Prompts
}

/**
 * Prepares the dress of an address in a series, as far as it is known before the run. A pure function of its
 * parameters.
 * @param address `0x` and 40 lower-case hexadecimal digits
 * @throws TEMPLATE_ERROR if a prompt cannot be written
 */
export function prepareDress(databases: Databases, series: Series, address: string): PreparedDress {
  const attributes = selectAttributes(databases, series, address)
  const colorLimit = series.colorLimit ?? ''
  const prompts = writePrompts(attributes, colorLimit)
  const dress: DalleDress = {
    original: address,
    originalName: address,
    fileName: address,
    fileSize: 0,
    modifiedAt: 0,
    seed: seedOf(address),
    prompt: prompts.prompt,
    dataPrompt: prompts.data,
    titlePrompt: prompts.title,
    tersePrompt: prompts.terse,
    enhancedPrompt: '',
    attributes,
    seedChunks: attributes.map(({ bytes }) => bytes),
    selectedTokens: attributes.map(({ name }) => name),
    selectedRecords: attributes.map(({ value }) => value),
    imageUrl: '',
    generatedPath: artifactPath('generated', series.suffix, address),
    annotatedPath: artifactPath('annotated', series.suffix, address),
    downloadMode: '',
    ipfsHash: '',
    cacheHit: false,
    completed: false,
    series: series.suffix,
    colorLimit,
    databaseVersion: databases.version,
    databaseHash: databases.hash
  }
  return { dress, prompts }
}
