import t from 'tap'
import { build, until } from '../helper.ts'
import { noPrometheus, startPrometheus } from '../peers/prometheus.ts'
import { drawDashboards } from '../tools/dashboards/drawing/draw.ts'
import { NO_SERVER } from '../tools/dashboards/panels.ts'
import { concrete, panels, valuesOf } from './monitoring.ts'

const SCRAPES = 6
/** How often a panel that should show a value is asked again. */
const TRIES = 5

/** Panels of a server that has made nothing and was asked for nothing. They show a text in place of `No data`. */
const EMPTY = [
  'overview.json: Success of runs',
  'overview.json: Cache hits',
  'overview.json: Duration of runs',
  'overview.json: Where the time goes',
  'overview.json: Waiting time',
  'overview.json: Requests by route',
  'overview.json: Latency',
  'overview.json: Latency by route',
  'overview.json: Waits',
  'overview.json: Pictures from the disk',
  'overview.json: Errors by code',
  'overview.json: Errors by route',
  'overview.json: Refused requests',
  'overview.json: Answers by status',
  'provider.json: Failed requests',
  'provider.json: Throttled',
  'provider.json: Models end in',
  'provider.json: Requests by outcome',
  'provider.json: Latency of drawings',
  'provider.json: Latency of prompts and downloads',
  'provider.json: Retries',
  'provider.json: Throttled and out of time',
  'runtime.json: Failed file operations'
]
/** Panels that are empty too while the built-in artist draws. */
const EMPTY_WITHOUT_MODEL = [
  'provider.json: Spent',
  'provider.json: Images bought',
  'provider.json: Spend by model',
  'provider.json: Images bought by model',
  'provider.json: Tokens',
  'provider.json: Requests without a price'
]

t.test(
  'with a server that has made nothing, each panel shows a value or a text that says why there is none',
  { skip: noPrometheus() },
  async (t) => {
    const plain = await build(t)
    const keyed = await build(t, {
      settings: { OPENAI_API_KEY: 'sk-a-secret-key', OPENAI_BASE_URL: 'http://127.0.0.1:1/v1' }
    })
    const [ofPlain, ofKeyed] = [plain, keyed].map(({ url }) => new URL(url).host) as [string, string]
    const begun = Date.now() / 1000
    const { origin, query, range } = await startPrometheus(t, {
      targets: [ofPlain, ofKeyed],
      interval: '500ms'
    })
    const scraped = `min(count_over_time(dalleserver_up[1h])) >= ${SCRAPES}`
    await until(async () => (await query(`count(dalleserver_up) == 2 and ${scraped}`)).length === 1)

    for (const [instance, expected] of [
      [ofPlain, [...EMPTY, ...EMPTY_WITHOUT_MODEL]],
      [ofKeyed, EMPTY]
    ] as const) {
      const empty: string[] = []
      for (const { file, title, type, fieldConfig, targets = [] } of panels) {
        const name = `${file}: ${title}`
        const ask = async (): Promise<number[]> => {
          const values: number[] = []
          for (const { expr, instant } of targets) {
            const asked = concrete(expr, { $instance: instance })
            values.push(...valuesOf(instant ? await query(asked) : await range(asked, begun)))
          }
          return values
        }
        let values = await ask()
        // On a busy machine a scrape may take too long, and Prometheus has no value until the next one.
        for (let tries = 0; tries < TRIES && values.length === 0 && !expected.includes(name); tries += 1) {
          await until(async () => (await query(`up{instance="${instance}"} == 1`)).length === 1)
          values = await ask()
        }
        t.notOk(values.some(Number.isNaN), `${name}: no value is "not a number"`)
        if (values.length > 0) continue
        empty.push(name)
        t.not(type, 'state-timeline', `${name}: Grafana has no text for it`)
        t.not(fieldConfig?.defaults.noValue, NO_SERVER, name)
      }
      t.same(empty.sort(), [...expected].sort())
    }

    // Without Grafana, these drawings are what people look at.
    const pages = await drawDashboards({ origin, seconds: 60, scrapeSeconds: 1, instance: ofPlain })
    const drawn = Object.values(pages).join('')
    for (const { title } of panels) t.ok(drawn.includes(`<h3>${title}</h3>`), title)
    t.equal(drawn.match(/<p class="none">/g)?.length, EMPTY.length + EMPTY_WITHOUT_MODEL.length)
    t.notMatch(drawn, /No data|NaN|undefined/)
    t.match(drawn, /<svg [^]*127\.0\.0\.1:[^]*<\/svg>/)

    const all = Object.values(await drawDashboards({ origin, seconds: 60, scrapeSeconds: 1 })).join('')
    t.match(all, ofPlain)
    t.match(all, ofKeyed)
    t.notMatch(all, new URL(origin).host, 'what Prometheus says of itself belongs to no panel')
    const own = await drawDashboards({ origin, seconds: 60, scrapeSeconds: 1, job: 'prometheus' })
    t.match(Object.values(own).join(''), new URL(origin).host, 'other jobs are drawn when they are named')
  }
)
