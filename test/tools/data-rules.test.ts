import t from 'tap'
import { ATTRIBUTES, TABLES } from '../../lib/dress/databases.ts'
import type { Databases, TableName } from '../../lib/dress/databases.ts'
import { databases } from '../lib/dress/built-in.ts'
import {
  RULES,
  lintColors,
  lintTable,
  lintTables,
  lintTaxonomy,
  lintVariety,
  readBuiltInTables
} from './data-rules.ts'
import type { Tables } from './data-rules.ts'
import { lintPrompts } from './prompt-rules.ts'

const tables = await readBuiltInTables()

/** The first rows of a table. */
const few = (name: TableName, count: number) =>
  `${tables[name]
    .split('\n')
    .slice(0, count + 1)
    .join('\n')}\n`
const small: Tables = { ...tables }
for (const { database } of ATTRIBUTES) if (database !== 'nouns') small[database] = few(database, 4)
const smallRows = {
  ...databases,
  rows: Object.fromEntries(
    Object.entries(databases.rows).map(([name, rows]) => [name, rows.slice(0, 4)])
  ) as unknown as Databases['rows']
}

/** The faults of tables that differ from `small` in some tables, without those of the unchanged tables. */
function faultsOf(changed: Tables): string[] {
  return [
    ...TABLES.filter((name) => changed === small || changed[name] !== small[name]).flatMap((name) =>
      lintTable(name, changed[name]).map((fault) => `${name}.csv: ${fault}`)
    ),
    ...lintTaxonomy(changed),
    ...lintColors(changed),
    ...lintVariety(changed)
  ]
}

const lengthFaults = faultsOf(small)

const [adverb, adjective, occupation] = (['adverbs', 'adjectives', 'occupations'] as const).map((name) =>
  tables[name].split('\n')[1]!.split(',')
)
const edited = (name: TableName, from: string | RegExp, to: string): Tables => {
  const text = small[name].replace(from, to)
  if (text === small[name]) throw new Error(`${name} has no ${String(from)}`)
  return { ...small, [name]: text }
}
/** A table with one more row, in the right order. */
const withRow = (name: TableName, row: string): Tables => {
  const [header, ...lines] = small[name].trimEnd().split('\n')
  return { ...small, [name]: `${[header, ...[...lines, `v1.0.0,${row}`].sort()].join('\n')}\n` }
}
const tableCases: Array<[what: string, broken: Tables, fault: RegExp]> = [
  ['a mark at the start', edited('gazes', /^/, '\uFEFF'), /^gazes\.csv: plain lines/],
  ['Windows line ends', edited('gazes', /\n/g, '\r\n'), /^gazes\.csv: plain lines/],
  ['no line feed at the end', edited('gazes', /\n$/, ''), /^gazes\.csv: plain lines/],
  ['quotes', edited('gazes', /\nv1\.0\.0,/, '\nv1.0.0,"'), /^gazes\.csv: plain lines/],
  ['an empty line', edited('gazes', /\n/, '\n\n'), /^gazes\.csv: plain lines/],
  ['another column', edited('gazes', 'description', 'meaning'), /^gazes\.csv: the columns are/],
  ['too few rows', small, /^adverbs\.csv: 4 rows; wanted are 800$/],
  [
    'rows out of order',
    { ...small, gazes: `${[...small.gazes.trimEnd().split('\n')].reverse().join('\n')}\n` },
    /sorted by code unit/
  ],
  ['another version', edited('adverbs', 'v1.0.0', 'v1.0.1'), /begins with v1\.0\.1/],
  [
    'a comma in a field',
    withRow('adverbs', 'zestfully,with lemon, and with mint'),
    /has 3 fields instead of 2/
  ],
  ['a column missing', withRow('adverbs', 'zestfully'), /has 1 fields instead of 2/],
  ['an empty field', withRow('adverbs', 'zestfully,'), /has an empty field/],
  [
    'a blank at the end',
    withRow('adverbs', 'zestfully ,with all the tang of a peeled lemon'),
    /blanks too many/
  ],
  ['two blanks', withRow('adverbs', 'zestfully,with all  the tang of a peeled lemon'), /blanks too many/],
  [
    'a letter in two parts',
    withRow('adverbs', 'zestfully,with the tang of a cafe\u0301 lemon'),
    /composed form/
  ],
  [
    'a full stop',
    withRow('adverbs', 'zestfully,with all the tang of a peeled lemon.'),
    /has the character \./
  ],
  ['a long dash', withRow('adverbs', 'zestfully,with tang — much of it in fact'), /has the character —/],
  ['none', withRow('adverbs', 'zestfully,none'), /has a field none/],
  [
    'a mark that is no mark',
    withRow('artstyles', 'zig-zag style,print,sacred,cuts jagged lines across the sheet'),
    /sensitive is empty or the word, not sacred/
  ],
  [
    'a curse',
    withRow('adverbs', 'zestfully,with a tang that makes the judge say bollocks'),
    /has the word bollocks/
  ],
  ['a grim word', withRow('adverbs', 'zestfully,like a drunk lemon in the sun'), /has the word drunk/],
  [
    'American spelling',
    withRow('adverbs', 'zestfully,with all the color of a peeled lemon'),
    /spells color as Americans do/
  ],
  ['a word twice', withRow('adverbs', 'zestfully,with the the tang of a peeled lemon'), /says the the/],
  [
    'a wrong article',
    withRow('adverbs', 'zestfully,with the tang of a orange in an unicorn lunchbox'),
    /says a orange/
  ],
  [
    'a wrong article by sound',
    withRow('adverbs', 'zestfully,with the tang of a lemon in an unicorn lunchbox'),
    /says an unicorn/
  ],
  [
    'the same name',
    withRow('adverbs', `${adverb![1]},with all the tang of a peeled lemon`),
    new RegExp(`is ${adverb![1]} again`)
  ],
  [
    'the plural',
    withRow('occupations', `${occupation![1]}s,paints every fence in the harbour twice a year`),
    new RegExp(`is .*${occupation![1]}`)
  ],
  [
    'the same name with a hyphen',
    withRow(
      'adjectives',
      `${adjective![1]!.slice(0, 3)}-${adjective![1]!.slice(3)},with all the tang of a peeled lemon`
    ),
    new RegExp(`is .*${adjective![1]!.slice(3)}`)
  ],
  [
    'a long definition',
    withRow('adverbs', `zestfully,with all ${'of the '.repeat(15)}tang`),
    /the definition has \d+ characters; fewer than 90 are wanted/
  ],
  [
    'a capital at the start',
    withRow('adverbs', 'zestfully,With all the tang of a peeled lemon'),
    /begins with a capital/
  ],
  ['a definition that breaks off', withRow('adverbs', 'zestfully,with all the tang of a'), /breaks off/],
  [
    'a circular definition',
    withRow('adverbs', 'zestfully,with all the zest of a peeled lemon'),
    /is explained by itself \(zest\)/
  ],
  [
    'the same definition',
    withRow('adverbs', `zestfully,${adverb![2]}`),
    new RegExp(`is defined like ${adverb![1]}`)
  ],
  [
    'an occupation that does nothing',
    withRow('occupations', 'zebra keeper,the one with the striped brush and pail'),
    /does not go on from the words before/
  ],
  [
    'an action that is none',
    withRow('actions', 'zipping,a coat that goes up to the chin'),
    /does not go on from the words before/
  ],
  [
    'a gaze with no reason',
    withRow('gazes', 'zealously upwards,looking for a kite that flew off'),
    /does not go on from the words before/
  ],
  [
    'a worn word',
    {
      ...small,
      adverbs: tables.adverbs
        .split('\n')
        .map((line, index) => (index > 0 && line !== '' && index < 40 ? `${line} lemons` : line))
        .join('\n')
    },
    /the word lemon is in \d+ definitions/
  ],
  [
    'a family that is missing',
    edited('families', /\nv1\.0\.0,Canidae.*/, ''),
    /^nouns\.csv: .*: families\.csv has no Canidae$/
  ],
  [
    'a family without nouns',
    withRow('families', 'Nemoidae,Carnivora,nobodies'),
    /^families\.csv: Nemoidae: nouns\.csv has nothing in it$/
  ],
  [
    'a phylum that is missing',
    edited('phyla', /\nv1\.0\.0,Chordata.*/, ''),
    /^classes\.csv: Aves: phyla\.csv has no Chordata$/
  ],
  ['no CSS colour', withRow('colors', 'zinc,#7d7f7d'), /^colors\.csv: zinc: CSS knows it as no colour/],
  [
    'a wrong code',
    edited('colors', '#f0f8ff', '#f0f8fe'),
    /^colors\.csv: aliceblue: CSS knows it as #f0f8ff/
  ],
  [
    'a polarity that is none',
    withRow('emotions', 'zest,joy,good,English,a tang of lemon in everything one does'),
    /^emotions\.csv: zest: good is neither/
  ],
  [
    'a backstyle without a slot',
    withRow('backstyles', 'zigzags of [{Color3}]'),
    /^backstyles\.csv: zigzags of \[\{Color3\}\]: lacks a slot$/
  ],
  ['too few groups', small, /^artstyles\.csv: groups: \d+ found, 14 wanted$/],
  ['too few countries', small, /^places\.csv: countries: \d+ found, 120 wanted$/]
]

const promptCases: Array<[what: string, rows: Partial<Databases['rows']>, fault: RegExp]> = [
  [
    'an article that the code gets wrong',
    { adjectives: ['unissued,with a hum'] },
    /^adjectives\.csv: unissued.*says a unissued/
  ],
  ['a name that is an article', { nouns: ['a otter,otters,carnivores,mammal,chordate'] }, /says a otter/],
  ['a definition that is cut', { occupations: ['baker,bakes with the'] }, /bakes with the\. It is/],
  ['an unknown word for nothing', { places: ['none of them,Nowhere,Utopia'] }, /none/],
  ['a title that ends oddly', { places: ['the Wall,Nowhere!,Utopia'] }, /title: .*Nowhere!/],
  ['a name with a full stop', { occupations: ['baker.,bakes bread'] }, /technical: /],
  ['a name with a bar', { occupations: ['bak|er,bakes bread'] }, /data: /],
  [
    'a style with two blanks in its description',
    { litstyles: ['fable,tells of  mice'] },
    /persona has {2}\{2\}/
  ],
  [
    'a name too long for a caption',
    { places: [`the ${'very '.repeat(40)}far hills,Nowhere,Utopia`] },
    /terse is not one sentence/
  ]
]

t.test('the built-in databases have no faults', async (t) => {
  t.same(lintTables(tables, databases), [])
})

t.test('the built-in databases have the required number of rows', async (t) => {
  for (const name of TABLES) {
    const rows = tables[name].trimEnd().split('\n').length - 1
    t.ok(rows >= RULES[name].atLeast, `${rows} ${name}`)
  }
})

t.test('a part of the tables has no fault except its length', async (t) => {
  t.same(
    lengthFaults.filter((fault) => !/wanted/.test(fault)),
    []
  )
  t.same(lintPrompts(smallRows), [])
})

t.test('the rules find each fault of a table', async (t) => {
  for (const [what, broken, fault] of tableCases) {
    const found = faultsOf(broken)
    const others = found.filter((line) => !lengthFaults.includes(line))
    t.ok(
      found.some((line) => fault.test(line)),
      what,
      { found: others, fault }
    )
    if (broken === small) continue
    t.notOk(
      lengthFaults.some((line) => fault.test(line)),
      `${what}: not found without the fault`
    )
  }
})

t.test('the rules find each fault in prompts', async (t) => {
  for (const [what, rows, fault] of promptCases) {
    const found = lintPrompts({ ...smallRows, rows: { ...smallRows.rows, ...rows } })
    t.ok(
      found.some((line) => fault.test(line)),
      what,
      { found, fault }
    )
  }
})

t.test('the linter applies the rules of tables and of prompts', async (t) => {
  const broken = withRow('families', 'Nemoidae,Carnivora,nobodies')
  const nouns = ['a otter,otters,carnivores,mammal,chordate']
  const found = lintTables(broken, { ...smallRows, rows: { ...smallRows.rows, nouns } })
  for (const fault of lengthFaults) t.ok(found.includes(fault), fault)
  t.ok(found.includes('families.csv: Nemoidae: nouns.csv has nothing in it'))
  t.ok(found.some((line) => line.startsWith('nouns.csv: a otter')))
})
