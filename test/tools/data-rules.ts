import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import colorNames from 'color-name'
import { cuss } from 'cuss'
import { BUILT_IN_DATABASES, TABLES } from '../../lib/dress/databases.ts'
import type { Databases, TableName } from '../../lib/dress/databases.ts'
import { indefinite } from '../../lib/dress/language.ts'
import { lintPrompts } from './prompt-rules.ts'

/** The text of every CSV file. */
export type Tables = Record<TableName, string>

interface TableRules {
  /** Names of the columns after `version`. */
  columns: string[]
  atLeast: number
  /** How a definition must begin to follow the words before it in a prompt. */
  definition?: RegExp
}

const GERUND = /^(?:\S+ly )?\S+ing\b/
const THIRD_PERSON = /^(?:\S+ly |never |always |once )?\S+s\b/

/** The rules of each table. */
export const RULES: Record<TableName, TableRules> = {
  adverbs: { columns: ['adverb', 'definition'], atLeast: 800 },
  adjectives: { columns: ['adjective', 'definition'], atLeast: 800 },
  nouns: { columns: ['commonName', 'family'], atLeast: 1200 },
  emotions: { columns: ['emotion', 'group', 'polarity', 'language', 'description'], atLeast: 280 },
  occupations: { columns: ['occupation', 'description'], atLeast: 350, definition: THIRD_PERSON },
  actions: { columns: ['action', 'definition'], atLeast: 600, definition: GERUND },
  artstyles: {
    columns: ['artisticStyle', 'group', 'sensitive', 'description'],
    atLeast: 350,
    definition: THIRD_PERSON
  },
  litstyles: { columns: ['literaryStyle', 'description'], atLeast: 130, definition: THIRD_PERSON },
  colors: { columns: ['color', 'hexValue'], atLeast: 148 },
  viewpoints: { columns: ['viewpoint', 'category', 'description'], atLeast: 40, definition: GERUND },
  gazes: { columns: ['gaze', 'description'], atLeast: 14, definition: /^as (?:if|though) / },
  compositions: { columns: ['composition', 'category', 'description'], atLeast: 30, definition: GERUND },
  places: { columns: ['place', 'cityRegion', 'country'], atLeast: 900 },
  tropes: { columns: ['trope', 'group', 'description'], atLeast: 45 },
  backstyles: { columns: ['backstyle'], atLeast: 14 },
  families: { columns: ['family', 'order', 'commonName'], atLeast: 1 },
  orders: { columns: ['order', 'class', 'commonName'], atLeast: 1 },
  classes: { columns: ['class', 'phylum', 'commonName'], atLeast: 1 },
  phyla: { columns: ['phylum', 'commonName'], atLeast: 1 }
}

const VERSION = 'v1.0.0'
const DEFINITION_CHARACTERS = 90
/** A word is overused if it is in more definitions of a table than both this share and this number. */
const WORN_SHARE = 0.025
const WORN_ROWS = 9

export async function readBuiltInTables(): Promise<Tables> {
  return Object.fromEntries(
    await Promise.all(
      TABLES.map(async (name) => [name, await readFile(join(BUILT_IN_DATABASES, `${name}.csv`), 'utf8')])
    )
  ) as Tables
}

/**
 * Returns the faults of a set of tables. Each fault is a line that names the table and the row.
 * @param databases the same tables as the service reads them, for the check of prompts
 */
export function lintTables(tables: Tables, databases: Databases): string[] {
  return [
    ...TABLES.flatMap((name) => lintTable(name, tables[name]).map((fault) => `${name}.csv: ${fault}`)),
    ...lintTaxonomy(tables),
    ...lintColors(tables),
    ...lintVariety(tables),
    ...lintPrompts(databases)
  ]
}

export function lintTable(name: TableName, text: string): string[] {
  const { columns, atLeast, definition } = RULES[name]
  const faults: string[] = []
  if (/^\uFEFF/.test(text) || /[\r\t"]/.test(text) || !text.endsWith('\n') || /\n\n/.test(text)) {
    faults.push(
      'plain lines, each ended by a line feed, are wanted: no mark at the start, tab, quote or empty line'
    )
  }
  const [header = '', ...lines] = text.trimEnd().split('\n')
  if (header !== ['version', ...columns].join()) {
    faults.push(`the columns are ${header}; wanted are version,${columns.join()}`)
  }
  if (lines.length < atLeast) faults.push(`${lines.length} rows; wanted are ${atLeast}`)
  lines.forEach((line, index) => {
    if (index > 0 && line < lines[index - 1]!) {
      faults.push(`${line} is not in its place: rows are sorted by code unit`)
    }
  })

  const known = new Map<string, string>()
  const definitions = new Map<string, string>()
  for (const line of lines) {
    const [version, ...fields] = line.split(',')
    const row = fields.join()
    const say = (fault: string) => faults.push(`${row}: ${fault}`)
    if (version !== VERSION) say(`begins with ${version} instead of ${VERSION}`)
    if (fields.length !== columns.length) say(`has ${fields.length} fields instead of ${columns.length}`)
    fields.forEach((field, index) => {
      if (columns[index] === 'sensitive') {
        if (field !== '' && field !== 'sensitive') say(`sensitive is empty or the word, not ${field}`)
      } else for (const fault of fieldFaults(field, name === 'colors' || name === 'backstyles')) say(fault)
    })

    const [rowName = ''] = fields
    const key = canonical(rowName)
    if (known.has(key)) say(`is ${known.get(key)} again`)
    known.set(key, rowName)
    const text = definitionOf(columns, fields)
    if (text === undefined) continue
    for (const fault of definitionFaults(rowName, text)) say(fault)
    if (definition !== undefined && !definition.test(text)) {
      say('the definition does not go on from the words before it')
    }
    const same = definitions.get(canonical(text))
    if (same !== undefined) say(`is defined like ${same}`)
    definitions.set(canonical(text), rowName)
  }
  return [
    ...faults,
    ...wornWords(lines.flatMap((line) => definitionOf(columns, line.split(',').slice(1)) ?? []))
  ]
}

function definitionOf(columns: readonly string[], fields: readonly string[]): string | undefined {
  return fields[columns.findIndex((column) => column === 'definition' || column === 'description')]
}

function wordSet(...lists: string[]): Set<string> {
  return new Set(lists.join(' ').split(' '))
}

/** A pattern of whole words, given as lists with blanks between the words. */
function anyWord(...lists: string[]): RegExp {
  return new RegExp(`\\b(?:${lists.join(' ').replaceAll(' ', '|')})\\b`, 'i')
}

const AMERICAN = anyWord(
  'colors? gray center(?:ed)? favorite honor neighbor\\w* theater plow jewelry traveler traveling',
  'aluminum harbor humor flavor\\w* rumor splendor armor vapor jeweled woolen fiber somber specter'
)
const GRIM = anyWord(
  'nazi rape\\w* suicid\\w* corpses? gore gory heroin cocaine drunk\\w* slaves? slavery genocide',
  'holocaust nudes? naked erotic\\w* porn\\w*'
)
/** Names of animals and plain words that are in the list of curses. */
const INNOCENT = wordSet(
  'beanbag bong boobies booby chunky dong ho jig jigs nigra pansies',
  'pansy pom prick puss sooty spit tang tinker'
)

function fieldFaults(field: string, hasSigns: boolean): string[] {
  const faults: string[] = []
  if (field === '') faults.push('has an empty field')
  if (field !== field.trim() || /\s{2}|[^\S ]/.test(field)) faults.push('has blanks too many')
  if (field !== field.normalize('NFC')) faults.push("is not in Unicode's composed form")
  const odd = field.match(hasSigns ? /[^\p{L}\d' #[\]{}-]/u : /[^\p{L}\p{M}\d' ʻ-]/u)?.[0]
  if (odd !== undefined) faults.push(`has the character ${odd}`)
  if (field.toLowerCase() === 'none') faults.push('has a field none')
  for (const word of field.toLowerCase().match(/[\p{L}']+/gu) ?? []) {
    if (GRIM.test(word) || (cuss[word] === 2 && !INNOCENT.has(word))) faults.push(`has the word ${word}`)
  }
  const american = AMERICAN.exec(field)?.[0]
  if (american !== undefined && !hasSigns && !/^\p{Lu}/u.test(american)) {
    faults.push(`spells ${american} as Americans do`)
  }
  const twice = /\b(\p{L}+) \1\b/iu.exec(field)?.[0]
  if (twice !== undefined && /^[a-z]/.test(twice)) faults.push(`says ${twice}`)
  for (const [pair, , words] of field.matchAll(/\b(an?) ([\p{L}\d'-]+)/gu)) {
    if (indefinite(words!) !== pair) faults.push(`says ${pair}`)
  }
  return faults
}

function definitionFaults(name: string, definition: string): string[] {
  const faults: string[] = []
  if (definition.length >= DEFINITION_CHARACTERS) {
    faults.push(
      `the definition has ${definition.length} characters; fewer than ${DEFINITION_CHARACTERS} are wanted`
    )
  }
  if (/^\p{Lu}/u.test(definition)) faults.push('the definition begins with a capital')
  if (/(?: (?:a|an|the|and|with|as|which|who)|[^\p{L}\d])$/u.test(definition)) {
    faults.push('the definition breaks off')
  }
  const words = plain(definition).match(/[a-z]+/g) ?? []
  for (const word of name.split(/[ -]/)) {
    const stem = stemOf(plain(word))
    if (
      word.length >= 4 &&
      !COMMON.has(plain(word)) &&
      words.some((other) => other.startsWith(stem) || (other.length > 4 && stemOf(other) === stem))
    ) {
      faults.push(`is explained by itself (${stem})`)
    }
  }
  return faults
}

/** Words of names that say so little that a definition may repeat them. */
const COMMON = wordSet(
  'painting print school style art view shot movement design poster relief sculpture literature poem',
  'poetry novel fiction story tale comedy drama maker keeper driver player master with from into over',
  'under about work worker making being going having playing taking carving'
)

const ENDINGS =
  'fully lessly ingly edly ously ically ily ably ibly ly ing ful less ous ish ness ed able er or ist y e s'.split(
    ' '
  )

/** A word without its ending; at least four letters stay. */
function stemOf(word: string): string {
  const ending = ENDINGS.find((ending) => word.endsWith(ending) && word.length - ending.length >= 4)
  return ending === undefined ? word : word.slice(0, -ending.length)
}

function plain(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
}

/** The form in which singular and plural, `-` and blank, and letters with and without marks are equal. */
function canonical(text: string): string {
  return plain(text)
    .replace(/[^\p{L}\d]/gu, '')
    .replace(/ies$/, 'y')
    .replace(/(?<=[sxz]|ch|sh)es$/, '')
    .replace(/(?<!s)s$/, '')
}

/** Words that may be in any number of definitions. */
const SMALL = wordSet(
  'with that from into like when over before after every without under through while between until',
  'each than then them they their this those these someone something somebody nobody everyone',
  'everything everybody anything anyone where which what whose more most much many only just very',
  'even ever never still back away down about around across against along among behind below beside',
  'beyond could would should might must have been being were will does done made make making keep',
  'keeping goes going gone come coming long once first last other another same such some both half',
  'full whole upon onto its here there part thing things figure though'
)

function wornWords(definitions: readonly string[]): string[] {
  const rows = new Map<string, number>()
  for (const definition of definitions) {
    const words = new Set((plain(definition).match(/[a-z']+/g) ?? []).map((word) => word.replace(/'?s$/, '')))
    for (const word of words) {
      if (word.length >= 4 && !SMALL.has(word)) rows.set(word, (rows.get(word) ?? 0) + 1)
    }
  }
  const limit = Math.max(WORN_ROWS, definitions.length * WORN_SHARE)
  return [...rows]
    .filter(([, count]) => count > limit)
    .map(
      ([word, count]) =>
        `the word ${word} is in ${count} definitions; at most ${Math.floor(limit)} are wanted`
    )
}

function fieldsOf(text: string): string[][] {
  return text
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => line.split(',').slice(1))
}

const CHAIN = ['nouns', 'families', 'orders', 'classes', 'phyla'] as const

export function lintTaxonomy(tables: Tables): string[] {
  return CHAIN.slice(1).flatMap((rank, index) => {
    const below = CHAIN[index]!
    const keys = new Set(fieldsOf(tables[rank]).map(([key]) => key))
    const asked = new Set(fieldsOf(tables[below]).map(([, above]) => above))
    return [
      ...fieldsOf(tables[below])
        .filter(([, above]) => !keys.has(above))
        .map(([key, above]) => `${below}.csv: ${key}: ${rank}.csv has no ${above}`),
      ...[...keys]
        .filter((key) => !asked.has(key))
        .map((key) => `${rank}.csv: ${key}: ${below}.csv has nothing in it`)
    ]
  })
}

export function lintColors(tables: Tables): string[] {
  const rows = fieldsOf(tables.colors)
  const hex = (rgb: readonly number[]) => `#${rgb.map((part) => part.toString(16).padStart(2, '0')).join('')}`
  const css = new Map(Object.entries(colorNames).map(([name, rgb]) => [name, hex(rgb)]))
  return rows.flatMap(([name = '', value]) =>
    css.get(name) === value
      ? []
      : [`colors.csv: ${name}: CSS knows it as ${css.get(name) ?? 'no colour'}, not as ${value}`]
  )
}

/** Rules for whole tables. */
export function lintVariety(tables: Tables): string[] {
  const faults: string[] = []
  const demand = (what: string, found: number, wanted: number) => {
    if (found < wanted) faults.push(`${what}: ${found} found, ${wanted} wanted`)
  }
  const emotions = fieldsOf(tables.emotions)
  demand(
    'emotions.csv: words of other languages',
    emotions.filter(([, , , language]) => language !== 'English').length,
    Math.ceil(emotions.length / 3)
  )
  for (const [name, , polarity = ''] of emotions) {
    if (!['positive', 'negative', 'mixed'].includes(polarity)) {
      faults.push(`emotions.csv: ${name}: ${polarity} is neither positive, negative nor mixed`)
    }
  }
  demand('artstyles.csv: groups', new Set(fieldsOf(tables.artstyles).map(([, group]) => group)).size, 14)
  demand('places.csv: countries', new Set(fieldsOf(tables.places).map(([, , country]) => country)).size, 120)
  const archetypes = new Set(
    fieldsOf(tables.families)
      .filter(([, order]) => order === 'Homines')
      .map(([family]) => family)
  )
  demand(
    'nouns.csv: human archetypes',
    fieldsOf(tables.nouns).filter(([, family]) => archetypes.has(family)).length,
    60
  )
  for (const [backstyle = ''] of fieldsOf(tables.backstyles)) {
    if (!backstyle.includes('[{Color3}]') || !backstyle.includes('[{ArtStyle2}]')) {
      faults.push(`backstyles.csv: ${backstyle}: lacks a slot`)
    }
  }
  return faults
}
