import { loadPart, request } from './api.js'
import type { AddressField } from './address-field.js'
import { GALLERY, create, find, pageOf, pathOf, whileBusy } from './dom.js'
import { reportError, showProblem } from './messages.js'
import { openDetail, openRun } from './open-detail.js'
import { standInMessage } from './run-item.js'
import { make } from './runs.js'

const ADDRESS_BYTES = 20
const SAMPLES = 6
/** Pixels: enough for a screen with high resolution. */
const SIZE = 256

/**
 * Loads what checks the address when the field is first used.
 * @returns loads it too
 */
function setUpAddress(input: HTMLInputElement): () => Promise<AddressField> {
  let field: Promise<AddressField> | undefined
  const load = async () => {
    field ??= loadPart(import('./address-field.js')).then(
      async (module) => await module.createAddressField(input)
    )
    // After an error the next use tries again.
    field.catch(() => (field = undefined))
    return await field
  }
  /** Without the check the form says so when it is sent. */
  const check = (work: (loaded: AddressField) => void) => {
    load().then(work, () => {})
  }
  input.addEventListener('focus', () => check(showState), { once: true })
  input.addEventListener('input', (event) => check(({ checkTyping }) => checkTyping(event)))
  input.addEventListener('blur', () => check(showState))
  if (input.value !== '') check(showState)

  function showState({ checkTyping, checkComplete }: AddressField): void {
    if (input.value.trim() === '') return
    if (document.activeElement === input) checkTyping()
    else checkComplete()
  }
  return load
}

function setUpSeries(select: HTMLSelectElement): void {
  select.addEventListener('change', () => {
    find('#series-hint').textContent = select.selectedOptions[0]?.dataset.purpose ?? ''
  })
}

interface RandomOptions {
  /** Gets the address that was chosen. */
  onChoose: (address: string) => void
  /** Whether the visitor may make its picture. */
  canMake: () => boolean
}

function randomAddress(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(ADDRESS_BYTES))
  return `0x${Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')}`
}

/** The drawing of the built-in artist. The browser asks for it when it comes into sight, and only then it is drawn. */
function sketchOf(series: string, address: string): string {
  return `${pathOf('/avatar', { series, address })}?size=${SIZE}`
}

interface SampleOptions extends RandomOptions {
  /** Gets the image of a sketch that does not load. */
  onMissing: (image: HTMLImageElement) => void
}

function buildSample(series: string, { onChoose, canMake, onMissing }: SampleOptions): HTMLLIElement {
  const address = randomAddress()
  const short = `${address.slice(0, 6)}…${address.slice(-4)}`
  const image = create('img', {
    loading: 'lazy',
    src: sketchOf(series, address),
    alt: '',
    width: SIZE,
    height: SIZE
  })
  image.addEventListener('error', () => {
    onMissing(image)
  })
  const button = create(
    'button',
    {
      type: 'button',
      className: 'sample',
      ariaLabel: `${canMake() ? 'Make the picture of' : 'Enter'} ${short}`
    },
    image,
    create('code', { textContent: short })
  )
  button.dataset.address = address
  button.addEventListener('click', () => {
    onChoose(address)
  })
  return create('li', {}, button)
}

/**
 * The button that shows random addresses with a sketch of each. They lie over what is below, so that nothing moves,
 * until the visitor closes them or makes a picture.
 */
export function setUpRandom(series: HTMLSelectElement, options: RandomOptions): void {
  const button = find('#random')
  const panel = find('#random-panel')
  const list = find('ul', panel)
  const status = find('#random-status')
  const isOpen = () => panel.matches('.open')
  /** Whether the visitor knows why sketches are missing. */
  let isExplained = true

  /** Takes the place of a broken image away, and says why: asked for once more, the server may tell the reason. */
  function onMissing(image: HTMLImageElement): void {
    image.hidden = true
    if (isExplained || !list.contains(image)) return
    isExplained = true
    request(image.src).catch((error: unknown) => {
      if (isOpen()) showProblem(status, error)
    })
  }

  function open(): void {
    isExplained = false
    list.replaceChildren(
      ...Array.from({ length: SAMPLES }, () => buildSample(series.value, { ...options, onMissing }))
    )
    panel.classList.add('open')
    const purpose = options.canMake() ? 'to make its picture' : 'to enter its address'
    status.textContent = `${SAMPLES} random addresses. These are sketches: choose one ${purpose}.`
    panel.scrollIntoView({ block: 'nearest' })
  }

  function close(): void {
    if (panel.contains(document.activeElement)) button.focus()
    panel.classList.remove('open')
    list.replaceChildren()
    status.textContent = ''
  }

  button.addEventListener('click', open)
  // The picture that is made comes into the list, which the addresses cover.
  find('#make').addEventListener('submit', close)
  find('button', panel).addEventListener('click', close)
  document.addEventListener('keydown', ({ key }) => {
    if (key === 'Escape' && isOpen() && document.querySelector('dialog[open]') === null) close()
  })
  // What is below the addresses must not get the focus while they cover it.
  for (const type of ['click', 'focusin']) {
    document.addEventListener(type, ({ target }) => {
      const isElsewhere =
        target instanceof Element && target.closest('#make, #random-panel, dialog, #toasts') === null
      if (isElsewhere && isOpen()) close()
    })
  }
  series.addEventListener('change', () => {
    isExplained = false
    for (const sample of list.querySelectorAll<HTMLElement>('.sample')) {
      const image = find<HTMLImageElement>('img', sample)
      image.hidden = false
      image.src = sketchOf(series.value, sample.dataset.address!)
    }
  })
}

/** The form that starts a run. */
export function setUpForm(): void {
  const form = find<HTMLFormElement>('#make')
  const input = find<HTMLInputElement>('#address')
  const series = find<HTMLSelectElement>('#series')
  const outcome = find('#make-outcome')
  const button = find<HTMLButtonElement>('button:not([type])', form)
  const loadField = setUpAddress(input)
  const chooser = find('#choose')
  chooser.addEventListener('click', () => {
    const opening = loadPart(import('./chooser.js')).then(
      async ({ openChooser }) => await openChooser(series, input.value)
    )
    whileBusy(chooser, opening).catch(reportError)
  })
  setUpSeries(series)
  const canMake = () => button.checkVisibility()
  const onChoose = (address: string) => {
    choose(address).catch(reportError)
  }
  setUpRandom(series, { canMake, onChoose })

  /** Makes the picture of an address, or only enters it where the visitor needs a token. */
  async function choose(address: string): Promise<void> {
    const { write, checkComplete } = await loadField()
    input.value = write(address)
    if (canMake()) form.requestSubmit()
    else checkComplete()
  }

  async function submit(): Promise<void> {
    const { checkComplete, announceProblem } = await loadField()
    if (!checkComplete()) {
      input.focus()
      return announceProblem()
    }
    const address = input.value.trim().toLowerCase()
    if (!canMake()) return location.assign(`${GALLERY}/address/${address}`)
    const picture = { series: series.value, address }
    outcome.textContent = ''
    const { isThere, run } = await make(picture)
    if (!isThere) await openRun(run)
    else if (run.isStandIn === true) {
      const link = create('a', { href: pathOf('/dalle', picture), textContent: 'View the stand-in' })
      outcome.replaceChildren(standInMessage(run), ' ', link)
    } else {
      outcome.textContent = 'This picture already exists.'
      await openDetail(pageOf(picture))
    }
  }

  form.addEventListener('input', () => {
    outcome.textContent = ''
  })
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    button.disabled = true
    submit()
      .catch((error: unknown) => {
        showProblem(outcome, error)
      })
      .finally(() => {
        button.disabled = false
      })
  })
}
