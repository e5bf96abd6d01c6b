/** The first element that matches. @throws if there is none, since the server always renders it */
export function find<T extends Element = HTMLElement>(selector: string, inside: ParentNode = document): T {
  const element = inside.querySelector<T>(selector)
  if (element === null) throw new Error(`the page has no ${selector}`)
  return element
}

type Child = Node | string

/** Creates an element. Strings become text nodes, so HTML in them has no effect. */
export function create<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  properties: Partial<HTMLElementTagNameMap[K]> = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = Object.assign(document.createElement(tag), properties)
  element.append(...children)
  return element
}

/** Whether the page shows another dialog, which the visitor has opened meanwhile. */
export function showsOther(dialog: HTMLDialogElement): boolean {
  const open = document.querySelector('dialog[open]')
  return open !== null && open !== dialog
}

/** Parses HTML of the server. Scripts in it do not run. */
export function parse(html: string): Document {
  return new DOMParser().parseFromString(html, 'text/html')
}

/** An address short enough for one line. */
export function shorten(address: string): string {
  return `${address.slice(0, 8)}…${address.slice(-6)}`
}

/** What the URLs of the service begin with, as that of this script does; empty at the root. */
export const BASE = new URL(import.meta.url).pathname.split('/preview/assets/', 1)[0]!

/** The page of the gallery. */
export const GALLERY = `${BASE}/preview`

/** The path of a picture below a folder of the service, such as `/dalle`. */
export function pathOf(folder: string, { series, address }: { series: string; address: string }): string {
  return `${BASE}${folder}/${encodeURIComponent(series)}/${address}`
}

/** Other pages below the gallery whose name a series may have too. Names of series are in lower case. */
const OWN_PAGES = ['address', 'assets']

/** The page of a picture. A capital tells a series from another page. */
export function pageOf({ series, address }: { series: string; address: string }): string {
  const name = OWN_PAGES.includes(series) ? series.replace('a', 'A') : series
  return pathOf('/preview', { series: name, address })
}

const PICTURE_PAGE = /^\/(?!(?:address|assets)\/)[^/]+\/0[xX][0-9a-fA-F]{40}$/

/** Whether a path is the page of a picture. */
export function isPicturePage(path: string): boolean {
  return path.startsWith(`${GALLERY}/`) && PICTURE_PAGE.test(path.slice(GALLERY.length))
}

/** `<series>/<address>` of the page of a picture. */
export function keyOf(path: string): string {
  return path
    .slice(GALLERY.length + 1)
    .split('/')
    .map(decodeURIComponent)
    .join('/')
    .toLowerCase()
}

/** Marks what was pressed until its work has an effect that the visitor sees. */
export async function whileBusy<T>(pressed: Element, work: Promise<T>): Promise<T> {
  pressed.setAttribute('aria-busy', 'true')
  return await work.finally(() => pressed.removeAttribute('aria-busy'))
}

/** Whether a click opens the link in this tab. */
export function isPlainClick(event: MouseEvent): boolean {
  return event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey
}
