import type { Activity } from './api.js'
import { GALLERY, find } from './dom.js'
import {
  cardOf,
  cards,
  currentList,
  fetchPage,
  groupOf,
  listVersion,
  madeHere,
  nextLink,
  onShowList,
  removeCard,
  removed,
  showCounts,
  showFailedList,
  showList,
  showPictures
} from './list.js'
import { reportError } from './messages.js'

const REFRESH_WAIT_MS = 250
/**
 * Pages of one series that are searched for added pictures. They hold more pictures than the server reports changes.
 */
const PAGES_OF_SERIES = 3
/** Series that are asked for before the number of added pictures is shown: a busy server has pictures of many. */
const SERIES_COUNTED = 5

let revision = Number(document.body.dataset.revision)
let refreshing: ReturnType<typeof setTimeout> | undefined
/** Keys of pictures that were added or changed, and are not in the list yet. */
const added = new Set<string>()

/** Takes in what was added, for a visitor who has asked for it. */
function showNew(): void {
  find('#new').hidden = true
  refresh()
    .then(() => {
      find('#chips').scrollIntoView()
      find('#pictures').focus({ preventScroll: true })
    })
    .catch(reportError)
}

export function setUpChanges(): void {
  find('#new').addEventListener('click', showNew)
  onShowList(() => {
    added.clear()
    find('#new').hidden = true
  })
}

/** Shows what was added, or offers it where that would move what the visitor reads. */
async function offer(): Promise<void> {
  const { top, bottom } = find('#list').getBoundingClientRect()
  const isInSight = top < innerHeight && bottom > 0
  const isOwn = [...added].some((key) => madeHere.has(key))
  const isHidden = bottom === top
  if (isOwn || added.size === 0 || cards().length === 0 || isHidden || (!isInSight && top > 0)) {
    find('#new').hidden = true
    return await refresh()
  }
  const count = await countMatching()
  find('#new').hidden = count === 0
  find('#new').textContent = `${count.toLocaleString('en')} new`
}

/** How many of the added pictures belong to the list that is shown. */
async function countMatching(): Promise<number> {
  const filter = new URL(currentList(), location.href).searchParams
  if (filter.has('cursor')) return 0
  const series = filter.get('series')
  const candidates = [...added].filter((key) => series === null || seriesOf(key) === series)
  if (!document.body.hasAttribute('data-search') || candidates.length === 0) return candidates.length
  const version = listVersion()
  let page = await fetchPage(currentList())
  const found = new Set(keysOf(page))
  const isWhole = nextLink(page) === undefined
  // The first page of all series may end before a new picture, which is on the first page of its own series.
  const missing = isWhole ? [] : candidates.filter((key) => !found.has(key))
  for (const each of [...new Set(missing.map(seriesOf))].slice(0, SERIES_COUNTED)) {
    page = await fetchPage(listOfSeries(each))
    for (const key of keysOf(page)) found.add(key)
  }
  return version === listVersion() ? candidates.filter((key) => found.has(key)).length : 0
}

function keysOf(page: Document): string[] {
  return [...page.querySelectorAll<HTMLElement>('#list .card')].map(({ dataset }) => dataset.key!)
}

/** The URL of the list that is shown, of one series only. */
function listOfSeries(series: string): string {
  const query = new URL(currentList(), location.href).searchParams
  query.set('series', series)
  return `${GALLERY}?${query.toString()}`
}

/**
 * Applies the changes of pictures that the server reports. It reports the last changes only. The whole list is loaded
 * again if this page missed more than those, or if the server was restarted and counts revisions from the beginning.
 */
export function applyChanges(activity: Activity, isRestarted: boolean): void {
  const missed = activity.changes.filter((change) => change.revision > revision)
  const isComplete = !isRestarted && missed.length === activity.revision - revision
  if (isComplete && missed.length === 0) return
  revision = activity.revision
  clearTimeout(refreshing)
  if (!isComplete) {
    added.clear()
    removed.clear()
    showList(currentList()).catch(reportError)
    return
  }
  // The newest change is first. It is applied last, because it decides.
  for (const { series, address, isThere } of missed.reverse()) {
    const key = `${series}/${address}`
    added.delete(key)
    removed.delete(key)
    if (isThere) {
      added.add(key)
    } else {
      removed.add(key)
      removeCard(key)
    }
  }
  refreshing = setTimeout(() => {
    offer().catch(reportError)
  }, REFRESH_WAIT_MS)
}

/** Adds new pictures to the list and leaves the others as they are. */
async function refresh(): Promise<void> {
  if (await showFailedList()) return
  const version = listVersion()
  const filter = new URL(currentList(), location.href).searchParams
  const page = await fetchPage(currentList())
  if (version !== listVersion()) return
  showCounts(page)
  if (cards().length === 0 || find('#list', page).querySelector('.card') === null) showPictures(page)
  else insertPage(page)
  // A list that begins in the middle does not show newer pictures.
  if (filter.has('cursor')) return added.clear()

  const changedSeries = new Set([...added].map(seriesOf))
  for (const series of changedSeries) {
    if (filter.has('series') && filter.get('series') !== series) continue
    await insertAdded(series, listOfSeries(series))
    if (version !== listVersion()) return
  }
  // The pictures that were not found do not match the search, or are removed again.
  for (const key of added) if (changedSeries.has(seriesOf(key))) added.delete(key)
}

/**
 * Searches the pages of one series for its added pictures. The first page of all series may end before them, and the
 * pages after it contain only pictures that are older than it.
 */
async function insertAdded(series: string, first: string): Promise<void> {
  const version = listVersion()
  const isMissing = () => [...added].some((key) => seriesOf(key) === series)
  let url: string | undefined = first
  for (let count = 0; count < PAGES_OF_SERIES && url !== undefined && isMissing(); count += 1) {
    const page = await fetchPage(url)
    if (version !== listVersion()) return
    insertPage(page)
    url = nextLink(page)?.href
  }
}

function seriesOf(key: string): string {
  return key.slice(0, key.lastIndexOf('/'))
}

function insertPage(page: Document): void {
  for (const group of [...page.querySelectorAll<HTMLElement>('#list .group')].reverse()) {
    const fetched = [...group.querySelectorAll<HTMLElement>('.card')]
    const isAdded = new Set(fetched.filter(({ dataset }) => added.delete(dataset.key!)))
    for (const card of fetched) if (removed.has(card.dataset.key!)) card.remove()
    const existing = groupOf(group.dataset.series!)
    if (existing === undefined) {
      for (const card of fetched) card.classList.add('fresh')
      insertGroup(group, isAdded.size > 0)
    } else {
      find('.count', existing).replaceChildren(...find('.count', group).childNodes)
      if (group.dataset.few === undefined) delete existing.dataset.few
      else existing.dataset.few = group.dataset.few
      for (const card of fetched.reverse()) insertCard(card, find('.grid', existing), isAdded.has(card))
    }
  }
}

/**
 * Whether a further page contains what is older than everything in the list. Further pages leave out added pictures.
 */
function isOnFurtherPage(isAdded: boolean): boolean {
  return !isAdded && nextLink() !== undefined
}

/** Inserts the group of a series before the first group whose newest picture is older. */
function insertGroup(group: HTMLElement, isAdded: boolean): void {
  const newest = (of: Element) => Number(of.querySelector<HTMLElement>('.card')?.dataset.time)
  if (group.querySelector('.card') === null) return
  const older = [...document.querySelectorAll('#list .group')].find((other) => newest(other) < newest(group))
  if (older !== undefined) older.before(group)
  else if (!isOnFurtherPage(isAdded)) find('#list .more').before(group)
}

/** Inserts a card before the first older one. A card that is already in the list and did not change stays. */
function insertCard(card: HTMLElement, grid: HTMLElement, isAdded: boolean): void {
  if (removed.has(card.dataset.key!)) return
  const existing = cardOf(card.dataset.key!)
  if (existing?.dataset.version === card.dataset.version) return
  existing?.remove()
  card.classList.add('fresh')
  const time = ({ dataset }: HTMLElement) => Number(dataset.time)
  const older = ([...grid.children] as HTMLElement[]).find((other) => time(other) < time(card))
  if (older !== undefined) older.before(card)
  else if (grid.childElementCount === 0 || !isOnFurtherPage(isAdded)) grid.append(card)
}
