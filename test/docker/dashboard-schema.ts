import type * as bargauge from '@grafana/grafana-foundation-sdk/bargauge'
import type * as grafana from '@grafana/grafana-foundation-sdk/dashboard'
import type * as prometheus from '@grafana/grafana-foundation-sdk/prometheus'
import type * as stat from '@grafana/grafana-foundation-sdk/stat'
import type * as statetimeline from '@grafana/grafana-foundation-sdk/statetimeline'
import type * as timeseries from '@grafana/grafana-foundation-sdk/timeseries'

/** A panel whose parts are those of its kind. Grafana's own type of a panel takes any options. */
interface PanelOf<Type extends string, Options, Custom> extends Omit<
  grafana.Panel,
  'type' | 'targets' | 'options' | 'fieldConfig'
> {
  type: Type
  targets: Array<Omit<prometheus.Dataquery, '_implementsDataqueryVariant'>>
  options: Options
  fieldConfig: Omit<grafana.FieldConfigSource, 'defaults'> & {
    defaults: Omit<grafana.FieldConfig, 'custom'> & { custom?: Custom }
  }
}

/** The JSON of a dashboard, down to the options of its panels. */
export interface WholeDashboard extends Omit<grafana.Dashboard, 'panels'> {
  panels: Array<
    | (Omit<grafana.RowPanel, 'type'> & { type: 'row' })
    | PanelOf<'timeseries', timeseries.Options, timeseries.FieldConfig>
    | PanelOf<'stat', stat.Options, Record<string, never>>
    | PanelOf<'bargauge', bargauge.Options, Record<string, never>>
    | PanelOf<'state-timeline', statetimeline.Options, statetimeline.FieldConfig>
  >
}
