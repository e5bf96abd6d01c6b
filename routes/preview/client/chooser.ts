import { request } from './api.js'
import { GALLERY, create, find, parse, showsOther } from './dom.js'

const STYLES = new URL('choice.css', import.meta.url).href

let dialog: HTMLDialogElement | undefined
let styled: Promise<void> | undefined

/** Loads the styles of the chooser once. */
async function loadStyles(): Promise<void> {
  styled ??= new Promise((resolve, reject) => {
    const link = create('link', { rel: 'stylesheet', href: STYLES })
    link.addEventListener('load', () => resolve())
    link.addEventListener('error', () => {
      styled = undefined
      link.remove()
      reject(new Error('the styles of the chooser did not load'))
    })
    document.head.append(link)
  })
  await styled
}

const items = (inside: ParentNode) => [...inside.querySelectorAll<HTMLElement>('.choice')]
/** The series that the filter leaves. */
const shown = (inside: ParentNode) => items(inside).filter((item) => !item.parentElement!.hidden)

/** Opens the chooser. @param address as the visitor has typed it; its picture in each series is shown */
export async function openChooser(select: HTMLSelectElement, address: string): Promise<void> {
  const query = new URLSearchParams({ part: 'choice', address })
  const path = `${GALLERY}/series?${query.toString()}`
  const [answer] = await Promise.all([
    request(path).then(async (response) => await response.text()),
    loadStyles()
  ])
  dialog ??= buildDialog(select)
  dialog.dataset.hint =
    address.trim() === '' ? 'A sample address; enter yours to see it here' : 'One address in every series'
  if (dialog.open || showsOther(dialog)) return
  find('.families', dialog).replaceChildren(...parse(answer).body.childNodes)
  find<HTMLInputElement>('input', dialog).value = ''
  filter(dialog, '')
  const current = items(dialog).find(({ dataset }) => dataset.series === select.value)
  current?.setAttribute('aria-current', 'true')
  dialog.showModal()
  current?.focus({ preventScroll: true })
  current?.scrollIntoView({ block: 'nearest' })
}

function buildDialog(select: HTMLSelectElement): HTMLDialogElement {
  const close = create('button', { type: 'button', className: 'quiet', textContent: '✕', ariaLabel: 'Close' })
  const input = create('input', {
    type: 'search',
    placeholder: 'Name or purpose',
    ariaLabel: 'Search the series',
    autocomplete: 'off',
    spellcheck: false
  })
  const status = create('p', { className: 'found' })
  status.role = 'status'
  const built = create(
    'dialog',
    { id: 'chooser' },
    create(
      'div',
      { className: 'top' },
      create('h2', { id: 'chooser-title', textContent: 'Choose a series' }),
      input,
      close,
      status
    ),
    create('div', { className: 'families' })
  )
  built.setAttribute('aria-labelledby', 'chooser-title')
  close.addEventListener('click', () => built.close())
  input.addEventListener('input', () => filter(built, input.value))
  built.addEventListener('keydown', (event) => handleKey(event, built, input))
  built.addEventListener('click', ({ target }) => {
    const item = target instanceof Element ? target.closest<HTMLElement>('.choice') : null
    if (target === built) built.close()
    else if (item !== null) choose(item, select, built)
  })
  document.body.append(built)
  return built
}

/** Puts the series into the form, which shows its purpose. */
function choose({ dataset }: HTMLElement, select: HTMLSelectElement, opened: HTMLDialogElement): void {
  const { series: name = '', purpose = '' } = dataset
  // The series may be younger than the page.
  if (![...select.options].some(({ value }) => value === name)) {
    const option = create('option', { value: name, textContent: name })
    option.dataset.purpose = purpose
    select.append(option)
  }
  select.value = name
  select.dispatchEvent(new Event('change', { bubbles: true }))
  opened.close()
}

/** Hides the series that do not contain the text in their name or purpose, and the families that are empty then. */
function filter(inside: HTMLDialogElement, typed: string): void {
  const text = typed.trim().toLowerCase()
  for (const item of items(inside)) {
    const { series = '', purpose = '' } = item.dataset
    item.parentElement!.hidden = !`${series} ${purpose}`.toLowerCase().includes(text)
  }
  for (const family of inside.querySelectorAll<HTMLElement>('.family')) {
    family.hidden = shown(family).length === 0
  }
  const count = shown(inside).length
  find('.found', inside).textContent =
    text === ''
      ? inside.dataset.hint!
      : count === 0
        ? `No series matches “${typed.trim()}”`
        : count === 1
          ? '1 series'
          : `${count} series`
}

/** Arrows move the focus as the eye does; from the search, the arrow down leads to the first series. */
function handleKey(event: KeyboardEvent, inside: HTMLDialogElement, input: HTMLInputElement): void {
  const all = shown(inside)
  const from = all.findIndex((item) => item === document.activeElement)
  let to: HTMLElement | undefined
  if (document.activeElement === input) {
    if (event.key === 'ArrowDown') to = all[0]
    else if (event.key === 'Enter' && all.length === 1) {
      // Without this the key would press the button that gets the focus back.
      event.preventDefault()
      return all[0]!.click()
    }
  } else if (from < 0) return
  else if (event.key === 'ArrowLeft') to = all[from - 1]
  else if (event.key === 'ArrowRight') to = all[from + 1]
  else if (event.key === 'ArrowUp') to = nearest(all, from, -1) ?? input
  else if (event.key === 'ArrowDown') to = nearest(all, from, 1)
  if (to === undefined) return
  event.preventDefault()
  to.focus()
}

/** The item in the next row above (-1) or below (1) that is nearest to this one. */
function nearest(all: HTMLElement[], from: number, direction: -1 | 1): HTMLElement | undefined {
  const boxes = all.map((item) => item.getBoundingClientRect())
  const { top, left } = boxes[from]!
  const beyond = boxes.map((box, index) => ({
    index,
    down: (box.top - top) * direction,
    aside: Math.abs(box.left - left)
  }))
  const [next] = beyond.filter(({ down }) => down > 1).sort((a, b) => a.down - b.down || a.aside - b.aside)
  return next && all[next.index]
}
