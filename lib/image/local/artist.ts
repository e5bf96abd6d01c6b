import type { Artist } from '../artist.ts'
import type { EncodeQueue } from '../encode-queue.ts'
import { encodePng, renderSvg } from '../raster.ts'
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
