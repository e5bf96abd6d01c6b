import type { ServiceError } from '../errors.ts'
import type { DalleDress } from '../schemas/dress.ts'
import type { Provider } from '../schemas/progress.ts'

/** Draws pictures, in three steps that match phases of a run. */
export interface Artist {
  provider: Provider
  /** The error with which every drawing would fail now; undefined if none would. Absent if the artist never refuses. */
  refusal?(): ServiceError | undefined
  /** Phase image_prep: decides what to draw. */
  compose(dress: DalleDress): Composition
}

export interface Composition {
  /** Phase image_wait: draws. */
  draw(signal: AbortSignal, events?: DrawingEvents): Promise<Drawing>
}

/** Callbacks of a drawing. */
export interface DrawingEvents {
  /** Called at the start of each attempt; the first is 1. */
  onAttempt(attempt: number): void
  /** Called with each unfinished image, encoded. */
  onPartial(image: Buffer): void
  /** Called with the cost of an attempt, in USD. */
  onCharge(usd: number): void
}

export interface Drawing {
  downloadMode: 'b64' | 'url' | 'local'
  /** Phase image_download: the encoded image, in any format that `decodeImage` reads. */
  download(signal: AbortSignal): Promise<Buffer>
}
