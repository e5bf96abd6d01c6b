import * as bargauge from '@grafana/grafana-foundation-sdk/bargauge'
import * as common from '@grafana/grafana-foundation-sdk/common'
import * as grafana from '@grafana/grafana-foundation-sdk/dashboard'
import * as prometheus from '@grafana/grafana-foundation-sdk/prometheus'
import * as stat from '@grafana/grafana-foundation-sdk/stat'
import * as statetimeline from '@grafana/grafana-foundation-sdk/statetimeline'
import * as timeseries from '@grafana/grafana-foundation-sdk/timeseries'

/** As docker/grafana/provisioning names it. */
const DATASOURCE = { type: 'prometheus', uid: 'prometheus' }
/** Grafana's grid is 24 columns wide. */
const STAT_HEIGHT = 4
const PANEL_HEIGHT = 8

/** An expression, and what its series are called in the legend. */
export type Query = readonly [expr: string, legend: string]

/** From a value on, the colour. */
export type Step = readonly [from: number | null, color: string]

interface Common {
  title: string
  description: string
  /** Columns of 24. */
  width: number
  /** One of Grafana's units: https://github.com/grafana/grafana/blob/main/packages/grafana-data/src/valueFormats/categories.ts */
  unit?: string
  decimals?: number
  queries: Query[]
}

/** The series of a metric on the chosen servers. */
export function select(metric: string, labels = ''): string {
  return `${metric}{job="dalleserver", instance=~"$instance"${labels === '' ? '' : `, ${labels}`}}`
}

/** Of a counter, a second. */
export function rate(metric: string, labels?: string): string {
  return `rate(${select(metric, labels)}[$__rate_interval])`
}

/** Of a counter, in the time that the dashboard shows. */
export function inRange(metric: string, labels?: string): string {
  return `sum(increase(${select(metric, labels)}[$__range]))`
}

/** A percentile of a histogram, apart by the labels named. */
export function percentile(share: number, metric: string, by = '', labels?: string): string {
  return `histogram_quantile(${share}, sum by (${['le', ...(by === '' ? [] : [by])].join(', ')}) (${rate(`${metric}_bucket`, labels)}))`
}

export function thresholds(steps: Step[]): grafana.ThresholdsConfigBuilder {
  return new grafana.ThresholdsConfigBuilder()
    .mode(grafana.ThresholdsMode.Absolute)
    .steps(steps.map(([value, color]) => ({ value, color })))
}

/** Words in place of numbers. */
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

/** One figure, or a few, as of now. */
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
  none = '–'
}: Common & {
  steps?: Step[]
  mappings?: grafana.ValueMapping[]
  /** Whether its course is drawn behind it. */
  spark?: boolean
  /** Whether the name of the series stands in place of its value. */
  name?: boolean
  /** What is shown while there is nothing to show. */
  none?: string
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
  most,
  limits,
  colors = {}
}: Common & {
  stacked?: boolean
  bars?: boolean
  /** The upper end of the axis. */
  most?: number
  /** Lines across, such as where an alert is. */
  limits?: Step[]
  /** Of series by their name. */
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
    .drawStyle(bars ? common.GraphDrawStyle.Bars : common.GraphDrawStyle.Line)
    .lineWidth(bars ? 0 : 2)
    .fillOpacity(bars ? 80 : stacked ? 30 : 8)
    .gradientMode(common.GraphGradientMode.Opacity)
    .showPoints(common.VisibilityMode.Never)
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
  if (most !== undefined) panel.max(most)
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

/** What something was at each time, as coloured bars. */
export function states({
  title,
  description,
  width,
  queries,
  mappings
}: Common & { mappings: grafana.ValueMapping[] }) {
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

/** A bar a series, as of now. */
export function bars({
  title,
  description,
  width,
  unit = 'short',
  decimals,
  queries,
  most,
  steps,
  none = '–'
}: Common & { most?: number; steps: Step[]; none?: string }) {
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

const TAG = 'dalleserver'

/** A dashboard of rows, with the choice of servers and links to its siblings. */
export function dashboard({
  uid,
  title,
  description,
  rows
}: {
  uid: string
  title: string
  description: string
  rows: Array<[title: string, panels: Panel[]]>
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
      new grafana.QueryVariableBuilder('instance')
        .label('Server')
        .description('Servers whose figures are shown')
        .datasource(DATASOURCE)
        .query({ query: 'label_values(dalleserver_up, instance)', refId: 'instance' })
        .refresh(grafana.VariableRefresh.OnTimeRangeChanged)
        .sort(grafana.VariableSort.AlphabeticalAsc)
        .multi(true)
        .includeAll(true)
        .allValue('.*')
        .current({ selected: true, text: 'All', value: '$__all' })
    )
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
    // That of Grafana 11.0, so that every later one brings it up to its own.
    schemaVersion: 39,
    annotations: { list: [] },
    // Newer than Grafana 11, which shows links in the open.
    links: built.links!.map(({ placement, ...link }) => link),
    panels: built.panels!.map((panel, index) => ({ ...panel, id: index + 1 }))
  }
}
