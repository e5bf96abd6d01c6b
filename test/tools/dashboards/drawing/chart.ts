import { View, parse } from 'vega'
import { compile } from 'vega-lite'
import type { TopLevelSpec } from 'vega-lite'
import { colorOf, colorsOf, wordOf } from './panel.ts'
import type { DrawnPanel, Line } from './panel.ts'

const SCHEMA = 'https://vega.github.io/schema/vega-lite/v6.json'
const CONFIG = {
  autosize: { type: 'fit' as const, contains: 'padding' as const },
  view: { stroke: null },
  axis: { labelFontSize: 10, tickCount: 4 }
}
/** Below it the marks of the axis of time are seconds apart, and show them. Above a day they show dates. */
const SHORT_MS = 10 * 60_000
const DAY_MS = 86_400_000
/** The names of states are broken into lines of this many characters, so that none of them is cut. */
const NAME_CHARACTERS = 22
const NAME_LINE_HEIGHT = 11
/** What the axis of time and the gap between two rows of states take. */
const AXIS_HEIGHT = 45
const ROW_GAP = 8
/** A line ends where the next value is missing for this many steps. */
const GAP_STEPS = 1.5

interface ChartOptions {
  /** Pixels of the whole chart, with its axes. */
  width: number
  height: number
  /** Seconds between two values. */
  step: number
}

/** The marks of the vertical axis in the unit of the panel. */
const AXIS: Record<string, string> = {
  percentunit: "format(datum.value, '.3~p')",
  bytes:
    "datum.value < 1e10 ? format(datum.value / 1048576, '.0f') + ' MiB' : format(datum.value / 1e9, '.0f') + ' GB'",
  s: "datum.value < 1 ? format(datum.value * 1000, '.3~g') + ' ms' : format(datum.value, '.3~g') + ' s'",
  currencyUSD: "'$' + format(datum.value, '.3~g')"
}

/** The axis of time, with marks as exact as they must be to differ. */
function timeAxis(lines: Line[]) {
  const times = lines.flatMap(({ points }) => points.map(({ at }) => at))
  const span = times.reduce((a, b) => Math.max(a, b), 0) - times.reduce((a, b) => Math.min(a, b), Infinity)
  const format = span < SHORT_MS ? '%H:%M:%S' : span > DAY_MS ? '%d %b|%H:%M' : '%H:%M'
  return {
    field: 'at',
    type: 'temporal' as const,
    title: null,
    axis: {
      // A date stands above its time.
      labelExpr: `split(timeFormat(datum.value, '${format}'), '|')`,
      grid: false,
      tickCount: 5,
      labelOverlap: 'greedy' as const
    }
  }
}

/** A name in lines of few characters. */
function inLines(name: string): string[] {
  const count = Math.max(1, Math.ceil(name.length / NAME_CHARACTERS))
  return Array.from({ length: count }, (_, index) =>
    name.slice(index * NAME_CHARACTERS, (index + 1) * NAME_CHARACTERS)
  )
}

/** Draws the lines, bars or areas of a panel, as SVG. */
export async function drawLines(panel: DrawnPanel, lines: Line[], options: ChartOptions): Promise<string> {
  const { unit = 'short', custom, thresholds } = panel.fieldConfig?.defaults ?? {}
  const isStacked = custom?.stacking?.mode === 'normal'
  const isBars = custom?.drawStyle === 'bars'
  const names = lines.map(({ name }, index) => `${name}\u200b${index}`)
  const values = lines.flatMap(({ points }, index) =>
    inParts(points, options.step).map((point) => ({ ...point, name: names[index]! }))
  )
  const limit = custom?.thresholdsStyle === undefined ? undefined : thresholds?.steps.at(-1)
  const highest = Math.max(0, ...values.map(({ value }) => value))
  const color = {
    field: 'name',
    scale: { domain: names, range: colorsOf(panel, lines) },
    legend: null
  }
  const y = {
    field: 'value',
    type: 'quantitative' as const,
    title: null,
    stack: isStacked ? ('zero' as const) : null,
    scale: { zero: true, ...(highest === 0 && { domain: [0, 1] }) },
    axis: { labelExpr: AXIS[unit] ?? "format(datum.value, datum.value < 1000 ? '.3~g' : '.3~s')" }
  }
  const mark = isBars
    ? ({ type: 'bar', width: { band: 1 } } as const)
    : isStacked
      ? ({ type: 'area', opacity: 0.6 } as const)
      : ({ type: 'line', strokeWidth: 1.6, point: { size: 8 } } as const)
  return await toSvg({
    $schema: SCHEMA,
    config: CONFIG,
    width: options.width,
    height: options.height,
    layer: [
      { mark, encoding: { x: timeAxis(lines), y, color, detail: [{ field: 'part' }] } },
      ...(limit?.value != null && limit.value <= highest * 2
        ? [
            {
              mark: { type: 'rule' as const, strokeDash: [4, 3], color: colorOf(limit.color) },
              encoding: { y: { datum: limit.value } }
            }
          ]
        : [])
    ],
    data: { values }
  })
}

/** Draws states over time as bars, one row for each line, as SVG. */
export async function drawStates(panel: DrawnPanel, lines: Line[], options: ChartOptions): Promise<string> {
  const values = lines.flatMap(({ name, points }) =>
    points.map(({ at, value }) => {
      const { text, color } = wordOf(panel, value) ?? { text: String(value), color: 'text' }
      return {
        name: inLines(name).join('\n'),
        at,
        until: at + options.step * 1000,
        text,
        color: colorOf(color)
      }
    })
  )
  const most = Math.max(...lines.map(({ name }) => inLines(name).length))
  const rows = new Set(lines.map(({ name }) => name)).size
  const height = AXIS_HEIGHT + rows * (most * NAME_LINE_HEIGHT + ROW_GAP)
  return await toSvg({
    $schema: SCHEMA,
    config: CONFIG,
    width: options.width,
    height: Math.max(options.height, height),
    data: { values },
    mark: { type: 'bar', height: { band: 0.8 } },
    encoding: {
      x: timeAxis(lines),
      x2: { field: 'until' },
      y: {
        field: 'name',
        type: 'nominal',
        title: null,
        axis: { labelExpr: "split(datum.label, '\\n')", labelLimit: 0, labelLineHeight: NAME_LINE_HEIGHT }
      },
      color: { field: 'color', type: 'nominal', scale: null }
    }
  })
}

/** Gives the values between two gaps a part of their own, so that no line crosses a gap. */
function inParts(points: Line['points'], step: number) {
  let part = 0
  return points.map((point, index) => {
    if (index > 0 && point.at - points[index - 1]!.at > GAP_STEPS * step * 1000) part += 1
    return { ...point, part }
  })
}

async function toSvg(spec: TopLevelSpec): Promise<string> {
  return await new View(parse(compile(spec).spec), { renderer: 'none' }).toSVG()
}
