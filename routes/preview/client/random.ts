import { request } from './api.js'
import { create, find, pathOf } from './dom.js'
import { showProblem } from './messages.js'

const ADDRESS_BYTES = 20
const SAMPLES = 6
/** Pixels: enough for a screen with high resolution. */
const SIZE = 256

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
