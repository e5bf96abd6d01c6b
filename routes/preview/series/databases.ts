import type { DatabaseName } from '../../../lib/dress/databases.ts'

export interface ShownDatabase {
  name: DatabaseName
  label: string
  /** A text of a filter that keeps some rows. */
  example: string
}

/** The databases in the order of the form: what visitors filter most comes first. */
export const DATABASE_GROUPS: ReadonlyArray<{ heading: string; databases: readonly ShownDatabase[] }> = [
  {
    heading: 'The figure',
    databases: [
      { name: 'nouns', label: 'Nouns', example: ',bird,' },
      { name: 'emotions', label: 'Emotions', example: ',joy,' },
      { name: 'occupations', label: 'Occupations', example: 'baker' },
      { name: 'actions', label: 'Actions', example: 'dancing' },
      { name: 'adjectives', label: 'Adjectives', example: 'striped' },
      { name: 'adverbs', label: 'Adverbs', example: 'bravely' },
      { name: 'gazes', label: 'Gazes', example: 'wonder' }
    ]
  },
  {
    heading: 'The look',
    databases: [
      { name: 'colors', label: 'Colours', example: 'blue' },
      { name: 'artstyles', label: 'Art styles', example: 'art deco' },
      { name: 'backstyles', label: 'Backdrops', example: 'sunburst' },
      { name: 'compositions', label: 'Compositions', example: 'spiral' },
      { name: 'viewpoints', label: 'Viewpoints', example: 'close-up' }
    ]
  },
  {
    heading: 'The story',
    databases: [
      { name: 'places', label: 'Places', example: 'Japan' },
      { name: 'tropes', label: 'Tropes', example: ',journey,' },
      { name: 'litstyles', label: 'Literary styles', example: 'fairy tale' }
    ]
  }
]
