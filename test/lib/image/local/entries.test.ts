import t from 'tap'
import type { AttributeName } from '../../../../lib/dress/databases.ts'
import { BACKDROP_NAMES, backdropOf } from '../../../../lib/image/local/backdrop.ts'
import { expressionOf } from '../../../../lib/image/local/expression.ts'
import { gazeOf } from '../../../../lib/image/local/gaze.ts'
import { HAND_NAMES, handNameOf } from '../../../../lib/image/local/hands/index.ts'
import { LANDMARK_NAMES, landmarkOf } from '../../../../lib/image/local/landmark/index.ts'
import { PLANS, planOf } from '../../../../lib/image/local/plans/index.ts'
import { PROP_NAMES, propOf } from '../../../../lib/image/local/props.ts'
import { GEAR_NAMES, gearOf } from '../../../../lib/image/local/wardrobe/index.ts'
import { databases, rowsOf, traitsWith } from './dresses.ts'

t.test('each noun has the body plan of its kind', async (t) => {
  const planFor = (noun: string) =>
    planOf(traitsWith({ noun: databases.rows.nouns.find((row) => row.startsWith(`${noun},`))! }).noun)
  const expected = {
    otter: 'upright',
    'giant panda': 'upright',
    'roe deer': 'quadruped',
    'musk deer': 'quadruped',
    'blue whale': 'whale',
    narwhal: 'whale',
    'barn owl': 'raptor',
    'bald eagle': 'raptor',
    flamingo: 'wader',
    'Indian peacock': 'bird',
    hen: 'fowl',
    eryops: 'lizard',
    robin: 'bird',
    'king cobra': 'snake',
    'giant moray': 'eel',
    'clown loach': 'fish',
    chameleon: 'lizard',
    triceratops: 'ceratops',
    axolotl: 'lizard',
    'Galápagos giant tortoise': 'turtle',
    'tree frog': 'frog',
    'manta ray': 'ray',
    seahorse: 'seahorse',
    'barrel jellyfish': 'jelly',
    'monarch butterfly': 'insect',
    'golden tortoise beetle': 'insect',
    scorpion: 'spider',
    'hermit crab': 'crab',
    octopus: 'octopus',
    'garden snail': 'snail',
    oyster: 'clam',
    'ochre star': 'seaStar',
    'beadlet anemone': 'polyp',
    earthworm: 'worm',
    tardigrade: 'worm',
    amoeba: 'microbe',
    'T4 phage': 'microbe',
    'fly agaric': 'mushroom',
    'Venus flytrap': 'plant',
    'giant kelp': 'plant',
    pirate: 'human'
  }
  const known = Object.entries(expected).filter(([noun]) =>
    databases.rows.nouns.some((row) => row.startsWith(`${noun},`))
  )
  t.ok(known.length > 30, `${known.length} known`)
  for (const [noun, plan] of known) t.equal(planFor(noun), plan, noun)
  t.same(
    databases.rows.nouns.filter((row) => planOf(traitsWith({ noun: row }).noun) === 'figure'),
    [],
    'every noun has a plan of its kind'
  )
  t.equal(planOf(traitsWith({ noun: 'teapot' }).noun), 'figure', 'a noun of no known kind is a plain figure')
})

t.test('an art style has the hand of its technique or of its group', async (t) => {
  const styleOf = (name: string) =>
    traitsWith({ artStyle1: databases.rows.artstyles.find((row) => row.startsWith(`${name},`))! }).artStyle1
  const expected = {
    'flat vector illustration': 'screen',
    'Y2K futurism': 'screen',
    skeuomorphism: 'screen',
    'pixel art': 'pixel',
    'teletext art': 'pixel',
    'pixel sorting': 'pixel',
    'glitch art': 'screen',
    'isometric illustration': 'screen',
    'demoscene graphics': 'screen',
    'chiaroscuro woodcut': 'engraving',
    'risograph printing': 'engraving',
    chiaroscuro: 'tenebrism',
    'pop art': 'pop',
    'op art': 'geometry',
    'New Objectivity': 'deco',
    'ink wash painting': 'inkwash',
    'ukiyo-e': 'woodblock',
    'Kishangarh painting': 'miniature',
    'kalaga tapestry': 'batik',
    'khatam marquetry': 'girih',
    'Western Desert dot painting': 'tapa',
    biomorphism: 'poster',
    cloisonnism: 'poster',
    origami: 'cutpaper',
    sashiko: 'stitch',
    pointillism: 'dotted'
  }
  for (const [style, hand] of Object.entries(expected)) t.equal(handNameOf(styleOf(style)), hand, style)

  // Hands that show their group. Someone who knows the groups only tells seven in ten styles of each.
  const groups = new Map<string, string[]>()
  for (const style of rowsOf('artStyle1')) {
    const group = style.fields[1]!
    groups.set(group, [...(groups.get(group) ?? []), handNameOf(style)])
  }
  const tellers = new Map<string, string>()
  for (const [group, hands] of groups) {
    for (const hand of new Set(hands)) {
      const share = hands.filter((each) => each === hand).length
      const known = tellers.get(hand)
      const most = known === undefined ? 0 : groups.get(known)!.filter((each) => each === hand).length
      if (share > most) tellers.set(hand, group)
    }
  }
  for (const [group, hands] of groups) {
    const told = hands.filter((hand) => tellers.get(hand) === group).length / hands.length
    t.ok(told >= 0.7, `${group}: ${told.toFixed(2)}`)
  }
})

t.test('each hand, plan, landmark, backdrop, prop, hat, tool and garment belongs to a row', async (t) => {
  const met = (names: string[]) => [...new Set(names)].sort()
  t.same(met(rowsOf('artStyle1').map(handNameOf)), [...HAND_NAMES].sort(), `${HAND_NAMES.length} hands`)
  t.ok(HAND_NAMES.length >= 12)
  t.same(
    met(rowsOf('noun').map(planOf)),
    Object.keys(PLANS)
      .filter((plan) => plan !== 'figure')
      .sort()
  )
  t.same(met(rowsOf('place').map(landmarkOf)), [...LANDMARK_NAMES].sort())
  t.same(met(rowsOf('backStyle').map(backdropOf)), [...BACKDROP_NAMES].sort())
  t.same(met(rowsOf('trope').map(propOf)), [...PROP_NAMES].sort())
  const gear = rowsOf('occupation').flatMap((occupation) => [
    gearOf(occupation, true),
    gearOf(occupation, false)
  ])
  t.same(met(gear.map(({ hat }) => hat)), [...GEAR_NAMES.hats].sort())
  t.same(met(gear.map(({ tool }) => tool)), [...GEAR_NAMES.tools].sort())
  t.same(met(gear.map(({ garment }) => garment)), [...GEAR_NAMES.garments].sort())
  t.ok(GEAR_NAMES.hats.length + GEAR_NAMES.tools.length + GEAR_NAMES.garments.length >= 30)
})

t.test('the emotion sets the expression and the gaze sets the eyes', async (t) => {
  const feeling = (row: string) => expressionOf(traitsWith({ emotion: row }).emotion)
  const joy = feeling('joy,joy,positive,English,a fizz')
  const sorrow = feeling('sorrow,sadness,negative,English,a wet coat')
  const anger = feeling('anger,anger,negative,English,a kettle')
  t.ok(joy.smile > 0.7 && sorrow.smile < -0.7 && anger.smile < -0.5)
  t.ok(
    anger.frown > 0.7 && sorrow.frown < -0.7,
    'the inner ends of the brows are low in anger and high in sorrow'
  )
  t.ok(
    feeling('fright,fear,negative,English,a squeak').wide > 1.1 &&
      feeling('peace,calm,positive,English,a pond').lids > 0.35
  )
  t.ok(sorrow.tear && joy.cheeks && !joy.tear)
  const eyes = (row: string) => gazeOf(traitsWith({ gaze: row }).gaze)
  t.ok(eyes('up at the moon,as if an old promise were written there').dy < -0.3)
  t.ok(eyes('down at the ground,as if a lucky coin had rolled away').dy > 0.3)
  t.same(eyes('straight at the viewer,as if about to speak'), { dx: 0, dy: 0 })
  t.ok(eyes('cross-eyed at a soap bubble,as if one loud word might burst it').cross)
})

t.test(
  'words of occupations, places and gazes are found at the start of a word, in the name first',
  async (t) => {
    const rowOf = (name: AttributeName, first: string) => rowsOf(name).find((row) => row.name === first)
    const jobs: Record<string, Partial<ReturnType<typeof gearOf>>> = {
      baker: { hat: 'toque', tool: 'bread', garment: 'apron' },
      beekeeper: { hat: 'straw', tool: 'basket' },
      'deep-sea diver': { hat: 'bubble' },
      herald: { hat: 'laurel', tool: 'horn' },
      judge: { hat: 'mortarboard', tool: 'scales' },
      'lighthouse keeper': { tool: 'lantern' },
      'opera singer': { hat: 'laurel', tool: 'microphone' },
      'spice merchant': { tool: 'scales' },
      'train driver': { hat: 'peakedCap', tool: 'wheel' },
      violinist: { tool: 'violin' },
      astronomer: { tool: 'telescope' },
      silversmith: { tool: 'hammer' }
    }
    const known = Object.entries(jobs).flatMap(([first, prepared]) => {
      const row = rowOf('occupation', first)
      return row === undefined ? [] : [[first, row, prepared] as const]
    })
    t.ok(known.length >= 8, `${known.length} jobs`)
    for (const [first, row, prepared] of known) t.match(gearOf(row, true), prepared, first)

    const places = {
      'Ha Long Bay,Quảng Ninh,Vietnam': 'island',
      'the Bến Thành Market,Ho Chi Minh City,Vietnam': 'houses',
      'the Christuskirche,Windhoek,Namibia': 'church',
      'the Arenal Volcano,Alajuela,Costa Rica': 'volcano',
      'the rice terraces of Banaue,Ifugao,Philippines': 'garden',
      'the Pyramid of Khafre,Giza,Egypt': 'pyramid',
      'the Tower Bridge,Southwark,England': 'bridge',
      'the windmills of Kinderdijk,South Holland,Netherlands': 'windmill'
    }
    for (const [place, landmark] of Object.entries(places)) {
      t.equal(landmarkOf(traitsWith({ place }).place), landmark, place)
    }

    for (const gaze of rowsOf('gaze')) {
      const { dx, dy } = gazeOf(gaze)
      if (/^(?:up|dreamily up)/.test(gaze.name)) t.ok(dy < 0, `${gaze.name}: ${dy}`)
      if (/^down/.test(gaze.name)) t.ok(dy > 0, `${gaze.name}: ${dy}`)
      if (/^(?:sideways|past|away|back)/.test(gaze.name)) t.ok(Math.abs(dx) > 0.3, `${gaze.name}: ${dx}`)
    }
  }
)
