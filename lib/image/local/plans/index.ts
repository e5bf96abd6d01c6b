import type { Plan } from '../anatomy.ts'
import type { Trait } from '../traits.ts'
import { anyOf } from '../words.ts'
import { barnacle, chiton } from './barnacle.ts'
import { bird, penguin } from './bird.ts'
import { carapace } from './carapace.ts'
import { ceratops } from './ceratops.ts'
import { clam } from './clam.ts'
import { crab } from './crab.ts'
import { eel, lamprey } from './eel.ts'
import { figure } from './figure.ts'
import { fish } from './fish.ts'
import { fowl } from './fowl.ts'
import { frog } from './frog.ts'
import { human } from './human.ts'
import { insect } from './insect.ts'
import { jelly } from './jelly.ts'
import { microbe } from './microbe.ts'
import { lichen } from './lichen.ts'
import { lizard } from './lizard.ts'
import { mushroom } from './mushroom.ts'
import { myriapod } from './myriapod.ts'
import { octopus } from './octopus.ts'
import { plant } from './plant.ts'
import { polyp } from './polyp.ts'
import { pterosaur } from './pterosaur.ts'
import { quadruped } from './quadruped.ts'
import { raptor } from './raptor.ts'
import { ray } from './ray.ts'
import { saurian } from './saurian.ts'
import { seaReptile } from './sea-reptile.ts'
import { seaStar } from './sea-star.ts'
import { seahorse } from './seahorse.ts'
import { seal } from './seal.ts'
import { snail } from './snail.ts'
import { snake } from './snake.ts'
import { spider } from './spider.ts'
import { turtle } from './turtle.ts'
import { upright } from './upright.ts'
import { wader } from './wader.ts'
import { whale } from './whale.ts'
import { worm } from './worm.ts'

export const PLANS = {
  bird,
  ceratops,
  clam,
  crab,
  eel,
  figure,
  fish,
  fowl,
  frog,
  human,
  insect,
  jelly,
  lizard,
  microbe,
  mushroom,
  octopus,
  penguin,
  plant,
  polyp,
  pterosaur,
  quadruped,
  raptor,
  ray,
  saurian,
  seaStar,
  seahorse,
  seal,
  snail,
  snake,
  spider,
  turtle,
  upright,
  wader,
  whale,
  worm,
  barnacle,
  carapace,
  chiton,
  lamprey,
  lichen,
  myriapod,
  seaReptile
} satisfies Record<string, Plan>

export type PlanName = keyof typeof PLANS

/** The body plans of a class or phylum: by words of noun and family, else by words of the order, else `plan`. */
interface Kin {
  of: RegExp
  plan: PlanName
  family?: ReadonlyArray<readonly [RegExp, PlanName]>
  order?: ReadonlyArray<readonly [RegExp, PlanName]>
}

const KIN: readonly Kin[] = [
  { of: /human being/, plan: 'human' },
  {
    of: /dinosaur/,
    plan: 'saurian',
    family: [
      [/ankylo|nodosaur|tank|stego|kentro|plated|ceratops|styraco|horned din|frilled|psittaco/, 'ceratops']
    ]
  },
  {
    of: /^bird/,
    plan: 'bird',
    family: [
      [
        anyOf(
          /\bowls?\b(?!et)|\bhawks?\b|eagle|falcon|vulture|condor|osprey|secretarybird/,
          /kite|caracara|buzzard|harrier|kestrel|teratorn|frogmouth/
        ),
        'raptor'
      ],
      [
        anyOf(
          /heron|flamingo|crane|stork|ibis|ostrich|emu\b|emus|cassowar|rhea|moa\b/,
          /moas|elephant bird|bustard|stilt|avocet|egret|bittern|spoonbill|shoebill/,
          /hamerkop|jacana|curlew|godwit|terror bird|seriema|kiwi|screamer/
        ),
        'wader'
      ],
      [/penguin|puffin|\bauk\b|auks/, 'penguin'],
      [/egyptian plover/, 'fowl']
    ],
    order: [
      [
        anyOf(
          /waterfowl|landfowl|pigeons|cranes and rails|tinamous|gannets|pelicans|tube-nosed|grebes|divers/,
          /waders and gulls|tropicbirds|sandgrouse|bony-toothed|toothed diving|mesites|kagus|giant fowl/
        ),
        'fowl'
      ]
    ]
  },
  {
    of: /^mammal/,
    plan: 'upright',
    family: [
      [anyOf(/whale|rorqual|dolphin|porpoise|orca|narwhal|beluga|baiji/), 'whale'],
      [/manatee|dugong|sea cow|seal\b|seals|sea lion|walrus/, 'seal'],
      [/dogs and|wolf|dingo|jackal|hyena|aardwolf|hyrax|capybara|tapir/, 'quadruped']
    ],
    order: [
      [/even-toed|odd-toed|trunked|elephant|south american hoofed|native ungulate|heavy-footed/, 'quadruped']
    ]
  },
  {
    of: /^reptile/,
    plan: 'lizard',
    family: [
      [/turtle|tortoise|terrapin|matamata/, 'turtle'],
      [/mosasaur|pliosaur/, 'seaReptile'],
      [
        anyOf(
          /snake|boa\b|boas|python|viper|cobra|mamba|adder|anaconda/,
          /worm lizard|slow worm|flap-footed|taipan|krait|boomslang|racer/
        ),
        'snake'
      ]
    ],
    order: [
      [/^turtles/, 'turtle'],
      [/winged reptiles/, 'pterosaur'],
      [/flippered/, 'saurian'],
      [/fish-shaped/, 'seaReptile']
    ]
  },
  {
    of: /^amphibian/,
    plan: 'frog',
    order: [
      [/caecilian/, 'eel'],
      [/salamander|amphibians/, 'lizard']
    ]
  },
  { of: /bone-shielded/, plan: 'fish' },
  { of: /jawless fish|backboneless chordate/, plan: 'lamprey' },
  { of: /jelly(?:fish)?$|hydrozoan|comb jelly|tunicate/, plan: 'jelly' },
  {
    of: /fish$/,
    plan: 'fish',
    family: [
      [/seahorse|pipefish|sea dragon|seadragon/, 'seahorse'],
      [/\beels?\b|moray|conger/, 'eel'],
      [
        anyOf(
          /\brays?\b|stingray|skate|flounder|sole\b|soles|turbot|plaice/,
          /halibut|guitarfish|sawfish|manta|angel shark/
        ),
        'ray'
      ]
    ],
    order: [
      [/\beels\b/, 'eel'],
      [/rays|skates/, 'ray']
    ]
  },
  { of: /cephalopod/, plan: 'octopus' },
  { of: /coat-of-mail/, plan: 'chiton' },
  { of: /gastropod|tusk-shelled/, plan: 'snail' },
  { of: /curl-footed/, plan: 'barnacle' },
  { of: /bivalve|lamp shell|two-shelled/, plan: 'clam' },
  { of: /sea star|sea urchin|brittle star|feather-armed/, plan: 'seaStar' },
  { of: /sea cucumber/, plan: 'worm' },
  { of: /polyp|sponge|sea squirt|moss animal|flat animal/, plan: 'polyp' },
  { of: /shield-backed|three-lobed|ancient sea hunter|oar-footed/, plan: 'carapace' },
  { of: /crustacean/, plan: 'crab', family: [[/water flea|tadpole shrimp/, 'carapace']] },
  { of: /arachnid|sea spider/, plan: 'spider' },
  { of: /insect|springtail/, plan: 'insect' },
  { of: /slime mould/, plan: 'microbe' },
  { of: /lichen/, plan: 'lichen' },
  { of: /fungus|mould$|yeast/, plan: 'mushroom' },
  {
    of: anyOf(
      /microbe|bacteri|bacillus|amoeba|diatom|flagellate|archaeon|phage|virus/,
      /(?:golden-brown|glass-shelled|chalk-plated|whirling|star-skeletoned|blue-green|pond|conjugating) alga/
    ),
    plan: 'microbe'
  },
  { of: /plant|conifer|moss|liverwort|cycad|monocot|gnetophyte|seaweed|alga|tree/, plan: 'plant' },
  { of: /myriapod/, plan: 'myriapod' },
  { of: /worm|water bear|mud animal|wheel animal|arthropod|velvet/, plan: 'worm' }
]

/** The body plan of a noun. */
export function planOf({ fields }: Trait): PlanName {
  const [name = '', family = '', order = '', kind = ''] = fields.map((field) => field.toLowerCase())
  const kin = KIN.find(({ of }) => of.test(kind))
  if (kin === undefined) return 'figure'
  return (
    kin.family?.find(([words]) => words.test(`${name}, ${family}`))?.[1] ??
    kin.order?.find(([words]) => words.test(order))?.[1] ??
    kin.plan
  )
}
