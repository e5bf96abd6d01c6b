import { createHash } from 'node:crypto'
import type { Databases } from '../dress/databases.ts'
import { seriesHash } from '../dress/series-registry.ts'
import type { DalleDress } from '../schemas/dress.ts'
import type { Provider } from '../schemas/progress.ts'
import type { Series } from '../schemas/series.ts'

/** The recipe that turns a dress into prompts. Its version changes when the same dress gives other prompts. */
const RECIPE = { name: 'default', version: '1.0.0' }

export type Metadata = ReturnType<typeof describeImage>

/** The record of a picture: its sources and its files, with paths relative to the output folder. */
export function describeImage({
  dress,
  technicalPrompt,
  series,
  databases,
  provider
}: {
  dress: DalleDress
  technicalPrompt: string
  series: Series
  databases: Databases
  provider: Provider
}) {
  const hash = seriesHash(series)
  const identity = [
    dress.original,
    dress.seed,
    series.suffix,
    hash,
    RECIPE.name,
    RECIPE.version,
    databases.version,
    databases.hash
  ]
  return {
    metadataVersion: '1.0.0',
    imageId: `sha256:${createHash('sha256').update(identity.join('\0')).digest('hex')}`,
    input: dress.original,
    seed: dress.seed,
    series: { name: series.suffix, hash },
    recipe: RECIPE,
    database: { version: databases.version, archiveHash: databases.hash },
    provider,
    modifiedAt: dress.modifiedAt,
    selectedRecords: dress.attributes.map(({ name, database, selector, value }) => ({
      attribute: name,
      database,
      rowIndex: selector,
      record: value
    })),
    prompts: {
      prompt: dress.prompt,
      dataPrompt: dress.dataPrompt,
      titlePrompt: dress.titlePrompt,
      tersePrompt: dress.tersePrompt,
      enhancedPrompt: dress.enhancedPrompt,
      technicalPrompt
    },
    artifacts: { generated: dress.generatedPath, annotated: dress.annotatedPath }
  }
}
