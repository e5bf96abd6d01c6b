import type { Attribute } from '../schemas/dress.ts'
import { NONE } from './attributes.ts'
import { ATTRIBUTES } from './databases.ts'
import type { AttributeName, Databases } from './databases.ts'
import { spokenColor } from './language.ts'
import { fillSlots } from './slots.ts'
import { parseTraits } from './traits.ts'

/** A property of dresses by which pictures can be chosen. */
interface FacetOf<Name extends string> {
  name: Name
  /** For people. */
  label: string
  /** The attributes that have a value of it. */
  attributes: readonly AttributeName[]
  /** The column of their rows, counted from 0. */
  column: number
  /** How much a shared value says about the likeness of two pictures. */
  weight: number
}

/** @param attributes one attribute, or several of the same database */
function facet<Name extends string>(
  name: Name,
  label: string,
  attributes: AttributeName | readonly AttributeName[],
  { column = 0, weight = 1 } = {}
): FacetOf<Name> {
  return { name, label, attributes: [attributes].flat() as AttributeName[], column, weight }
}

/** All facets, in the order of the page. Their names are parameters of URLs and must not change. */
export const FACETS = [
  facet('class', 'Kind', 'noun', { column: 3, weight: 4 }),
  facet('noun', 'Noun', 'noun', { weight: 4 }),
  facet('phylum', 'Phylum', 'noun', { column: 4, weight: 0 }),
  facet('color', 'Colour', ['color1', 'color2', 'color3'], { weight: 2 }),
  facet('background', 'Background', 'color3'),
  facet('mood', 'Mood', 'emotion', { column: 1, weight: 2 }),
  facet('emotion', 'Emotion', 'emotion', { weight: 3 }),
  facet('styleGroup', 'Group of art styles', ['artStyle1', 'artStyle2'], { column: 1 }),
  facet('style', 'Art style', ['artStyle1', 'artStyle2'], { weight: 3 }),
  facet('litStyle', 'Literary style', 'litStyle'),
  facet('occupation', 'Occupation', 'occupation'),
  facet('action', 'Action', 'action'),
  facet('adjective', 'Adjective', 'adjective'),
  facet('adverb', 'Adverb', 'adverb'),
  facet('country', 'Country', 'place', { column: 2 }),
  facet('place', 'Place', 'place'),
  facet('viewpoint', 'Viewpoint', 'viewpoint'),
  facet('gaze', 'Gaze', 'gaze'),
  facet('composition', 'Composition', 'composition'),
  facet('trope', 'Trope', 'trope'),
  facet('backStyle', 'Backdrop', 'backStyle')
] as const

export type FacetName = (typeof FACETS)[number]['name']
export type Facet = FacetOf<FacetName>

/** Shared values of these facets and heavier ones make two pictures alike. Lighter ones only decide the order. */
export const HEAVY_WEIGHT = 2

/** A value that a picture has, or that is asked for. */
export interface FacetValue {
  readonly facet: FacetName
  readonly value: string
}

/** A longer text is no value to choose by: a request of /v1 may give any text as the backstyle. */
export const FACET_CHARACTERS_MAX = 200
/** What stands in a backdrop for the colour and the style of the picture, so that pictures share backdrops. */
const OPEN_SLOT = '…'
const COLOR_SLOT = '[{Color3}]'
const STYLE_SLOT = '[{ArtStyle2}]'
const LETTER = /[\p{L}\p{N}]/u

/** What fills the slots, by slot and name: making it takes longer than all else. */
const fills = new Map<string, string>()
const FILLS_MAX = 5_000

/** Values that differ only in case are the same. */
export function facetKey(value: string): string {
  return value.trim().toLowerCase()
}

/** A value for people: the names of colours are written in separate words. */
export function shownValue({ facet, value }: FacetValue): string {
  return facet === 'color' || facet === 'background' ? spokenColor(value) : value
}

export function isFacetName(name: string): name is FacetName {
  return FACETS.some((each) => each.name === name)
}

/** The facet values of a dress, each once, as its attributes are recorded. */
export function facetValuesOf(attributes: ReadonlyArray<Pick<Attribute, 'name' | 'value'>>): FacetValue[] {
  const rows = new Map(attributes.map(({ name, value }) => [name, value.split(',')]))
  const values: FacetValue[] = []
  for (const { name: facet, attributes: names, column } of FACETS) {
    const keys: string[] = []
    for (const name of names) {
      const value = readValue(rows, name, column)
      const key = facetKey(value)
      if (value === '' || keys.includes(key)) continue
      keys.push(key)
      values.push({ facet, value })
    }
  }
  return values
}

/** The columns of each attribute. */
type Rows = ReadonlyMap<string, readonly string[]>

/** The value of an attribute in a column; empty if there is none to choose by. */
function readValue(rows: Rows, name: AttributeName, column: number): string {
  const field = rows.get(name)?.[column]?.trim() ?? ''
  const value = name === 'backStyle' ? openSlots(field, rows) : field
  return value === NONE || value.length > FACET_CHARACTERS_MAX ? '' : value
}

/** A backdrop without the colour and the style that its slots are filled with, as files have them. */
function openSlots(backStyle: string, rows: Rows): string {
  // The style comes first: its name may contain that of the colour.
  const style = replaceWords(backStyle.replace(STYLE_SLOT, OPEN_SLOT), fillOf(rows, 'artStyle2', STYLE_SLOT))
  return replaceWords(style.replace(COLOR_SLOT, OPEN_SLOT), fillOf(rows, 'color3', COLOR_SLOT))
}

/** What fills a slot. */
function fillOf(rows: Rows, name: AttributeName, slot: string): string {
  const value = rows.get(name)?.[0]?.trim() ?? ''
  const key = `${slot} ${value}`
  const known = fills.get(key)
  if (known !== undefined) return known
  const fill = fillSlots(slot, value === '' ? {} : parseTraits([{ name, value } as Attribute]))
  if (fills.size >= FILLS_MAX) fills.clear()
  fills.set(key, fill)
  return fill
}

/** Opens the first place where the words stand by themselves. */
function replaceWords(text: string, words: string): string {
  for (let at = text.indexOf(words); at !== -1; at = text.indexOf(words, at + 1)) {
    const end = at + words.length
    if (LETTER.test(text[at - 1] ?? ' ') || LETTER.test(text[end] ?? ' ')) continue
    return `${text.slice(0, at)}${OPEN_SLOT}${text.slice(end)}`
  }
  return text
}

/** The values by key, for each set of databases that was asked for: they never change. */
const knownValues = new WeakMap<Databases['rows'], Map<FacetName, ReadonlyMap<string, string>>>()

/** All values that a facet has in a set of databases, by key. */
export function facetValuesIn({ rows }: Pick<Databases, 'rows'>, facet: Facet): ReadonlyMap<string, string> {
  const known = knownValues.get(rows) ?? new Map<FacetName, ReadonlyMap<string, string>>()
  knownValues.set(rows, known)
  const values = known.get(facet.name) ?? readValues(rows, facet)
  known.set(facet.name, values)
  return values
}

function readValues(rows: Databases['rows'], facet: Facet): ReadonlyMap<string, string> {
  const { database } = ATTRIBUTES.find(({ name }) => name === facet.attributes[0])!
  const values = new Map<string, string>()
  for (const row of rows[database]) {
    const [found] = facetValuesOf([{ name: facet.attributes[0]!, value: row }]).filter(
      (each) => each.facet === facet.name
    )
    if (found !== undefined) values.set(facetKey(found.value), found.value)
  }
  return values
}
