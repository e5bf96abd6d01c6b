import { nameOf } from '../anatomy.ts'
import type { Model } from '../anatomy.ts'
import { anyOf } from '../words.ts'

/** The measures of a fish that stands on its tail and looks to the left. */
export interface FishBuild {
  /** Half the depth of the body. */
  half: number
  /** How far the snout is before the head. */
  snout: number
  back: 'spiny' | 'shark' | 'long' | 'sail' | 'tall' | 'low' | 'lobes'
  /** `moon` is even, as that of a tuna; `shark` has a longer upper half. */
  tail: 'fork' | 'fan' | 'moon' | 'shark' | 'lobes'
}

const PERCH: FishBuild = { half: 216, snout: 0, back: 'spiny', tail: 'fork' }

const BUILDS: Array<[RegExp, FishBuild]> = [
  [/coelacanth/, { half: 206, snout: 10, back: 'lobes', tail: 'lobes' }],
  [/lungfish/, { half: 170, snout: 20, back: 'lobes', tail: 'lobes' }],
  [
    /anglerfish|footballfish|fangtooth|viperfish|dragonfish/,
    { half: 250, snout: 150, back: 'low', tail: 'fan' }
  ],
  [
    /goblin shark|sawshark|chimaera|spookfish|ratfish|paddlefish/,
    { half: 176, snout: 230, back: 'shark', tail: 'shark' }
  ],
  [
    anyOf(/shark|dogfish|wobbegong|mako\b|megalodon|stethacanthus|helicoprion|swellshark/, /spurdog/),
    { half: 190, snout: 96, back: 'shark', tail: 'shark' }
  ],
  [/sailfish/, { half: 156, snout: 300, back: 'sail', tail: 'moon' }],
  [/marlin|swordfish|sword/, { half: 160, snout: 300, back: 'low', tail: 'moon' }],
  [
    /garfish|\bgar\b|gars\b|needlefish|trumpetfish|pike\b|barracuda|snipe|razorfish/,
    { half: 138, snout: 200, back: 'low', tail: 'fork' }
  ],
  [/sturgeon/, { half: 150, snout: 170, back: 'low', tail: 'shark' }],
  [
    /tuna|mackerel|mahi-mahi|remora|pilotfish|tarpon|xiphactinus|leedsichthys/,
    { half: 184, snout: 50, back: 'low', tail: 'moon' }
  ],
  [
    /trout|salmon|char\b|herring|sardine|anchovy|minnow|zebrafish|milkfish|bonefish|tetra|goby|gobies/,
    { half: 172, snout: 40, back: 'low', tail: 'fork' }
  ],
  [
    anyOf(
      /angelfish|discus|butterflyfish|batfish|moorish|lookdown|hatchetfish|opah|dory/,
      /idol|piranha|sunfish|bream|gourami|tang\b|damselfish|bluegill|pacu/
    ),
    { half: 270, snout: 20, back: 'tall', tail: 'fork' }
  ],
  [
    anyOf(
      /puffer|porcupine|boxfish|cowfish|lumpfish|blobfish|frogfish|angler|footballfish/,
      /toadfish|stonefish|stargazer|red-lipped batfish/
    ),
    { half: 290, snout: 0, back: 'low', tail: 'fan' }
  ],
  [
    anyOf(
      /catfish|loach|bichir|bowfin|snakehead|oarfish|hairtail|blenny|burbot/,
      /knifefish|wolffish|lancelet|rattail|arowana|arapaima/
    ),
    { half: 160, snout: 20, back: 'long', tail: 'fan' }
  ],
  [
    /fighting|betta|guppy|lionfish|goldfish|swordtail|killifish/,
    { half: 206, snout: 0, back: 'sail', tail: 'fan' }
  ]
]

/** The build of a name, or of its family. */
export const fishBuild = (model: Model): FishBuild =>
  (BUILDS.find(([of]) => of.test(nameOf(model))) ??
    BUILDS.find(([of]) => of.test(`${model.words},${model.order}`)))?.[1] ?? PERCH
