import type { DalleDress } from '../schemas/dress.ts'
import type { Provider } from '../schemas/progress.ts'

/** Who draws. A picture comes about in the three steps that a run's phases are named after. */
export interface Artist {
  provider: Provider
  /** Phase image_prep: decides what is to be drawn. */
  compose (dress: DalleDress): Composition
}

export interface Composition {
  /** Phase image_wait: has it drawn. */
  draw (signal: AbortSignal): Promise<Drawing>
}

export interface Drawing {
  downloadMode: 'b64' | 'url' | 'local'
  /** Phase image_download: the encoded image, of any format that decodeImage takes. */
  download (signal: AbortSignal): Promise<Buffer>
}
