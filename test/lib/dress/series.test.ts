import t from 'tap'
import { selectAttributes } from '../../../lib/dress/attributes.ts'
import type { DatabaseName } from '../../../lib/dress/databases.ts'
import type { Series } from '../../../lib/schemas/series.ts'
import { ADDRESSES, DATABASES, EMPTY, builtInSeries, databases, nameOf } from './built-in.ts'

t.test(
  'a built-in series leaves twelve rows or more of what it filters, and changes nothing else',
  async (t) => {
    for (const series of await builtInSeries()) {
      const filtered = DATABASES.filter((database) => series[database]?.length)
      for (const database of filtered) {
        const rows = databases.rows[database]
        const kept = rows.filter((row) => series[database]!.some((text) => row.includes(text)))
        const isEmptied = series[database]!.join() === 'none'
        t.ok(
          isEmptied ? kept.length === 0 : kept.length >= 12 && kept.length < rows.length,
          `${series.suffix} keeps ${kept.length} ${database}`
        )
        const idle = series[database]!.filter((text) => !rows.some((row) => row.includes(text)))
        if (!isEmptied) t.same(idle, [], `${series.suffix} asks for nothing in vain`)
        const sensitive = kept.filter((row) => row.includes(',sensitive,'))
        t.same(sensitive, [], `${series.suffix} asks for nothing sensitive`)
      }
      const others = (from: Series, address: string) =>
        selectAttributes(databases, from, address).filter(
          ({ database }) => !filtered.includes(database as DatabaseName)
        )
      t.same(
        ADDRESSES.slice(0, 20).map((address) => others(series, address)),
        ADDRESSES.slice(0, 20).map((address) => others(EMPTY, address)),
        series.suffix
      )
    }
  }
)

t.test('a series of a subject holds what it is named after and nothing else', async (t) => {
  const holds: Record<string, [within: string[], without: string[]]> = {
    archetypes: [
      ['pirate', 'wizard'],
      ['sea otter', 'robin']
    ],
    birds: [
      ['robin', 'emperor penguin', 'great auk'],
      ['duck-billed platypus', 'flying fox', 'bat star']
    ],
    'cold-blooded': [
      ['tree frog', 'king cobra', 'axolotl'],
      ['robin', 'triceratops', 'seahorse']
    ],
    'deep-sea': [
      ['vampire squid', 'gulper eel', 'sea pig'],
      ['clown loach', 'pig', 'robin']
    ],
    dinosaurs: [
      ['triceratops', 'velociraptor'],
      ['mosasaur', 'chameleon']
    ],
    garden: [
      ['sunflower', 'fly agaric', 'tree fern'],
      ['garden snail', 'sea fan', 'giant kelp']
    ],
    mammals: [
      ['sea otter', 'blue whale', 'elephant'],
      ['robin', 'pirate']
    ],
    microbes: [
      ['amoeba', 'T4 phage', 'diatom'],
      ['fly agaric', 'earthworm', 'giant kelp']
    ],
    'sea-life': [
      ['blue whale', 'octopus', 'narwhal', 'harbour seal', 'seahorse', 'ochre star'],
      ['roe deer', 'dromedary', 'robin', 'silverfish', 'belted kingfisher']
    ],
    'small-wonders': [
      ['monarch butterfly', 'garden snail', 'peacock spider', 'tardigrade'],
      ['octopus', 'robin', 'earthworm']
    ]
  }
  const nounsOf = (series: Series) =>
    databases.rows.nouns.filter((row) => series.nouns!.some((text) => row.includes(text))).map(nameOf)
  for (const series of await builtInSeries()) {
    const expected = holds[series.suffix]
    t.equal(series.nouns !== undefined, expected !== undefined, series.suffix)
    if (expected === undefined) continue
    const known = (names: string[]) =>
      names.filter((name) => databases.rows.nouns.some((row) => nameOf(row) === name))
    t.ok(known(expected[0]).length >= 2, `${series.suffix} is asked for nouns that there are`)
    t.same(
      known(expected[0]).filter((name) => !nounsOf(series).includes(name)),
      [],
      `${series.suffix} lacks none of these`
    )
    t.same(
      known(expected[1]).filter((name) => nounsOf(series).includes(name)),
      [],
      `${series.suffix} has none of these`
    )
  }
})
