import { isIP } from 'node:net'
import { Type } from '@sinclair/typebox'
import type { Static, TSchema } from '@sinclair/typebox'
import ipaddr from 'ipaddr.js'
import { listedName } from '../access/hosts.ts'
import { TOKENS_PATTERN, parseTokens } from '../access/tokens.ts'
import { parseDuration } from './duration.ts'

/** The longest time that a timer of Node can run, in milliseconds: almost 25 days. */
const MAX_TIMER_MS = 2 ** 31 - 1

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
  return Type.Unsafe<T>({ type: 'string', enum: values })
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
export const origins = () =>
  list((part) => {
    const { origin } = readHttpUrl(part) ?? {}
    return origin !== undefined && part.toLowerCase().replace(/\/$/, '') === origin ? origin : undefined
  })

export const onOff = () => decoded(words('0', '1'), (text) => text === '1')

/** Milliseconds. */
export const duration = () =>
  decoded(Type.String(), (text) => {
    const ms = parseDuration(text) ?? 0
    return ms > 0 && ms <= MAX_TIMER_MS ? ms : undefined
  })

export const httpUrl = () => decoded(Type.String(), (text) => readHttpUrl(text) && text)

function readHttpUrl(text: string): URL | undefined {
  if (!URL.canParse(text)) return undefined
  const url = new URL(text)
  const isHttp = url.protocol === 'http:' || url.protocol === 'https:'
  return isHttp && url.username === '' && url.password === '' ? url : undefined
}

export const tokens = () => decoded(Type.String({ pattern: TOKENS_PATTERN }), parseTokens)
