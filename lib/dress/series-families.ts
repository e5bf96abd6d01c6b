/** What a series narrows. A series of the user is `own`. */
export type SeriesFamily = 'everything' | 'subjects' | 'styles' | 'palettes' | 'moods' | 'own'

/** The built-in series by family. */
export const FAMILIES: Record<Exclude<SeriesFamily, 'own'>, readonly string[]> = {
  everything: ['empty', 'no-styles', 'simple'],
  subjects: [
    'archetypes',
    'birds',
    'cold-blooded',
    'deep-sea',
    'dinosaurs',
    'garden',
    'mammals',
    'microbes',
    'sea-life',
    'small-wonders'
  ],
  styles: [
    'bauhaus',
    'folk',
    'inks',
    'noir',
    'painterly',
    'pixels',
    'prints',
    'stone-and-glass',
    'storybook',
    'ukiyo-e'
  ],
  palettes: ['blues', 'brights', 'earth', 'pastels', 'two-tone'],
  moods: ['brave', 'calm', 'happy', 'wistful']
}

const FAMILY_OF = new Map(
  (Object.entries(FAMILIES) as Array<[SeriesFamily, readonly string[]]>).flatMap(([family, names]) =>
    names.map((name): [string, SeriesFamily] => [name, family])
  )
)

/** The family of a series. */
export function familyOf(name: string, isBuiltIn: boolean): SeriesFamily {
  return isBuiltIn ? (FAMILY_OF.get(name) ?? 'everything') : 'own'
}
