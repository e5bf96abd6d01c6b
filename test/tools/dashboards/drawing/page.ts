import { html } from 'ghtml'
import { drawLines, drawStates } from './chart.ts'
import { colorsOf, stepOf, wordOf } from './panel.ts'
import type { DrawnPanel, Line } from './panel.ts'
import { format } from './units.ts'

/** Pixels of one of the 24 columns of Grafana's grid, and of a row. */
const COLUMN = 64
const ROW = 36
/** What the padding and the border of a panel take of its width. */
const BESIDE_CHART = 22
/** With the axis of time. */
const CHART_HEIGHT = 175

const STYLE = `
  body { font: 12px/1.35 sans-serif; margin: 8px; width: ${24 * COLUMN}px; color: #222 }
  h1 { font-size: 18px; margin: 0 0 8px } h2 { font-size: 14px; margin: 10px 0 4px }
  .row { display: flex; flex-wrap: wrap } .panel { box-sizing: border-box; padding: 4px }
  .panel > div { border: 1px solid #ddd; height: 100%; padding: 6px; box-sizing: border-box; overflow: hidden }
  h3 { font-size: 12px; margin: 0 } .about { color: #777; font-size: 10px; margin: 0 0 3px }
  .figure { font-size: 24px; font-weight: bold } .name { font-size: 11px; font-weight: normal }
  .none { color: #999; padding: 20px 0; text-align: center }
  table { border-collapse: collapse; width: 100%; font-size: 10px } td { padding: 0 4px; white-space: nowrap }
  td:first-child { white-space: normal; overflow-wrap: anywhere } svg { display: block }
  td + td, th + th { text-align: right } th { font-weight: normal; color: #777; text-align: left }
  .bar { background: #eee; height: 14px; margin: 2px 0 8px } .bar i { display: block; height: 14px }
`

export interface PanelWithLines extends DrawnPanel {
  lines: Line[]
}

interface PageOptions {
  title: string
  panels: PanelWithLines[]
  /** Seconds between two values. */
  step: number
}

/** A dashboard as a page: each panel where Grafana has it, with its legend. */
export async function drawPage({ title, panels, step }: PageOptions): Promise<string> {
  const parts: string[] = []
  for (const panel of panels) {
    if (panel.type === 'row') parts.push(html`</div><h2>${panel.title}</h2><div class="row">`)
    else parts.push(await drawPanel(panel, step))
  }
  return html`<!doctype html>
    <html lang="en">
      <meta charset="utf-8" />
      <title>${title}</title>
      <style>
        !${STYLE}
      </style>
      <h1>${title}</h1>
      <div class="row">!${parts.join('')}</div>
    </html>`
}

async function drawPanel(panel: PanelWithLines, step: number): Promise<string> {
  const { title, description = '', gridPos, lines, fieldConfig } = panel
  const none = () => html`<p class="none">${fieldConfig?.defaults.noValue ?? 'No data'}</p>`
  const content = lines.length === 0 ? none() : await drawContent(panel, step)
  const size = `width: ${gridPos.w * COLUMN}px; min-height: ${gridPos.h * ROW}px`
  return html`<div class="panel" style="${size}">
    <div>
      <h3>${title}</h3>
      <p class="about">${description}</p>
      !${content}
    </div>
  </div>`
}

async function drawContent(panel: PanelWithLines, step: number): Promise<string> {
  const { type, lines, gridPos } = panel
  if (type === 'stat') return drawFigure(panel)
  if (type === 'bargauge') return drawBars(panel)
  const size = { width: gridPos.w * COLUMN - BESIDE_CHART, height: CHART_HEIGHT, step }
  if (type === 'state-timeline') return await drawStates(panel, lines, size)
  return (await drawLines(panel, lines, size)) + drawLegend(panel)
}

const lastOf = ({ points }: Line) => points.at(-1)!.value

function shown({ fieldConfig }: DrawnPanel, value: number): string {
  const { unit, decimals } = fieldConfig?.defaults ?? {}
  return format(value, unit, decimals)
}

function drawFigure(panel: PanelWithLines): string {
  const { textMode } = panel.options ?? {}
  return panel.lines
    .map((line) => {
      const value = lastOf(line)
      const word = wordOf(panel, value)
      const text = textMode === 'name' ? line.name : (word?.text ?? shown(panel, value))
      const name = textMode === 'value_and_name' ? line.name : ''
      const color = word?.color ?? stepOf(panel, value)
      return html`<div class="figure" style="color: ${color}">
        <span class="name">${name}</span> ${text}
      </div>`
    })
    .join('')
}

function drawBars(panel: PanelWithLines): string {
  return panel.lines
    .map((line) => {
      const value = lastOf(line)
      const percent = Math.min(100, (100 * value) / (panel.fieldConfig?.defaults.max ?? value))
      return html`${line.name}: ${shown(panel, value)}
        <div class="bar"><i style="width: ${percent}%; background: ${stepOf(panel, value)}"></i></div>`
    })
    .join('')
}

function drawLegend(panel: PanelWithLines): string {
  const colors = colorsOf(panel, panel.lines)
  const rows = panel.lines.map((line, index) => {
    const most = Math.max(...line.points.map(({ value }) => value))
    return html`<tr>
      <td><b style="color: ${colors[index]}">▬</b> ${line.name}</td>
      <td>${shown(panel, lastOf(line))}</td>
      <td>${shown(panel, most)}</td>
    </tr>`
  })
  return html`<table>
    <tr>
      <th></th>
      <th>last</th>
      <th>max</th>
    </tr>
    !${rows.join('')}
  </table>`
}
