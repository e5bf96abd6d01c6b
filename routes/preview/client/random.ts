import { create, find, pathOf, shorten } from './dom.js'

const ADDRESS_BYTES = 20
const SAMPLES = 6
/** Pixels: enough for a screen with high resolution. */
const SIZE = 256

function randomAddress(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(ADDRESS_BYTES))
  return `0x${Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')}`
}

/** The drawing of the built-in artist. The browser asks for it when it comes into sight, and only then it is drawn. */
function sketchOf(series: string, address: string): string {
  return `${pathOf('/avatar', { series, address })}?size=${SIZE}`
}

function buildSample(series: string, onChoose: (address: string) => void): HTMLLIElement {
  const address = randomAddress()
  const button = create(
    'button',
    { type: 'button', className: 'sample', ariaLabel: `Make the picture of ${shorten(address)}` },
    create('img', {
      loading: 'lazy',
      src: sketchOf(series, address),
      alt: '',
      width: SIZE,
      height: SIZE
    }),
    create('code', { textContent: shorten(address) })
  )
  button.dataset.address = address
  button.addEventListener('click', () => {
    onChoose(address)
  })
  return create('li', {}, button)
}

/** The button that shows random addresses with a sketch of each. @param onChoose gets the address that was chosen */
export function setUpRandom(series: HTMLSelectElement, onChoose: (address: string) => void): void {
  const list = find('#random-list')
  find('#random').addEventListener('click', () => {
    list.replaceChildren(...Array.from({ length: SAMPLES }, () => buildSample(series.value, onChoose)))
    list.hidden = false
    find('#random-status').textContent =
      `${SAMPLES} random addresses. These are sketches: choose one to make its picture.`
  })
  series.addEventListener('change', () => {
    for (const sample of list.querySelectorAll<HTMLElement>('.sample')) {
      find<HTMLImageElement>('img', sample).src = sketchOf(series.value, sample.dataset.address!)
    }
  })
}
