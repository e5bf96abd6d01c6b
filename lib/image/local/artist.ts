import sharp from 'sharp'
import type { Artist } from '../artist.ts'
import type { EncodeQueue } from '../encode-queue.ts'
import { composeScene } from './scene.ts'

const SIDE_PIXELS = 1024

/** The built-in artist: draws a scene from the dress alone, without a key, a network or a font. */
export function createLocalArtist(encodeQueue: EncodeQueue): Artist {
  return {
    provider: 'local',
    compose(dress) {
      const svg = composeScene(dress, SIDE_PIXELS)
      return {
        async draw(signal) {
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
