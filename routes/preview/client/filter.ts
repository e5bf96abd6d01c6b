import { GALLERY, create, find, isPlainClick, showsOther } from './dom.js'
import { currentList, fetchPage, showBeginning, showList } from './list.js'
import { reportError } from './messages.js'
import { narrow, watchNarrowing } from './narrow.js'

const PAGE = `${GALLERY}/filter`

let dialog: HTMLDialogElement | undefined
let building: Promise<HTMLDialogElement> | undefined
/** Facets that are shown with all values. */
let expanded: string[] = []
/** Whether this opening of the dialog has an entry in the history: *Back* takes away all that was chosen in it. */
let hasEntry = false
/** Increases with each form that is asked for. A response for an earlier one is ignored. */
let version = 0

const form = (): HTMLFormElement => find<HTMLFormElement>('#filter-form', dialog)

/** The dialog, which is empty at first. */
async function build(): Promise<HTMLDialogElement> {
  const styles = create('link', { rel: 'stylesheet', href: new URL('filter.css', import.meta.url).href })
  const loaded = new Promise((resolve) => {
    styles.addEventListener('load', resolve)
    styles.addEventListener('error', resolve)
  })
  document.head.append(styles)
  await loaded
  const made = create('dialog', { id: 'filter' })
  made.setAttribute('aria-labelledby', 'filter-title')
  document.body.append(made)
  made.addEventListener('click', handleClick)
  made.addEventListener('change', handleChange)
  made.addEventListener('submit', (event) => {
    event.preventDefault()
    close(made)
  })
  made.addEventListener('close', focusOpener)
  addEventListener('popstate', () => made.close())
  watchNarrowing(made)
  return made
}

const focusOpener = () => find('#filters a').focus({ preventScroll: true })

/** The browser announces the end of a dialog later, and until then the focus would be nowhere. */
function close(shown: HTMLDialogElement): void {
  shown.close()
  focusOpener()
}

/** Fetches the form for a list; undefined if another one was asked for meanwhile. */
async function fetchForm(list: string): Promise<HTMLElement | undefined> {
  version += 1
  const wanted = version
  const query = new URL(list, location.href).searchParams
  query.delete('cursor')
  for (const name of expanded) query.append('all', name)
  const page = await fetchPage(`${PAGE}?${query.toString()}`)
  return wanted === version ? find('#filter-form', page) : undefined
}

/** Opens the form for the list that is shown. Its counts are loaded now. */
export async function openFilter(): Promise<void> {
  building ??= build()
  dialog = await building
  expanded = []
  hasEntry = false
  const fetched = await fetchForm(currentList())
  if (fetched === undefined || showsOther(dialog)) return
  const close = create('button', { type: 'button', className: 'close quiet', textContent: '✕' })
  close.setAttribute('aria-label', 'Close the filter')
  dialog.replaceChildren(close, fetched)
  if (!dialog.open) dialog.showModal()
  find('.facets', dialog).scrollTop = 0
  find('#filter-title', dialog).focus({ preventScroll: true })
}

/** The list that the form asks for. */
function chosenList(): string {
  const pairs = [...new FormData(form())].map(([name, value]): [string, string] => [name, String(value)])
  const query = new URLSearchParams(pairs)
  return query.size === 0 ? GALLERY : `${GALLERY}?${query.toString()}`
}

function handleChange({ target }: Event): void {
  if (target instanceof HTMLInputElement && target.type === 'checkbox') {
    choose(chosenList()).catch(reportError)
  }
}

function handleClick(event: MouseEvent): void {
  const target = event.target instanceof Element ? event.target : null
  if (target === dialog || target?.closest('.close')) return close(dialog!)
  const link = target?.closest('a') ?? null
  if (link === null || !isPlainClick(event)) return
  event.preventDefault()
  if (link.dataset.all === undefined) choose(link.pathname + link.search).catch(reportError)
  else expand(link.dataset.all).catch(reportError)
}

/** Shows a list behind the dialog, and the counts for it in the dialog. */
async function choose(list: string): Promise<void> {
  history[hasEntry ? 'replaceState' : 'pushState'](null, '', list)
  hasEntry = true
  const [fetched] = await Promise.all([fetchForm(list), showList(list)])
  if (list === currentList()) showBeginning()
  if (fetched !== undefined) takeIn(fetched)
}

async function expand(name: string): Promise<void> {
  expanded.push(name)
  const fetched = await fetchForm(currentList())
  if (fetched === undefined) return
  takeIn(fetched)
  find<HTMLInputElement>(`[data-facet="${name}"] .narrow`, dialog).focus()
}

/** Puts fetched counts into the form. What is open stays open, and the focus stays where it is. */
function takeIn(fetched: HTMLElement): void {
  const focused = document.activeElement as HTMLInputElement | null
  for (const part of ['#filter-found', 'footer']) {
    find(part, form()).replaceChildren(...find(part, fetched).childNodes)
  }
  const before = new Map(
    [...form().querySelectorAll<HTMLDetailsElement>('details')].map((facet) => [facet.dataset.facet, facet])
  )
  for (const facet of fetched.querySelectorAll<HTMLDetailsElement>('details')) {
    const known = before.get(facet.dataset.facet)
    if (known === undefined) continue
    facet.open = known.open
    const text = known.querySelector<HTMLInputElement>('.narrow')?.value ?? ''
    if (text === '') continue
    find<HTMLInputElement>('.narrow', facet).value = text
    narrow(facet)
  }
  const { scrollTop } = find('.facets', dialog)
  find('.facets', dialog).replaceChildren(...find('.facets', fetched).childNodes)
  find('.facets', dialog).scrollTop = scrollTop
  if (focused !== null && !focused.isConnected) refocus(focused)
}

/** Focuses what has taken the place of an element: the same value, else the facet that it was in. */
function refocus({ name, value, dataset }: HTMLInputElement): void {
  const same = [...form().querySelectorAll<HTMLInputElement>('input')].find(
    (input) => name !== '' && input.name === name && input.value === value
  )
  const facet = form().querySelector<HTMLElement>(
    `[data-facet="${CSS.escape(name || (dataset.all ?? ''))}"] summary`
  )
  ;(same ?? facet ?? find('#filter-title', dialog)).focus({ preventScroll: true })
}
