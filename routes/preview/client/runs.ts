import { Problem, ask, askForPicture, askForState, inWords } from './api.js'
import type { Activity, Run } from './api.js'
import { find, make, pathOf, shorten, toast } from './dom.js'

const PHASES: Record<string, string> = {
  setup: 'Getting ready',
  base_prompts: 'Writing prompts',
  enhance_prompt: 'Polishing the prompt',
  image_prep: 'Composing',
  image_wait: 'Drawing',
  image_download: 'Fetching the drawing',
  annotate: 'Writing the caption',
  completed: 'Done',
  failed: 'Failed'
}

/** How long a run may go untold of before it is looked after. */
const MISSING_MS = 1_000

interface Line {
  run: Run
  item: HTMLLIElement
  /** Asked for from this page: how it ends is told here until it is put away. */
  isOwn: boolean
  /** Running while the server does not tell of the run. */
  missing?: ReturnType<typeof setTimeout>
}

const lines = new Map<string, Line>()
const listeners = new Set<(run: Run) => void>()
let further = 0

/** Calls `listener` with each new state of each run. */
export function onRun(listener: (run: Run) => void): void {
  listeners.add(listener)
}

/** Shows a run that was asked for from this page, before the server tells of it. */
export function follow(run: Run): void {
  const line = lineOf(run, true)
  line.isOwn = true
  // A picture that came while its last run was shown as failed needs no further run.
  if (run.done && !line.item.matches('.done, .failed')) end(line, run)
  show()
  line.item.scrollIntoView({ block: 'nearest' })
}

/** Takes over what the server tells of all runs. */
export function showActivity({ live, runs, ended }: Activity): void {
  const told = new Set(runs.map(keyOf))
  for (const run of runs) update(lineOf(run, false), run)
  for (const run of ended) {
    const line = lines.get(keyOf(run))
    if (line?.run.runId === run.runId && !line.run.done) end(line, run)
  }
  for (const [key, line] of lines) {
    if (told.has(key) || line.run.done) callOff(line)
    else if (line.isOwn) lookAfter(line)
    else put(line)
  }
  further = Math.max(0, live - runs.length)
  show()
}

/**
 * A run that is not told of may wait behind those that are, have ended while this page slept, or be forgotten by a server that
 * was started anew: the picture's own stream knows. The news of other runs must not put this off.
 */
function lookAfter(line: Line): void {
  line.missing ??= setTimeout(() => {
    callOff(line)
    const { run } = line
    askForState(pathOf('/dalle', run.series, run.address)).then(
      (state) => {
        if (lines.get(keyOf(run)) !== line || line.run.done) return
        if (state?.done === false) update(line, state)
        else end(line, state ?? { ...run, done: true, error: 'The server no longer works on this picture.' })
        show()
      },
      () => {}
    )
  }, MISSING_MS)
}

function callOff(line: Line): void {
  clearTimeout(line.missing)
  delete line.missing
}

function keyOf({ series, address }: Run): string {
  return `${series}/${address}`
}

function lineOf(run: Run, isOwn: boolean): Line {
  const known = lines.get(keyOf(run))
  if (known !== undefined && known.run.runId === run.runId) return known
  known?.item.remove()
  const line = { run, item: build(run), isOwn: isOwn || known?.isOwn === true }
  lines.set(keyOf(run), line)
  find('#runs ul').append(line.item)
  update(line, run)
  return line
}

function build(run: Run): HTMLLIElement {
  const cancel = make('button', { type: 'button', className: 'quiet change', textContent: 'Cancel' })
  cancel.dataset.role = 'end'
  cancel.setAttribute('aria-label', `Cancel ${run.series} ${shorten(run.address)}`)
  cancel.addEventListener('click', () => {
    cancel.disabled = true
    ask(pathOf('/dalle', run.series, run.address), 'DELETE').catch((error: unknown) => {
      cancel.disabled = false
      toast(error instanceof Problem ? error.message : 'It could not be cancelled.')
    })
  })
  const bar = make('progress', { max: 100, value: 0 })
  bar.setAttribute('aria-label', `Progress of ${run.series} ${shorten(run.address)}`)
  const item = make(
    'li',
    { className: 'run' },
    make('span', { className: 'canvas' }),
    make(
      'div',
      { className: 'about' },
      make('strong', { textContent: run.title }),
      make(
        'span',
        { className: 'which' },
        run.series,
        ' · ',
        make('code', { textContent: shorten(run.address) })
      ),
      bar,
      make('span', { className: 'phase' })
    ),
    cancel
  )
  item.dataset.key = keyOf(run)
  return item
}

function update(line: Line, run: Run): void {
  const { item } = line
  const partial = run.partialImages
  if (partial > 0 && partial !== Number(item.dataset.partial)) {
    item.dataset.partial = String(partial)
    find('.canvas', item).replaceChildren(
      make('img', {
        src: `${pathOf('/dalle', run.series, run.address)}/partial?n=${partial}`,
        alt: 'The picture so far'
      })
    )
  }
  line.run = run
  find('strong', item).textContent = run.title
  find<HTMLProgressElement>('progress', item).value = run.percent
  const note = run.degraded ? ` (${run.degradedReason})` : ''
  const words =
    run.queuePosition > 0
      ? `Waiting, number ${run.queuePosition} in line`
      : `${PHASES[run.currentPhase] ?? run.currentPhase}, ${Math.floor(run.percent)} %${left(run.etaSeconds)}${note}`
  const phase = find('.phase', item)
  if (phase.textContent !== words) phase.textContent = words
  announce(line, run)
  for (const listener of listeners) listener(run)
}

/** Screen readers are told of each phase of the visitor's own runs, not of each percent. */
function announce({ item, isOwn }: Line, { currentPhase, title, percent }: Run): void {
  if (!isOwn || item.dataset.phase === currentPhase) return
  item.dataset.phase = currentPhase
  find('#runs-status').textContent =
    `${title}: ${PHASES[currentPhase] ?? currentPhase}, ${Math.floor(percent)} percent`
}

function left(seconds: number): string {
  if (seconds < 1) return ''
  return seconds < 90
    ? `, about ${Math.round(seconds)} s left`
    : `, about ${Math.round(seconds / 60)} min left`
}

function end(line: Line, run: Run): void {
  callOff(line)
  update(line, run)
  if (!line.isOwn || run.errorCode === 'CANCELLED') {
    put(line)
    if (line.isOwn) toast(`Cancelled: ${run.title}`)
    return
  }
  if (run.error !== '' || !run.degraded || run.isStandIn !== undefined) {
    tellEnd(line, run)
    return
  }
  // What is told of all runs does not say whether the fallback cost only a better prompt, or the picture itself.
  askForState(pathOf('/dalle', run.series, run.address))
    .then(
      (state) => state?.isStandIn ?? true,
      () => true
    )
    .then((isStandIn) => {
      if (lines.get(keyOf(run)) === line) tellEnd(line, { ...run, isStandIn })
    })
}

/** Says how a run of the visitor's own ended, until it is put away. */
function tellEnd(line: Line, run: Run): void {
  const { item } = line
  const isDone = run.error === ''
  item.classList.add(isDone ? 'done' : 'failed')
  find('progress', item).remove()
  const phase = find('.phase', item)
  const last = find<HTMLButtonElement>('[data-role=end]', item)
  const picture = pathOf('/dalle', run.series, run.address)
  if (isDone) {
    const isStandIn = run.isStandIn === true
    find('.canvas', item).replaceChildren(
      make('img', { src: `${picture}?w=384&n=${run.runId}`, alt: run.title })
    )
    phase.textContent = isStandIn ? standInWords(run) : 'Your picture is ready.'
    last.before(
      make('a', {
        href: isStandIn ? picture : pathOf('/preview', run.series, run.address),
        className: 'button primary',
        textContent: isStandIn ? 'Look at the stand-in' : 'Look at it'
      })
    )
  } else {
    phase.textContent = inWords(run.errorCode, run.error)
    const again = make('button', { type: 'button', className: 'button change', textContent: 'Try again' })
    again.addEventListener('click', () => {
      again.disabled = true
      askForPicture(picture).then(
        ({ run: next }) => follow(next),
        (error: unknown) => {
          again.disabled = false
          phase.textContent = error instanceof Problem ? error.message : 'It could not be started again.'
        }
      )
    })
    last.before(again)
  }
  const away = make('button', { type: 'button', className: 'quiet', textContent: '✕' })
  away.setAttribute('aria-label', 'Put away')
  away.addEventListener('click', () => {
    put(line)
    show()
  })
  last.replaceWith(away)
}

/** Why there is only a stand-in, which hangs in no gallery. */
export function standInWords({ degradedReason }: Run): string {
  return `${degradedReason}. Ask again later for the picture itself.`
}

function put(line: Line): void {
  callOff(line)
  line.item.remove()
  lines.delete(keyOf(line.run))
}

function show(): void {
  find('#runs').hidden = lines.size === 0
  find('#runs .further').textContent = further === 0 ? '' : `and ${further.toLocaleString('en')} more in line`
}
