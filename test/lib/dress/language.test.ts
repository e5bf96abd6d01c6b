import t from 'tap'
import { indefinite } from '../../../lib/dress/language.ts'

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
