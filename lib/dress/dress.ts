import type { Attribute, DalleDress } from '../schemas/dress.ts'
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
  const prompts = writePrompts(attributes, series.colorLimit ?? '')
  const identity = { name: address, seed: seedOf(address) }
  return { dress: describeDress(databases, series, identity, attributes, prompts), prompts }
}

/** A dress as it is before its run. The name is that of its files. */
export function describeDress(
  databases: Pick<Databases, 'version' | 'hash'>,
  series: Series,
  { name, seed }: { name: string; seed: string },
  attributes: Attribute[],
  prompts: Pick<Prompts, 'prompt' | 'data' | 'title' | 'terse'>
): DalleDress {
  return {
    original: name,
    originalName: name,
    fileName: name,
    fileSize: 0,
    modifiedAt: 0,
    seed,
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
    generatedPath: artifactPath('generated', series.suffix, name),
    annotatedPath: artifactPath('annotated', series.suffix, name),
    downloadMode: '',
    ipfsHash: '',
    cacheHit: false,
    completed: false,
    series: series.suffix,
    colorLimit: series.colorLimit ?? '',
    databaseVersion: databases.version,
    databaseHash: databases.hash
  }
}
