import type { OpenAi } from './client.ts'
import { orientationOf } from './models.ts'
import type { Artist, DrawingEvents } from '../image/artist.ts'

const UNHEARD: DrawingEvents = { onAttempt: () => {}, onPartial: () => {}, onCharge: () => {} }

/** The provider's image model: draws from the enhanced prompt, or from the plain one where there is none. */
export function createOpenAiArtist(openai: Pick<OpenAi, 'draw' | 'refusal'>): Artist {
  return {
    provider: 'openai',
    refusal: () => openai.refusal('draw'),
    compose({ enhancedPrompt, prompt, attributes }) {
      const orientation = orientationOf(attributes)
      return {
        draw: async (signal, events = UNHEARD) =>
          await openai.draw(enhancedPrompt || prompt, orientation, signal, events)
      }
    }
  }
}
