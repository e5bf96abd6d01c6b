import type { OpenAi } from './client.ts'
import type { Databases } from '../dress/databases.ts'
import { orientationInGo, orientationOf } from './orientation.ts'
import type { Artist } from '../image/artist.ts'

/**
 * The artist that draws with the provider's image model: from the enhanced prompt, else from the plain one.
 */
export function createOpenAiArtist(
  openai: Pick<OpenAi, 'config' | 'draw' | 'deliver' | 'refusal'>,
  databases: Pick<Databases, 'isBuiltIn' | 'rows'>
): Artist {
  return {
    provider: 'openai',
    neverRepeats: openai.config.image?.retryOnTimeout === false,
    refusal: () => openai.refusal('draw'),
    compose({ enhancedPrompt, prompt, attributes }) {
      const orientation = databases.isBuiltIn
        ? orientationOf(attributes)
        : orientationInGo(enhancedPrompt, attributes, databases.rows.backstyles[0])
      return {
        draw: async (signal, context) =>
          await openai.draw(enhancedPrompt || prompt, orientation, signal, context)
      }
    },
    deliver: (source) => openai.deliver(source)
  }
}
