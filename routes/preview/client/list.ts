import { request } from './api.js'
import { GALLERY, find, keyOf, parse } from './dom.js'
import { reportError } from './messages.js'

/** The elements that hold numbers of pictures. */
const COUNTS = ['#filters', '#chips', '#chosen', '#found', '#all']
/** The next page is loaded when its link is this far below the window. */
const AHEAD = '1200px'

let url = location.pathname === GALLERY ? location.pathname + location.search : GALLERY
/** The URL of the list on the page. It differs from `url` until a list has loaded. */
let shown = url
/** Increases with each list that is shown. A response for an earlier list is ignored. */
let version = 0
let showing: Promise<void> = Promise.resolve()
/** Whether the list at `url` did not load. The list before it is still there. */
let hasFailed = false
let loading: Promise<boolean> | undefined
/** Whether the next page was asked for and is not in the list. */
let isPageMissing = false

/** Pixels that the bar at the top covers. */
const BAR_HEIGHT = 70

/** Keys of removed pictures: a response on its way may still contain them. */
export const removed = new Set<string>()

/** Keys of pictures whose runs this page has followed to their end. They come into the list at once. */
export const madeHere = new Set<string>()

const listeners = new Set<() => void>()

/** Calls `listener` before another list is loaded. */
export function onShowList(listener: () => void): void {
  listeners.add(listener)
}

/** The URL of the list that was last asked for. */
export function currentList(): string {
  return url
}

/** Whether the list at this URL is shown or on its way. */
export function isCurrent(path: string): boolean {
  return path === url && !hasFailed
}

/** Differs after another list was shown. */
export function listVersion(): number {
  return version
}

export function cards(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>('#list .card')]
}

/** The card of a picture. @param key `<series>/<address>` */
export function cardOf(key: string): HTMLElement | undefined {
  return document.querySelector<HTMLElement>(`#list .card[data-key="${CSS.escape(key)}"]`) ?? undefined
}

/** The section of a series. */
export function groupOf(series: string): HTMLElement | undefined {
  const selector = `#list .group[data-series="${CSS.escape(series)}"]`
  return document.querySelector<HTMLElement>(selector) ?? undefined
}

/** The link to the next page in the list, or in a list that was fetched. */
export function nextLink(page: Document = document): HTMLAnchorElement | undefined {
  return page.querySelector<HTMLAnchorElement>('#list a[rel=next]') ?? undefined
}

export async function fetchPage(path: string): Promise<Document> {
  return parse(await (await request(path)).text())
}

const searchField = () => find<HTMLInputElement>('#search [type=search]')
const searchedText = (path: string) => new URL(path, location.href).searchParams.get('q') ?? ''

/** Puts the text that the list at this URL is searched for into the field. */
export function showSearched(path: string): void {
  searchField().value = searchedText(path)
}

/** Replaces the list by the one at this URL. */
export async function showList(path: string): Promise<void> {
  url = path
  version += 1
  hasFailed = false
  // The end of the former list may come into sight, but what follows it belongs to no list that is wanted.
  sentinel.disconnect()
  for (const listener of listeners) listener()
  const isTyping = document.activeElement === searchField()
  if (!isTyping) showSearched(path)
  if (searchedText(path) !== '') document.body.toggleAttribute('data-search', true)
  const wanted = version
  showing = replaceList(path, wanted)
  try {
    await showing
  } catch (error) {
    if (wanted === version) hasFailed = true
    throw error
  }
}

/** Waits for the list that is on its way. Asks for it again if it did not load; returns false if it did. */
export async function showFailedList(): Promise<boolean> {
  await showing.catch(() => {})
  if (!hasFailed) return false
  const isOther = url !== shown
  await showList(url)
  if (isOther) showBeginning()
  return true
}

async function replaceList(path: string, wanted: number): Promise<void> {
  const page = await fetchPage(path)
  if (wanted !== version) return
  // The server knows which parameters choose pictures.
  document.body.toggleAttribute('data-search', page.body.hasAttribute('data-search'))
  // A page that was opened with a search has no newest pictures.
  const newest = page.querySelector('.fan')
  if (newest !== null && document.querySelector('.fan') === null) find('.maker').append(newest)
  // The message on the page of a missing picture stays while that page is open.
  if (location.pathname === GALLERY) showNotice(page)
  showCounts(page)
  showPictures(page)
  shown = path
  for (const key of removed) removeCard(key)
}

function showNotice(page: Document): void {
  document.querySelector('main > .notice')?.remove()
  find('main').prepend(...page.querySelectorAll('main > .notice'))
}

/** Scrolls up to the beginning of a list. A search hides the top of the page, so that the list begins higher. */
export function showBeginning(): void {
  scrollTo({ top: Math.min(scrollY, find('#chips').offsetTop - BAR_HEIGHT) })
}

/** Takes the numbers of pictures from a fetched page. The focus stays on its link. */
export function showCounts(page: Document): void {
  const left = document.querySelector('#chips ul')?.scrollLeft ?? 0
  const focused = document.activeElement
  const within = COUNTS.find((id) => focused?.closest(id))
  for (const id of COUNTS) find(id).replaceChildren(...find(id, page).childNodes)
  showChosenSeries(left)
  if (within === undefined) return
  const links = [...find(within).querySelectorAll('a')]
  const same = links.find((link) => link.getAttribute('href') === focused!.getAttribute('href'))
  ;(same ?? links[0])?.focus({ preventScroll: true })
}

/** Scrolls the row of series to where it was, or else so that the chosen one is in sight. */
export function showChosenSeries(left = 0): void {
  const row = document.querySelector('#chips ul')
  const chosen = row?.querySelector<HTMLElement>('[aria-current]')
  if (!row || !chosen) return
  row.scrollLeft = left
  const { offsetLeft, offsetWidth } = chosen
  const isInSight = offsetLeft >= left && offsetLeft + offsetWidth <= left + row.clientWidth
  if (!isInSight) row.scrollLeft = offsetLeft - (row.clientWidth - offsetWidth) / 2
}

/** Takes all pictures from a fetched page. */
export function showPictures(page: Document): void {
  find('#list').replaceChildren(...find('#list', page).childNodes)
  // A page of the former list, which may be on its way, must not keep the next page of this one waiting.
  loading = undefined
  isPageMissing = false
  watchEnd()
}

/** Takes a picture out of the list, and out of the newest ones at the top. @param key `<series>/<address>` */
export function removeCard(key: string): void {
  const card = cardOf(key)
  const group = card?.closest('.group')
  card?.remove()
  if (group?.querySelector('.card') === null) group.remove()
  for (const link of document.querySelectorAll<HTMLAnchorElement>('.fan a')) {
    if (keyOf(link.pathname) === key) link.remove()
  }
}

/** Fetches the next page and appends its pictures. Returns false if there is no next page. */
export async function loadMore(): Promise<boolean> {
  if (loading !== undefined) return await loading
  const started = loadNext().finally(() => {
    if (loading === started) loading = undefined
  })
  loading = started
  return await started
}

async function loadNext(): Promise<boolean> {
  const link = nextLink()
  if (link === undefined) return false
  const wanted = version
  isPageMissing = true
  const page = await fetchPage(link.href)
  // Another list may have taken the place of the one with this link.
  if (wanted !== version || nextLink() !== link) return false
  isPageMissing = false
  for (const group of page.querySelectorAll<HTMLElement>('#list .group')) appendGroup(group)
  const next = nextLink(page)
  if (next === undefined) find('#list .more').replaceChildren()
  else link.href = next.href
  for (const key of removed) removeCard(key)
  return true
}

function appendGroup(group: HTMLElement): void {
  const existing = groupOf(group.dataset.series!)
  if (existing === undefined) return find('#list .more').before(group)
  const fetched = [...group.querySelectorAll<HTMLElement>('.card')]
  find('.grid', existing).append(...fetched.filter(({ dataset }) => cardOf(dataset.key!) === undefined))
}

const sentinel = new IntersectionObserver(
  (entries) => {
    if (entries.some(({ isIntersecting }) => isIntersecting)) loadUntilFull().catch(reportError)
  },
  { rootMargin: AHEAD }
)

/** The observer reports changes only. After a short page the link may still be in sight, so it is observed again. */
async function loadUntilFull(): Promise<void> {
  if (await loadMore()) watchEnd()
}

/** Asks again for what did not load: the list, or its next page. Waits for what is on its way. */
export async function loadMissing(): Promise<void> {
  if (await showFailedList()) return
  await loading?.catch(() => {})
  if (isPageMissing) await loadUntilFull()
}

/** Loads the next page when the visitor scrolls near the end of the list. */
export function watchEnd(): void {
  sentinel.disconnect()
  const link = nextLink()
  if (link !== undefined) sentinel.observe(link)
}
