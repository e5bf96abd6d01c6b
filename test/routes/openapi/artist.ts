import type { Artist } from '../../../lib/image/artist.ts'
import { plainPng } from '../../helper.ts'

/** An artist that delivers a small picture at once. */
export const smallArtist: Artist = {
  provider: 'local',
  compose: () => ({
    draw: async () => ({ downloadMode: 'local', download: async () => await plainPng(64) })
  })
}
