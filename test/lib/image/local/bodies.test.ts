import t from 'tap'
import { drawFigure, measureFigure } from '../../../../lib/image/local/figure.ts'
import { planOf } from '../../../../lib/image/local/plans/index.ts'
import { createSvgSurface } from '../../../../lib/image/local/surface.ts'
import { databases, flatPen, traitsWith } from './dresses.ts'
import { largestPiece, markedPixels } from './pixels.ts'

const SIDE = 64
const FEET = 905
/** Least share of all marked pixels that are one piece. */
const LEAST_PIECE = 0.93

/** Which pixels the body of a noun without clothes and tools marks. */
async function bodyOf(row: string): Promise<Uint8Array> {
  const traits = traitsWith({ noun: row, occupation: '', action: 'standing', adjective: 'smooth' })
  const surface = createSvgSurface()
  const pen = flatPen(surface)
  const { scale } = measureFigure(traits.noun, 630)
  const stand = { x: 500, y: FEET, isCropped: false, scale, light: 1, head: 1, girth: 1 }
  const { body } = drawFigure(pen, traits, stand)
  return await markedPixels(`<defs>${surface.defs()}</defs>${body}`, SIDE)
}

const rowOf = (name: string) => databases.rows.nouns.find((row) => row.startsWith(`${name},`)) ?? name

t.test('the body of every third noun is one piece, stands on the ground and is in the frame', async (t) => {
  const faulty: string[] = []
  for (const row of databases.rows.nouns.filter((_, index) => index % 3 === 0)) {
    const pixels = await bodyOf(row)
    const name = `${planOf(traitsWith({ noun: row }).noun)}, ${row.split(',')[0]}`
    const piece = largestPiece(pixels, SIDE)
    if (piece < LEAST_PIECE) faulty.push(`${name} has a piece of ${piece.toFixed(2)}`)
    // A microbe has no feet: it drifts.
    if (name.startsWith('microbe')) continue
    const lowest = ((Math.floor(pixels.lastIndexOf(1) / SIDE) + 1) * 1500) / SIDE - 250
    if (lowest < FEET - 50 || lowest > FEET + 90) faulty.push(`${name} ends at ${Math.round(lowest)}`)
    const columns = [...pixels.keys()].filter((at) => pixels[at] === 1).map((at) => at % SIDE)
    const [left, right] = [Math.min(...columns), Math.max(...columns) + 1].map(
      (at) => (at * 1500) / SIDE - 250
    )
    if (left! < -24 || right! > 1024) {
      faulty.push(`${name} is from ${Math.round(left!)} to ${Math.round(right!)}`)
    }
  }
  t.same(faulty, [])
})

const KINDS: Record<string, string[]> = {
  'long animals': [
    'sea lamprey',
    'giant moray',
    'grass snake',
    'giant millipede',
    'giant centipede',
    'ragworm',
    'squidworm',
    'earthworm',
    'planarian',
    'tardigrade'
  ],
  'animals of the sea': [
    'horseshoe crab',
    'Dungeness crab',
    'trilobite',
    'water flea',
    'cyclops copepod',
    'acorn barnacle',
    'fuzzy chiton',
    'spiny brittle star',
    'bat star',
    'sea lily'
  ].concat([
    "Portuguese man o' war",
    'moon jellyfish',
    'green hydra',
    'by-the-wind sailor',
    'sea gooseberry',
    'salp'
  ]),
  'small bodies': ['map lichen', 'fly agaric', 'amoeba', 'hay bacillus', 'paramecium'].concat([
    'stentor',
    'volvox',
    'corkscrew spirochaete',
    'globe artichoke'
  ]),
  birds: [
    'European robin',
    'mallard',
    'mute swan',
    'hen',
    'peacock',
    'rock dove',
    'herring gull',
    'Dalmatian pelican'
  ].concat([
    'emperor penguin',
    'bald eagle',
    'barn owl',
    'flamingo',
    'grey heron',
    'ostrich',
    'toucan',
    'sulphur-crested cockatoo'
  ]),
  fishes: [
    'European perch',
    'northern pike',
    'great white shark',
    'swordfish',
    'sailfish',
    'pufferfish',
    'anglerfish'
  ].concat(['manta ray', 'plaice', 'seahorse', 'giant moray', 'freshwater angelfish', 'coelacanth']),
  reptiles: [
    'Nile crocodile',
    'chameleon',
    'frilled lizard',
    'king cobra',
    'Galápagos giant tortoise',
    'pteranodon'
  ].concat(['tyrannosaur', 'brontosaurus', 'stegosaur', 'triceratops', 'ankylosaurus']),
  insects: [
    'ladybird',
    'honeybee',
    'dragonfly',
    'meadow grasshopper',
    'praying mantis',
    'monarch butterfly',
    'luna moth'
  ].concat(['leafcutter ant', 'green shield bug', 'giant stick insect', 'stag beetle']),
  plants: [
    'sunflower',
    'tulip',
    'orchid',
    'sacred lotus',
    'lavender',
    'oak tree',
    'coconut palm',
    'giant sequoia'
  ].concat(['saguaro cactus', 'carrot', 'pumpkin', 'giant kelp', 'tree fern'])
}

t.test('kinds of an order have outlines that differ', async (t) => {
  for (const [title, names] of Object.entries(KINDS)) {
    const bodies = await Promise.all(names.map(async (name) => await bodyOf(rowOf(name))))
    const alike: string[] = []
    bodies.forEach((one, index) =>
      bodies.slice(0, index).forEach((other, before) => {
        const both = one.reduce((sum, value, at) => sum + (value & other[at]!), 0)
        const either = one.reduce((sum, value, at) => sum + (value | other[at]!), 0)
        if (both / either > 0.86) {
          alike.push(`${names[index]} and ${names[before]}: ${(both / either).toFixed(2)}`)
        }
      })
    )
    t.same(alike, [], title)
  }
})
