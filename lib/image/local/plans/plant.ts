import type { Anatomy, Model } from '../anatomy.ts'
import { anyOf } from '../words.ts'
import { cactus } from './cactus.ts'
import { flower } from './flower.ts'
import { tree } from './tree.ts'

const TREES = anyOf(
  /tree|pine|palm|oak|birch|baobab|maple|conifer|cypress|sequoia/,
  /willow|ginkgo|redwood|fir\b|spruce|cedar|mangrove|bamboo/
)

const STOUT_PLANTS = anyOf(
  /cact|saguaro|prickly|peyote|aloe|succulent|pineapple|pumpkin|carrot|beet|radish/,
  /aubergine|artichoke|cauliflower|garlic|maize|pepper|strawberr|pomegranate|apple/
)

/** Trees, cacti and fruits, flowers. */
export function plant(model: Model): Anatomy {
  if (TREES.test(model.words)) return tree(model)
  if (STOUT_PLANTS.test(model.words)) return cactus(model)
  return flower(model)
}
