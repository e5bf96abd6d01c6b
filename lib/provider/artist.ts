import type { OpenAi } from './client.ts'
import { orientationOf } from './models.ts'
import type { Artist, DrawingEvents } from '../image/artist.ts'

const NO_EVENTS: DrawingEvents = { onAttempt: () => {}, onPartial: () => {}, onCharge: () => {} }

/**
 * The artist that draws with the provider's image model: from the enhanced prompt, else from the plain one.
 */
export function createOpenAiArtist(openai: Pick<OpenAi, 'draw' | 'refusal'>): Artist {
  return {
    provider: 'openai',
    refusal: () => openai.refusal('draw'),
    compose({ enhancedPrompt, prompt, attributes }) {
      const orientation = orientationOf(attributes)
      return {
        draw: async (signal, events = NO_EVENTS) =>
          await openai.draw(enhancedPrompt || prompt, orientation, signal, events)
      }
    }
  }
}
