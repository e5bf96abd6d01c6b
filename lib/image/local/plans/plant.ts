import { nameOf } from '../anatomy.ts'
import type { Anatomy, Model } from '../anatomy.ts'
import { anyOf } from '../words.ts'
import { cactus } from './cactus.ts'
import { fernOf } from './fern.ts'
import { flower } from './flower.ts'
import { greenAlga } from './green-alga.ts'
import { groveOf } from './grove.ts'
import { seaweed } from './seaweed.ts'
import { tree } from './tree.ts'

const TREES = anyOf(
  /tree|pine|\boak\b|birch|baobab|maple|conifer|cypress|sequoia|acacia|banyan|mistletoe/,
  /willow|ginkgo|redwood|fir\b|spruce|cedar|mangrove|magnolia|cacao/
)

const STOUT_PLANTS = anyOf(
  /cact|saguaro|prickly|peyote|aloe|succulent|pumpkin|carrot|beet|radish/,
  /aubergine|artichoke|cauliflower|pepper|strawberr/
)

/** Seaweeds; palms, grasses and ferns; trees; cacti, vegetables and fruits; flowers. */
export function plant(model: Model): Anatomy {
  const name = nameOf(model)
  if (/kelp|wrack|sea lettuce|irish moss/.test(name)) return seaweed(model)
  if (/marimo|eyeball|wineglass/.test(name)) return greenAlga(model)
  const form = groveOf(model) ?? fernOf(model)
  if (form !== undefined) return form(model)
  if (TREES.test(name)) return tree(model)
  if (STOUT_PLANTS.test(name)) return cactus(model)
  return flower(model)
}
