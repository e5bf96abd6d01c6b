import type { Databases } from '../dress/databases.ts'
import { prepareDress } from '../dress/dress.ts'
import { enhancerPersona } from '../dress/prompts.ts'
import type { Prompts } from '../dress/prompts.ts'
import type { ClaimedRun, PaidStep } from '../engine/engine.ts'
import { asServiceError } from '../errors.ts'
import type { Drawing } from '../image/artist.ts'
import { captionImage } from '../image/caption.ts'
import { embedProvenance } from '../image/provenance.ts'
import { decodeImage } from '../image/raster.ts'
import type { EncodeQueue } from '../image/encode-queue.ts'
import { abortable } from '../abortable.ts'
import type { StoredPictures } from '../pictures/stored.ts'
import { artifactPath } from '../storage/layout.ts'
import { isInTheWay } from '../storage/system-errors.ts'
import { asFields } from './artifacts.ts'
import type { Artifacts } from './artifacts.ts'
import { drawPicture, hasBegunDrawing } from './drawing.ts'
import type { DrawingParts } from './drawing.ts'
import { describeImage } from './metadata.ts'
import { createPaidStep, untilWritten } from './paid-step.ts'

/** Rewrites a plain prompt into a richer one. */
interface Enhancer {
  /** @param onCharge called with the cost of each attempt, in USD */
  enhance(
    prompt: string,
    persona: string,
    signal: AbortSignal,
    step: PaidStep<string>,
    onCharge: (usd: number) => void
  ): Promise<string>
}

export interface PipelineParts extends Omit<DrawingParts, 'artifacts'> {
  /** Absent when prompts are not enhanced. */
  enhancer?: Enhancer
  encodeQueue: EncodeQueue
  artifacts: Artifacts
  pictures: Pick<StoredPictures, 'put' | 'putStandIn'>
  databases: Databases
  /** Whether pictures contain their prompts. */
  embedPrompt: boolean
}

/**
 * One run, from its dress to the picture on disk. It reports its progress to `run`. The signal ends it between two
 * steps. Nothing ends it while it writes the finished picture, so a run either ends with its picture or leaves none.
 * @throws ServiceError, or the signal's reason
 */
export async function makePicture(parts: PipelineParts, run: ClaimedRun): Promise<void> {
  const { artifacts, databases } = parts
  const { progress, record, signal } = run
  const { series, address } = record
  const { prompts: fresh } = prepareDress(databases, record.definition, address)

  progress.begin('setup')
  if (!hasBegunDrawing(record)) {
    await abortable(artifacts.archivePicture(series, address, progress.dress.seed), signal)
  }
  const kept = await abortable(artifacts.readPrompts(series, address), signal)

  progress.begin('base_prompts')
  // A kept enhanced prompt is used only when prompts are enhanced.
  const prompts = { ...fresh, enhanced: '', ...kept, ...(parts.enhancer === undefined && { enhanced: '' }) }
  Object.assign(progress.dress, asFields(prompts))
  const missing = Object.fromEntries(Object.entries(fresh).filter(([artifact]) => !(artifact in kept)))
  await abortable(artifacts.writePrompts(series, address, missing), signal)

  progress.begin('enhance_prompt')
  await enhance(parts, run)

  await finish(parts, run, prompts, await drawPicture(parts, run))
}

/** Phases image_download and annotate. What was paid for is written as soon as the disk takes it. */
async function finish(
  parts: PipelineParts,
  run: ClaimedRun,
  prompts: Prompts,
  drawing: Drawing
): Promise<void> {
  const { progress, record, signal } = run
  const { encodeQueue, artifacts, pictures, databases, answers, embedPrompt } = parts
  const { series, address } = record
  const { dress, provider } = progress
  const isPaid = drawing.downloadMode !== 'local'
  const write = async (work: () => Promise<void>) =>
    await (isPaid ? untilWritten(parts, signal, work, isInTheWay) : abortable(work(), signal))

  // A step is reached once: a run that is taken up again and again without a new one must end.
  if (record.step !== 'drawn') await write(async () => await run.reach('drawn'))
  progress.begin('image_download')
  dress.downloadMode = drawing.downloadMode
  const bytes = await abortable(drawing.download(signal), signal)
  const { raster, png } = await abortable(
    encodeQueue.run(() => decodeImage(bytes), signal),
    signal
  ).catch(async (error: unknown) => {
    // No later run can use this answer either.
    if (isPaid && !signal.aborted) await answers.remove(series, address)
    throw error
  })
  const provenance = { dress, provider, withPrompts: embedPrompt }
  if (!progress.isStandIn) {
    // The provider's bytes prove where they come from only while they are not changed. They may contain the prompt.
    const generated = isPaid && embedPrompt ? bytes : embedProvenance(png, provenance)
    await write(async () => await artifacts.writeGenerated(series, address, generated))
  }

  progress.begin('annotate')
  const captioned = await abortable(
    encodeQueue.run(() => captionImage(raster, dress.tersePrompt), signal),
    signal
  )
  const annotated = embedProvenance(captioned, provenance)
  dress.fileSize = annotated.length
  dress.modifiedAt = Math.floor(Date.now() / 1000)
  if (progress.isStandIn) {
    signal.throwIfAborted()
    dress.annotatedPath = artifactPath('standin', series, address)
    return await pictures.putStandIn(series, address, annotated)
  }
  const technicalPrompt = prompts.technical
  const metadata = describeImage({ dress, technicalPrompt, series: record.definition, databases, provider })
  await write(async () => await artifacts.writeRecords({ ...dress, completed: true }, metadata))
  signal.throwIfAborted()
  await write(async () => await pictures.put(series, address, annotated))
  if (isPaid) await answers.remove(series, address).catch(parts.onDiskError)
}

/**
 * Phase enhance_prompt: enhances the prompt and keeps the result, unless an earlier run did or the artist would refuse
 * to draw. When this fails, the run goes on with the plain prompt and is marked as degraded.
 */
async function enhance(parts: PipelineParts, run: ClaimedRun): Promise<void> {
  const { enhancer, artist, artifacts } = parts
  const { progress, record, signal } = run
  const { dress } = progress
  const isDue = enhancer !== undefined && dress.enhancedPrompt === '' && !hasBegunDrawing(record)
  if (!isDue || artist.refusal?.() !== undefined) return progress.skip()
  const step = createPaidStep(parts, record, 'enhance', signal, async (enhanced: string) => {
    await artifacts.writePrompts(dress.series, dress.original, { enhanced })
  })
  try {
    const persona = enhancerPersona(dress.attributes)
    const enhancing = enhancer.enhance(dress.prompt, persona, signal, step, (usd) => progress.addCost(usd))
    dress.enhancedPrompt = await abortable(enhancing, signal).finally(step.settled)
  } catch (error) {
    signal.throwIfAborted()
    const { message } = asServiceError(error)
    progress.failPhase(message)
    progress.degrade(`The prompt was not enhanced: ${message}`)
    return
  }
  await run.reach('enhanced')
}
