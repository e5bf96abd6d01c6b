import t from 'tap'
import { TIMEOUT_SECONDS, skip, startBrowser } from '../routes/preview/browser.ts'
import { build } from '../helper.ts'
import { drawPage } from './dashboards/drawing/page.ts'
import type { PanelWithLines } from './dashboards/drawing/page.ts'

const BEGIN = new Date(2026, 10, 27, 10).getTime()
const INSTANCES = ['a', 'b', 'c'].map(
  (letter) => `dalleserver-worker-7d9c5b8f64-${letter}2kqz.dalle.svc.cluster.local:8080`
)
interface Found {
  title: string
  /** Whether the panel hides a part of its content. */
  isCut: boolean
  /** Texts of the chart that are not whole in it. */
  outside: string[]
  text: string
  times: string[]
}
/** What the page shows, as its scripts see it. */
const LOOK = `[...document.querySelectorAll('.panel > div')].map((panel) => {
  const svg = panel.querySelector('svg')
  const frame = svg.getBoundingClientRect()
  const texts = [...svg.querySelectorAll('text')].filter((text) => text.getBoundingClientRect().width > 0)
  return {
    title: panel.querySelector('h3').textContent,
    isCut: panel.scrollWidth > panel.clientWidth || panel.scrollHeight > panel.clientHeight,
    outside: texts
      .filter((text) => {
        const { left, right, top, bottom } = text.getBoundingClientRect()
        return left < frame.left || right > frame.right || top < frame.top || bottom > frame.bottom
      })
      .map(({ textContent }) => textContent),
    text: panel.textContent,
    times: texts.map(({ textContent }) => textContent).filter((text) => text.includes(':'))
  }
})`
const visit = await startBrowser(t)

/** A panel of each kind with a line for each process, of so many values, so many seconds apart. */
function panelsOf(count: number, step: number): PanelWithLines[] {
  const points = Array.from({ length: count }, (_, index) => ({
    at: BEGIN + index * step * 1000,
    value: 1_000_000_000 * (1 + (index % 3))
  }))
  const lines = INSTANCES.map((name) => ({ name, points }))
  const panel = (title: string, type: string, w: number): PanelWithLines => ({
    title,
    type,
    gridPos: { x: 0, y: 0, w, h: 7 },
    fieldConfig: { defaults: { unit: 'bytes' } },
    lines
  })
  return [
    panel('states', 'state-timeline', 5),
    panel('narrow', 'timeseries', 4),
    panel('wide', 'timeseries', 8)
  ]
}

t.test('a drawn dashboard cuts no name and no time', { skip, timeout: 2000 * TIMEOUT_SECONDS }, async (t) => {
  const server = await build(t)
  const context = await visit(t, server)
  const page = await context.newPage()
  for (const [count, step, time] of [
    [20, 15, /^\d\d:\d\d:\d\d$/],
    [240, 15, /^\d\d:\d\d$/],
    [240, 600, /^\d\d \w{3}\d\d:\d\d$/]
  ] as const) {
    await page.setContent(await drawPage({ title: 'drawn', panels: panelsOf(count, step), step }))
    const found = await page.evaluate<Found[]>(LOOK)
    t.same(
      found.map(({ title }) => title),
      ['states', 'narrow', 'wide']
    )
    for (const { title, isCut, outside, text, times } of found) {
      t.notOk(isCut, `${title}: the panel holds its content`)
      t.same(outside, [], `${title}: the chart holds its texts`)
      for (const name of INSTANCES) t.ok(text.includes(name), `${title}: ${name}`)
      const marks = times.filter((each) => time.test(each))
      t.ok(marks.length > 1, `${title}: the axis of time has marks`)
      t.equal(new Set(marks).size, marks.length, `${title}: and they differ`)
    }
  }
})
