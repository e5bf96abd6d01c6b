import type { PaidStep } from '../engine/engine.ts'
import type { ServiceError } from '../errors.ts'
import type { DalleDress } from '../schemas/dress.ts'
import type { Provider } from '../schemas/progress.ts'
import type { Raster } from './raster.ts'

/** Draws pictures, in three steps that match phases of a run. */
export interface Artist {
  /** Who draws, or is asked first where there are several. */
  provider: Provider
  /** The error with which every drawing would fail now; undefined if none would. Absent if the artist never refuses. */
  refusal?(): ServiceError | undefined
  /** Whether a lost answer is never paid for again. */
  neverRepeats?: boolean
  /** The drawing of an answer that was kept. Absent if the artist draws without paid calls. */
  deliver?(source: ImageSource, provider: Provider): Drawing
  /** Phase image_prep: decides what to draw. */
  compose(dress: DalleDress): Composition
}

export interface Composition {
  /** Phase image_wait: draws. */
  draw(signal: AbortSignal, context: DrawingContext): Promise<Drawing>
}

/** What a provider sends: the image's bytes in any format, or its URL. */
export type ImageSource = { bytes: Buffer } | { url: string }

/** What a run gives to a drawing. */
export interface DrawingContext {
  /** The step of the run that pays for the calls. */
  step: PaidStep<ImageSource>
  /** The provider that is asked first, where a run goes on that it was drawing for. */
  first?: Provider | undefined
  /** Called before a provider is asked. It is asked when the promise resolves. */
  onProvider(name: Provider): Promise<void>
  /** Called at the start of each attempt; the first is 1. */
  onAttempt(attempt: number): void
  /** Called with each unfinished image, encoded. */
  onPartial(image: Buffer): void
  /** Called with the cost of an attempt, in USD. */
  onCharge(usd: number): void
}

export interface Drawing {
  downloadMode: 'b64' | 'url' | 'local'
  /** The provider's URL of the image, in the mode `url`. */
  imageUrl?: string
  /** The pixels. Absent if only the encoded image has them. */
  raster?: Raster
  /** Phase image_download: the encoded image, in any format that `decodeImage` reads; a PNG if there is a raster. */
  download(signal: AbortSignal): Promise<Buffer>
}
