import type { ServiceError } from '../errors.ts'
import type { Artist, Drawing } from '../image/artist.ts'
import { mediaTypeOf } from '../image/media-type.ts'
import type { RunProgress } from '../progress/run.ts'
import { abortable } from '../abortable.ts'
import { isProviderFailure, ruleFor } from '../provider/failures.ts'

export interface Artists {
  artist: Artist
  /** Draws while the artist's provider is away. When it is absent, the run fails. */
  standIn?: Artist | undefined
}

/** Whether an error means that the provider is away, and not that the request is wrong. */
export function isAway(error: unknown): error is ServiceError {
  return ruleFor(error)?.away === true
}

/**
 * Phases image_prep and image_wait. When the provider refuses the enhanced prompt, the plain one is drawn, once. When
 * the provider is away and there is a stand-in, the stand-in draws. Both mark the run as degraded.
 * @param dropEnhancedPrompt removes the refused prompt from the dress and from the disk
 */
export async function drawPicture(
  { artist, standIn }: Artists,
  run: RunProgress,
  dropEnhancedPrompt: () => Promise<void>,
  signal: AbortSignal
): Promise<Drawing> {
  const { dress } = run
  try {
    return await drawAsIntended()
  } catch (error) {
    if (standIn === undefined || !isAway(error)) throw error
    run.degrade(`${error.message}, so the built-in artist drew a stand-in`, standIn.provider)
    return await drawBy(standIn)
  }

  async function drawAsIntended(): Promise<Drawing> {
    const refusal = artist.refusal?.()
    if (refusal !== undefined) throw refusal
    try {
      return await drawBy(artist)
    } catch (error) {
      if (!isRejected(error) || dress.enhancedPrompt === '') throw error
      await dropEnhancedPrompt()
      run.degrade('The provider refused the enhanced prompt, so the plain one was drawn')
      return await drawBy(artist)
    }
  }

  async function drawBy(drawer: Artist): Promise<Drawing> {
    run.begin('image_prep')
    const composition = drawer.compose(dress)
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
