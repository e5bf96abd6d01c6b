import type { Artist } from '../artist.ts'
import type { EncodeQueue } from '../encode-queue.ts'
import { encodePng, renderSvg } from '../raster.ts'
import { loadSharp } from '../sharp.ts'

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
          const raster = await encodeQueue.run(async () => await renderSvg(svg), signal)
          return {
            downloadMode: 'local',
            raster,
            download: async (signal) => await encodeQueue.run(async () => await encodePng(raster), signal)
          }
        }
      }
    }
  }
}
