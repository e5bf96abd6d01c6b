import * as bargauge from '@grafana/grafana-foundation-sdk/bargauge'
import * as common from '@grafana/grafana-foundation-sdk/common'
import * as grafana from '@grafana/grafana-foundation-sdk/dashboard'
import * as prometheus from '@grafana/grafana-foundation-sdk/prometheus'
import * as stat from '@grafana/grafana-foundation-sdk/stat'
import * as statetimeline from '@grafana/grafana-foundation-sdk/statetimeline'
import * as timeseries from '@grafana/grafana-foundation-sdk/timeseries'

/** The data source that is chosen above the panels. */
const DATASOURCE = { type: 'prometheus', uid: '$datasource' }
/** The one that docker/grafana/provisioning defines. */
const PROVISIONED = { text: 'Prometheus', value: 'prometheus' }
/** Grafana's grid is 24 columns wide. */
const STAT_HEIGHT = 4
const PANEL_HEIGHT = 8

/** An expression, and the names of its series in the legend. */
export type Query = readonly [expr: string, legend: string]

/** The colour of values from `from` on. */
export type Step = readonly [from: number | null, color: string]

interface Common {
  title: string
  description: string
  /** Columns of 24. */
  width: number
  /** A unit of Grafana: packages/grafana-data/src/valueFormats/categories.ts in github.com/grafana/grafana. */
  unit?: string
  decimals?: number
  queries: Query[]
  /** What is shown where there is no value, and why. */
  none?: string
}

/** Where a healthy server always has a value. */
export const NO_SERVER = 'Prometheus has no figures of a server'

/** The series of a metric on the selected servers. */
export function select(metric: string, labels = ''): string {
  return `${metric}{job=~"$job", instance=~"$instance"${labels === '' ? '' : `, ${labels}`}}`
}

/** What all processes of one database share, and each of them reports: the highest figure, not their sum. */
export function shared(metric: string, labels?: string): string {
  return `max(${select(metric, labels)})`
}

/** How much a counter grows in a second. */
export function rate(metric: string, labels?: string): string {
  return `rate(${select(metric, labels)}[$__rate_interval])`
}

/** How much a counter grew in the time that the dashboard shows. */
export function inRange(metric: string, labels?: string): string {
  return `sum(increase(${select(metric, labels)}[$__range]))`
}

/** One expression divided by another; no series while the second is 0. */
export function share(part: string, whole: string): string {
  return `${part} / (${whole} > 0)`
}

/** A percentile of a histogram, for each value of the label `by`; no series while nothing is counted. */
export function percentile(quantile: number, metric: string, by = '', labels?: string): string {
  const labelNames = by === '' ? 'le' : `le, ${by}`
  return `histogram_quantile(${quantile}, sum by (${labelNames}) (${rate(`${metric}_bucket`, labels)})) >= 0`
}

/** The median and the slowest of twenty and of a hundred. `name` is put before their names. */
export function percentiles(metric: string, labels?: string, name = ''): Query[] {
  return [0.5, 0.95, 0.99].map((quantile) => [
    percentile(quantile, metric, '', labels),
    `${name}p${quantile * 100}`
  ])
}

function thresholds(steps: Step[]): grafana.ThresholdsConfigBuilder {
  return new grafana.ThresholdsConfigBuilder()
    .mode(grafana.ThresholdsMode.Absolute)
    .steps(steps.map(([value, color]) => ({ value, color })))
}

/** Shows words for numbers. */
export function words(names: Record<string, [text: string, color: string]>): grafana.ValueMapping[] {
  const options = Object.fromEntries(
    Object.entries(names).map(([value, [text, color]], index) => [value, { text, color, index }])
  )
  return [{ type: grafana.MappingType.ValueToText, options } as grafana.ValueMapping]
}

const targets = (queries: Query[], { instant = false } = {}) =>
  queries.map(([expr, legend], index) => {
    const target = new prometheus.DataqueryBuilder()
      .datasource(DATASOURCE)
      .editorMode(prometheus.QueryEditorMode.Code)
      .refId(String.fromCharCode(65 + index))
      .expr(expr)
      .legendFormat(legend)
    return instant ? target.instant() : target.range()
  })

/** A panel with the current value of one or a few series. */
export function figure({
  title,
  description,
  width,
  unit = 'short',
  decimals,
  queries,
  steps = [[null, 'text']],
  mappings = [],
  spark = false,
  name = false,
  none = NO_SERVER
}: Common & {
  steps?: Step[]
  mappings?: grafana.ValueMapping[]
  /** Draws the values over time behind the current one. */
  spark?: boolean
  /** Shows the name of the series in place of its value. */
  name?: boolean
}) {
  const panel = new stat.PanelBuilder()
    .title(title)
    .description(description)
    .datasource(DATASOURCE)
    .span(width)
    .height(STAT_HEIGHT)
    .unit(unit)
    .noValue(none)
    .thresholds(thresholds(steps))
    .colorScheme(new grafana.FieldColorBuilder().mode(grafana.FieldColorModeId.Thresholds))
    .mappings(mappings)
    .reduceOptions(new common.ReduceDataOptionsBuilder().calcs(['lastNotNull']).values(false))
    .graphMode(spark ? common.BigValueGraphMode.Area : common.BigValueGraphMode.None)
    .colorMode(common.BigValueColorMode.Value)
    .textMode(
      name
        ? common.BigValueTextMode.Name
        : queries.length > 1 || queries[0]![1].includes('{{')
          ? common.BigValueTextMode.ValueAndName
          : common.BigValueTextMode.Value
    )
    .targets(targets(queries, { instant: !spark }))
  if (decimals !== undefined) panel.decimals(decimals)
  return panel
}

/** Lines over time, with a table of their latest and largest values. */
export function lines({
  title,
  description,
  width,
  unit = 'short',
  decimals,
  queries,
  stacked = false,
  bars = false,
  limits,
  colors = {},
  none = NO_SERVER
}: Common & {
  stacked?: boolean
  bars?: boolean
  /** Horizontal lines, such as the threshold of an alert. */
  limits?: Step[]
  /** Colours of series, by their name. */
  colors?: Record<string, string>
}) {
  const panel = new timeseries.PanelBuilder()
    .title(title)
    .description(description)
    .datasource(DATASOURCE)
    .span(width)
    .height(PANEL_HEIGHT)
    .unit(unit)
    .min(0)
    .noValue(none)
    .drawStyle(bars ? common.GraphDrawStyle.Bars : common.GraphDrawStyle.Line)
    .lineWidth(bars ? 0 : 2)
    .fillOpacity(bars ? 80 : stacked ? 30 : 8)
    .gradientMode(common.GraphGradientMode.Opacity)
    // A value with none before and after it is no line: only a point shows it.
    .showPoints(bars ? common.VisibilityMode.Never : common.VisibilityMode.Auto)
    .stacking(
      new common.StackingConfigBuilder()
        .mode(stacked ? common.StackingMode.Normal : common.StackingMode.None)
        .group('A')
    )
    .colorScheme(new grafana.FieldColorBuilder().mode(grafana.FieldColorModeId.PaletteClassicByName))
    .legend(
      new common.VizLegendOptionsBuilder()
        .showLegend(true)
        .displayMode(common.LegendDisplayMode.Table)
        .placement(common.LegendPlacement.Bottom)
        .calcs(['lastNotNull', 'max'])
    )
    .tooltip(
      new common.VizTooltipOptionsBuilder()
        .mode(common.TooltipDisplayMode.Multi)
        .sort(common.SortOrder.Descending)
    )
    .targets(targets(queries))
  if (decimals !== undefined) panel.decimals(decimals)
  if (limits !== undefined) {
    panel
      .thresholds(thresholds(limits))
      .thresholdsStyle(
        new common.GraphThresholdsStyleConfigBuilder().mode(common.GraphThresholdsStyleMode.Dashed)
      )
  }
  for (const [name, color] of Object.entries(colors)) {
    panel.overrideByName(name, [{ id: 'color', value: { mode: 'fixed', fixedColor: color } }])
  }
  return panel
}

/** A panel of states over time, as coloured bars. Grafana has no text for one without values: it must have some. */
export function states({
  title,
  description,
  width,
  queries,
  mappings
}: Omit<Common, 'none'> & { mappings: grafana.ValueMapping[] }) {
  return new statetimeline.PanelBuilder()
    .title(title)
    .description(description)
    .datasource(DATASOURCE)
    .span(width)
    .height(PANEL_HEIGHT)
    .mappings(mappings)
    .thresholds(thresholds([[null, 'text']]))
    .showValue(common.VisibilityMode.Auto)
    .mergeValues(true)
    .rowHeight(0.8)
    .fillOpacity(80)
    .legend(
      new common.VizLegendOptionsBuilder()
        .showLegend(false)
        .displayMode(common.LegendDisplayMode.List)
        .placement(common.LegendPlacement.Bottom)
        .calcs([])
    )
    .targets(targets(queries))
}

/** A panel with one bar for the current value of each series. */
export function bars({
  title,
  description,
  width,
  unit = 'short',
  decimals,
  queries,
  most,
  steps,
  none = NO_SERVER
}: Common & { most?: number; steps: Step[] }) {
  const panel = new bargauge.PanelBuilder()
    .title(title)
    .description(description)
    .datasource(DATASOURCE)
    .span(width)
    .height(PANEL_HEIGHT)
    .unit(unit)
    .min(0)
    .noValue(none)
    .thresholds(thresholds(steps))
    .colorScheme(new grafana.FieldColorBuilder().mode(grafana.FieldColorModeId.Thresholds))
    .orientation(common.VizOrientation.Horizontal)
    .displayMode(common.BarGaugeDisplayMode.Gradient)
    .reduceOptions(new common.ReduceDataOptionsBuilder().calcs(['lastNotNull']).values(false))
    .targets(targets(queries, { instant: true }))
  if (decimals !== undefined) panel.decimals(decimals)
  if (most !== undefined) panel.max(most)
  return panel
}

type Panel = ReturnType<typeof figure | typeof lines | typeof states | typeof bars>

export type Row = [title: string, panels: Panel[]]

const TAG = 'dalleserver'

/** A variable with the values of a label; at first all of them are chosen. *All* is the list of these values. */
function choice(name: string, label: string, query: string) {
  return new grafana.QueryVariableBuilder(name)
    .label(label)
    .description('Only their figures are shown')
    .datasource(DATASOURCE)
    .query({ query, refId: name })
    .refresh(grafana.VariableRefresh.OnTimeRangeChanged)
    .sort(grafana.VariableSort.AlphabeticalAsc)
    .multi(true)
    .includeAll(true)
    .current({ selected: true, text: 'All', value: '$__all' })
}

/** A dashboard of rows, with a selection of servers and links to the other dashboards. */
export function dashboard({
  uid,
  title,
  description,
  rows
}: {
  uid: string
  title: string
  description: string
  rows: Row[]
}): grafana.Dashboard {
  const builder = new grafana.DashboardBuilder(title)
    .uid(uid)
    .description(description)
    .tags([TAG])
    .timezone('browser')
    .readonly()
    .time({ from: 'now-1h', to: 'now' })
    .refresh('15s')
    .tooltip(grafana.DashboardCursorSync.Crosshair)
    .withVariable(
      new grafana.DatasourceVariableBuilder('datasource')
        .label('Data source')
        .description('The Prometheus that is asked')
        .type('prometheus')
        .current({ selected: true, ...PROVISIONED })
    )
    .withVariable(choice('job', 'Service', 'label_values(dalleserver_up, job)'))
    .withVariable(choice('instance', 'Process', 'label_values(dalleserver_up{job=~"$job"}, instance)'))
    .link(
      new grafana.DashboardLinkBuilder('Dashboards')
        .type(grafana.DashboardLinkType.Dashboards)
        .tags([TAG])
        .asDropdown(false)
        .includeVars(true)
        .keepTime(true)
    )
  for (const [name, panels] of rows) {
    builder.withRow(new grafana.RowBuilder(name))
    for (const panel of panels) builder.withPanel(panel)
  }
  const built = builder.build()
  return {
    ...built,
    // The version of Grafana 11.0. Later versions of Grafana migrate it.
    schemaVersion: 39,
    annotations: { list: [] },
    // Grafana 11 does not know `placement`.
    links: built.links!.map(({ placement, ...link }) => link),
    panels: built.panels!.map((panel, index) => ({ ...panel, id: index + 1 }))
  }
}
