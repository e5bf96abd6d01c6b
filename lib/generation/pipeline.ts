import type { Databases } from '../dress/databases.ts'
import type { PreparedDress } from '../dress/dress.ts'
import { enhancerPersona } from '../dress/prompts.ts'
import { asServiceError } from '../errors.ts'
import { captionImage } from '../image/caption.ts'
import { embedProvenance } from '../image/provenance.ts'
import { decodeImage } from '../image/raster.ts'
import type { EncodeQueue } from '../image/encode-queue.ts'
import type { RunProgress } from '../progress/run.ts'
import { abortable } from '../abortable.ts'
import type { Series } from '../schemas/series.ts'
import type { StoredPictures } from '../pictures/stored.ts'
import { artifactPath } from '../storage/layout.ts'
import { asFields } from './artifacts.ts'
import type { Artifacts } from './artifacts.ts'
import { drawPicture } from './drawing.ts'
import type { Artists } from './drawing.ts'
import { describeImage } from './metadata.ts'

/** Rewrites a plain prompt into a richer one. */
interface Enhancer {
  /** @param onCharge called with the cost of each attempt, in USD */
  enhance(
    prompt: string,
    persona: string,
    signal: AbortSignal,
    onCharge: (usd: number) => void
  ): Promise<string>
}

export interface PipelineParts extends Artists {
  /** Absent when prompts are not enhanced. */
  enhancer?: Enhancer
  encodeQueue: EncodeQueue
  artifacts: Artifacts
  pictures: Pick<StoredPictures, 'put' | 'putStandIn'>
  databases: Databases
  /** Whether the PNG contains its prompts. */
  embedPrompt: boolean
}

/**
 * One run, from its dress to the picture on disk. It reports its progress to `run`. The signal ends it between two
 * steps. Nothing ends it while it writes the finished picture, so a run either ends with its picture or leaves none.
 * @throws ServiceError, or the signal's reason
 */
export async function makePicture(
  parts: PipelineParts,
  run: RunProgress,
  series: Series,
  { dress, prompts: fresh }: PreparedDress,
  signal: AbortSignal
): Promise<void> {
  const { encodeQueue, artifacts, pictures, databases, embedPrompt } = parts
  const { series: name, original: address } = dress

  run.begin('setup')
  const kept = await abortable(artifacts.readPrompts(name, address), signal)

  run.begin('base_prompts')
  // A kept enhanced prompt is used only when prompts are enhanced.
  const prompts = { ...fresh, enhanced: '', ...kept, ...(parts.enhancer === undefined && { enhanced: '' }) }
  Object.assign(dress, asFields(prompts))
  const missing = Object.fromEntries(Object.entries(fresh).filter(([artifact]) => !(artifact in kept)))
  await abortable(artifacts.writePrompts(name, address, missing), signal)

  run.begin('enhance_prompt')
  await enhance(parts, run, signal)

  const drawing = await drawPicture(
    parts,
    run,
    async () => {
      dress.enhancedPrompt = ''
      await artifacts.removeEnhanced(name, address)
    },
    signal
  )

  run.begin('image_download')
  dress.downloadMode = drawing.downloadMode
  const bytes = await abortable(drawing.download(signal), signal)
  const { raster, png } = await abortable(
    encodeQueue.run(() => decodeImage(bytes), signal),
    signal
  )
  const provenance = { dress, provider: run.provider, withPrompts: embedPrompt }
  if (!run.isStandIn) {
    await abortable(artifacts.writeGenerated(name, address, embedProvenance(png, provenance)), signal)
  }

  run.begin('annotate')
  const captioned = await abortable(
    encodeQueue.run(() => captionImage(raster, dress.tersePrompt), signal),
    signal
  )
  const annotated = embedProvenance(captioned, provenance)
  dress.fileSize = annotated.length
  dress.modifiedAt = Math.floor(Date.now() / 1000)
  if (run.isStandIn) {
    signal.throwIfAborted()
    dress.annotatedPath = artifactPath('standin', name, address)
    return await pictures.putStandIn(name, address, annotated)
  }
  const metadata = describeImage({
    dress,
    technicalPrompt: prompts.technical,
    series,
    databases,
    provider: run.provider
  })
  await abortable(artifacts.writeRecords({ ...dress, completed: true }, metadata), signal)
  signal.throwIfAborted()
  await pictures.put(name, address, annotated)
}

/**
 * Phase enhance_prompt: enhances the prompt and keeps the result, unless an earlier run did or the artist would refuse
 * to draw. When this fails, the run goes on with the plain prompt and is marked as degraded.
 */
async function enhance(
  { enhancer, artist, artifacts }: PipelineParts,
  run: RunProgress,
  signal: AbortSignal
): Promise<void> {
  const { dress } = run
  if (enhancer === undefined || dress.enhancedPrompt !== '' || artist.refusal?.() !== undefined) {
    return run.skip()
  }
  try {
    dress.enhancedPrompt = await abortable(
      enhancer.enhance(dress.prompt, enhancerPersona(dress.attributes), signal, (usd) => run.addCost(usd)),
      signal
    )
  } catch (error) {
    signal.throwIfAborted()
    const { message } = asServiceError(error)
    run.failPhase(message)
    run.degrade(`The prompt was not enhanced: ${message}`)
    return
  }
  await abortable(
    artifacts.writePrompts(dress.series, dress.original, { enhanced: dress.enhancedPrompt }),
    signal
  )
}
