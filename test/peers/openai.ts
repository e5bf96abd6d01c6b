import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setImmediate, setTimeout as sleep } from 'node:timers/promises'
import { answerChat, refuseChat, textOfLast } from './openai/chat.ts'
import { bytesAnswer, deliver, hugeAnswer, jsonAnswer, silence } from './openai/delivery.ts'
import type { Answer, Gap } from './openai/delivery.ts'
import { noSuchImage, refusalOf, unreadableJson } from './openai/errors.ts'
import type { Refusal } from './openai/errors.ts'
import { specOf } from './openai/faults.ts'
import type { Behaviour, Body, Fault, FaultSpec, Operation } from './openai/faults.ts'
import { keyOf, refuseAccess } from './openai/gate.ts'
import { answerImage, refuseImage } from './openai/images.ts'
import { parameterRefusal } from './openai/parameters.ts'
import { createRecords } from './openai/records.ts'
import type { RequestRecord, Work } from './openai/records.ts'
import { apiHeaders, storageHeaders } from './openai/headers.ts'
import { createPictures } from './openai/pictures.ts'
import { sendShape, shapeOf } from './openai/shapes/index.ts'

export { enhance } from './openai/chat.ts'
export { createChaos, parseScript } from './openai/faults.ts'
export type {
  Behaviour,
  Body,
  ChaosOptions,
  Fault,
  FaultName,
  FaultSpec,
  Operation
} from './openai/faults.ts'
export { promptKey } from './openai/records.ts'
export { SHAPES } from './openai/shapes/index.ts'
export type { Shape } from './openai/shapes/index.ts'
export type { RequestRecord } from './openai/records.ts'

export interface OpenAiOptions {
  port?: number
  host?: string
  /** Milliseconds before a good answer; refusals come at once, as OpenAI's do. */
  latency?: number | ((operation: Operation) => number)
  /** Milliseconds between the events of an image stream, or a function whose promise ends the pause. */
  gap?: Gap
  /** Scales the pictures down, for fast tests: 0.25 delivers 256x256 for 1024x1024. */
  scale?: number
  /** Grain in the pictures, so that they weigh as much as real ones. */
  noise?: boolean
  /** How many different pictures are delivered in turn; with 1 all are the same. */
  variants?: number
  /** The base of dall-e's image URLs, instead of this server's `/images`. */
  imageBaseUrl?: string
  /** The models that are listed, in place of OpenAI's. */
  models?: readonly unknown[]
  /** Requests that are remembered in full. */
  keep?: number
  /** Called for each request with a valid body, before anything is done with it. */
  onStart?: (record: RequestRecord) => void
  /** Called for each request that ended. */
  onEnd?: (record: RequestRecord) => void
}

export type OpenAi = Awaited<ReturnType<typeof startOpenAi>>

const MODELS = [
  'gpt-image-2',
  'gpt-image-1',
  'dall-e-3',
  'dall-e-2',
  'gpt-5-mini',
  'gpt-4.1-mini',
  'gpt-5.4-mini'
]
const IMAGE_PATH = /\/images\/img-(\d{2,4}x\d{2,4})-(\d+)\.png$/
/** Faults after which a picture was made and billed, but did not arrive. */
const LOST: ReadonlySet<string> = new Set([
  'hang_in_body',
  'cut_body',
  'malformed_json',
  'empty_data',
  'no_image',
  'huge',
  'stream_without_completed',
  'stream_error'
])
/** Faults that end without a whole answer. After any other fault, a missing end means that the client left. */
const UNFINISHED: ReadonlySet<string> = new Set(['hang', 'hang_in_body', 'cut_body', 'reset', 'reset_after'])

/** A stand-in for OpenAI on a real socket: its answers, its refusals and, on demand, each of its faults. */
export async function startOpenAi(options: OpenAiOptions = {}) {
  const {
    port = 0,
    host = '127.0.0.1',
    latency = 0,
    gap = 0,
    scale = 1,
    noise = false,
    variants = 1,
    keep = 100,
    onStart,
    onEnd
  } = options
  const records = createRecords(keep)
  const pictures = createPictures({ scale, noise, variants })
  const queues = new Map<Operation, FaultSpec[]>()
  const behaviours = new Map<Operation, Behaviour>()
  const indices = new Map<Operation, number>()
  let drawn = 0

  /** The next fault of the script, else of the operation's behaviour. */
  function nextFault(operation: Operation, body: Body): FaultSpec {
    const index = indices.get(operation) ?? 0
    indices.set(operation, index + 1)
    const scripted = queues.get(operation)?.shift()
    if (scripted !== undefined) return scripted
    const behaviour = behaviours.get(operation) ?? 'ok'
    return specOf(operation, typeof behaviour === 'function' ? behaviour(index, body) : behaviour)
  }

  /** Milliseconds before a good answer. */
  function waitBefore(operation: Operation, fault: FaultSpec): number {
    const usual = typeof latency === 'function' ? latency(operation) : latency
    return usual + (fault.kind === 'delay' && fault.until === undefined ? (fault.ms ?? 100) : 0)
  }

  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => {
      // A client that left ends every wait. Any other error is a mistake in a test or here and must be visible.
      if (response.destroyed) return
      process.emitWarning(error as Error)
      response.destroy()
    })
  })
  // Connections stay open during a pause in a test, as at OpenAI.
  server.keepAliveTimeout = 60_000

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname: path, search: query } = new URL(request.url ?? '/', 'http://peer')
    const operation = operationOf(path)
    const record = recordOf(request, { operation, path, query })
    const gone = new AbortController()
    let outcome = 'client_left'
    let work: Work = 'none'
    const end = records.start(record)
    response.once('close', () => {
      gone.abort()
      const arrived = response.writableFinished
      end(
        arrived || UNFINISHED.has(outcome) ? outcome : 'client_left',
        work === 'done' && !arrived ? 'perhaps' : work
      )
      onEnd?.(record)
    })

    // The host as the client names it; in a container it is not the address that this server listens on.
    const imageUrl = `http://${request.headers.host}/images`
    const requestId = `req_${randomBytes(16).toString('hex')}`
    const headers = operation === 'download' ? storageHeaders(requestId) : apiHeaders(requestId, record.at)
    const refuse = (refusal: Refusal) => {
      outcome = refusal.outcome
      record.isCharged = false
      const length = Buffer.byteLength(refusal.body)
      response
        .writeHead(refusal.status, {
          ...headers,
          ...refusal.headers,
          'content-type': refusal.type,
          'content-length': length
        })
        .end(refusal.body)
    }

    const text = await read(request)
    // A client that leaves now may have left its work behind.
    record.isCharged = operation === 'chat' || operation === 'image'
    const denied = refuseAccess(record, requestId)
    if (denied !== undefined || operation === 'unknown') return refuse(denied!)
    const key = keyOf(request.headers)
    const body = parse(text)
    if (body === undefined) return refuse(unreadableJson())
    record.body = body
    onStart?.(record)

    const fault = nextFault(operation, body)
    if (fault.kind === 'refused_parameter') return refuse(parameterRefusal(fault.form, fault.parameter))
    const refusal = refusalOf(fault, { operation, requestId, model: String(body.model), key })
    if (refusal !== undefined) return refuse(refusal)
    outcome = fault.kind
    switch (fault.kind) {
      case 'hang':
        return await silence(gone.signal)
      case 'reset_after':
        await sleep(fault.ms ?? 50, undefined, { signal: gone.signal })
        request.socket.resetAndDestroy()
        return
      case 'reset':
        request.socket.resetAndDestroy()
        return
      case 'raw':
        if (operation === 'image') work = 'perhaps'
        response
          .writeHead(fault.status ?? 200, { ...headers, 'content-type': fault.type ?? 'application/json' })
          .end(fault.body)
        return
      case 'redirect':
        record.isCharged = false
        response
          .writeHead(302, { ...headers, location: fault.location ?? `${imageUrl}/img-1024x1024-0.png` })
          .end()
        return
    }

    if (fault.kind === 'shape') {
      const { charges } = shapeOf(fault.shape)!
      if (charges !== 'nothing') work = 'perhaps'
      record.isCharged = charges !== 'nothing'
      outcome = fault.shape
      const made = await answerShape(fault.shape, { body, imageUrl, requestId, key })
      return await sendShape(response, made, headers)
    }

    const invalid =
      operation === 'image' ? refuseImage(body) : operation === 'chat' ? refuseChat(body) : undefined
    if (invalid !== undefined) return refuse(invalid)
    if (operation === 'image') work = LOST.has(fault.kind) ? 'perhaps' : 'done'
    const wait = waitBefore(operation, fault)
    if (wait > 0) await sleep(wait, undefined, { signal: gone.signal })
    if (fault.kind === 'delay') await fault.until
    const answer = await answerTo(operation, { path, body, fault, imageUrl })
    if (answer === undefined) return refuse(noSuchImage(requestId))
    if (operation !== 'download') headers['openai-processing-ms'] = String(Date.now() - record.at)
    await deliver(answer, fault, { response, headers, signal: gone.signal })
  }

  async function answerShape(
    name: string,
    { body, imageUrl, ...rest }: { body: Body; imageUrl: string; requestId: string; key: string }
  ) {
    const index = drawn++
    const { bytes, base64 } = await pictures('1024x1024', index)
    const url = signedUrl(options.imageBaseUrl ?? imageUrl, '1024x1024', index)
    const picture = { bytes, base64: base64.toString() }
    return shapeOf(name)!.answer({ ...rest, picture, url, text: textOfLast(body.messages ?? []) })
  }

  async function answerTo(
    operation: Operation,
    { path, body, fault, imageUrl }: { path: string; body: Body; fault: FaultSpec; imageUrl: string }
  ): Promise<Answer | undefined> {
    if (fault.kind === 'malformed_json') {
      return bytesAnswer(
        'application/json',
        Buffer.from('{"created": 1764093600, "data": [{"b64_json": "iVBORw0KGgo')
      )
    }
    if (operation === 'chat') return answerChat(body, fault)
    if (operation === 'image') {
      const publish = (size: string, index: number) =>
        signedUrl(options.imageBaseUrl ?? imageUrl, size, index)
      return await answerImage(body, fault, { pictures, publish, nextIndex: () => drawn++, gap })
    }
    if (operation === 'models') {
      return jsonAnswer({
        object: 'list',
        data:
          options.models ??
          MODELS.map((id) => ({ id, object: 'model', created: 1_745_517_030, owned_by: 'system' }))
      })
    }
    return await answerDownload(path, fault)
  }

  async function answerDownload(path: string, fault: FaultSpec): Promise<Answer | undefined> {
    const [, size, index] = IMAGE_PATH.exec(path) ?? []
    if (size === undefined) return undefined
    const { bytes } = await pictures(size, Number(index))
    switch (fault.kind) {
      case 'not_an_image':
        return bytesAnswer(
          'text/html; charset=utf-8',
          Buffer.from('<!doctype html><title>Sign in</title><p>Sign in to this network to go on.')
        )
      case 'no_image':
        return bytesAnswer('image/png', Buffer.from('This is a sentence and no image.'))
      case 'huge':
        return hugeAnswer('image/png', bytes.subarray(0, 64), Buffer.alloc(0), fault)
      default:
        return bytesAnswer('image/png', bytes)
    }
  }

  server.listen(port, host)
  await once(server, 'listening')
  const origin = `http://${host}:${(server.address() as AddressInfo).port}`

  return {
    /** The base URL for the client. */
    url: `${origin}/v1`,
    origin,
    /** Queues faults, one for each request, in order. The behaviour applies to later requests. */
    script: (operation: Operation, ...faults: Fault[]): void => {
      const specs = faults.map((fault) => specOf(operation, fault))
      queues.set(operation, [...(queues.get(operation) ?? []), ...specs])
    },
    /** Sets the fault of requests without a script; at first `ok`. A function gets the request's number, from 0. */
    behave: (operation: Operation, behaviour: Behaviour): void => {
      if (typeof behaviour !== 'function') specOf(operation, behaviour)
      behaviours.set(operation, behaviour)
    },
    /** The latest requests, the oldest first. */
    requests: records.requests as readonly RequestRecord[],
    /** Requests that came since the start or the last reset. */
    count: records.count,
    /** The number of requests for each `operation:outcome`. */
    outcomes: records.outcomes as ReadonlyMap<string, number>,
    /** Image requests whose picture was sent in full. */
    get billed() {
      return records.billed()
    },
    /** Image requests that OpenAI would have drawn and billed, though no whole picture arrived. */
    get possiblyBilled() {
      return records.possiblyBilled()
    },
    /** The part of `billed` for each `promptKey(prompt)`; the latest 10,000 prompts. */
    billedByPrompt: records.billedByPrompt as ReadonlyMap<string, number>,
    /** Requests that are open now, and the most at the same time. */
    concurrent: (operation: Operation | 'all' = 'all') => records.concurrent(operation),
    /** Removes all records, scripts and behaviours. */
    reset: (): void => {
      records.reset()
      for (const map of [queues, behaviours, indices]) map.clear()
    },
    /** Ends the server and every open socket at once. */
    close: async (): Promise<void> => {
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
      // Requests end one turn after their sockets; then the records are complete.
      while (records.concurrent('all').now > 0) await setImmediate()
    }
  }
}

function recordOf(
  { method = 'GET', headers }: IncomingMessage,
  asked: Pick<RequestRecord, 'operation' | 'path' | 'query'>
): RequestRecord {
  return { ...asked, method, body: {}, headers, at: Date.now(), outcome: 'pending', isCharged: false }
}

function operationOf(path: string): RequestRecord['operation'] {
  if (path.endsWith('/images/generations')) return 'image'
  if (path.endsWith('/chat/completions')) return 'chat'
  if (path.endsWith('/models')) return 'models'
  return /\/images\/[^/]+\.png$/.test(path) ? 'download' : 'unknown'
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString()
}

/** An empty body is an empty request. */
function parse(text: string): Body | undefined {
  if (text === '') return {}
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Body) : undefined
  } catch {
    return undefined
  }
}

/** A signed URL, as the storage makes them. A log that contains one gives access to the picture. */
function signedUrl(base: string, size: string, index: number): string {
  const expires = new Date(Date.now() + 3_600_000).toISOString().replace(/\.\d+/, '')
  const query = new URLSearchParams({
    se: expires,
    sp: 'r',
    sv: '2024-08-04',
    sr: 'b',
    sig: randomBytes(32).toString('base64')
  })
  return `${base}/img-${size}-${index}.png?${query.toString()}`
}
