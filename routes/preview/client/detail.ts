import { Problem, ask, askForPicture, inWords } from './api.js'
import { find, parse, toast } from './dom.js'
import { cardOf, cards, complain, currentList, isPlain, loadMore, showList, takeDown } from './pictures.js'
import { follow, onRun } from './runs.js'

const CONFIRM_MS = 4_000
const PAGE = /^\/preview\/[^/]+\/0x[0-9a-f]{40}$/i

const dialog = () => find<HTMLDialogElement>('#detail')
const article = () => document.querySelector<HTMLElement>('#detail .detail')

/** Counts what the visitor opened and closed: an answer that comes after the next of these is not wanted any more. */
let wanted = 0

/** Shows the picture of this page in the dialog. @param how what becomes of the address bar */
export async function openDetail(path: string, how: 'push' | 'replace' | 'keep' = 'push'): Promise<void> {
  wanted += 1
  const mine = wanted
  const parts = await fetchDetail(path)
  if (mine !== wanted) return
  find('#detail-body').replaceChildren(...parts)
  if (how !== 'keep') {
    history[`${how}State`]({ isOpened: how === 'push' || history.state?.isOpened === true }, '', path)
  }
  show()
}

/** Shows what became of the picture that is open, where it still is. */
async function renew(key: string, path: string): Promise<void> {
  const parts = await fetchDetail(path)
  if (!dialog().open || article()?.dataset.key !== key) return
  find('#detail-body').replaceChildren(...parts)
  show()
}

async function fetchDetail(path: string): Promise<NodeListOf<ChildNode>> {
  return parse(await (await ask(`${path}?part=detail`)).text()).body.childNodes
}

function show(): void {
  document.title = `${find('#detail-title').textContent} – dalleserver`
  if (!dialog().matches(':modal')) {
    dialog().close()
    dialog().showModal()
  }
  find('#detail-body').scrollTop = 0
  find('#detail-title').focus({ preventScroll: true })
  find<HTMLButtonElement>('[data-go=prev]').disabled = beside('prev') === undefined
  find<HTMLButtonElement>('[data-go=next]').disabled =
    beside('next') === undefined && document.querySelector('#list a[rel=next]') === null
}

/** The page of the picture beside the one that is shown: its neighbour on the wall, else the one the server names. */
function beside(which: 'prev' | 'next'): string | undefined {
  const shown = article()
  if (shown === null) return undefined
  const all = cards()
  const at = all.findIndex(({ dataset }) => dataset.key === shown.dataset.key)
  const card = at < 0 ? undefined : all[at + (which === 'next' ? 1 : -1)]
  if (card !== undefined) return find<HTMLAnchorElement>('a', card).pathname
  return at < 0 ? shown.querySelector<HTMLAnchorElement>(`a[rel=${which}]`)?.pathname : undefined
}

async function step(which: 'prev' | 'next'): Promise<void> {
  if (which === 'next' && beside('next') === undefined) await loadMore()
  const path = beside(which)
  if (path !== undefined) await openDetail(path, 'replace')
}

/** Closes the dialog as the visitor does: the address bar goes back to the list. */
function leave(): void {
  if (history.state?.isOpened === true) history.back()
  else {
    history.replaceState(null, '', currentList())
    shut()
  }
}

/** A link to a list was followed, from the details or while they were fetched. */
function wantList(): void {
  if (dialog().open) shut()
  else wanted += 1
}

function shut(): void {
  wanted += 1
  const key = article()?.dataset.key
  dialog().close()
  document.title = 'dalleserver gallery'
  if (key !== undefined) cardOf(key)?.querySelector('a')?.focus({ preventScroll: true })
}

async function copy(button: HTMLElement): Promise<void> {
  const text = find(`#${CSS.escape(button.dataset.copy!)}`).textContent
  const label = button.textContent
  try {
    await navigator.clipboard.writeText(text)
    button.textContent = 'Copied'
  } catch {
    // Where the page may not use the clipboard, the text is marked for the visitor to copy.
    getSelection()?.selectAllChildren(find(`#${CSS.escape(button.dataset.copy!)}`))
    button.textContent = 'Marked: press Ctrl+C'
  }
  setTimeout(() => {
    button.textContent = label
  }, CONFIRM_MS / 2)
}

async function remove(button: HTMLElement, shown: HTMLElement): Promise<void> {
  if (button.dataset.isAsked !== 'yes') {
    button.dataset.isAsked = 'yes'
    button.textContent = 'Really remove it?'
    setTimeout(() => {
      delete button.dataset.isAsked
      button.textContent = 'Remove'
    }, CONFIRM_MS)
    return
  }
  await ask(`${shown.dataset.picture!}?remove=1`)
  toast('The picture is removed. Its prompts are kept.')
  leave()
  takeDown(shown.dataset.key!)
}

async function regenerate(shown: HTMLElement): Promise<void> {
  const { isThere, run } = await askForPicture(shown.dataset.picture!, true)
  if (isThere) {
    find('.outcome', shown).textContent = 'It was made just now. Wait a few seconds before it is made anew.'
  } else follow(run)
}

/** The dialog of one picture, and the addresses that open it. */
export function setUpDetail(): void {
  document.addEventListener('click', (event) => {
    const target = event.target instanceof Element ? event.target : undefined
    const link = target?.closest<HTMLAnchorElement>('a')
    if (link == null || !isPlain(event) || link.origin !== location.origin) return
    if (link.matches('.close')) leave()
    else if (link.pathname === '/preview') return wantList()
    else if (PAGE.test(link.pathname)) {
      openDetail(link.pathname, dialog().open ? 'replace' : 'push').catch(complain)
    } else return
    event.preventDefault()
  })

  dialog().addEventListener('click', (event) => {
    const target = event.target instanceof Element ? event.target : undefined
    if (target === dialog()) return leave()
    const button = target?.closest('button')
    const shown = article()
    if (button == null || shown === null) return
    const outcome = find('.outcome', shown)
    const { go, action } = button.dataset
    const work =
      go === 'prev' || go === 'next'
        ? step(go)
        : button.dataset.copy !== undefined
          ? copy(button)
          : action === 'remove'
            ? remove(button, shown)
            : action === 'regenerate'
              ? regenerate(shown)
              : undefined
    work?.catch((error: unknown) => {
      outcome.textContent =
        error instanceof Problem ? error.message : 'Something went wrong on this page. Reload it.'
    })
  })
  dialog().addEventListener('cancel', (event) => {
    event.preventDefault()
    leave()
  })
  dialog().addEventListener('keydown', (event) => {
    const isElsewhere =
      event.target instanceof Element && event.target.closest('input, textarea, select, pre') !== null
    if (isElsewhere || event.altKey || event.ctrlKey || event.metaKey) return
    if (event.key === 'ArrowLeft') step('prev').catch(complain)
    else if (event.key === 'ArrowRight') step('next').catch(complain)
  })

  onRun((run) => {
    const shown = article()
    if (!dialog().open || shown?.dataset.key !== `${run.series}/${run.address}`) return
    find('.outcome', shown).textContent = run.done
      ? run.error === ''
        ? ''
        : inWords(run.errorCode, run.error)
      : `Being made anew: ${Math.floor(run.percent)} %`
    if (run.done && run.error === '') renew(shown.dataset.key, shown.dataset.page!).catch(complain)
  })

  addEventListener('popstate', () => {
    if (PAGE.test(location.pathname)) {
      openDetail(location.pathname, 'keep').catch(complain)
      return
    }
    if (dialog().open) shut()
    const url = location.pathname + location.search
    if (url !== currentList()) showList(url).catch(complain)
  })

  if (article() !== null) show()
}
