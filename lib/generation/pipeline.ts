import type { Databases } from '../dress/databases.ts'
import { cidOf } from '../cid.ts'
import { NONE } from '../dress/attributes.ts'
import { enhancerPersona } from '../dress/prompts.ts'
import type { ClaimedRun, PaidStep } from '../engine/engine.ts'
import { asServiceError } from '../errors.ts'
import type { Drawing } from '../image/artist.ts'
import { captionImage } from '../image/caption.ts'
import { embedProvenance } from '../image/provenance.ts'
import { decodeImage, decodePixels } from '../image/raster.ts'
import type { Raster } from '../image/raster.ts'
import { loadSharp } from '../image/sharp.ts'
import type { EncodeQueue } from '../image/encode-queue.ts'
import { abortable } from '../abortable.ts'
import type { Records } from '../records/store.ts'
import type { DalleDress } from '../schemas/dress.ts'
import type { StoredPictures } from '../pictures/stored.ts'
import { artifactPath } from '../storage/layout.ts'
import { isInTheWay } from '../storage/system-errors.ts'
import { asFields } from './artifacts.ts'
import type { Artifacts, KeptPrompts } from './artifacts.ts'
import { drawPicture, hasBegunDrawing } from './drawing.ts'
import type { DrawingParts } from './drawing.ts'
import { isStrict, prepareRun } from './orders.ts'
import { untilDrawable } from './held-money.ts'
import { createPaidStep, untilWritten } from './paid-step.ts'
import { writeFailure, writeRecords } from './run-records.ts'

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
  records: Pick<Records, 'write' | 'read' | 'sourceOf'>
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
  const { progress, record, signal } = run
  const isDrawn = record.order?.image !== false

  progress.begin('setup')
  // Without sharp, a run ends here, before it pays for a picture.
  if (isDrawn) loadSharp()
  const { prompts: fresh } = prepareRun(parts.databases, record)
  if (isDrawn && !hasBegunDrawing(record)) {
    await abortable(
      parts.artifacts.archivePicture(record.series, record.address, progress.dress.seed),
      signal
    )
  }

  progress.begin('base_prompts')
  const kept = await keptPrompts(parts, run)
  const prompts: KeptPrompts = { ...fresh, enhanced: '', ...kept }
  Object.assign(progress.dress, asFields(prompts))
  if (isDrawn) await abortable(writePrompts(parts, run, prompts, kept), signal)

  progress.begin('enhance_prompt')
  await enhance(parts, run)

  if (!isDrawn) return await finishPrompts(parts, run, prompts)
  try {
    await finish(parts, run, prompts, await drawPicture(parts, run))
  } catch (error) {
    if (record.order !== undefined && !signal.aborted) await writeFailure(parts, run, prompts)
    throw error
  }
}

/**
 * The prompts of an earlier run that this one uses. A request of /v1 makes its prompts anew; of an earlier one it uses
 * the enhanced prompt, if it asks for one.
 */
async function keptPrompts(
  { artifacts, records, enhancer }: PipelineParts,
  { record, signal }: ClaimedRun
): Promise<Partial<KeptPrompts>> {
  const { series, address, order, force, acceptedNs } = record
  if (order === undefined) {
    const kept = await abortable(artifacts.readPrompts(series, address), signal)
    // A kept enhanced prompt is used only when prompts are enhanced.
    return enhancer === undefined ? { ...kept, enhanced: '' } : kept
  }
  if (!order.enhance) return {}
  // This run has enhanced it, in an earlier process.
  const own = await abortable(artifacts.readEnhanced(series, address, acceptedNs / 1e6), signal)
  if (own !== undefined) return { enhanced: own }
  const stored = force ? undefined : await abortable(records.read(series, order.seed), signal)
  return { enhanced: stored?.record.prompts.enhancedPrompt ?? '' }
}

/** Writes the prompts as texts. For `/dalle`, those that are there stay. */
async function writePrompts(
  { artifacts }: PipelineParts,
  { record: { series, address, order } }: ClaimedRun,
  prompts: KeptPrompts,
  kept: Partial<KeptPrompts>
): Promise<void> {
  if (order !== undefined) {
    await artifacts.writePrompts(series, address, prompts)
    if (prompts.enhanced === '') await artifacts.removeEnhanced(series, address)
    return
  }
  const { enhanced, ...base } = prompts
  const missing = Object.fromEntries(Object.entries(base).filter(([artifact]) => !(artifact in kept)))
  await artifacts.writePrompts(series, address, missing)
}

/** The end of a run that draws nothing: the phases of the drawing are skipped, and the record is written. */
async function finishPrompts(parts: PipelineParts, run: ClaimedRun, prompts: KeptPrompts): Promise<void> {
  const { progress, signal } = run
  for (const phase of ['image_prep', 'image_wait', 'image_download', 'annotate'] as const) {
    progress.begin(phase)
    progress.skip()
  }
  progress.dress.generatedPath = ''
  progress.dress.annotatedPath = ''
  // An enhanced prompt may be paid for.
  await untilWritten(parts, signal, async () => await writeRecords(parts, run, prompts, {}), isInTheWay)
}

/** Phases image_download and annotate. What was paid for is written as soon as the disk takes it. */
async function finish(
  parts: PipelineParts,
  run: ClaimedRun,
  prompts: KeptPrompts,
  drawing: Drawing
): Promise<void> {
  const { progress, record, signal } = run
  const { encodeQueue, artifacts, pictures, answers, embedPrompt } = parts
  const { series, address } = record
  const { dress, provider } = progress
  const isPaid = drawing.downloadMode !== 'local'
  const write = async (work: () => Promise<void>) =>
    await (isPaid ? untilWritten(parts, signal, work, isInTheWay) : abortable(work(), signal))

  // A step is reached once: a run that is taken up again and again without a new one must end.
  if (record.step !== 'drawn') await write(async () => await run.reach('drawn'))
  progress.begin('image_download')
  dress.downloadMode = drawing.downloadMode
  dress.imageUrl = drawing.imageUrl ?? ''
  const provenance = { dress, provider, withPrompts: embedPrompt }
  const { generatedPath: generated, annotatedPath: annotated } = dress
  const { raster, png, original } = await readDrawing(parts, run, drawing)
  const keepDrawing = async () => {
    if (progress.isStandIn) return
    const drawn = original ?? embedProvenance(await abortable(png(), signal), provenance)
    await write(async () => await artifacts.writeGenerated(series, address, drawn))
  }

  if (record.order?.annotate === false) {
    await keepDrawing()
    progress.begin('annotate')
    progress.skip()
    dress.modifiedAt = unixSeconds()
    dress.annotatedPath = ''
    await write(async () => await writeRecords(parts, run, prompts, { generated }))
    if (isPaid) await answers.remove(series, address).catch(parts.onDiskError)
    return
  }
  progress.begin('annotate')
  dress.modifiedAt = unixSeconds()
  const [captioned] = await allDone([
    abortable(
      encodeQueue.run(async () => await captionImage(raster, dress.tersePrompt), signal),
      signal
    ),
    keepDrawing()
  ])
  const picture = embedProvenance(captioned, provenance)
  dress.fileSize = picture.length
  if (progress.isStandIn) {
    signal.throwIfAborted()
    dress.annotatedPath = artifactPath('standin', series, address)
    return await pictures.putStandIn(series, address, picture)
  }
  dress.ipfsHash = await cidOf([picture])
  await write(async () => await writeRecords(parts, run, prompts, { generated, annotated }))
  signal.throwIfAborted()
  await write(async () => await pictures.put(series, address, picture))
  if (isPaid) await answers.remove(series, address).catch(parts.onDiskError)
}

/** The pixels of a drawing, and what its file in `generated/` is made from. */
async function readDrawing(
  { encodeQueue, answers, embedPrompt }: PipelineParts,
  { record: { series, address }, signal }: ClaimedRun,
  drawing: Drawing
): Promise<{ raster: Raster; png: () => Promise<Buffer>; original?: Buffer }> {
  if (drawing.raster !== undefined) {
    return { raster: drawing.raster, png: async () => await drawing.download(signal) }
  }
  const isPaid = drawing.downloadMode !== 'local'
  const bytes = await abortable(drawing.download(signal), signal)
  const decoding = encodeQueue.run(async () => {
    // The provider's bytes prove where they come from only while they are not changed. They may contain the prompt.
    if (isPaid && embedPrompt) return { raster: await decodePixels(bytes), png: bytes, original: bytes }
    return await decodeImage(bytes)
  }, signal)
  const { png, ...rest } = await abortable(decoding, signal).catch(async (error: unknown) => {
    // No later run can use this answer either.
    if (isPaid && !signal.aborted) await answers.remove(series, address)
    throw error
  })
  return { ...rest, png: async () => png }
}

/** Waits for both, also where one fails: a run must not end while its drawing is being written. */
async function allDone<A, B>(work: [Promise<A>, Promise<B>]): Promise<[A, B]> {
  await Promise.allSettled(work)
  return await Promise.all(work)
}

function unixSeconds(): number {
  return Math.floor(Date.now() / 1000)
}

/** Whether a prompt is worth its money: the picture can be drawn, maybe after other calls have ended. */
async function isDrawable({ artist, clock }: PipelineParts, run: ClaimedRun): Promise<boolean> {
  try {
    await untilDrawable(artist, { clock, signal: run.signal, time: run })
    return true
  } catch {
    run.signal.throwIfAborted()
    return false
  }
}

/**
 * Phase enhance_prompt: enhances the prompt and keeps the result, unless an earlier run did or the artist would refuse
 * to draw. When this fails, the run goes on with the plain prompt and is marked as degraded, unless it is strict.
 */
async function enhance(parts: PipelineParts, run: ClaimedRun): Promise<void> {
  const { enhancer, artifacts } = parts
  const { progress, record, signal } = run
  const { dress } = progress
  const { order } = record
  if (order?.enhance === false || dress.enhancedPrompt !== '' || hasBegunDrawing(record)) {
    return progress.skip()
  }
  // The record of a request that asks for an enhanced prompt has one, be it the plain one.
  if (order !== undefined && (enhancer === undefined || !hasLiteraryStyle(dress))) {
    dress.enhancedPrompt = dress.prompt
    return progress.skip()
  }
  if (enhancer === undefined || (order?.image !== false && !(await isDrawable(parts, run)))) {
    return progress.skip()
  }
  const step = createPaidStep(
    { ...parts, time: run },
    record,
    'enhance',
    signal,
    async (enhanced: string) => {
      await artifacts.writePrompts(dress.series, dress.original, { enhanced })
    }
  )
  try {
    const persona = enhancerPersona(dress.attributes)
    const enhancing = enhancer.enhance(dress.prompt, persona, signal, step, (usd) => progress.addCost(usd))
    dress.enhancedPrompt = await abortable(enhancing, signal).finally(step.settled)
  } catch (error) {
    signal.throwIfAborted()
    const { message } = asServiceError(error)
    progress.failPhase(message)
    if (isStrict(record)) throw error
    progress.degrade(`The prompt was not enhanced: ${message}`)
    return
  }
  await run.reach('enhanced')
}

function hasLiteraryStyle({ attributes }: DalleDress): boolean {
  return attributes.some(({ name, value }) => name === 'litStyle' && value !== NONE)
}
