import type { Databases } from '../dress/databases.ts'
import { orientationInGo, orientationOf } from './orientation.ts'
import type { Providers } from './providers.ts'
import type { Artist } from '../image/artist.ts'

/**
 * The artist that draws with a provider's image model: from the enhanced prompt, else from the plain one.
 */
export function createOpenAiArtist(
  providers: Pick<Providers, 'name' | 'neverRepeats' | 'draw' | 'deliver' | 'refusal'>,
  databases: Pick<Databases, 'isBuiltIn' | 'rows'>
): Artist {
  return {
    provider: providers.name,
    neverRepeats: providers.neverRepeats,
    refusal: () => providers.refusal('draw'),
    compose({ enhancedPrompt, prompt, attributes }) {
      const orientation = databases.isBuiltIn
        ? orientationOf(attributes)
        : orientationInGo(enhancedPrompt, attributes, databases.rows.backstyles[0])
      return {
        draw: async (signal, context) =>
          await providers.draw(enhancedPrompt || prompt, orientation, signal, context)
      }
    },
    deliver: providers.deliver
  }
}
