import { createHash, createHmac } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

const AUTHORIZATION =
  /Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/
/** A path as signatures want it: everything else is encoded, with capital letters. */
const CANONICAL_PATH = /^(?:[A-Za-z0-9\-._~/]|%[0-9A-F]{2})+$/

/** Whether a request has the signature (version 4) that a secret key gives it. s3rver does not check this. */
export function isSigned({ method, url = '', headers }: IncomingMessage, secret: string): boolean {
  const [, , date, region, names, signature] = AUTHORIZATION.exec(headers.authorization ?? '') ?? []
  if (date === undefined || region === undefined || names === undefined) return false
  const [path = '', query = ''] = url.split('?')
  if (!CANONICAL_PATH.test(path)) return false
  const signed = names.split(';').map((name) => `${name}:${String(headers[name])}\n`)
  const request = [
    method,
    path,
    canonicalQuery(query),
    signed.join(''),
    names,
    headers['x-amz-content-sha256']
  ].join('\n')
  const scope = `${date}/${region}/s3/aws4_request`
  const text = ['AWS4-HMAC-SHA256', headers['x-amz-date'], scope, sha256(request)].join('\n')
  const key = [date, region, 's3', 'aws4_request'].reduce<string | Buffer>(hmac, `AWS4${secret}`)
  return hmac(key, text).toString('hex') === signature
}

function canonicalQuery(query: string): string {
  const encode = (text: string) =>
    encodeURIComponent(text).replaceAll(
      /[!'()*]/g,
      (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`
    )
  return query
    .split('&')
    .filter((part) => part !== '')
    .map((part) =>
      part
        .split('=')
        .map((text) => encode(decodeURIComponent(text)))
        .join('=')
    )
    .sort()
    .join('&')
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest()
