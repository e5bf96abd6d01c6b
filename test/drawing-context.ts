import type { DrawingContext } from '../lib/image/artist.ts'

/** A context whose calls cost nothing and whose answers are not kept. */
export function drawingContext(events: Partial<DrawingContext> = {}): DrawingContext {
  return {
    step: { reserve: async () => ({ settle: () => {}, lose: () => {} }), keep: async () => {} },
    onProvider: async () => {},
    onAttempt: () => {},
    onPartial: () => {},
    onCharge: () => {},
    ...events
  }
}
