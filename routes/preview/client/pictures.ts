import { Problem, ask } from './api.js'
import type { Activity } from './api.js'
import { find, parse, toast } from './dom.js'

const SEARCH_WAIT_MS = 250
const REFRESH_WAIT_MS = 250
/** How far below the window the next page is fetched. */
const AHEAD = '1200px'

let listUrl = location.pathname === '/preview' ? location.pathname + location.search : '/preview'
let revision = Number(document.body.dataset.revision)
let refreshing: ReturnType<typeof setTimeout> | undefined
let loading: Promise<boolean> | undefined

/** The address of what the list shows. */
export function currentList (): string {
  return listUrl
}

export function cards (): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>('#list .card')]
}

export function cardOf (key: string): HTMLElement | undefined {
  return document.querySelector<HTMLElement>(`#list .card[data-key="${CSS.escape(key)}"]`) ?? undefined
}

async function fetchPage (url: string): Promise<Document> {
  return parse(await (await ask(url)).text())
}

/** Shows the list of this address in place of the present one. */
export async function showList (url: string): Promise<void> {
  const wanted = listUrl = url
  const page = await fetchPage(url)
  if (wanted !== listUrl) return
  for (const id of ['#chips', '#found', '#all', '#list']) find(id).replaceChildren(...find(id, page).childNodes)
  revision = Math.max(revision, Number(page.body.dataset.revision))
  watchEnd()
}

/** Fetches the next page and hangs its pictures below. False when there is none. */
export async function loadMore (): Promise<boolean> {
  loading ??= loadNext().finally(() => { loading = undefined })
  return await loading
}

async function loadNext (): Promise<boolean> {
  const link = document.querySelector<HTMLAnchorElement>('#list a[rel=next]')
  if (link === null) return false
  const from = listUrl
  const page = await fetchPage(link.href)
  if (from !== listUrl) return false
  for (const group of page.querySelectorAll<HTMLElement>('#list .group')) {
    const known = groupOf(group.dataset.series!)
    if (known === undefined) find('#list .more').before(group)
    else find('.grid', known).append(...[...group.querySelectorAll<HTMLElement>('.card')].filter(({ dataset }) => cardOf(dataset.key!) === undefined))
  }
  const next = page.querySelector<HTMLAnchorElement>('#list a[rel=next]')
  if (next === null) find('#list .more').replaceChildren()
  else link.href = next.href
  return true
}

function groupOf (series: string): HTMLElement | undefined {
  return document.querySelector<HTMLElement>(`#list .group[data-series="${CSS.escape(series)}"]`) ?? undefined
}

/** Hangs what is new of the first page among what is there, and leaves the rest as it is. */
async function refresh (): Promise<void> {
  const from = listUrl
  const page = await fetchPage(listUrl)
  if (from !== listUrl) return
  for (const id of ['#chips', '#found', '#all']) find(id).replaceChildren(...find(id, page).childNodes)
  if (cards().length === 0 || find('#list', page).querySelector('.card') === null) {
    find('#list').replaceChildren(...find('#list', page).childNodes)
    watchEnd()
    return
  }
  for (const group of [...page.querySelectorAll<HTMLElement>('#list .group')].reverse()) {
    const known = groupOf(group.dataset.series!)
    if (known === undefined) {
      for (const card of group.querySelectorAll('.card')) card.classList.add('fresh')
      find('#list').prepend(group)
    } else {
      find('.count', known).replaceChildren(...find('.count', group).childNodes)
      for (const card of [...group.querySelectorAll<HTMLElement>('.card')].reverse()) hang(card, find('.grid', known))
    }
  }
}

/** Puts a card where its age belongs; one that is there already and the same stays. */
function hang (card: HTMLElement, grid: HTMLElement): void {
  const known = cardOf(card.dataset.key!)
  if (known?.dataset.version === card.dataset.version) return
  known?.remove()
  card.classList.add('fresh')
  const behind = [...grid.children].find((other) => Number((other as HTMLElement).dataset.time) < Number(card.dataset.time))
  if (behind !== undefined) behind.before(card)
  else if (document.querySelector('#list a[rel=next]') === null) grid.append(card)
}

/** Takes a picture off the wall. */
export function takeDown (key: string): void {
  const card = cardOf(key)
  const group = card?.closest('.group')
  card?.remove()
  if (group?.querySelector('.card') === null) group.remove()
}

/** Follows what the server tells of pictures that came and went. */
export function applyChanges (activity: Activity): void {
  // A lower number is that of a server which was started anew.
  const isAnew = activity.revision < revision
  const news = activity.changes.filter((change) => isAnew || change.revision > revision)
  if (!isAnew && news.length === 0) return
  revision = activity.revision
  for (const { series, address, isThere } of news) if (!isThere) takeDown(`${series}/${address}`)
  clearTimeout(refreshing)
  refreshing = setTimeout(() => { refresh().catch(complain) }, REFRESH_WAIT_MS)
}

export function complain (error: unknown): void {
  toast(error instanceof Problem ? error.message : 'Something went wrong on this page. Reload it.')
  if (!(error instanceof Problem)) console.error(error)
}

const sentinel = new IntersectionObserver((entries) => {
  if (entries.some(({ isIntersecting }) => isIntersecting)) loadUntilFull().catch(complain)
}, { rootMargin: AHEAD })

/** An observer tells only of changes: a short page may leave the end in sight, so it is watched anew. */
async function loadUntilFull (): Promise<void> {
  if (await loadMore()) watchEnd()
}

function watchEnd (): void {
  sentinel.disconnect()
  const link = document.querySelector('#list a[rel=next]')
  if (link !== null) sentinel.observe(link)
}

/** Endless scrolling, and a search that answers while one types. */
export function setUpPictures (): void {
  watchEnd()
  const form = find<HTMLFormElement>('#search')
  const input = find<HTMLInputElement>('[type=search]', form)
  let typing: ReturnType<typeof setTimeout> | undefined
  const search = () => {
    clearTimeout(typing)
    const query = new URLSearchParams(new URL(listUrl, location.href).search)
    query.delete('cursor')
    if (input.value.trim() === '') query.delete('q')
    else query.set('q', input.value.trim())
    go(query.size === 0 ? '/preview' : `/preview?${query.toString()}`, 'replace')
    // What is found must be in sight while one types.
    const chips = find('#chips')
    if (chips.getBoundingClientRect().top > innerHeight / 2) chips.scrollIntoView()
  }
  input.addEventListener('input', () => {
    clearTimeout(typing)
    typing = setTimeout(search, SEARCH_WAIT_MS)
  })
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    search()
  })
  for (const id of ['#chips', '#list', '#detail']) {
    find(id).addEventListener('click', (event) => {
      const link = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>('a') : null
      if (link === null || !isPlain(event) || link.pathname !== '/preview' || link.closest('.close') !== null) return
      event.preventDefault()
      find<HTMLDialogElement>('#detail').close()
      go(link.pathname + link.search, 'push')
      scrollTo({ top: Math.min(scrollY, find('#chips').offsetTop - 70) })
    })
  }
}

function go (url: string, how: 'push' | 'replace'): void {
  if (url === listUrl && location.pathname === '/preview') return
  history[`${how}State`]({ list: url }, '', url)
  showList(url).catch(complain)
}

/** Whether a click follows the link here and now, not in a new tab. */
export function isPlain (event: MouseEvent): boolean {
  return event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey
}
