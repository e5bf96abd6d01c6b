import t from 'tap'
import { artStyle, feelingOf, indefinite } from '../../../lib/dress/language.ts'

t.test('an article goes by the sound', async (t) => {
  const an = [
    'otter',
    'hourglass',
    'honest knight',
    'honourable judge',
    'heir',
    'umbrella',
    'urchin',
    'usher',
    'uninvited guest',
    'unimpressed cat',
    'emu',
    'Iznik tile',
    'éclair',
    'Ångström',
    'onion',
    'utter mess',
    'ugly duckling',
    'orang-utan',
    'unidentified object',
    'X',
    'MP',
    '8-legged friend',
    '11th hour',
    '18th hole'
  ]
  const a = [
    'unicorn',
    'European',
    'one-eyed cat',
    'ukulele',
    'unicycle',
    'uniform',
    'usual day',
    'utopia',
    'ewe',
    'eucalyptus',
    'ouija board',
    'hermit',
    'honey bee',
    'human',
    'yak',
    'queen',
    'Māori carving',
    'Uruguayan',
    '118th try'
  ]
  t.same(
    an.map(indefinite),
    an.map((words) => `an ${words}`)
  )
  t.same(
    a.map(indefinite),
    a.map((words) => `a ${words}`)
  )
})

t.test('an art style has the article that it needs', async (t) => {
  const spoken = {
    'natural history plate': 'a natural history plate',
    'exploded-view diagram': 'an exploded-view diagram',
    'Épinal print': 'an Épinal print',
    'Dutch still life': 'a Dutch still life',
    'Group of Seven landscape': 'a Group of Seven landscape',
    'Hudson River School': 'the Hudson River School',
    'the Vienna Secession': 'the Vienna Secession',
    'old school tattoo flash': 'old school tattoo flash',
    'landscape painting': 'landscape painting',
    'colour-field painting': 'colour-field painting',
    photorealism: 'photorealism',
    blueprint: 'blueprint',
    'ukiyo-e': 'ukiyo-e'
  }
  for (const [name, expected] of Object.entries(spoken)) t.equal(artStyle(name), expected)
})

t.test('an emotion has the article of its kind', async (t) => {
  const names = ['joy', 'jitters', 'heebie-jeebies', 'thrill', 'coup de foudre', 'stage fright', 'happiness']
  t.same(names.map(feelingOf), [
    'joy',
    'the jitters',
    'the heebie-jeebies',
    'a thrill',
    'a coup de foudre',
    'stage fright',
    'happiness'
  ])
})
