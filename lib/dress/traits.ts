import type { Attribute } from '../schemas/dress.ts'
import { NONE } from './attributes.ts'
import type { AttributeName } from './databases.ts'

/** The parsed row of an attribute. */
export interface Trait {
  /** The row as the database has it. */
  row: string
  /** The columns of the row, without blanks at their ends. */
  fields: string[]
  /** The first column. */
  name: string
  /** The column that explains the name; undefined if the row has none or it is empty. */
  detail: string | undefined
}

/** The traits of a dress by attribute. An attribute that a filter left empty is absent. */
export type Traits = Partial<Record<AttributeName, Trait>>

/** How many levels the mixing of two art styles has. */
export const MIXING_LEVELS = 5

const DEFAULT_DETAIL_COLUMN = 1

/** The column that explains the name, counted from 0, where it is not the second. */
const DETAIL_COLUMN: Partial<Record<AttributeName, number>> = {
  noun: 3,
  emotion: 4,
  artStyle1: 3,
  artStyle2: 3,
  viewpoint: 2,
  composition: 2,
  trope: 2,
  place: 2
}

const LABELS: Record<AttributeName, string> = {
  adverb: 'Adverb',
  adjective: 'Adjective',
  noun: 'Noun',
  emotion: 'Emotion',
  occupation: 'Occupation',
  action: 'Action',
  artStyle1: 'Art style',
  artStyle2: 'Second art style',
  litStyle: 'Literary style',
  color1: 'Colour',
  color2: 'Second colour',
  color3: 'Background',
  viewpoint: 'Viewpoint',
  gaze: 'Gaze',
  composition: 'Composition',
  place: 'Place',
  trope: 'Trope',
  backStyle: 'Backdrop'
}

/** The name of an attribute for people. No two have the same. */
export function labelOf(attribute: string): string {
  return LABELS[attribute as AttributeName] ?? attribute
}

/** Parses the rows of all attributes. */
export function parseTraits(attributes: readonly Attribute[]): Traits {
  return Object.fromEntries(
    attributes
      .filter(({ value }) => value !== NONE && value !== '')
      .map(({ name, value }) => [name, parseTrait(name as AttributeName, value)])
  )
}

function parseTrait(attribute: AttributeName, row: string): Trait {
  const fields = row.split(',').map((field) => field.trim())
  const detail = fields[DETAIL_COLUMN[attribute] ?? DEFAULT_DETAIL_COLUMN]
  return { row, fields, name: fields[0]!, detail: detail === '' ? undefined : detail }
}

/** How strong the second art style is, from 0 (a trace) to 4 (as strong as the first). */
export function mixingLevel(attributes: readonly Attribute[]): number {
  return (attributes.find(({ name }) => name === 'artStyle2')?.number ?? 0) % MIXING_LEVELS
}
