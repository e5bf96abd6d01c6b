import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { AwsClient } from 'aws4fetch'
import pRetry from 'p-retry'
import { systemClock } from '../clock.ts'
import type { Clock } from '../clock.ts'
import { errors, isServiceError } from '../errors.ts'
import { codeOfError, parseListing } from './s3-answers.ts'
import type { ListedObject } from './s3-answers.ts'

const RETRIES = 3
const FIRST_WAIT_MS = 200
/** How long an attempt may take: until the header of an answer, and until an object is taken. */
const READ_MS = 5_000
const WRITE_MS = 30_000
/** How long the store may be silent in the middle of an object. */
const IDLE_MS = 15_000

const NOT_FOUND = 404
const SERVER_ERROR = 500

/** Reasons in words, by the code of S3. */
const REASON: Record<string, string> = {
  NoSuchBucket: 'the bucket does not exist',
  InvalidAccessKeyId: 'the object store does not know the access key',
  SignatureDoesNotMatch: 'the object store refuses the secret key',
  AccessDenied: 'the object store denies access to the bucket',
  AllAccessDisabled: 'the object store denies access to the bucket',
  RequestTimeTooSkewed: 'the clocks of this machine and of the object store differ',
  AuthorizationHeaderMalformed: 'the object store is in another region',
  PermanentRedirect: 'the bucket is in another region',
  QuotaExceeded: 'the object store is full',
  EntityTooLarge: 'the object store takes no object of this size'
}

/** Where a bucket is, and who may use it. */
export interface S3Config {
  /** `https://host/bucket`, or `https://host/bucket/prefix`. */
  readonly url: string
  readonly region: string
  readonly accessKeyId: string
  readonly secretAccessKey: string
}

export interface S3Options extends S3Config {
  /** Called before each retry. */
  onRetry?: () => void
  /** Milliseconds before the first retry; each further wait is twice as long. Tests set 0. */
  firstWaitMs?: number
  clock?: Pick<Clock, 'startTimer'>
}

/** What the store says of an object. */
export interface StoredObject {
  bytes: number
  /** As the store wrote it, with its quotes. */
  etag: string
  /** Unix milliseconds. */
  modifiedMs: number
}

/** The first and the last byte, counted from 0. */
export interface ByteRange {
  start: number
  end: number
}

export type S3 = ReturnType<typeof createS3>

/**
 * Objects in a bucket of an S3 store. Each attempt has a deadline. What may be gone at the next attempt (5xx, resets,
 * silence) is tried again; an answer of 4xx is not. No conditional write is used, because some stores do not know them.
 *
 * All methods throw SERVICE_UNAVAILABLE when the store does not answer, and FILE_SYSTEM_ERROR when it refuses. Neither
 * names a host or a key.
 */
export function createS3(options: S3Options) {
  const { url, region, accessKeyId, secretAccessKey, onRetry = () => {} } = options
  const { firstWaitMs = FIRST_WAIT_MS, clock = systemClock } = options
  const client = new AwsClient({ accessKeyId, secretAccessKey, region, service: 's3', retries: 0 })
  const { bucketUrl, prefix } = splitUrl(url)

  const urlOf = (key: string) => `${bucketUrl}/${encodePath(prefix + key)}`

  /** Runs attempts until one has an answer that says something about the request. */
  async function perform<T>(attempt: () => Promise<T>): Promise<T> {
    try {
      return await pRetry(attempt, {
        retries: RETRIES,
        minTimeout: firstWaitMs,
        randomize: true,
        shouldRetry: ({ error }) => !isServiceError(error),
        onFailedAttempt: ({ error, retriesLeft }) => {
          if (retriesLeft > 0 && !isServiceError(error)) onRetry()
        }
      })
    } catch (error) {
      if (isServiceError(error)) throw error
      throw errors.unavailable('The object store does not answer', 'Ask again in a moment', error)
    }
  }

  /**
   * The answer to one request; undefined if there is no such object.
   * @throws FILE_SYSTEM_ERROR that is final; any other error may be gone at the next attempt
   */
  async function ask(
    target: string,
    init: RequestInit,
    timeoutMs: number
  ): Promise<{ response: Response; end: () => void } | undefined> {
    const controller = new AbortController()
    const end = () => controller.abort(new Error('the object store was silent for too long'))
    const stopTimer = clock.startTimer(timeoutMs, end)
    try {
      const signed = await client.sign(target, init)
      const response = await fetch(signed, { signal: controller.signal, redirect: 'manual' })
      if (response.ok) return { response, end }
      const text = await response.text()
      const code = codeOfError(text)
      if (response.status >= SERVER_ERROR) {
        throw new Error(`the object store answered ${response.status} ${code}`)
      }
      if (response.status === NOT_FOUND && code !== 'NoSuchBucket') return undefined
      throw errors.fileSystem(REASON[code] ?? `the object store answered ${response.status}`, new Error(code))
    } finally {
      stopTimer()
    }
  }

  /** The bytes of an answer. It ends with an error when the store is silent or the answer is cut. */
  async function* bytesOf({
    response,
    end
  }: {
    response: Response
    end: () => void
  }): AsyncGenerator<Buffer> {
    const expected = Number(response.headers.get('content-length') ?? NaN)
    const reader = (response.body as ReadableStream<Uint8Array>).getReader()
    let received = 0
    try {
      for (;;) {
        const stopTimer = clock.startTimer(IDLE_MS, end)
        const { done, value } = await reader.read().finally(stopTimer)
        if (done) break
        received += value.length
        yield Buffer.from(value.buffer, value.byteOffset, value.byteLength)
      }
    } finally {
      // The receiver may leave in the middle of an object.
      end()
    }
    if (!Number.isNaN(expected) && received !== expected) throw new Error('the object store cut its answer')
  }

  const store = {
    /**
     * Writes an object, over one that is there. Readers see the former object or the new one.
     * @returns the ETag
     */
    async put(key: string, content: Uint8Array, type = 'application/octet-stream'): Promise<string> {
      const init = {
        method: 'PUT',
        body: new Uint8Array(content),
        headers: {
          'content-type': type,
          // The store refuses what arrives changed.
          'x-amz-content-sha256': createHash('sha256').update(content).digest('hex')
        }
      }
      return await perform(async () => {
        const answer = await ask(urlOf(key), init, WRITE_MS)
        if (answer === undefined) throw errors.fileSystem(REASON.NoSuchBucket!)
        await answer.response.arrayBuffer()
        return answer.response.headers.get('etag') ?? ''
      })
    },

    /** The bytes of an object; undefined if there is none. */
    async read(key: string, range?: ByteRange): Promise<Buffer | undefined> {
      return await perform(async () => {
        const answer = await ask(urlOf(key), { headers: rangeHeader(range) }, READ_MS)
        if (answer === undefined) return undefined
        const parts: Buffer[] = []
        for await (const part of bytesOf(answer)) parts.push(part)
        return cut(Buffer.concat(parts), answer.response, range)
      })
    },

    /**
     * A stream of an object, or of a part of it; undefined if there is none. It ends with an error when the store does
     * not send all bytes.
     */
    async stream(key: string, range?: ByteRange): Promise<Readable | undefined> {
      const answer = await perform(
        async () => await ask(urlOf(key), { headers: rangeHeader(range) }, READ_MS)
      )
      if (answer === undefined) return undefined
      if (range !== undefined && answer.response.status !== 206) {
        answer.end()
        throw errors.fileSystem('the object store sends no part of an object')
      }
      return Readable.from(bytesOf(answer), { objectMode: false })
    },

    /** Size and ETag of an object; undefined if there is none. */
    async head(key: string): Promise<StoredObject | undefined> {
      return await perform(async () => {
        const answer = await ask(urlOf(key), { method: 'HEAD' }, READ_MS)
        if (answer === undefined) return undefined
        const { headers } = answer.response
        const modifiedMs = Date.parse(headers.get('last-modified') ?? '')
        return { bytes: Number(headers.get('content-length')), etag: headers.get('etag') ?? '', modifiedMs }
      })
    },

    /** Removes an object. One that is not there counts as removed. */
    async remove(key: string): Promise<void> {
      await perform(async () => {
        const answer = await ask(urlOf(key), { method: 'DELETE' }, READ_MS)
        await answer?.response.arrayBuffer()
      })
    },

    /** The objects whose keys begin with a text, in the order of their keys. They are asked for page by page. */
    async *list(beginning: string): AsyncGenerator<ListedObject> {
      // The first version of the call: its pages need no token, and every store has it.
      for (let marker: string | undefined = ''; marker !== undefined;) {
        const query = new URLSearchParams({ prefix: prefix + beginning, 'encoding-type': 'url' })
        if (marker !== '') query.set('marker', marker)
        // URLSearchParams writes a blank as +, which signatures do not know.
        const target = `${bucketUrl}?${query.toString().replaceAll('+', '%20')}`
        const page = await perform(async () => {
          const answer = await ask(target, {}, WRITE_MS)
          if (answer === undefined) throw errors.fileSystem(REASON.NoSuchBucket!)
          return parseListing(await answer.response.text())
        })
        for (const object of page.objects) yield { ...object, key: object.key.slice(prefix.length) }
        marker = page.isTruncated ? page.objects.at(-1)?.key : undefined
      }
    },

    /**
     * Writes a small object, reads it back and removes it.
     * @throws SERVICE_UNAVAILABLE, FILE_SYSTEM_ERROR that say what is wrong
     */
    async check(name: string): Promise<void> {
      const key = `write-check/${name}`
      const content = Buffer.from(name)
      await store.put(key, content)
      const read = await store.read(key)
      await store.remove(key)
      if (read?.equals(content) !== true) {
        throw errors.fileSystem('the object store does not return what was written to it')
      }
    }
  }
  return store
}

function rangeHeader(range: ByteRange | undefined): Record<string, string> {
  return range === undefined ? {} : { range: `bytes=${range.start}-${range.end}` }
}

/** A store that does not know ranges sends the whole object. */
function cut(bytes: Buffer, { status }: Response, range: ByteRange | undefined): Buffer {
  return range === undefined || status === 206 ? bytes : bytes.subarray(range.start, range.end + 1)
}

function splitUrl(url: string): { bucketUrl: string; prefix: string } {
  const { origin, pathname } = new URL(url)
  const [bucket = '', ...rest] = pathname.split('/').filter((part) => part !== '')
  const prefix = rest.map((part) => `${decodeURIComponent(part)}/`).join('')
  return { bucketUrl: `${origin}/${bucket}`, prefix }
}

/** The path of a key. The store computes the signature over exactly these characters. */
function encodePath(key: string): string {
  const encode = (character: string) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`
  return key
    .split('/')
    .map((part) => encodeURIComponent(part).replaceAll(/[!'()*]/g, encode))
    .join('/')
}
