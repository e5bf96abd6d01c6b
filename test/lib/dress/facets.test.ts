import t from 'tap'
import { ATTRIBUTES, BUILT_IN_DATABASES, loadDatabases } from '../../../lib/dress/databases.ts'
import type { AttributeName } from '../../../lib/dress/databases.ts'
import { prepareDress } from '../../../lib/dress/dress.ts'
import { FACETS, facetKey, facetValuesIn, facetValuesOf } from '../../../lib/dress/facets.ts'
import { withFilledSlots } from '../../../lib/dress/slots.ts'
import type { Attribute } from '../../../lib/schemas/dress.ts'

const databases = await loadDatabases(BUILT_IN_DATABASES)
const valuesOf = (attributes: Attribute[], facet: string) =>
  facetValuesOf(attributes)
    .filter((each) => each.facet === facet)
    .map(({ value }) => value)
const given = (name: AttributeName, value: string): Attribute => ({
  database: '',
  name,
  bytes: '',
  number: 0,
  factor: 0,
  count: 0,
  selector: 0,
  value
})

t.test('a dress has the values of its columns, each once', async (t) => {
  const attributes = [
    given('noun', 'sea otter,weasels,carnivores,mammal,chordate'),
    given('emotion', 'azart,joy,mixed,Russian,a hot-cheeked fervour'),
    given('artStyle1', 'ASCII art,digital,,types pictures'),
    given('artStyle2', 'pixel art,digital,,counts squares'),
    given('color1', 'red,#ff0000'),
    given('color2', 'Red,#fe0000'),
    given('color3', 'navy,#000080'),
    given('gaze', 'none'),
    given('trope', 'x'.repeat(300))
  ]
  t.same(facetValuesOf(attributes), [
    { facet: 'class', value: 'mammal' },
    { facet: 'noun', value: 'sea otter' },
    { facet: 'phylum', value: 'chordate' },
    { facet: 'color', value: 'red' },
    { facet: 'color', value: 'navy' },
    { facet: 'background', value: 'navy' },
    { facet: 'mood', value: 'joy' },
    { facet: 'emotion', value: 'azart' },
    { facet: 'styleGroup', value: 'digital' },
    { facet: 'style', value: 'ASCII art' },
    { facet: 'style', value: 'pixel art' }
  ])
})

t.test('each attribute has a facet', async (t) => {
  const covered = new Set<string>(FACETS.flatMap(({ attributes }) => attributes as readonly string[]))
  t.same(
    ATTRIBUTES.map(({ name }) => name).filter((name) => !covered.has(name)),
    []
  )
})

t.test('a backdrop is the same value with every colour and style that fills it', async (t) => {
  const { rows } = databases
  const open = rows.backstyles.map((row) => row.replaceAll(/\[\{.*?\}\]/g, '…'))
  t.same([...facetValuesIn(databases, FACETS.at(-1)!).values()], open)
  const faults: string[] = []
  const { dress: sample } = prepareDress(databases, { suffix: 'simple' }, `0x${'1'.repeat(40)}`)
  for (const [at, backStyle] of rows.backstyles.entries()) {
    for (const [step, color] of rows.colors.entries()) {
      const style = rows.artstyles[(at * rows.colors.length + step) % rows.artstyles.length]!
      const attributes = [given('artStyle2', style), given('color3', color), given('backStyle', backStyle)]
      const { attributes: filled } = withFilledSlots({ ...sample, attributes })
      const [found] = valuesOf(filled, 'backStyle')
      if (found !== open[at]) faults.push(`${open[at]}: ${found}`)
    }
  }
  t.same(faults, [])
})

t.test('the values of the databases are those that dresses can have', async (t) => {
  for (const facet of FACETS) {
    const known = facetValuesIn(databases, facet)
    t.ok(known.size > 5, facet.name)
    for (let index = 0; index < 50; index += 1) {
      const address = `0x${(index * 7919 + 1).toString(16).padStart(8, '0').repeat(5)}`
      const { dress } = prepareDress(databases, { suffix: 'simple' }, address)
      for (const value of valuesOf(withFilledSlots(dress).attributes, facet.name)) {
        if (!known.has(facetKey(value))) t.fail(`${facet.name} ${value}`)
      }
    }
  }
})
