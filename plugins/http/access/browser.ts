import type { IncomingHttpHeaders } from 'node:http'

const PREFETCH_HEADERS = ['sec-purpose', 'purpose', 'x-moz']
/** The begin of the User-Agent of every browser, and of Windows PowerShell, which is none. */
const BROWSER = /^Mozilla\/(?!.*PowerShell\/)/
/** `Sec-Fetch-Site` of requests by pages of this server, and by the address bar. */
const OWN_SITES = ['same-origin', 'none']
/** What the gallery sends as X-Dalle-Client. A page of another site cannot send it without leave by CORS. */
const OWN_CLIENT = 'gallery'

/** Whether a browser asks before the visitor does. Such a request changes nothing. */
export function isPrefetch(headers: IncomingHttpHeaders): boolean {
  return PREFETCH_HEADERS.some((name) => String(headers[name] ?? '').includes('prefetch'))
}

/**
 * Whether a request is by no page of another site: by a program, by a page of this server, by a page of one of
 * `origins`, or by the address bar. Browsers send `Sec-Fetch-Site` to trustworthy URLs (https, loopback). For others,
 * the address bar and pages of other sites look the same, and only the gallery can be told apart.
 */
export function isFromOwnSite(headers: IncomingHttpHeaders, origins: readonly string[]): boolean {
  const { origin, 'sec-fetch-site': site, 'user-agent': agent = '', 'x-dalle-client': client } = headers
  if (origin !== undefined && origins.includes(origin)) return true
  if (site !== undefined) return OWN_SITES.includes(String(site))
  return !BROWSER.test(agent) || client === OWN_CLIENT
}

/** Whether a request without the gallery's scripts can be told apart from one of a page of another site. */
export function tellsItsSite({
  'sec-fetch-site': site,
  'user-agent': agent = ''
}: IncomingHttpHeaders): boolean {
  return site !== undefined || !BROWSER.test(agent)
}

/** Whether a browser opens the URL as a document: by the address bar, a link, or a page that leads there. */
export function isNavigation({ 'sec-fetch-dest': destination, accept = '' }: IncomingHttpHeaders): boolean {
  return destination === undefined ? accept.includes('text/html') : destination === 'document'
}

/** Whether a browser asks for an `<img>`. Without `Sec-Fetch-Dest`, `Accept` says so: it begins with an image type. */
export function isForImage({ 'sec-fetch-dest': destination, accept = '' }: IncomingHttpHeaders): boolean {
  return destination === undefined ? accept.startsWith('image/') : destination === 'image'
}
