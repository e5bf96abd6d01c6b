import type { SeriesFamily } from '../../../lib/dress/series-families.ts'

/** The families in the order of the pages, and their headings. */
const HEADING: Record<SeriesFamily, string> = {
  own: 'Your own',
  everything: 'Everything or little',
  subjects: 'Subjects',
  styles: 'Styles',
  palettes: 'Palettes',
  moods: 'Moods'
}

export interface Family<T> {
  family: SeriesFamily
  heading: string
  members: T[]
}

/** Groups series by family. A family without members is part of the result too. */
export function groupByFamily<T>(items: readonly T[], familyOf: (item: T) => SeriesFamily): Array<Family<T>> {
  return (Object.entries(HEADING) as Array<[SeriesFamily, string]>).map(([family, heading]) => {
    return { family, heading, members: items.filter((item) => familyOf(item) === family) }
  })
}
