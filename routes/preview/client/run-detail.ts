import type { Run } from './api.js'
import { isAway, messageFor } from './api.js'
import { GALLERY, create, find, pageOf, pathOf, shorten } from './dom.js'
import {
  cancelButton,
  newsOf,
  progressText,
  retryButton,
  showPartialImage,
  standInMessage
} from './run-item.js'

/** A run in the place of the details of its picture, which does not exist yet. */
export function buildRunDetail(run: Run): HTMLElement {
  const name = `${run.series} ${shorten(run.address)}`
  const facts = create(
    'div',
    { className: 'facts' },
    create(
      'p',
      { className: 'series' },
      create('a', { href: `${GALLERY}?series=${encodeURIComponent(run.series)}`, textContent: run.series })
    ),
    create('h2', { id: 'detail-title', tabIndex: -1 }),
    create('p', { className: 'address' }, create('code', { id: 'detail-address', textContent: run.address })),
    create('progress', { max: 100, value: 0, ariaLabel: `Progress of ${name}` }),
    create('p', { className: 'phase' }),
    create('div', { className: 'actions' }, cancelButton(run, 'Cancel')),
    create('p', { className: 'outcome unseen', role: 'status' })
  )
  const plate = create('div', { className: 'plate' }, create('span', { className: 'canvas' }))
  const article = create('article', { className: 'detail making' }, plate, facts)
  article.dataset.key = `${run.series}/${run.address}`
  article.dataset.picture = pathOf('/dalle', run)
  article.dataset.page = pageOf(run)
  showRunProgress(article, run)
  return article
}

/** Screen readers announce each phase, and not each percent. The eye has both beside the bar. */
export function showRunProgress(article: HTMLElement, run: Run): void {
  showPartialImage(article, run)
  const title = find('h2', article)
  if (title.textContent !== run.title) title.textContent = run.title
  find<HTMLProgressElement>('progress', article).value = run.percent
  find('.phase', article).textContent = progressText(run)
  const news = newsOf(run)
  if (article.dataset.news === news) return
  article.dataset.news = news
  find('.outcome', article).textContent = news
}

/** What the details of a picture say while a run makes it again. */
export function remakingText(run: Run): string {
  return isAway() ? newsOf(run) : `Making it again: ${Math.floor(run.percent)} %`
}

/** @param onRetry gets the next run after the visitor tried again */
export function showRunFailure(article: HTMLElement, run: Run, onRetry: (run: Run) => void): void {
  endRun(article, retryButton(run, find('.outcome', article), onRetry))
  find('.outcome', article).textContent = messageFor(run.errorCode, run.error)
}

/** Shows the picture that the gallery does not contain. */
export function showStandIn(article: HTMLElement, run: Run): void {
  const picture = pathOf('/dalle', run)
  endRun(
    article,
    create('a', { href: picture, className: 'button primary', textContent: 'View the stand-in' })
  )
  find('.canvas', article).replaceChildren(create('img', { src: picture, alt: run.title }))
  find('.outcome', article).textContent = standInMessage(run)
}

function endRun(article: HTMLElement, action: HTMLElement): void {
  const hadFocus = article.contains(document.activeElement)
  article.classList.add('ended')
  find('.outcome', article).classList.remove('unseen')
  find('progress', article).hidden = true
  find('.phase', article).textContent = ''
  find('.actions', article).replaceChildren(action)
  if (hadFocus && document.activeElement === document.body) find('h2', article).focus({ preventScroll: true })
}
