import type { Attribute } from '../schemas/dress.ts'
import { NONE } from './attributes.ts'
import { ATTRIBUTES } from './databases.ts'
import type { AttributeName, Databases } from './databases.ts'
import { SLOT_NAMES, fillSlots } from './slots.ts'
import { parseTraits } from './traits.ts'
import type { Traits } from './traits.ts'

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

/** Values that differ only in case are the same. */
export function facetKey(value: string): string {
  return value.trim().toLowerCase()
}

export function isFacetName(name: string): name is FacetName {
  return FACETS.some((each) => each.name === name)
}

/** The facet values of a dress, each once, as its attributes are recorded. */
export function facetValuesOf(attributes: ReadonlyArray<Pick<Attribute, 'name' | 'value'>>): FacetValue[] {
  const traits = parseTraits(attributes as readonly Attribute[])
  const values = new Map<string, FacetValue>()
  for (const { name: facet, attributes: names, column } of FACETS) {
    for (const name of names) {
      const value = readValue(name, traits, column)
      if (value === undefined) continue
      const key = `${facet} ${facetKey(value)}`
      if (!values.has(key)) values.set(key, { facet, value })
    }
  }
  return [...values.values()]
}

function readValue(name: AttributeName, traits: Traits, column: number): string | undefined {
  const field = traits[name]?.fields[column] ?? ''
  const value = name === 'backStyle' ? openSlots(field, traits) : field
  return value === '' || value === NONE || value.length > FACET_CHARACTERS_MAX ? undefined : value
}

/** A backdrop without the colour and the style that its slots are filled with, as files have them. */
function openSlots(backStyle: string, traits: Traits): string {
  // The style comes first: its name may contain that of the colour.
  return [...SLOT_NAMES].reverse().reduce((text, slot) => {
    const fill = fillSlots(slot, traits).replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&')
    const filled = new RegExp(`(?<![\\p{L}\\p{N}])${fill}(?![\\p{L}\\p{N}])`, 'u')
    return text.replace(slot, OPEN_SLOT).replace(filled, OPEN_SLOT)
  }, backStyle)
}

/** All values that a facet has in a set of databases. */
export function facetValuesIn(databases: Pick<Databases, 'rows'>, facet: Facet): string[] {
  const { database } = ATTRIBUTES.find(({ name }) => name === facet.attributes[0])!
  const values = new Map<string, string>()
  for (const row of databases.rows[database]) {
    const [found] = facetValuesOf([{ name: facet.attributes[0]!, value: row }]).filter(
      (each) => each.facet === facet.name
    )
    if (found !== undefined) values.set(facetKey(found.value), found.value)
  }
  return [...values.values()]
}
