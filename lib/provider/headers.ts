import { Type } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import type { ProviderConfig } from './operations.ts'

export const HeadersSchema = Type.Record(Type.String(), Type.Union([Type.String(), Type.Null()]))

export type Headers = Readonly<Record<string, string | null>>

/** A name as RFC 9110 (5.6.2) has it. */
const NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/
/** Visible characters, with blanks only between them. */
const TEXT = /^(?:[!-~\x80-\xff](?:[\t !-~\x80-\xff]*[!-~\x80-\xff])?)?$/
/** Headers that belong to the connection or to the body. */
const OWN =
  /^(?:host|connection|content-length|content-type|transfer-encoding|upgrade|te|trailer|keep-alive|expect)$/i
/** Stands for the key in the value of a header. */
const KEY = '<key>'

/** The headers in a JSON text; undefined where one cannot be sent. */
export function parseHeaders(json: string): Headers | undefined {
  try {
    const headers: unknown = JSON.parse(json)
    return areHeaders(headers) ? headers : undefined
  } catch {
    return undefined
  }
}

export function areHeaders(headers: unknown): headers is Headers {
  return (
    !Array.isArray(headers) &&
    Value.Check(HeadersSchema, headers) &&
    Object.entries(headers).every(
      ([name, text]) => NAME.test(name) && !OWN.test(name) && (text === null || TEXT.test(text))
    )
  )
}

/** The headers with the key in place of `<key>`. */
export function withKey(headers: Headers, key: string): Headers {
  return Object.fromEntries(
    Object.entries(headers).map(([name, text]) => [name, text?.replaceAll(KEY, () => key) ?? null])
  )
}

/** Shorter texts of headers and queries are no secrets, and may be words of the log. */
const SECRET_CHARACTERS = 8

/** The texts of a provider's configuration that no log may show. */
export function secretsOf({
  apiKey,
  headers,
  baseUrl,
  image,
  enhancement
}: Pick<ProviderConfig, 'apiKey' | 'headers' | 'baseUrl' | 'image' | 'enhancement'>): string[] {
  const urls = [baseUrl, image?.url, enhancement?.url].filter((url) => url !== undefined)
  const values = [
    ...Object.values(headers),
    ...urls.flatMap((url) => [...new URL(url).searchParams.values()])
  ]
  const secrets = values.filter((text): text is string => (text ?? '').length >= SECRET_CHARACTERS)
  return [apiKey, ...secrets].flatMap((secret) => [secret, encodeURIComponent(secret)])
}
