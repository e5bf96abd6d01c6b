import { askPrometheus } from '../../../peers/prometheus.ts'
import { renderDashboards } from '../all.ts'
import { drawPage } from './page.ts'
import type { PanelWithLines } from './page.ts'
import { toLines } from './panel.ts'
import type { DrawnPanel } from './panel.ts'

/** Values on a horizontal axis. */
const VALUES = 240
const LEAST_SCRAPES = 4

interface DrawingOptions {
  /** The URL of Prometheus. */
  origin: string
  /** What is drawn, in seconds until now. */
  seconds: number
  /** Seconds between two scrapes. */
  scrapeSeconds: number
  /** The jobs that are drawn: a pattern. Without it, those that have the service's metrics. */
  job?: string | undefined
  instance?: string
}

/** The jobs of a Prometheus that have the service's metrics, as Grafana joins the values of *All*. */
async function jobsOfService(origin: string, seconds: number, end: number): Promise<string> {
  const query = `group by (job) (last_over_time(dalleserver_up[${Math.ceil(seconds)}s]))`
  const series = await askPrometheus(origin, 'query', { query, time: String(end) })
  const jobs = series.map(({ metric }) => (metric.job ?? '').replaceAll(/[.*+?^${}()|[\]\\]/g, '\\\\$&'))
  return jobs.sort().join('|')
}

/** Draws every panel of every dashboard from what a Prometheus knows: by the name of the file, a page. */
export async function drawDashboards({
  origin,
  seconds,
  scrapeSeconds,
  job,
  instance = '.*'
}: DrawingOptions): Promise<Record<string, string>> {
  const end = Date.now() / 1000
  const step = Math.max(seconds / VALUES, scrapeSeconds)
  // As Grafana chooses it.
  const rateSeconds = Math.max(step + scrapeSeconds, LEAST_SCRAPES * scrapeSeconds)
  const variables = {
    $__rate_interval: `${Math.ceil(rateSeconds)}s`,
    $__range: `${Math.ceil(seconds)}s`,
    $job: job ?? (await jobsOfService(origin, seconds, end)),
    $instance: instance
  }

  async function ask({ expr, legendFormat, instant = false }: NonNullable<DrawnPanel['targets']>[number]) {
    const query = Object.entries(variables).reduce(
      (text, [name, value]) => text.replaceAll(name, () => value),
      expr
    )
    const [path, range] = instant
      ? ['query', { time: String(end) }]
      : ['query_range', { start: String(end - seconds), end: String(end), step: String(step) }]
    return { legendFormat, series: await askPrometheus(origin, path, { query, ...range }) }
  }

  const pages: Record<string, string> = {}
  for (const [file, text] of Object.entries(renderDashboards())) {
    const dashboard = JSON.parse(text) as { title: string; panels: DrawnPanel[] }
    const panels: PanelWithLines[] = []
    for (const panel of dashboard.panels) {
      panels.push({ ...panel, lines: toLines(await Promise.all((panel.targets ?? []).map(ask))) })
    }
    pages[file.replace('.json', '.html')] = await drawPage({ title: dashboard.title, panels, step })
  }
  return pages
}
