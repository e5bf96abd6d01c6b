import { isIP } from 'node:net'
import { Type } from '@sinclair/typebox'
import type { Static, TSchema } from '@sinclair/typebox'
import ipaddr from 'ipaddr.js'
import { listedName } from '../access/hosts.ts'
import { TOKENS_PATTERN, parseTokens } from '../access/tokens.ts'
import { parseDuration } from './duration.ts'

/** The longest time that a timer of Node can run, in milliseconds: almost 25 days. */
const MAX_TIMER_MS = 2 ** 31 - 1
const DAY_MS = 86_400_000

const NONE = 'none'

/** A schema whose values `read` decodes. `read` returns undefined for a value that cannot be used. */
export function decoded<T extends TSchema, D>(schema: T, read: (value: Static<T>) => D | undefined) {
  return Type.Transform(schema)
    .Decode((value): D => {
      const result = read(value)
      if (result === undefined) throw new Error('this value cannot be used')
      return result
    })
    .Encode(() => {
      throw new Error('settings are never written')
    })
}

export function words<T extends string>(...values: T[]) {
  return Type.Union(values.map((value) => Type.Literal(value)))
}

/** A list with commas between its parts; `read` returns undefined for a part that cannot be used. */
const list = (read: (part: string) => string | undefined) =>
  decoded(Type.String(), (text) => {
    const parts = text.split(',').map((part) => read(part.trim()))
    return parts.includes(undefined) ? undefined : Object.freeze(parts as string[])
  })

/** IP addresses and networks. */
export const networks = () =>
  list((part) => {
    const isNetwork = part.includes('/') ? ipaddr.isValidCIDR(part) : isIP(part) !== 0
    return isNetwork ? part : undefined
  })

/** Host names and IP addresses, as `hostName` of lib/access writes them. */
export const hostNames = () => list(listedName)

/** Origins as browsers write them, such as `https://a.example:8443`. */
export const origins = () => list(originOf)

/** A pattern is no origin: browsers never send it, and it would match none. */
function originOf(text: string): string | undefined {
  const { origin } = /[*;'"]/.test(text) ? {} : (readHttpUrl(text) ?? {})
  return origin !== undefined && text.toLowerCase().replace(/\/$/, '') === origin ? origin : undefined
}

/** An origin that a content security policy can name. It knows no IPv6 addresses. */
const PLAIN_ORIGIN = /^https?:\/\/[a-z0-9.-]+(?::\d+)?$/

/** Origins, or `*` for all of them, as a content security policy names them. */
export const frameAncestors = () =>
  decoded(Type.String(), (text) => {
    if (text.trim() === '*') return Object.freeze(['*'])
    const parts = text.split(',').map((part) => originOf(part.trim()))
    return parts.every((part) => part !== undefined && PLAIN_ORIGIN.test(part))
      ? Object.freeze(parts as string[])
      : undefined
  })

export const onOff = () => decoded(words('0', '1'), (text) => text === '1')

/** Milliseconds. */
export const duration = () => durationWithin(Number.MIN_VALUE, MAX_TIMER_MS)

/** Milliseconds, from 0 to a day. */
export const timeToStop = () => durationWithin(0, DAY_MS)

const durationWithin = (leastMs: number, mostMs: number) =>
  decoded(Type.String(), (text) => {
    const ms = parseDuration(text)
    return ms !== undefined && ms >= leastMs && ms <= mostMs ? ms : undefined
  })

export const httpUrl = () => decoded(Type.String(), (text) => readHttpUrl(text) && text)

/** The beginning of a URL that ends with an address; empty for none. */
export const explorerUrl = () =>
  decoded(Type.String(), (text) => {
    if (text === '' || (readHttpUrl(text) && /[/=]$/.test(text))) return text
    return readHttpUrl(text) && `${text}/`
  })

/** The first parts of the paths of this service. A base path that begins with one could not be told from it. */
export const OWN_PATHS = [
  'avatar',
  'dalle',
  'docs',
  'errors',
  'events',
  'files',
  'health',
  'healthz',
  'metrics',
  'nft',
  'openapi.json',
  'preview',
  'readyz',
  'favicon.ico',
  'robots.txt',
  'series',
  'v1'
]

/** A path without a slash at its end; empty for the root. */
export const basePath = () =>
  decoded(Type.String({ pattern: '^/(?:[A-Za-z0-9._~-]+(?:/[A-Za-z0-9._~-]+)*/?)?$' }), (text) => {
    const path = text.replace(/\/$/, '')
    const parts = path.split('/')
    return OWN_PATHS.includes(parts[1] ?? '') || hasDots(parts) ? undefined : path
  })

/** The path of a folder in the URLs of a proxy, with a slash at its end. The root is none. */
export const proxyFolder = () =>
  decoded(basePath(), (path) => {
    return path === '' ? undefined : `${path}/`
  })

/** An absolute path, with a slash at its end. */
export const folderOnDisk = () =>
  decoded(Type.String({ pattern: '^/[^\\x00-\\x1f\\x7f-\\x9f]*$' }), (text) => {
    const path = text.replace(/\/+$/, '')
    return hasDots(path.split('/')) ? undefined : `${path}/`
  })

function hasDots(parts: string[]): boolean {
  return parts.some((part) => part === '.' || part === '..')
}

/** A fragment or a blank in a URL comes from a mistake: neither is ever sent. */
function readHttpUrl(text: string): URL | undefined {
  if (/[\s#]/.test(text) || !URL.canParse(text)) return undefined
  const url = new URL(text)
  const isHttp = url.protocol === 'http:' || url.protocol === 'https:'
  return isHttp && url.username === '' && url.password === '' ? url : undefined
}

/** @param kind begins the names of tokens without one */
export const tokens = (kind: string) =>
  decoded(Type.String({ pattern: TOKENS_PATTERN }), (text) => parseTokens(text, kind))

/** The URL of a proxy. It may hold a user name and a password, and `http://` may be left out. */
export const proxyUrl = () =>
  decoded(Type.String(), (text) => {
    const url = text.includes('://') ? text : `http://${text}`
    if (/\s/.test(url) || !URL.canParse(url)) return undefined
    const { protocol, hostname } = new URL(url)
    return /^https?:$/.test(protocol) && hostname !== '' ? url : undefined
  })

/** A whole number, or undefined for `none`. */
export const wholeOrNone = () =>
  orNone((text) => (/^\d+$/.test(text) && Number.isSafeInteger(Number(text)) ? Number(text) : undefined))

/** A decimal number up to a limit, or undefined for `none`. */
export const numberOrNone = (most: number) =>
  orNone((text) => (/^\d+(?:\.\d+)?$/.test(text) && Number(text) <= most ? Number(text) : undefined))

/** One of these words, or undefined for `none`. */
export const wordOrNone = <T extends string>(...known: T[]) =>
  orNone((text) => known.find((word) => word === text))

/** A decoder whose result is in a field, since undefined means that a value cannot be used. */
function orNone<T>(read: (text: string) => T | undefined) {
  return decoded(Type.String(), (text) => {
    if (text === NONE) return { value: undefined }
    const value = read(text)
    return value === undefined ? undefined : { value }
  })
}
