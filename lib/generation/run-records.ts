import type { Databases } from '../dress/databases.ts'
import type { ClaimedRun } from '../engine/engine.ts'
import { describeImage } from '../records/describe.ts'
import type { ImageRecord } from '../schemas/image-record.ts'
import type { Records } from '../records/store.ts'
import type { Artifacts, KeptPrompts } from './artifacts.ts'

interface RecordParts {
  artifacts: Pick<Artifacts, 'writeDress'>
  records: Pick<Records, 'write' | 'read' | 'sourceOf'>
  databases: Databases
}

/**
 * Writes what the image of a run is made from: its record, and the dress of a picture.
 * @param made the files that the run has made, relative to the output folder
 */
export async function writeRecords(
  { artifacts, records, databases }: RecordParts,
  { progress, record }: ClaimedRun,
  { technical }: KeptPrompts,
  made: ImageRecord['artifacts'],
  isCompleted = true
): Promise<void> {
  const { dress, provider } = progress
  const { series, definition, order } = record
  const { prompt, dataPrompt, titlePrompt, tersePrompt, enhancedPrompt } = dress
  const prompts = { prompt, dataPrompt, titlePrompt, tersePrompt, enhancedPrompt, technicalPrompt: technical }
  const image = describeImage({
    input: order?.input ?? dress.original,
    seed: dress.seed,
    series: definition,
    source: await records.sourceOf(series),
    recipe: order?.recipe,
    databases,
    ...(made.generated !== undefined && { provider, modifiedAt: dress.modifiedAt }),
    ...(made.annotated !== undefined && { ipfsHash: dress.ipfsHash }),
    attributes: dress.attributes,
    prompts,
    artifacts: made,
    isCompleted
  })
  const isDrawn = made.generated !== undefined
  await Promise.all([
    ...(isDrawn ? [artifacts.writeDress({ ...dress, completed: isCompleted })] : []),
    records.write(image)
  ])
}

/**
 * Writes what a request of /v1 has reached before its drawing failed, so that a later one uses the enhanced prompt. The
 * record of a picture that exists stays.
 */
export async function writeFailure(parts: RecordParts, run: ClaimedRun, prompts: KeptPrompts): Promise<void> {
  const { series, order } = run.record
  const before = order && (await parts.records.read(series, order.seed))
  if (before?.record.artifacts.annotated ?? before?.record.artifacts.generated) return
  await writeRecords(parts, run, prompts, {}, false)
}
