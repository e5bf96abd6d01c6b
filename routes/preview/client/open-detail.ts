import { Problem, loadPart } from './api.js'
import type { Run } from './api.js'
import type { History } from './detail.js'
import { GALLERY, find, isPicturePage, isPlainClick, keyOf, whileBusy } from './dom.js'
import { isCurrent, showList, showSearched } from './list.js'
import { reportError } from './messages.js'
import { onRun } from './runs.js'

const SIGNS_OF_USE = ['touchstart', 'wheel', 'keydown']

type Detail = typeof import('./detail.js')

let detail: Detail | undefined
let loading: Promise<Detail> | undefined
/** Increases when the visitor opens a picture, a run or a list. While the details are loaded, only the last counts. */
let version = 0

const isOpen = () => find<HTMLDialogElement>('#detail').open

/** Loads the scripts of the details, which the first view goes without. */
async function loadDetail(): Promise<Detail> {
  loading ??= loadPart(import('./detail.js')).then(
    (module) => {
      detail = module
      module.setUpDetail()
      return module
    },
    (error: unknown) => {
      loading = undefined
      throw error
    }
  )
  return await loading
}

/** Does something with the details, unless the visitor has opened something else meanwhile. */
async function withDetail(work: (module: Detail) => Promise<void> | void): Promise<void> {
  version += 1
  const wanted = version
  const module = detail ?? (await loadDetail())
  if (wanted === version) await work(module)
}

/** Shows the picture of this page in the dialog. */
export async function openDetail(path: string, how: History = 'push'): Promise<void> {
  await withDetail(async (module) => await module.openDetail(path, how))
}

/** Shows a run in the dialog, until its picture takes its place. */
export async function openRun(run: Run): Promise<void> {
  await withDetail((module) => module.openRun(run))
}

function openList(): void {
  version += 1
  detail?.openList()
}

/** *Back* leads from a similar picture to the one before it. Neighbours take the place of each other. */
function historyOf(link: HTMLAnchorElement): History {
  return isOpen() && !link.matches('.similar a') ? 'replace' : 'push'
}

/** Leaves the page only for one that can be there: offline, the browser would show its own error. */
function followOrReport(link: HTMLAnchorElement, error: unknown): void {
  if (error instanceof Problem) reportError(error)
  else location.assign(link.href)
}

function handleLink(event: MouseEvent): void {
  const link = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>('a') : null
  if (link === null || !isPlainClick(event) || link.origin !== location.origin) return
  // The page that it leads to begins at its top, with the form.
  if (link.matches('.home')) return
  if (link.matches('.close')) {
    loadDetail().then(
      (module) => {
        module.leave()
      },
      (error: unknown) => {
        followOrReport(link, error)
      }
    )
  } else if (isPicturePage(link.pathname) && !link.matches('.notice a')) {
    whileBusy(link, openDetail(link.pathname, historyOf(link))).catch((error: unknown) => {
      if (detail === undefined) followOrReport(link, error)
      else reportError(error)
    })
  } else {
    if (link.pathname === GALLERY) openList()
    return
  }
  event.preventDefault()
}

/** A removed picture that the page offers to bring back. */
function handleRestore({ target }: MouseEvent): void {
  const button = target instanceof Element ? target.closest<HTMLButtonElement>('[data-restore]') : null
  if (button === null) return
  loadPart(import('./restore.js'))
    .then(({ restoreOffered }) => restoreOffered(button))
    .catch(reportError)
}

/** After the page of a missing picture is loaded, its run may be under way already. */
function resume(run: Run): void {
  if (run.done || isOpen() || !isPicturePage(location.pathname)) return
  if (keyOf(location.pathname) === `${run.series}/${run.address}`) openRun(run).catch(reportError)
}

function handleHistory(): void {
  if (isPicturePage(location.pathname)) {
    openDetail(location.pathname, 'keep').catch(reportError)
    return
  }
  openList()
  const url = location.pathname + location.search
  if (isCurrent(url)) return
  showSearched(url)
  showList(url).catch(reportError)
}

/** Loads the details when the visitor first scrolls or presses something, so that the first picture opens soon. */
function prepareOnUse(): void {
  const load = () => {
    loadDetail().catch(() => {})
  }
  for (const sign of SIGNS_OF_USE) addEventListener(sign, load, { once: true, passive: true })
}

/** Loads the details with the pointer on its way to them. */
function prepare({ target }: Event): void {
  if (target instanceof Element && target.closest('.card a') !== null) loadDetail().catch(() => {})
}

/** The links that open a picture, and the way back. */
export function setUpOpening(): void {
  document.addEventListener('click', handleLink)
  document.addEventListener('click', handleRestore)
  document.addEventListener('pointerover', prepare)
  addEventListener('popstate', handleHistory)
  onRun(resume)
  if (isOpen()) loadDetail().catch(reportError)
  else prepareOnUse()
}
