import { isAway, messageFor, request, requestPicture } from './api.js'
import type { Run } from './api.js'
import { create, find, pageOf, pathOf, shorten } from './dom.js'
import { messageOf, showProblem, toast } from './messages.js'

const PHASES: Record<string, string> = {
  setup: 'Getting ready',
  base_prompts: 'Writing the prompts',
  enhance_prompt: 'Improving the prompt',
  image_prep: 'Preparing the image',
  image_wait: 'Drawing',
  image_download: 'Downloading the image',
  annotate: 'Writing the caption',
  completed: 'Done',
  failed: 'Failed'
}

/** What stands in the place of old progress. */
const AWAY = 'The server cannot be reached. This page goes on trying.'

/** Above this, the time left is shown in minutes. */
const MAX_SECONDS = 90

/** The list item of a run. */
export function buildItem(run: Run): HTMLLIElement {
  const name = `${run.series} ${shorten(run.address)}`
  const bar = create('progress', { max: 100, value: 0, ariaLabel: `Progress of ${name}` })
  const item = create(
    'li',
    { className: 'run' },
    create('span', { className: 'canvas' }),
    create(
      'div',
      { className: 'about' },
      create('strong', {}, create('a', { href: pageOf(run), textContent: run.title })),
      create(
        'span',
        { className: 'which' },
        run.series,
        ' · ',
        create('code', { textContent: shorten(run.address) })
      ),
      bar,
      create('span', { className: 'phase' })
    ),
    cancelButton(run, `Cancel ${name}`)
  )
  item.dataset.key = `${run.series}/${run.address}`
  return item
}

export function cancelButton(run: Run, ariaLabel: string): HTMLButtonElement {
  const button = create('button', {
    type: 'button',
    className: 'quiet change',
    textContent: 'Cancel',
    ariaLabel
  })
  button.dataset.role = 'end'
  button.addEventListener('click', () => {
    button.disabled = true
    request(pathOf('/dalle', run), 'DELETE').catch((error: unknown) => {
      button.disabled = false
      toast(messageOf(error, 'The run could not be cancelled.'))
    })
  })
  return button
}

/** Shows the progress of a run. @param isOwn whether screen readers announce its phases */
export function showProgress(item: HTMLLIElement, run: Run, isOwn: boolean): void {
  showPartialImage(item, run)
  find('strong a', item).textContent = run.title
  find<HTMLProgressElement>('progress', item).value = run.percent
  const phase = find('.phase', item)
  const text = progressText(run)
  if (phase.textContent !== text) phase.textContent = text
  if (isOwn) announce(item, run)
}

export function showPartialImage(item: HTMLElement, run: Run): void {
  const number = run.partialImages
  if (number === 0 || number === Number(item.dataset.partial)) return
  item.dataset.partial = String(number)
  const src = `${pathOf('/dalle', run)}/partial?n=${number}`
  find('.canvas', item).replaceChildren(create('img', { loading: 'lazy', src, alt: 'The picture so far' }))
}

export function progressText(run: Run): string {
  if (isAway()) return AWAY
  if (run.queuePosition > 0) return `Waiting, number ${run.queuePosition} in the queue`
  const note = run.degraded ? ` (${run.degradedReason})` : ''
  return `${phaseOf(run)}, ${Math.floor(run.percent)} %${timeLeft(run.etaSeconds)}${note}`
}

/** What screen readers announce when it changes. */
export function newsOf(run: Run): string {
  return isAway() ? AWAY : phaseOf(run)
}

function phaseOf({ currentPhase }: Run): string {
  return PHASES[currentPhase] ?? currentPhase
}

function timeLeft(seconds: number): string {
  if (seconds < 1) return ''
  return seconds < MAX_SECONDS
    ? `, about ${Math.round(seconds)} s left`
    : `, about ${Math.round(seconds / 60)} min left`
}

/** Screen readers announce each phase of the visitor's own runs, not each percent. A toast says what is cancelled. */
function announce(item: HTMLLIElement, run: Run): void {
  const news = newsOf(run)
  if (item.dataset.news === news) return
  item.dataset.news = news
  const progress = run.done || isAway() ? '' : `, ${Math.floor(run.percent)} percent`
  find('#runs-status').textContent = run.errorCode === 'CANCELLED' ? '' : `${run.title}: ${news}${progress}`
}

interface EndHandlers {
  onDismiss: () => void
  /** Gets the next run after the visitor tried again. */
  onRetry: (run: Run) => void
}

/** Shows how a run ended, in place of its progress. */
export function showEnd(item: HTMLLIElement, run: Run, { onDismiss, onRetry }: EndHandlers): void {
  const isDone = run.error === ''
  item.classList.add(isDone ? 'done' : 'failed')
  find('progress', item).remove()
  const button = find<HTMLButtonElement>('[data-role=end]', item)
  if (isDone) button.before(showPicture(item, run))
  else button.before(showFailure(item, run, onRetry))
  const dismiss = create('button', {
    type: 'button',
    className: 'quiet',
    textContent: '✕',
    ariaLabel: 'Dismiss'
  })
  dismiss.addEventListener('click', onDismiss)
  button.replaceWith(dismiss)
}

/** Shows the picture of a run; returns the link to it. */
function showPicture(item: HTMLLIElement, run: Run): HTMLAnchorElement {
  const picture = pathOf('/dalle', run)
  const isStandIn = run.isStandIn === true
  const src = `${picture}?w=384&n=${run.runId}`
  const canvas = find('.canvas', item)
  const image = create('img', { src, alt: run.title })
  canvas.replaceChildren(image)
  canvas.classList.add('loading')
  image
    .decode()
    .catch(() => {})
    .finally(() => {
      canvas.classList.remove('loading')
    })
  find('.phase', item).textContent = isStandIn ? standInMessage(run) : 'Your picture is ready.'
  return create('a', {
    href: isStandIn ? picture : pageOf(run),
    className: 'button primary',
    textContent: isStandIn ? 'View the stand-in' : 'View it'
  })
}

/** Shows the error of a run; returns the button that tries again. */
function showFailure(item: HTMLLIElement, run: Run, onRetry: EndHandlers['onRetry']): HTMLButtonElement {
  const phase = find('.phase', item)
  phase.textContent = messageFor(run.errorCode, run.error)
  return retryButton(run, phase, onRetry)
}

/** The button that tries a failed run again. @param message shows why it could not be started */
export function retryButton(run: Run, message: Element, onRetry: (run: Run) => void): HTMLButtonElement {
  const button = create('button', { type: 'button', className: 'button change', textContent: 'Try again' })
  const failure = messageFor(run.errorCode, run.error)
  button.addEventListener('click', () => {
    button.disabled = true
    requestPicture(pathOf('/dalle', run)).then(
      ({ run: next }) => {
        onRetry(next)
      },
      (error: unknown) => {
        button.disabled = false
        showProblem(message, error, 'The run could not be started again.', failure)
      }
    )
  })
  return button
}

/** Says why there is only a stand-in, which the gallery does not contain. */
export function standInMessage({ degradedReason }: Run): string {
  return `${degradedReason}. Try again later to get the real picture.`
}
