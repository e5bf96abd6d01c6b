import { Problem, messageFor, request } from './api.js'
import type { Run } from './api.js'
import { COPY_HINT, copyNamed, copyText } from './clipboard.js'
import { create, find, keyOf, parse, pageOf, whileBusy } from './dom.js'
import { cardOf, cards, currentList, loadMore, madeHere, nextLink, removeCard } from './list.js'
import { messageOf, reportError, showProblem, toast } from './messages.js'
import { restorePicture } from './restore.js'
import { buildRunDetail, remakingText, showRunFailure, showRunProgress, showStandIn } from './run-detail.js'
import { dismissRun, follow, hasStandIn, make, onRun, runOf, watch } from './runs.js'
import { watchSwipes } from './swipe.js'

/** A button that changes a picture asks a question, and waits this long for a second click. */
const CONFIRM_MS = 20_000

type Direction = 'prev' | 'next'
/** How the URL of a picture gets into the history. */
export type History = 'push' | 'replace' | 'keep'

const dialog = () => find<HTMLDialogElement>('#detail')
const article = () => document.querySelector<HTMLElement>('#detail .detail')

/** Increases when the visitor opens or closes a picture. A response for an earlier one is ignored. */
let version = 0

/** Shows the picture of this page in the dialog, or the run that makes it. @param how as in `setUrl` */
export async function openDetail(path: string, how: History = 'push'): Promise<void> {
  version += 1
  const wanted = version
  const parts = await fetchDetail(path).catch((error: unknown) => [findRunDetail(path, error)])
  if (wanted !== version) return
  find('#detail-body').replaceChildren(...parts)
  setUrl(path, how)
  show()
}

/** The details of the run that makes a picture, where there is one. @throws the error, where there is none */
function findRunDetail(path: string, error: unknown): HTMLElement {
  const run = runOf(keyOf(path))
  if (run === undefined || !isMissing(error)) throw error
  return buildRunDetail(run)
}

const isMissing = (error: unknown) => error instanceof Problem && error.code === 'NOT_FOUND'

/** Shows a run in the dialog, until its picture takes its place. */
export function openRun(given: Run): void {
  version += 1
  // The run may have gone on while this module was loaded.
  const known = runOf(`${given.series}/${given.address}`)
  const run = known?.runId === given.runId ? known : given
  const path = pageOf(run)
  document.querySelector('main > .notice')?.remove()
  find('#detail-body').replaceChildren(buildRunDetail(run))
  setUrl(path, dialog().open || location.pathname === path ? 'replace' : 'push')
  show()
  if (run.done) showRun(run)
}

/** Puts the URL of a picture into the address bar. @param how how it gets into the history */
function setUrl(path: string, how: History): void {
  if (how === 'keep') return
  const opened = openedEntries()
  // A page that is opened at once has no list behind it, however many pictures follow it.
  const isBehind = opened > 0 || !dialog().open
  history[`${how}State`]({ opened: how === 'push' && isBehind ? opened + 1 : opened }, '', path)
}

/** How many entries of the history lie between the list and this picture. 0: the list is not behind it. */
function openedEntries(): number {
  const { opened } = (history.state ?? {}) as { opened?: number }
  return opened ?? 0
}

/** Loads the details again if this picture is still open. @param message what is new about it */
async function reload(key: string, path: string, message: string): Promise<void> {
  const parts = await fetchWithImage(path)
  if (!dialog().open || article()?.dataset.key !== key) return
  replaceArticle(parts)
  find('#detail-body .outcome').textContent = message
}

/** Puts new details in the place of those that are shown. The focus stays where it is, or near. */
function replaceArticle(parts: Iterable<Node>): void {
  const body = find('#detail-body')
  const { scrollTop } = body
  const hadFocus = body.contains(document.activeElement)
  body.replaceChildren(...parts)
  if (hadFocus) find('#detail-title').focus({ preventScroll: true })
  body.scrollTop = scrollTop
  showFrame()
}

async function fetchDetail(path: string): Promise<NodeListOf<ChildNode>> {
  return parse(await (await request(`${path}?part=detail`)).text()).body.childNodes
}

/** Waits for the picture too, so that no empty place comes where something was. */
async function fetchWithImage(path: string): Promise<Node[]> {
  // Adopted by this page, the image loads. An image that cannot be loaded is shown by its description.
  const parts = [...(await fetchDetail(path))].map((part) => document.adoptNode(part))
  const image = parts
    .filter((part) => part instanceof Element)
    .map((part) => part.querySelector<HTMLImageElement>('.plate img'))
    .find((found) => found !== null)
  await image?.decode().catch(() => {})
  return parts
}

function show(): void {
  if (!dialog().matches(':modal')) {
    dialog().close()
    dialog().showModal()
  }
  find('#detail-body').scrollTop = 0
  find('#detail-title').focus({ preventScroll: true })
  showFrame()
}

/** What depends on the open picture outside of its details. */
function showFrame(): void {
  const shown = article()!
  document.title = `${find('#detail-title').textContent} – dalleserver`
  watch(shown.dataset.key)
  find<HTMLButtonElement>('[data-go=prev]').disabled = neighbour('prev') === undefined
  find<HTMLButtonElement>('[data-go=next]').disabled =
    neighbour('next') === undefined && (nextLink() === undefined || shown.matches('.making'))
}

/** The page of the next or previous picture in the list; the server names it if the picture is not in the list. */
function neighbour(direction: Direction): string | undefined {
  const shown = article()
  if (shown === null) return undefined
  const all = cards()
  const index = all.findIndex(({ dataset }) => dataset.key === shown.dataset.key)
  if (index < 0) return shown.querySelector<HTMLAnchorElement>(`a[rel=${direction}]`)?.pathname
  const card = all[index + (direction === 'next' ? 1 : -1)]
  return card && find<HTMLAnchorElement>('a', card).pathname
}

async function step(direction: Direction): Promise<void> {
  const wanted = version
  if (direction === 'next' && neighbour('next') === undefined) await loadMore()
  // The visitor may have closed the picture meanwhile.
  if (wanted !== version) return
  const path = neighbour(direction)
  if (path !== undefined) await openDetail(path, 'replace')
}

/** Closes the dialog and goes back to the URL of the list. */
export function leave(): void {
  const opened = openedEntries()
  if (opened > 0) history.go(-opened)
  else {
    history.replaceState(null, '', currentList())
    close()
  }
}

function close(): void {
  version += 1
  const key = article()?.dataset.key
  dialog().close()
  // The page of one picture shows, and loads, the list only when the picture is closed.
  const isDirect = document.body.hasAttribute('data-direct')
  document.body.removeAttribute('data-direct')
  watch(undefined)
  document.title = 'dalleserver gallery'
  const card = key === undefined ? undefined : cardOf(key)
  card?.querySelector('a')?.focus({ preventScroll: true })
  if (isDirect) return showWall(card)
  const isSameList = location.pathname + location.search === currentList()
  if (card === undefined || !isSameList) return
  // On the way back, the browser first scrolls to where the visitor left the list.
  requestAnimationFrame(() => {
    if (!isInSight(card)) showWall(card)
  })
}

function isInSight(element: HTMLElement): boolean {
  const { top, bottom } = element.getBoundingClientRect()
  return bottom > 0 && top < innerHeight
}

/** Brings the pictures into sight: the one that was closed, or the first ones where it is not among them. */
function showWall(card: HTMLElement | undefined): void {
  if (card !== undefined) return card.scrollIntoView({ block: 'center' })
  find('#chips').scrollIntoView()
  find('#pictures').focus({ preventScroll: true })
}

/** Shows an answer below the buttons of a picture, where the visitor sees it. */
function say(shown: HTMLElement, text: string): HTMLElement {
  const outcome = find('.outcome', shown)
  outcome.textContent = text
  outcome.scrollIntoView({ block: 'nearest' })
  return outcome
}

/** Offers the link to other apps; where the browser cannot, copies it. */
async function share(button: HTMLElement, shown: HTMLElement): Promise<void> {
  const url = button.dataset.share!
  const title = find('#detail-title').textContent
  if ('share' in navigator && navigator.canShare({ title, url })) {
    // A visitor who closes the list of apps has changed their mind.
    await navigator.share({ title, url }).catch(() => {})
    return
  }
  await copyShown(url, 'The link is copied.', shown)
}

/** Copies a text, or shows it where the visitor can. @param message what is said of it when it is copied */
async function copyShown(text: string, message: string, shown: HTMLElement): Promise<void> {
  const code = create('code', { textContent: text })
  say(shown, '').append(code)
  const isCopied = await copyText(text, code)
  if (isCopied) say(shown, message)
  else code.before(`${COPY_HINT}: `)
}

/** What a button asks before it changes a picture, on itself. */
const CONFIRM: Record<string, string> = {
  remove: 'Really remove it?',
  regenerate: 'Really make it again?',
  restore: 'Really bring it back?'
}

let withdrawing: ReturnType<typeof setTimeout> | undefined

/** Asks at the first click what the second one confirms. */
function isConfirmed(button: HTMLElement, shown: HTMLElement): boolean {
  const { label } = button.dataset
  clearTimeout(withdrawing)
  for (const asked of shown.querySelectorAll<HTMLElement>('[data-label]')) withdraw(asked, shown)
  if (label !== undefined) return true
  button.dataset.label = button.textContent
  button.textContent = CONFIRM[button.dataset.action!]!
  say(shown, button.dataset.question!)
  withdrawing = setTimeout(withdraw, CONFIRM_MS, button, shown)
  return false
}

/** Takes the question of a button back. */
function withdraw(button: HTMLElement, shown: HTMLElement): void {
  const { label, question = '' } = button.dataset
  if (label === undefined) return
  delete button.dataset.label
  button.textContent = label
  const outcome = find('.outcome', shown)
  if (outcome.textContent === question) outcome.textContent = ''
}

/** Takes back what a button asks. Returns false if none does. */
function withdrawQuestion(): boolean {
  const shown = article()
  const asked = shown?.querySelector<HTMLElement>('[data-label]')
  if (!shown || !asked) return false
  clearTimeout(withdrawing)
  withdraw(asked, shown)
  return true
}

async function remove(shown: HTMLElement): Promise<void> {
  const { key, page, picture } = shown.dataset
  await request(`${picture!}?remove=1`)
  toast('The picture was moved to the archive. Its prompts are kept.', {
    label: 'Undo',
    work: async () => {
      await restorePicture(key!)
      await openDetail(page!)
    }
  })
  leave()
  removeCard(key!)
}

async function restore(shown: HTMLElement): Promise<void> {
  const { key, page } = shown.dataset
  await restorePicture(key!)
  await reload(key!, page!, 'The earlier picture is back. The other one is in the archive.')
}

async function regenerate(shown: HTMLElement): Promise<void> {
  const [series = '', address = ''] = shown.dataset.key!.split('/')
  const { isThere } = await make({ series, address }, true)
  if (isThere) say(shown, 'This picture was made a moment ago. Wait a few seconds, then try again.')
}

/** Another list opens. If details are still loading, they must not open any more. */
export function openList(): void {
  if (dialog().open) close()
  else version += 1
}

function handleButton({ target }: MouseEvent): void {
  if (target === dialog()) return leave()
  const button = target instanceof Element ? target.closest('button') : null
  const shown = article()
  if (button === null || shown === null) return
  whileBusy(button, runAction(button, shown)).catch((error: unknown) => {
    showProblem(say(shown, messageOf(error)), error)
  })
}

async function runAction(button: HTMLElement, shown: HTMLElement): Promise<void> {
  const { go, action, copy: source, share: link, embed } = button.dataset
  if (go === 'prev' || go === 'next') await step(go)
  else if (source !== undefined) await copyNamed(button)
  else if (link !== undefined) await share(button, shown)
  else if (embed !== undefined) await copyShown(embed, 'The code is copied: an <img> for a web page.', shown)
  else if (action !== undefined && isConfirmed(button, shown)) {
    await (action === 'remove' ? remove : action === 'restore' ? restore : regenerate)(shown)
  }
}

function handleKey(event: KeyboardEvent): void {
  // Without its default the key does not close the dialog.
  if (event.key === 'Escape' && withdrawQuestion()) return event.preventDefault()
  const isTyping =
    event.target instanceof Element && event.target.closest('input, textarea, select, pre') !== null
  if (isTyping || event.altKey || event.ctrlKey || event.metaKey) return
  if (event.key === 'ArrowLeft') step('prev').catch(reportError)
  else if (event.key === 'ArrowRight') step('next').catch(reportError)
}

/** Shows the progress of the run that makes the open picture, and then the picture. */
function showRun(run: Run): void {
  const key = `${run.series}/${run.address}`
  const shown = article()
  if (!dialog().open || shown?.dataset.key !== key) return
  if (shown.matches('.making')) return showMaking(run, shown)
  const outcome = find('.outcome', shown)
  if (!run.done) outcome.textContent = remakingText(run)
  else if (run.error !== '') outcome.textContent = messageFor(run.errorCode, run.error)
  else {
    madeHere.add(key)
    outcome.textContent = ''
    reload(key, shown.dataset.page!, 'This is the new picture.').catch(reportError)
  }
}

function showMaking(run: Run, shown: HTMLElement): void {
  if (shown.matches('.ended')) return
  if (!run.done) showRunProgress(shown, run)
  else if (run.errorCode === 'CANCELLED') leave()
  else if (run.error !== '') {
    showRunFailure(shown, run, (next) => {
      follow(next)
      if (dialog().open && article() === shown) openRun(next)
    })
  } else finish(run, shown).catch(reportError)
}

/** Puts the finished picture in the place of its run. */
async function finish(run: Run, shown: HTMLElement): Promise<void> {
  const key = shown.dataset.key!
  madeHere.add(key)
  if (await hasStandIn(run)) return showStandIn(shown, run)
  const parts = await fetchWithImage(shown.dataset.page!)
  if (article() !== shown) return
  replaceArticle(parts)
  find('#detail-body .outcome').textContent = 'Your picture is ready.'
  dismissRun(key)
}

/** The dialog of one picture, and the buttons and keys that change and close it. */
export function setUpDetail(): void {
  dialog().addEventListener('click', handleButton)
  dialog().addEventListener('keydown', handleKey)
  watchSwipes(dialog(), (to) => {
    step(to === 'right' ? 'prev' : 'next').catch(reportError)
  })
  dialog().addEventListener('cancel', (event) => {
    event.preventDefault()
    if (!withdrawQuestion()) leave()
  })
  onRun(showRun)
  if (article() !== null) show()
}
