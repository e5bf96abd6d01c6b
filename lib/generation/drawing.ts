import type { ServiceError } from '../errors.ts'
import type { Artist, Drawing } from '../image/artist.ts'
import { mediaTypeOf } from '../image/media-type.ts'
import type { RunProgress } from '../progress/run.ts'
import { abortable } from '../abortable.ts'
import { isProviderFailure, ruleFor } from '../provider/failures.ts'

export interface Artists {
  artist: Artist
  /** Who draws while the artist's provider is away; absent where a run is to fail instead. */
  standIn?: Artist | undefined
}

/** Whether an error means that the provider is away, rather than that the request is wrong. */
export function isAway(error: unknown): error is ServiceError {
  return ruleFor(error)?.away === true
}

/**
 * Phases image_prep and image_wait. A picture whose enhanced prompt is refused is drawn from the plain one, once. Where the
 * provider is away the stand-in draws, if there is one; the run then says so.
 * @param forgetEnhancement takes the enhanced prompt, which was refused, out of the dress and off the disk
 */
export async function haveDrawn(
  { artist, standIn }: Artists,
  run: RunProgress,
  forgetEnhancement: () => Promise<void>,
  signal: AbortSignal
): Promise<Drawing> {
  const { dress } = run
  try {
    return await drawAsAsked()
  } catch (error) {
    if (standIn === undefined || !isAway(error)) throw error
    run.degrade(`${error.message}, so the built-in artist drew a stand-in`, standIn.provider)
    return await drawBy(standIn)
  }

  async function drawAsAsked(): Promise<Drawing> {
    const refusal = artist.refusal?.()
    if (refusal !== undefined) throw refusal
    try {
      return await drawBy(artist)
    } catch (error) {
      if (!isRejected(error) || dress.enhancedPrompt === '') throw error
      await forgetEnhancement()
      run.degrade('The provider refused the enhanced prompt, so the plain one was drawn')
      return await drawBy(artist)
    }
  }

  async function drawBy(who: Artist): Promise<Drawing> {
    run.begin('image_prep')
    const composition = who.compose(dress)
    run.begin('image_wait')
    return await abortable(
      composition.draw(signal, {
        onAttempt: (attempt) => run.setAttempt(attempt),
        onCharge: (usd) => run.addCost(usd),
        onPartial: (image) => {
          const mediaType = mediaTypeOf(image)
          if (mediaType !== undefined) run.addPartial({ image, mediaType })
        }
      }),
      signal
    )
  }
}

function isRejected(error: unknown): boolean {
  return isProviderFailure(error) && error.kind === 'rejected'
}
