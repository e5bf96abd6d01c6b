import { View, parse } from 'vega'
import { compile } from 'vega-lite'
import type { TopLevelSpec } from 'vega-lite'
import type { Figure, Growth } from './growth.ts'

const PANEL = { width: 200, height: 130 }
const COLUMNS = 3
const TITLE_CHARACTERS = 34

/** Draws a panel for each figure, as SVG. The vertical axes begin at zero, so that flat figures look flat. */
export async function drawChart(growth: Growth): Promise<string> {
  const spec: TopLevelSpec = {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    background: 'white',
    columns: COLUMNS,
    config: { view: { stroke: null }, axis: { labelFontSize: 10, titleFontSize: 10, tickCount: 4 } },
    concat: growth.figures.map((figure) => drawPanel(growth, figure))
  }
  return await new View(parse(compile(spec).spec), { renderer: 'none' }).toSVG()
}

function drawPanel({ of, isLogarithmic }: Growth, { what, unit, points }: Figure) {
  const numbers = points.map(([number]) => number)
  return {
    ...PANEL,
    title: { text: wrap(what), fontSize: 11, anchor: 'start' as const },
    data: { values: points.map(([number, value]) => ({ number, value })) },
    mark: { type: 'line' as const, point: true },
    encoding: {
      x: {
        field: 'number',
        type: 'quantitative' as const,
        title: of,
        scale: isLogarithmic ? { type: 'log' as const } : { zero: true },
        axis: { grid: false, format: ',', labelFlush: false, ...(isLogarithmic && { values: numbers }) }
      },
      y: { field: 'value', type: 'quantitative' as const, title: unit, scale: { zero: true } }
    }
  }
}

/** Lines that fit above a panel. */
function wrap(text: string): string[] {
  const lines = ['']
  for (const word of text.split(' ')) {
    const line = `${lines.at(-1)} ${word}`.trim()
    if (line.length > TITLE_CHARACTERS) lines.push(word)
    else lines[lines.length - 1] = line
  }
  return lines
}
