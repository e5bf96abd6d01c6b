import type { ServiceError } from '../errors.ts'
import type { DalleDress } from '../schemas/dress.ts'
import type { Provider } from '../schemas/progress.ts'

/** Who draws. A picture comes about in the three steps that a run's phases are named after. */
export interface Artist {
  provider: Provider
  /** Why nothing would be drawn now, if so: asking would only cost time. Absent where there is always a way. */
  refusal?(): ServiceError | undefined
  /** Phase image_prep: decides what is to be drawn. */
  compose(dress: DalleDress): Composition
}

export interface Composition {
  /** Phase image_wait: has it drawn. */
  draw(signal: AbortSignal, events?: DrawingEvents): Promise<Drawing>
}

/** What a drawing tells while it comes about. */
export interface DrawingEvents {
  /** Attempts are counted from 1. */
  onAttempt(attempt: number): void
  /** An unfinished image, encoded. */
  onPartial(image: Buffer): void
  /** What an attempt cost, in USD. */
  onCharge(usd: number): void
}

export interface Drawing {
  downloadMode: 'b64' | 'url' | 'local'
  /** Phase image_download: the encoded image, of any format that decodeImage takes. */
  download(signal: AbortSignal): Promise<Buffer>
}
