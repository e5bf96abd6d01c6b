import type { Sharp, SharpInput, SharpOptions } from 'sharp'
import { loadLater } from '../load-later.ts'

const load = loadLater<typeof import('sharp').default>('sharp')
let isReady = false

/** Loads sharp, if it is not loaded yet. A process that cannot load it must not pay for a picture. */
export function loadSharp(): void {
  if (isReady) return
  // Each picture is decoded only once, so the cache of libvips would only take memory.
  load().cache(false)
  isReady = true
}

/** The function of sharp. It is loaded at its first use. */
export function sharp(input?: SharpInput, options?: SharpOptions): Sharp {
  loadSharp()
  return load()(input, options)
}
