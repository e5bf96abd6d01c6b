import type { Anatomy, Model } from '../anatomy.ts'
import { coral } from './coral.ts'
import { sponge } from './sponge.ts'

/** What sits on the ground of the sea: anemones, corals, sponges, sea squirts, moss animals. */
export const polyp = (model: Model): Anatomy => (/polyp/.test(model.order) ? coral(model) : sponge(model))
