import type { Artist } from '../artist.ts'
import type { EncodeQueue } from '../encode-queue.ts'
import { loadSharp, sharp } from '../sharp.ts'

const SIDE_PIXELS = 1024

/** Loads what draws, so that the first drawing does not wait for it. The start of a server need not. */
export async function loadDrawing(): Promise<void> {
  loadSharp()
  await import('./scene.ts')
}

/** The built-in artist: draws a scene from the dress alone, without a key, a network or a font. */
export function createLocalArtist(encodeQueue: EncodeQueue): Artist {
  return {
    provider: 'local',
    compose(dress) {
      return {
        async draw(signal) {
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
