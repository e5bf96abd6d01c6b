import type { Artist } from '../../../lib/image/artist.ts'
import { plainPng } from '../../helper.ts'

/** An artist whose pictures differ, and which fails when the test says so. */
export function createPainter() {
  const state: { color: string; failure: Error | undefined } = { color: '#000000', failure: undefined }
  const artist: Artist = {
    provider: 'local',
    compose: () => ({
      async draw() {
        if (state.failure !== undefined) throw state.failure
        return { downloadMode: 'local', download: async () => await plainPng(64, state.color) }
      }
    })
  }
  return { state, artist }
}
