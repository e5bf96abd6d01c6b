import { nameOf } from '../anatomy.ts'
import type { Model } from '../anatomy.ts'
import { each } from '../repeat.ts'
import { curve, ellipse, polygon } from '../svg.ts'

/** The light of an anglerfish, the bill of a swordfish, the whiskers of a catfish, the bar of a hammerhead. */
export function headMarks(model: Model, half: number, snout: number): { behind: string; front: string } {
  const { pen } = model
  const words = `${nameOf(model)},${model.order}`
  if (/angler|lantern|viper|dragonfish|footballfish/.test(words) && !/frogfish|sargassum/.test(words)) {
    const lure =
      pen.line(
        curve([-10, -980], [-half * 0.4, -1150], [-half - 90, -1080], [-half - 100, -990]),
        'bodyDark',
        18
      ) + pen.flat(ellipse(-half - 100, -970, 40), 'accent')
    return { behind: lure, front: '' }
  }
  if (/marlin|swordfish|sailfish|garfish|\bgar\b|sawshark/.test(words)) {
    const bill = pen.solid(
      polygon([-half * 0.7 - snout * 0.5, -800], [-half * 0.8 - snout * 0.5, -890], [-half - 330, -970]),
      'bodyDark',
      { depth: 0.4 }
    )
    return { behind: bill, front: '' }
  }
  if (/hammerhead/.test(words)) {
    return {
      behind: pen.solid(ellipse(-half * 0.3, -860, half * 1.9, 84, 12), 'bodyDark', { depth: 0.5 }),
      front: ''
    }
  }
  if (/unicornfish/.test(words)) {
    return {
      behind: pen.solid(polygon([-half * 0.5, -940], [-half * 0.9, -880], [-half - 160, -1060]), 'accent'),
      front: ''
    }
  }
  if (
    /catfish|sturgeon|carp\b|loach|goatfish|\bcod\b|red mullet|corydoras|pleco|wels|burbot|haddock/.test(
      words
    )
  ) {
    return {
      behind: '',
      front: each([0, 1], (index) =>
        pen.line(
          curve(
            [-half * (0.8 - index * 0.5), -600],
            [-half * (1.1 - index * 0.4) - 60, -580],
            [-half * (1.2 - index * 0.5) - 60, -490]
          ),
          'bodyDark',
          13
        )
      )
    }
  }
  return { behind: '', front: '' }
}
