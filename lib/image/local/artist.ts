import type { Artist } from '../artist.ts'
import type { EncodeQueue } from '../encode-queue.ts'
import { sharp } from '../sharp.ts'

const SIDE_PIXELS = 1024

/** The built-in artist: draws a scene from the dress alone, without a key, a network or a font. */
export function createLocalArtist(encodeQueue: EncodeQueue): Artist {
  return {
    provider: 'local',
    compose(dress) {
      return {
        async draw(signal) {
          // The start does not wait for what draws.
          const { composeScene } = await import('./scene.ts')
          const svg = composeScene(dress, SIDE_PIXELS)
          const png = await encodeQueue.run(
            () => sharp(Buffer.from(svg)).removeAlpha().png({ compressionLevel: 6 }).toBuffer(),
            signal
          )
          return { downloadMode: 'local', download: async () => png }
        }
      }
    }
  }
}
