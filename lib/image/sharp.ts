import type { Sharp, SharpInput, SharpOptions } from 'sharp'
import { loadLater } from '../load-later.ts'

/**
 * Loads sharp, if it is not loaded yet. A process that cannot load it must not pay for a picture. Each picture is
 * decoded only once, so the cache of libvips would only take memory.
 */
export const loadSharp = loadLater<typeof import('sharp').default>('sharp', (sharp) => sharp.cache(false))

/** The function of sharp. It is loaded at its first use. */
export const sharp = (input?: SharpInput, options?: SharpOptions): Sharp => loadSharp()(input, options)
