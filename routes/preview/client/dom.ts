/** The element that the page must have. */
export function find<T extends Element = HTMLElement>(selector: string, inside: ParentNode = document): T {
  const element = inside.querySelector<T>(selector)
  if (element === null) throw new Error(`the page has no ${selector}`)
  return element
}

type Child = Node | string

/** A new element. Text is text, whatever it holds. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  properties: Partial<HTMLElementTagNameMap[K]> = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = Object.assign(document.createElement(tag), properties)
  element.append(...children)
  return element
}

/** A document from the server's own, escaped HTML; nothing in it runs. */
export function parse(html: string): Document {
  return new DOMParser().parseFromString(html, 'text/html')
}

const TOAST_MS = 7_000

/** Says something for a while at the edge of the page, to screen readers too. */
export function toast(text: string): void {
  const item = make('p', { textContent: text })
  find('#toasts').append(item)
  setTimeout(() => item.remove(), TOAST_MS)
}

/** An address short enough for a line. */
export function shorten(address: string): string {
  return `${address.slice(0, 8)}…${address.slice(-6)}`
}

/** The path of a picture below a prefix. */
export function pathOf(prefix: string, series: string, address: string): string {
  return `${prefix}/${encodeURIComponent(series)}/${address}`
}
