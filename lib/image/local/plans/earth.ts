import type { Model } from '../anatomy.ts'
import { path } from '../svg.ts'

/** A mound of earth in which a trunk stands, so that it has no cut end. @param half half its width */
export const earth = ({ pen }: Model, half: number): string =>
  pen.solid(
    path`M${-half} 12Q${-half * 0.9} -50 ${-half * 0.3} -62Q${half * 0.5} -76 ${half} 12Z`,
    'clothDark',
    { depth: 0.4 }
  )
