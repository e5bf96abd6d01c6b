import { Problem, ask } from './api.js'
import type { Activity } from './api.js'
import { find, parse, toast } from './dom.js'

const SEARCH_WAIT_MS = 250
const REFRESH_WAIT_MS = 250
/** Pages of one series that are looked through for news: more pictures than the server names. */
const PAGES_OF_NEWS = 3
/** What tells how many pictures there are. */
const COUNTS = ['#chips', '#found', '#all']
/** How far below the window the next page is fetched. */
const AHEAD = '1200px'

let listUrl = location.pathname === '/preview' ? location.pathname + location.search : '/preview'
let revision = Number(document.body.dataset.revision)
let refreshing: ReturnType<typeof setTimeout> | undefined
/** Pictures that came or changed and are not on the wall yet, and those that went: an answer on its way may not know of it. */
const news = new Set<string>()
const gone = new Set<string>()
/** Counts the lists shown: what was fetched for an earlier one is of no use. */
let shown = 0
let showing: Promise<void> = Promise.resolve()
let loading: Promise<boolean> | undefined

/** The address of what the list shows. */
export function currentList(): string {
  return listUrl
}

export function cards(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>('#list .card')]
}

export function cardOf(key: string): HTMLElement | undefined {
  return document.querySelector<HTMLElement>(`#list .card[data-key="${CSS.escape(key)}"]`) ?? undefined
}

async function fetchPage(url: string): Promise<Document> {
  return parse(await (await ask(url)).text())
}

/** Shows the list of this address in place of the present one. */
export async function showList(url: string): Promise<void> {
  listUrl = url
  shown += 1
  const input = find<HTMLInputElement>('#search [type=search]')
  if (input !== document.activeElement) input.value = new URL(url, location.href).searchParams.get('q') ?? ''
  showing = replaceList(url, shown)
  await showing
}

async function replaceList(url: string, wanted: number): Promise<void> {
  const page = await fetchPage(url)
  if (wanted !== shown) return
  for (const id of [...COUNTS, '#list']) find(id).replaceChildren(...find(id, page).childNodes)
  for (const key of gone) takeDown(key)
  watchEnd()
}

/** Fetches the next page and hangs its pictures below. False when there is none. */
export async function loadMore(): Promise<boolean> {
  loading ??= loadNext().finally(() => {
    loading = undefined
  })
  return await loading
}

async function loadNext(): Promise<boolean> {
  const link = document.querySelector<HTMLAnchorElement>('#list a[rel=next]')
  if (link === null) return false
  const from = shown
  const page = await fetchPage(link.href)
  if (from !== shown) return false
  for (const group of page.querySelectorAll<HTMLElement>('#list .group')) {
    const known = groupOf(group.dataset.series!)
    if (known === undefined) find('#list .more').before(group)
    else {
      find('.grid', known).append(
        ...[...group.querySelectorAll<HTMLElement>('.card')].filter(
          ({ dataset }) => cardOf(dataset.key!) === undefined
        )
      )
    }
  }
  const next = page.querySelector<HTMLAnchorElement>('#list a[rel=next]')
  if (next === null) find('#list .more').replaceChildren()
  else link.href = next.href
  for (const key of gone) takeDown(key)
  return true
}

function groupOf(series: string): HTMLElement | undefined {
  return document.querySelector<HTMLElement>(`#list .group[data-series="${CSS.escape(series)}"]`) ?? undefined
}

/** Hangs what is new among what is there, and leaves the rest as it is. */
async function refresh(): Promise<void> {
  await showing.catch(() => {})
  const from = shown
  const filter = new URL(listUrl, location.href).searchParams
  const page = await fetchPage(listUrl)
  if (from !== shown) return
  for (const id of COUNTS) find(id).replaceChildren(...find(id, page).childNodes)
  if (cards().length === 0 || find('#list', page).querySelector('.card') === null) {
    find('#list').replaceChildren(...find('#list', page).childNodes)
    watchEnd()
  } else {
    hangPage(page)
  }
  // A page from the midst of the wall has no place for what is new.
  if (filter.has('cursor')) return news.clear()

  const seriesOfNews = new Set([...news].map(seriesOf))
  for (const series of seriesOfNews) {
    if (filter.has('series') && filter.get('series') !== series) continue
    const query = new URLSearchParams({ ...Object.fromEntries(filter), series })
    if (!(await hangNews(series, `/preview?${query.toString()}`, from))) return
  }
  // Those that were not found do not match the search, or are gone again.
  for (const key of news) if (seriesOfNews.has(seriesOf(key))) news.delete(key)
}

/**
 * The first page of everything may not reach as far as a series' news, and the pages behind it leave out what is younger than it:
 * so the series' own pages are looked through. False when another list is shown meanwhile.
 */
async function hangNews(series: string, first: string, from: number): Promise<boolean> {
  const isMissing = () => [...news].some((key) => seriesOf(key) === series)
  let url: string | undefined = first
  for (let count = 0; count < PAGES_OF_NEWS && url !== undefined && isMissing(); count += 1) {
    const page = await fetchPage(url)
    if (from !== shown) return false
    hangPage(page)
    url = page.querySelector<HTMLAnchorElement>('#list a[rel=next]')?.href
  }
  return true
}

function seriesOf(key: string): string {
  return key.slice(0, key.lastIndexOf('/'))
}

function hangPage(page: Document): void {
  for (const group of [...page.querySelectorAll<HTMLElement>('#list .group')].reverse()) {
    const fresh = [...group.querySelectorAll<HTMLElement>('.card')]
    const isNew = new Set(fresh.filter(({ dataset }) => news.delete(dataset.key!)))
    for (const card of fresh) if (gone.has(card.dataset.key!)) card.remove()
    const known = groupOf(group.dataset.series!)
    if (known === undefined) {
      for (const card of fresh) card.classList.add('fresh')
      hangGroup(group, isNew.size > 0)
    } else {
      find('.count', known).replaceChildren(...find('.count', group).childNodes)
      for (const card of fresh.reverse()) hang(card, find('.grid', known), isNew.has(card))
    }
  }
}

/** Whether the pages that are still to come bring what is older than all that is there. News they leave out. */
function comesLater(isNew: boolean): boolean {
  return !isNew && document.querySelector('#list a[rel=next]') !== null
}

/** Puts the group of a series where its newest picture belongs. */
function hangGroup(group: HTMLElement, isNew: boolean): void {
  const newest = (of: Element) => Number(of.querySelector<HTMLElement>('.card')?.dataset.time)
  if (group.querySelector('.card') === null) return
  const behind = [...document.querySelectorAll('#list .group')].find((other) => newest(other) < newest(group))
  if (behind !== undefined) behind.before(group)
  else if (!comesLater(isNew)) find('#list .more').before(group)
}

/** Puts a card where its age belongs; one that is there already and the same stays. */
function hang(card: HTMLElement, grid: HTMLElement, isNew: boolean): void {
  if (gone.has(card.dataset.key!)) return
  const known = cardOf(card.dataset.key!)
  if (known?.dataset.version === card.dataset.version) return
  known?.remove()
  card.classList.add('fresh')
  const behind = [...grid.children].find(
    (other) => Number((other as HTMLElement).dataset.time) < Number(card.dataset.time)
  )
  if (behind !== undefined) behind.before(card)
  else if (grid.childElementCount === 0 || !comesLater(isNew)) grid.append(card)
}

/** Takes a picture off the wall. */
export function takeDown(key: string): void {
  const card = cardOf(key)
  const group = card?.closest('.group')
  card?.remove()
  if (group?.querySelector('.card') === null) group.remove()
}

/**
 * Follows what the server tells of pictures that came and went. It tells of the last changes only: whoever missed more than those, or
 * follows a server that was started anew and counts from the beginning, needs the whole list.
 */
export function applyChanges(activity: Activity, isAnew: boolean): void {
  const missed = activity.changes.filter((change) => change.revision > revision)
  const isWhole = !isAnew && missed.length === activity.revision - revision
  if (isWhole && missed.length === 0) return
  revision = activity.revision
  clearTimeout(refreshing)
  if (!isWhole) {
    news.clear()
    gone.clear()
    showList(listUrl).catch(complain)
    return
  }
  // The newest is first: what is told last of a picture holds.
  for (const { series, address, isThere } of missed.reverse()) {
    const key = `${series}/${address}`
    news.delete(key)
    gone.delete(key)
    if (isThere) {
      news.add(key)
    } else {
      gone.add(key)
      takeDown(key)
    }
  }
  refreshing = setTimeout(() => {
    refresh().catch(complain)
  }, REFRESH_WAIT_MS)
}

export function complain(error: unknown): void {
  toast(error instanceof Problem ? error.message : 'Something went wrong on this page. Reload it.')
  if (!(error instanceof Problem)) console.error(error)
}

const sentinel = new IntersectionObserver(
  (entries) => {
    if (entries.some(({ isIntersecting }) => isIntersecting)) loadUntilFull().catch(complain)
  },
  { rootMargin: AHEAD }
)

/** An observer tells only of changes: a short page may leave the end in sight, so it is watched anew. */
async function loadUntilFull(): Promise<void> {
  if (await loadMore()) watchEnd()
}

function watchEnd(): void {
  sentinel.disconnect()
  const link = document.querySelector('#list a[rel=next]')
  if (link !== null) sentinel.observe(link)
}

/** Endless scrolling, and a search that answers while one types. */
export function setUpPictures(): void {
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
      if (
        link === null ||
        !isPlain(event) ||
        link.pathname !== '/preview' ||
        link.closest('.close') !== null
      ) {
        return
      }
      event.preventDefault()
      go(link.pathname + link.search, 'push')
      scrollTo({ top: Math.min(scrollY, find('#chips').offsetTop - 70) })
    })
  }
}

function go(url: string, how: 'push' | 'replace'): void {
  if (url === listUrl && location.pathname === '/preview') return
  history[`${how}State`](null, '', url)
  showList(url).catch(complain)
}

/** Whether a click follows the link here and now, not in a new tab. */
export function isPlain(event: MouseEvent): boolean {
  return event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey
}
