import type { Series } from '../../../peers/prometheus.ts'

/** What a drawing needs of a panel in the JSON of a dashboard. */
export interface DrawnPanel {
  type: string
  title: string
  description?: string
  gridPos: { x: number; y: number; w: number; h: number }
  fieldConfig?: {
    defaults: {
      unit?: string
      decimals?: number
      min?: number
      max?: number
      noValue?: string
      mappings?: Array<{ options: Record<string, { text: string; color: string }> }>
      thresholds?: { steps: Array<{ value: number | null; color: string }> }
      custom?: {
        drawStyle?: string
        stacking?: { mode: string }
        thresholdsStyle?: { mode: string }
      }
    }
    overrides?: Array<{
      matcher: { options: string }
      properties: Array<{ id: string; value: { fixedColor?: string } }>
    }>
  }
  options?: { textMode?: string; graphMode?: string }
  targets?: Array<{ expr: string; legendFormat: string; instant?: boolean }>
}

/** A series of a panel, as its legend names it. */
export interface Line {
  name: string
  points: Array<{ at: number; value: number }>
}

/** The colours of Grafana by their names. */
const COLORS: Record<string, string> = {
  green: '#56a64b',
  yellow: '#d9a900',
  orange: '#ff780a',
  red: '#e02f44',
  blue: '#3274d9',
  text: '#555',
  transparent: 'none'
}
const PALETTE = ['#4c78a8', '#f58518', '#54a24b', '#b279a2', '#72b7b2', '#eeca3b', '#9d755d', '#ff9da6']

export const colorOf = (name: string) => COLORS[name] ?? name

/** The lines of a panel, in the order of its queries. */
export function toLines(targets: ReadonlyArray<{ legendFormat: string; series: Series[] }>): Line[] {
  return targets.flatMap(({ legendFormat, series }) =>
    series.map(({ metric, value, values = [] }) => ({
      name: legendFormat.replaceAll(/\{\{(\w+)\}\}/g, (_, label: string) => metric[label] ?? ''),
      points: [...(value === undefined ? [] : [value]), ...values].map(([at, text]) => ({
        at: at * 1000,
        value: Number(text)
      }))
    }))
  )
}

/** The colour of each line: that of its override, else the next one of the palette. */
export function colorsOf({ fieldConfig }: DrawnPanel, lines: Line[]): string[] {
  const fixed = new Map(
    fieldConfig?.overrides?.map(({ matcher, properties }) => [
      matcher.options,
      properties.find(({ id }) => id === 'color')?.value.fixedColor
    ])
  )
  return lines.map(({ name }, index) => colorOf(fixed.get(name) ?? PALETTE[index % PALETTE.length]!))
}

/** The colour of a value by the steps of its panel. */
export function stepOf({ fieldConfig }: DrawnPanel, value: number): string {
  const steps = fieldConfig?.defaults.thresholds?.steps ?? []
  return colorOf(steps.findLast(({ value: from }) => from === null || value >= from)?.color ?? 'text')
}

/** The word for a value, and its colour, where the panel shows words. */
export function wordOf({ fieldConfig }: DrawnPanel, value: number) {
  return fieldConfig?.defaults.mappings?.[0]?.options[value]
}
