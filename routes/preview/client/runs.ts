import { onConnection, requestPicture, requestState } from './api.js'
import type { Activity, Run } from './api.js'
import { find, pathOf } from './dom.js'
import { reportError, toast } from './messages.js'
import { isOwnRun, rememberRun } from './own-runs.js'
import { buildItem, showEnd, showProgress } from './run-item.js'

/** A run that the server stopped reporting is checked after this time. */
const MISSING_MS = 1_000

type Picture = Pick<Run, 'series' | 'address'>

interface Entry {
  run: Run
  item: HTMLLIElement
  /** Whether this tab started the run. If so, its end is shown until the visitor dismisses it. */
  isOwn: boolean
  /** The timer of the check while the server does not report the run. */
  check?: ReturnType<typeof setTimeout>
}

const entries = new Map<string, Entry>()
const listeners = new Set<(run: Run) => void>()
/** The number of live runs that the server does not report one by one. */
let further = 0
/** Keys of the pictures that this page has asked for, until the server answers. Their runs are not those of others. */
const asked = new Set<string>()
/** The key of the run that the details show. Its line is hidden meanwhile. */
let watched: string | undefined

/** Calls `listener` with each new state of each run. */
export function onRun(listener: (run: Run) => void): void {
  listeners.add(listener)
}

/** Asks for a picture, and shows its run. @param force as in `requestPicture` */
export async function make(picture: Picture, force = false): ReturnType<typeof requestPicture> {
  const key = keyOf(picture)
  asked.add(key)
  show()
  try {
    const answer = await requestPicture(pathOf('/dalle', picture), force)
    if (!answer.isThere) follow(answer.run)
    return answer
  } finally {
    asked.delete(key)
    show()
  }
}

/** Shows a run that this page started, before the server reports it. */
export function follow(run: Run): void {
  rememberRun(run.runId)
  const entry = entryOf(run)
  own(entry)
  // If the entry already shows the end of a run, another run without work has nothing to add.
  if (run.done && !entry.item.matches('.done, .failed')) end(entry, run)
  show()
}

/** The run of a picture, as far as this page knows. @param key `<series>/<address>` */
export function runOf(key: string): Run | undefined {
  return entries.get(key)?.run
}

/** Leaves a run to the details, which show its progress and its end. Undefined when they are closed. */
export function watch(key: string | undefined): void {
  const before = watched === undefined || watched === key ? undefined : entries.get(watched)
  watched = key
  if (before?.run.done === true) dismiss(before)
  show()
}

/** Takes out a run whose end the visitor has seen. */
export function dismissRun(key: string): void {
  const entry = entries.get(key)
  if (entry !== undefined) dismiss(entry)
  show()
}

function own(entry: Entry): void {
  entry.isOwn = true
  if (entry.item.parentElement !== find('#runs ul')) find('#runs ul').append(entry.item)
}

/** Says of each run that its progress is old, or shows it again. */
export function watchConnection(): void {
  onConnection(() => {
    for (const entry of entries.values()) if (!entry.run.done) update(entry, entry.run)
  })
}

/** Shows the runs that the server reports. */
export function showActivity({ live, runs, ended }: Activity): void {
  const reported = new Set(runs.map(keyOf))
  for (const run of runs) update(entryOf(run), run)
  for (const run of ended) {
    const entry = entries.get(keyOf(run))
    if (entry?.run.runId === run.runId && !entry.run.done) end(entry, run)
  }
  for (const [key, entry] of entries) {
    if (reported.has(key) || entry.run.done) cancelCheck(entry)
    else if (entry.isOwn) scheduleCheck(entry)
    else dismiss(entry)
  }
  further = Math.max(0, live - runs.length)
  show()
}

/**
 * A run may be missing because it waits behind the reported ones, because it ended while this page was hidden, or
 * because the server was restarted. Reports about other runs do not delay the check.
 */
function scheduleCheck(entry: Entry): void {
  entry.check ??= setTimeout(() => {
    cancelCheck(entry)
    // After an error the next report schedules the check again.
    requestState(pathOf('/dalle', entry.run)).then(
      (state) => {
        applyState(entry, state)
      },
      () => {}
    )
  }, MISSING_MS)
}

function applyState(entry: Entry, state: Run | undefined): void {
  const { run } = entry
  if (entries.get(keyOf(run)) !== entry || run.done) return
  if (state?.done === false) update(entry, state)
  else {
    const error = 'The server is no longer working on this picture.'
    end(entry, state ?? { ...run, done: true, error })
  }
  show()
}

function cancelCheck(entry: Entry): void {
  clearTimeout(entry.check)
  delete entry.check
}

function keyOf({ series, address }: Picture): string {
  return `${series}/${address}`
}

/** The entry of a run. A new run of the same picture gets a new entry. */
function entryOf(run: Run): Entry {
  const existing = entries.get(keyOf(run))
  if (existing !== undefined && existing.run.runId === run.runId) return existing
  existing?.item.remove()
  const entry = { run, item: buildItem(run), isOwn: isOwnRun(run.runId) || existing?.isOwn === true }
  entries.set(keyOf(run), entry)
  find(entry.isOwn ? '#runs ul' : '#others ul').append(entry.item)
  update(entry, run)
  return entry
}

function update(entry: Entry, run: Run): void {
  entry.run = run
  showProgress(entry.item, run, entry.isOwn)
  for (const listener of listeners) listener(run)
}

function end(entry: Entry, run: Run): void {
  cancelCheck(entry)
  update(entry, run)
  if (!entry.isOwn || run.errorCode === 'CANCELLED') {
    dismiss(entry)
    if (entry.isOwn) toast(`Cancelled: ${run.title}`)
    return
  }
  endOwn(entry, run).catch(reportError)
}

/** Shows the end of a run that this page started. */
async function endOwn(entry: Entry, run: Run): Promise<void> {
  const isStandIn = await hasStandIn(run)
  if (entries.get(keyOf(run)) !== entry) return
  showEnd(
    entry.item,
    { ...run, isStandIn },
    {
      onDismiss: () => {
        dismiss(entry)
        show()
      },
      onRetry: follow
    }
  )
}

/** Whether a finished run has led to a stand-in only. Without an answer of the server it counts as one. */
export async function hasStandIn(run: Run): Promise<boolean> {
  // The report of all runs does not say whether a degraded run has a worse prompt only, or a stand-in.
  if (!run.degraded || run.isStandIn !== undefined) return run.isStandIn === true
  const state = await requestState(pathOf('/dalle', run)).catch(() => undefined)
  return state?.isStandIn ?? true
}

function dismiss(entry: Entry): void {
  cancelCheck(entry)
  entry.item.remove()
  entries.delete(keyOf(entry.run))
}

/** The visitor's own runs stand on the page. Those of others are behind a button, so that they move nothing. */
function show(): void {
  let shown = 0
  let others = further
  for (const [key, { item, isOwn }] of entries) {
    item.hidden = isOwn ? key === watched : asked.has(key)
    if (item.hidden) continue
    if (isOwn) shown += 1
    else others += 1
  }
  find('#runs').hidden = shown === 0
  find('#others').hidden = others === 0
  find('#others summary').textContent = `${others.toLocaleString('en')} in the making`
  find('#others .further').textContent =
    further === 0 ? '' : `and ${further.toLocaleString('en')} more in the queue`
}
