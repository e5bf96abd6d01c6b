import { errors, isServiceError } from '../errors.ts'
import type { ServiceError } from '../errors.ts'
import type { ClaimedRun, Expense, Ledger, RunRecord } from '../engine/engine.ts'
import type { Artist, Drawing, ImageSource } from '../image/artist.ts'
import { mediaTypeOf } from '../image/media-type.ts'
import { abortable } from '../abortable.ts'
import type { Provider } from '../schemas/progress.ts'
import { isLost, isProviderFailure, ruleFor } from '../provider/failures.ts'
import type { Answers } from './answers.ts'
import type { Artifacts } from './artifacts.ts'
import { untilDrawable } from './held-money.ts'
import { createPaidStep } from './paid-step.ts'
import type { PaidStepParts } from './paid-step.ts'

export interface Artists {
  artist: Artist
  /** Draws while the artist's provider is away. When it is absent, the run fails. */
  standIn?: Artist | undefined
}

export interface DrawingParts extends Artists, PaidStepParts {
  ledger: Pick<Ledger, 'loseEarlier' | 'reserve' | 'settleKept'>
  answers: Pick<Answers, 'read' | 'keep' | 'remove'>
  artifacts: Pick<Artifacts, 'readGenerated' | 'archiveGenerated' | 'removeEnhanced'>
}

/** Whether a drawing in `generated/` and a kept answer belong to this run, and not to one before it. */
export function hasBegunDrawing({ step }: RunRecord): boolean {
  return step === 'drawing' || step === 'drawn'
}

/** Whether an error means that the provider is away, and not that the request is wrong. */
export function isAway(error: unknown): error is ServiceError {
  return ruleFor(error)?.away === true
}

/**
 * Phases image_prep and image_wait. A drawing that is paid for is not drawn again. When the provider refuses the
 * enhanced prompt, the plain one is drawn, once. When the provider is away and there is a stand-in, the stand-in draws.
 * Both mark the run as degraded.
 */
export async function drawPicture(parts: DrawingParts, run: ClaimedRun): Promise<Drawing> {
  const { artist, standIn } = parts
  const { progress } = run
  const kept = await readKept(parts, run)
  if (kept !== undefined) return kept
  try {
    return await drawAsIntended(parts, run)
  } catch (error) {
    if (standIn !== undefined && isAway(error)) {
      progress.degrade(`${error.message}, so the built-in artist drew a stand-in`, standIn.provider)
      return await drawBy(parts, run, standIn)
    }
    throw artist.neverRepeats && isLost(error) && !run.signal.aborted ? errors.answerLost(1, error) : error
  }
}

/** The drawing that this run, or a run before it, has paid for. */
async function readKept(
  { artist, answers, artifacts, ledger }: DrawingParts,
  { record, progress, signal }: ClaimedRun
): Promise<Drawing | undefined> {
  const { runId, series, address, force } = record
  const hasBegun = hasBegunDrawing(record)
  if (artist.deliver === undefined || (force && !hasBegun)) return undefined
  const answer = await abortable(answers.read(record), signal)
  const generated =
    answer === undefined && hasBegun
      ? await abortable(artifacts.readGenerated(series, address), signal)
      : undefined
  if (answer === undefined && generated === undefined) return undefined
  for (const phase of ['image_prep', 'image_wait'] as const) {
    progress.begin(phase)
    progress.skip()
  }
  if (answer === undefined) return { downloadMode: 'b64', download: async () => generated! }
  ledger.settleKept(runId, 'draw', answer.expense)
  // An earlier process of this run has paid for it.
  if (hasBegun) progress.addCost(answer.expense.usd)
  const { source, provider = record.provider } = answer
  progress.drawWith(provider)
  return artist.deliver(source, provider)
}

async function drawAsIntended(parts: DrawingParts, run: ClaimedRun): Promise<Drawing> {
  const { artist, artifacts, ledger } = parts
  const { dress } = run.progress
  if (artist.deliver !== undefined && hasBegunDrawing(run.record)) {
    // A refusal ends the run, and with it what is known of its lost calls.
    const { runId } = run.record
    await ledger.loseEarlier({ runId, step: 'draw', repeatsLost: artist.neverRepeats ? 0 : 1 })
  }
  await untilDrawable(artist, { clock: parts.clock, signal: run.signal, time: run })
  // A run that goes on asks the provider first that it was asking.
  const first = hasBegunDrawing(run.record) ? run.record.provider : undefined
  await beginDrawing(parts, run)
  try {
    return await drawBy(parts, run, artist, first)
  } catch (error) {
    if (!isRejected(error) || dress.enhancedPrompt === '') throw error
    dress.enhancedPrompt = ''
    await artifacts.removeEnhanced(dress.series, dress.original)
    const refused = 'The provider refused the enhanced prompt'
    const drawing = await drawBy(parts, run, artist).catch((cause: unknown) => {
      run.progress.degrade(refused)
      throw cause
    })
    run.progress.degrade(`${refused}, so the plain one was drawn`)
    return drawing
  }
}

/** Takes away what earlier runs left, once. From then on `hasBegunDrawing` holds. */
async function beginDrawing({ answers, artifacts }: DrawingParts, run: ClaimedRun): Promise<void> {
  const { series, address } = run.record
  if (hasBegunDrawing(run.record)) return
  await answers.remove(series, address)
  await artifacts.archiveGenerated(series, address)
  await run.reach('drawing')
}

async function drawBy(
  parts: DrawingParts,
  run: ClaimedRun,
  drawer: Artist,
  first?: Provider
): Promise<Drawing> {
  const { record, progress, signal } = run
  progress.begin('image_prep')
  const composition = drawer.compose(progress.dress)
  progress.begin('image_wait')
  const step = createPaidStep(
    { ...parts, time: run },
    record,
    'draw',
    signal,
    async (source: ImageSource, expense: Expense) => {
      await parts.answers.keep(record, { source, expense, provider: progress.provider })
    }
  )
  const drawing = composition.draw(signal, {
    step,
    first,
    onProvider: async (name) => await run.drawWith(name),
    onAttempt: (attempt) => progress.setAttempt(attempt),
    onCharge: (usd) => progress.addCost(usd),
    onPartial: (image) => {
      const mediaType = mediaTypeOf(image)
      if (mediaType !== undefined) progress.addPartial({ image, mediaType })
    }
  })
  try {
    return await abortable(drawing, signal)
  } catch (error) {
    if (!drawer.neverRepeats || !isOutOfTime(signal)) throw error
    // The call ends with the run, and says whether its answer was lost.
    const failure: unknown = await drawing.then(
      () => error,
      (failure: unknown) => failure
    )
    throw isLost(failure) ? errors.answerLost(1, failure) : error
  } finally {
    await step.settled()
  }
}

/** Whether the run was stopped because it took too long. One that was cancelled or goes on elsewhere was not. */
function isOutOfTime({ aborted, reason }: AbortSignal): boolean {
  return aborted && isServiceError(reason) && reason.code === 'GENERATION_TIMEOUT'
}

function isRejected(error: unknown): boolean {
  return isProviderFailure(error) && error.kind === 'rejected'
}
