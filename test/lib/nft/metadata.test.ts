import t from 'tap'
import { prepareDress } from '../../../lib/dress/dress.ts'
import { BUILT_IN_DATABASES, loadDatabases } from '../../../lib/dress/databases.ts'
import { describeCollection, describeToken, exampleAddress } from '../../../lib/nft/metadata.ts'
import type { DalleDress } from '../../../lib/schemas/dress.ts'
import type { Series } from '../../../lib/schemas/series.ts'
import { isAddress } from '../../../lib/storage/layout.ts'
import { ADDRESS } from '../../helper.ts'

const databases = await loadDatabases(BUILT_IN_DATABASES)
const CHECKSUMMED = '0xf503017D7baF7FBC0fff7492b751025c6A78179b'

const dressIn = (series: Series) => prepareDress(databases, series, ADDRESS).dress
const describe = (dress: DalleDress, withPrompts = true) =>
  describeToken({
    dress,
    withPrompts,
    image: 'https://a.example/i',
    page: 'https://a.example/p',
    cid: undefined
  })

t.test('a token is described by its dress', async (t) => {
  const dress = dressIn({ suffix: 'simple' })
  const token = describe(dress)
  t.equal(token.name, dress.titlePrompt)
  t.equal(token.description, `${dress.tersePrompt}\n\nThe picture of ${CHECKSUMMED} in the series simple.`)
  t.equal(token.attributes.length, 18)
  t.same(new Set(token.attributes.map(({ trait_type: type }) => type)).size, 18, 'each name once')
  t.same(describe(dress), token, 'always the same')
  for (const { value } of token.attributes) {
    t.notMatch(value, /#[0-9a-f]{6}|\[\{|^\s*$/i, 'a text for people: no code, no open slot')
    t.equal(value[0], value[0]!.toUpperCase())
  }
  const value = (type: string) => token.attributes.find(({ trait_type: name }) => name === type)?.value
  const row = (name: string) => dress.attributes.find((attribute) => attribute.name === name)!.value
  t.equal(value('Noun')?.toLowerCase(), row('noun').split(',')[0]!.toLowerCase())
  t.equal(value('Place')?.toLowerCase(), row('place').split(',')[0]!.toLowerCase())
  t.equal(`#${token.background_color}`, row('color3').split(',')[1], 'six digits without #')
  t.notOk('image_cid' in token)
})

t.test('without prompts, the title is all that is said', async (t) => {
  const dress = dressIn({ suffix: 'simple' })
  const token = describe(dress, false)
  t.equal(token.name, dress.titlePrompt)
  t.equal(token.description, `The picture of ${CHECKSUMMED} in the series simple.`)
})

t.test('what a filter leaves empty, and what is not known, is absent', async (t) => {
  const filters = { nouns: ['no such noun'], colors: ['no such colour'] }
  const token = describe(dressIn({ suffix: 'narrow', ...filters }))
  t.equal(token.attributes.length, 14)
  t.notOk('background_color' in token)
  t.notMatch(JSON.stringify(token), /null|none/)

  const unknown: DalleDress = {
    ...dressIn({ suffix: 'simple' }),
    attributes: [],
    titlePrompt: '',
    tersePrompt: ''
  }
  t.match(describe(unknown), { name: `Picture of ${CHECKSUMMED}`, attributes: [] })
})

t.test('the names of colours have blanks, and those of the Go library have capitals', async (t) => {
  const dress = dressIn({ suffix: 'simple' })
  const rows: Record<string, string> = {
    color1: 'lightsteelblue,#b0c4de',
    color3: 'Chartreuse,#7FFF00',
    place: 'eiffel tower,paris,france',
    backStyle: 'a wall, plain and [{Color3}]'
  }
  const attributes = dress.attributes.map((attribute) => ({
    ...attribute,
    value: rows[attribute.name] ?? attribute.value
  }))
  t.match(describe({ ...dress, attributes }), {
    background_color: '7fff00',
    attributes: attributes.map(({ name }) => {
      const value = {
        color1: 'Light steel blue',
        color3: 'Chartreuse',
        place: 'Eiffel Tower',
        backStyle: 'A wall, plain and Chartreuse'
      }[name]
      return value === undefined ? {} : { value }
    })
  })
})

t.test('a collection is described by its series', async (t) => {
  const of = (series: Series) => describeCollection(series, 'https://a.example/i', 'https://a.example/p')
  t.same(of({ suffix: 'deep-sea', purpose: 'From below.' }), {
    name: 'Deep Sea',
    description: 'From below. One picture for each Ethereum address.',
    image: 'https://a.example/i',
    external_link: 'https://a.example/p'
  })
  t.equal(of({ suffix: 'own' }).description, 'One picture for each Ethereum address.')
  t.ok(isAddress(exampleAddress('simple')))
  t.equal(exampleAddress('simple'), exampleAddress('simple'))
  t.not(exampleAddress('simple'), exampleAddress('birds'))
})
