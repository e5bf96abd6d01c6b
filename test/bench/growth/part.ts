import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Bench, Part } from '../part.ts'
import type { Row } from '../row.ts'
import { drawChart } from './chart.ts'
import type { Growth } from './growth.ts'
import { growPictures } from './pictures.ts'
import { growPollers } from './pollers.ts'
import { growRuns } from './runs.ts'
import { growStreams } from './streams.ts'
import { growWaitingRuns } from './waiting-runs.ts'

/** The same figures with more pollers, event streams, waiting runs, finished runs and pictures: one part for each. */
export const growthParts: readonly Part[] = [
  partOf('pollers', growPollers),
  partOf('streams', growStreams),
  partOf('waiting-runs', growWaitingRuns),
  partOf('finished-runs', growRuns),
  partOf('pictures', growPictures)
]

function partOf(of: string, grow: (bench: Bench) => Promise<Growth>): Part {
  return {
    name: `growth-${of}`,
    about: `cost by the number of ${of.replace('-', ' ')}`,
    isLong: true,
    measure: async (bench) => {
      const growth = await grow(bench)
      if (bench.charts !== undefined) await writeChart(bench.charts, growth)
      return rowsOf(growth)
    }
  }
}

async function writeChart(folder: string, growth: Growth): Promise<void> {
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, `${growth.name}.svg`), await drawChart(growth))
}

/** A row for each figure: its last value, beside the first one. */
function rowsOf({ of, figures }: Growth): Row[] {
  return figures.map(({ what, unit, points }) => {
    const [[least = 0, first = Number.NaN] = [], [most = 0, last = Number.NaN] = []] = [
      points[0],
      points.at(-1)
    ]
    return {
      what: `${what}, with ${most.toLocaleString('en')} ${of}`,
      value: last,
      unit,
      peers: { [`with ${least.toLocaleString('en')}`]: first }
    }
  })
}
