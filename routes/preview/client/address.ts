import { followActivity, messageFor, onConnection, request, requestPicture, requestState } from './api.js'
import type { Activity, Run } from './api.js'
import { copyNamed } from './clipboard.js'
import { create, find, parse, pathOf } from './dom.js'
import { messageOf, reportError, setUpMessages, showProblem } from './messages.js'
import { isOwnRun, rememberRun } from './own-runs.js'
import { cancelButton, newsOf, progressText, standInMessage } from './run-item.js'
import { setUpTheme } from './theme.js'
import { setUpToken } from './token.js'

/** Several pictures may be finished at the same time. */
const REFRESH_WAIT_MS = 250
/** A run that the server stopped reporting is checked after this time. */
const MISSING_MS = 1_000
const ADDRESS = document.body.dataset.address!

/** The runs of this address by series, while they work. */
const runs = new Map<string, Run>()
/** Series whose run has been asked for, until the server answers. */
const asking = new Set<string>()
/** Checks of runs that the server does not report, by the ids of the runs. */
const checks = new Map<string, ReturnType<typeof setTimeout>>()
let latest: Activity | undefined
let revision = Number(document.body.dataset.revision)
let refreshing: ReturnType<typeof setTimeout> | undefined

const pictureOf = (series: string) => pathOf('/dalle', { series, address: ADDRESS })
const cards = (inside: ParentNode) => [...inside.querySelectorAll<HTMLElement>('.card[data-series]')]

function cardOf(series: string, inside: ParentNode = document): HTMLElement | undefined {
  return inside.querySelector<HTMLElement>(`.card[data-series="${CSS.escape(series)}"]`) ?? undefined
}

const announce = (text: string) => {
  find('#announced').textContent = text
}

/** Starts the run of a picture, or joins the one that works. */
async function draw(series: string): Promise<void> {
  const { isThere, run } = await requestPicture(pictureOf(series))
  if (run.isStandIn === true) return end(series, standInMessage(run))
  if (isThere) return await refresh()
  rememberRun(run.runId)
  if (run.done) return await finish(run)
  show(run)
  // The stream may have reported its end before the answer came.
  const ended = latest?.ended.find(({ runId }) => runId === run.runId)
  if (ended !== undefined) show(ended)
}

/** Shows the progress of a run in the card of its series, or how it ended. */
function show(run: Run): void {
  const { series } = run
  if (run.done) {
    if (runs.get(series)?.runId === run.runId) finish(run).catch(reportError)
    return
  }
  const card = cardOf(series)
  if (card?.matches('.sketch') !== true) return
  runs.set(series, run)
  const box = card.querySelector<HTMLElement>('.making') ?? buildProgress(card, run)
  // The stream may have reported the run before the page knew it as its own.
  if (isOwnRun(run.runId) && box.querySelector('button') === null) {
    box.append(cancelButton(run, `Cancel the run in ${series}`))
  }
  find<HTMLProgressElement>('progress', box).value = run.percent
  find('.phase', box).textContent = progressText(run)
  const news = newsOf(run)
  if (box.dataset.news !== news && isOwnRun(run.runId)) announce(`${series}: ${news}`)
  box.dataset.news = news
}

function buildProgress(card: HTMLElement, run: Run): HTMLElement {
  const box = create(
    'div',
    { className: 'making' },
    create('progress', { max: 100, value: 0, ariaLabel: `Progress in ${run.series}` }),
    create('p', { className: 'phase' })
  )
  const hadFocus = card.contains(document.activeElement)
  card.querySelector('.outcome')?.remove()
  card.querySelector('.draw')?.toggleAttribute('hidden', true)
  card.append(box)
  if (hadFocus) find('a', card).focus({ preventScroll: true })
  return box
}

/** What a finished run has led to. */
async function finish(run: Run): Promise<void> {
  const { series, errorCode, error } = run
  runs.delete(series)
  if (error !== '') return end(series, messageFor(errorCode, error))
  // The report of all runs does not say whether a degraded run has led to a stand-in, which the gallery does not have.
  const state = run.degraded ? await requestState(pictureOf(series)).catch(() => undefined) : undefined
  if (state?.isStandIn === true) return end(series, standInMessage(state))
  await refresh()
}

/** Shows why there is no picture, and the button again. @param problem what the message is about, until it ends */
function end(series: string, message: string, problem?: unknown): void {
  const card = cardOf(series)
  if (card === undefined) return
  const hadFocus = card.querySelector('.making')?.contains(document.activeElement) === true
  card.querySelector('.making')?.remove()
  card.querySelector('.outcome')?.remove()
  card.querySelector('.draw')?.removeAttribute('hidden')
  const outcome = create('p', { className: 'outcome', textContent: message })
  card.append(outcome)
  if (problem !== undefined) showProblem(outcome, problem)
  if (hadFocus) find('a', card).focus({ preventScroll: true })
  announce(`${series}: ${message}`)
}

/** Takes in what the server shows of this address now. Cards of runs that work stay as they are. */
async function refresh(): Promise<void> {
  const page = parse(await (await request(location.pathname)).text())
  revision = Number(page.body.dataset.revision)
  for (const id of ['#drawn', '#families']) find(id).replaceChildren(...find(id, page).childNodes)
  for (const fetched of cards(page)) {
    const series = fetched.dataset.series!
    const card = cardOf(series)
    if (card === undefined || card.dataset.version === fetched.dataset.version) continue
    const hadFocus = card.contains(document.activeElement)
    runs.delete(series)
    card.replaceWith(fetched)
    if (hadFocus) find('a', fetched).focus({ preventScroll: true })
    if (!fetched.matches('.sketch')) announce(`The picture in ${series} is drawn.`)
  }
}

/** Whether a picture of this address has changed, or may have: the server reports the last changes only. */
function hasChanged({ revision: now, changes }: Activity): boolean {
  if (now === revision) return false
  const missed = changes.filter((change) => change.revision > revision)
  return now < revision || missed.length < now - revision || missed.some(({ address }) => address === ADDRESS)
}

/** The server reports the first of many live runs. The state of another one is asked for. */
function scheduleCheck(run: Run): void {
  if (checks.has(run.runId)) return
  const timer = setTimeout(() => {
    checks.delete(run.runId)
    check(run).catch(reportError)
  }, MISSING_MS)
  checks.set(run.runId, timer)
}

async function check(run: Run): Promise<void> {
  const state = await requestState(pictureOf(run.series)).catch(() => run)
  if (runs.get(run.series)?.runId !== run.runId) return
  if (state !== undefined) return show(state)
  runs.delete(run.series)
  end(run.series, 'The server is no longer working on this picture.')
}

function receive({ data }: MessageEvent<string>): void {
  const activity = JSON.parse(data) as Activity
  latest = activity
  const reported = [...activity.runs, ...activity.ended].filter(({ address }) => address === ADDRESS)
  for (const run of reported) {
    clearTimeout(checks.get(run.runId))
    checks.delete(run.runId)
    show(run)
  }
  for (const run of runs.values()) {
    if (reported.every(({ runId }) => runId !== run.runId)) scheduleCheck(run)
  }
  if (!hasChanged(activity)) {
    revision = activity.revision
    return
  }
  clearTimeout(refreshing)
  refreshing = setTimeout(() => {
    refresh().catch(reportError)
  }, REFRESH_WAIT_MS)
}

function handleClick({ target }: MouseEvent): void {
  const copier = target instanceof Element ? target.closest<HTMLButtonElement>('[data-copy]') : null
  if (copier !== null) {
    copyNamed(copier).catch(reportError)
    return
  }
  const button = target instanceof Element ? target.closest<HTMLButtonElement>('.draw button') : null
  const series = button?.closest<HTMLElement>('.card')?.dataset.series
  if (button === null || series === undefined || asking.has(series)) return
  // A button that is disabled loses the focus.
  asking.add(series)
  draw(series)
    .catch((error: unknown) => end(series, messageOf(error), error))
    .finally(() => asking.delete(series))
}

setUpToken()
setUpMessages()
onConnection(() => {
  for (const run of runs.values()) show(run)
})
setUpTheme()
document.addEventListener('click', handleClick)
followActivity(receive)
