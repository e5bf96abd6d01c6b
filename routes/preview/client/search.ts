import { loadPart } from './api.js'
import { GALLERY, find, isPlainClick, whileBusy } from './dom.js'
import { currentList, isCurrent, loadMissing, showBeginning, showList } from './list.js'
import { reportError } from './messages.js'

const SEARCH_WAIT_MS = 250
/** A network that is back may refuse the first requests. */
const RETRY_WAITS_MS = [1000, 4000]

/** Shows a list and puts its URL into the address bar. */
async function navigate(url: string, how: 'push' | 'replace'): Promise<void> {
  if (isCurrent(url) && location.pathname === GALLERY) return
  const isThere = url === location.pathname + location.search
  history[`${isThere ? 'replace' : how}State`](null, '', url)
  await showList(url)
}

/** Shows a list from its beginning, however far down the visitor was in the one before it. */
function showOther(url: string, how: 'push' | 'replace'): void {
  navigate(url, how).then(() => {
    if (url === currentList()) showBeginning()
  }, reportError)
}

function search(text: string): void {
  const query = new URLSearchParams(new URL(currentList(), location.href).search)
  query.delete('cursor')
  // *Back* leads to what was there before the search, and not to each of its letters.
  const how = query.has('q') || text === '' ? 'replace' : 'push'
  if (text === '') query.delete('q')
  else query.set('q', text)
  const url = query.size === 0 ? GALLERY : `${GALLERY}?${query.toString()}`
  // The same text again, as by *Enter*, moves nothing.
  if (!isCurrent(url)) showOther(url, how)
  // The results must be in sight while the visitor types.
  const chips = find('#chips')
  if (chips.getBoundingClientRect().top > innerHeight / 2) chips.scrollIntoView()
}

/** Loads what did not load while the network was away, and tries again if that fails. */
async function retryMissing(): Promise<void> {
  for (const wait of RETRY_WAITS_MS) {
    try {
      await loadMissing()
      return
    } catch {
      await new Promise((resolve) => setTimeout(resolve, wait))
    }
  }
  await loadMissing()
}

function followListLink(event: MouseEvent): void {
  const link = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>('a') : null
  if (link === null || !isPlainClick(event)) return
  if (link.pathname !== GALLERY || link.closest('.close, .home') !== null) return
  event.preventDefault()
  const url = link.pathname + link.search
  // The link goes when what it takes away is gone.
  if (link.closest('#chosen') !== null) find('#pictures').focus({ preventScroll: true })
  showOther(url, 'push')
}

/** Opens the filter in a dialog. */
function followFilterLink(event: MouseEvent): void {
  const link = event.target instanceof Element ? event.target.closest('a') : null
  if (link === null || !isPlainClick(event)) return
  event.preventDefault()
  const opening = loadPart(import('./filter.js')).then(async ({ openFilter }) => await openFilter())
  whileBusy(link, opening).catch(reportError)
}

/** The search, which runs while the visitor types, and the links to other lists. */
export function setUpSearch(): void {
  const form = find<HTMLFormElement>('#search')
  const input = find<HTMLInputElement>('[type=search]', form)
  let typing: ReturnType<typeof setTimeout> | undefined
  const searchNow = () => {
    clearTimeout(typing)
    search(input.value.trim())
  }
  input.addEventListener('input', () => {
    clearTimeout(typing)
    typing = setTimeout(searchNow, SEARCH_WAIT_MS)
  })
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    searchNow()
  })
  addEventListener('online', () => {
    retryMissing().catch(reportError)
  })
  find('#filters').addEventListener('click', followFilterLink)
  for (const id of ['#chips', '#chosen', '#list', '#detail']) {
    find(id).addEventListener('click', followListLink)
  }
}
