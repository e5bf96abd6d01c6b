import { requestState } from './api.js'
import type { Activity, Run } from './api.js'
import { find, pathOf } from './dom.js'
import { reportError, toast } from './messages.js'
import { buildItem, showEnd, showProgress } from './run-item.js'

/** A run that the server stopped reporting is checked after this time. */
const MISSING_MS = 1_000

interface Entry {
  run: Run
  item: HTMLLIElement
  /** Whether this page started the run. If so, its end is shown until the visitor dismisses it. */
  isOwn: boolean
  /** The timer of the check while the server does not report the run. */
  check?: ReturnType<typeof setTimeout>
}

const entries = new Map<string, Entry>()
const listeners = new Set<(run: Run) => void>()
/** The number of live runs that the server does not report one by one. */
let further = 0

/** Calls `listener` with each new state of each run. */
export function onRun(listener: (run: Run) => void): void {
  listeners.add(listener)
}

/** Shows a run that this page started, before the server reports it. */
export function follow(run: Run): void {
  const entry = entryOf(run, true)
  entry.isOwn = true
  // If the entry already shows the end of a run, another run without work has nothing to add.
  if (run.done && !entry.item.matches('.done, .failed')) end(entry, run)
  show()
  entry.item.scrollIntoView({ block: 'nearest' })
}

/** Shows the runs that the server reports. */
export function showActivity({ live, runs, ended }: Activity): void {
  const reported = new Set(runs.map(keyOf))
  for (const run of runs) update(entryOf(run, false), run)
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

function keyOf({ series, address }: Run): string {
  return `${series}/${address}`
}

/** The entry of a run. A new run of the same picture gets a new entry. */
function entryOf(run: Run, isOwn: boolean): Entry {
  const existing = entries.get(keyOf(run))
  if (existing !== undefined && existing.run.runId === run.runId) return existing
  existing?.item.remove()
  const entry = { run, item: buildItem(run), isOwn: isOwn || existing?.isOwn === true }
  entries.set(keyOf(run), entry)
  find('#runs ul').append(entry.item)
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
  // The report of all runs does not say whether a degraded run has a worse prompt only, or a stand-in.
  const isUnknown = run.error === '' && run.degraded && run.isStandIn === undefined
  const isStandIn = isUnknown ? await askIsStandIn(run) : run.isStandIn === true
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

/** Without an answer the picture counts as a stand-in, which the gallery does not contain. */
async function askIsStandIn(run: Run): Promise<boolean> {
  const state = await requestState(pathOf('/dalle', run)).catch(() => undefined)
  return state?.isStandIn ?? true
}

function dismiss(entry: Entry): void {
  cancelCheck(entry)
  entry.item.remove()
  entries.delete(keyOf(entry.run))
}

function show(): void {
  find('#runs').hidden = entries.size === 0
  find('#runs .further').textContent =
    further === 0 ? '' : `and ${further.toLocaleString('en')} more in the queue`
}
