import type { Activity, RunSummary } from '../../../lib/schemas/activity.ts'
import type { Snapshot } from '../../../lib/schemas/progress.ts'
import { BASE } from './dom.js'
import { forgetToken, token } from './token.js'

export type { Activity }

/** A run as the page shows it. */
export interface Run extends RunSummary {
  /** Whether the picture is only a stand-in; undefined if the server did not say. */
  isStandIn?: boolean
}

function asRun(snapshot: Snapshot): Run {
  const { titlePrompt: title, annotatedPath } = snapshot.dalleDress
  return { ...snapshot, title, isStandIn: annotatedPath.includes('/standin/') }
}

/** An error with a message for the visitor, and the code of the server; empty if the error is not the server's. */
export class Problem extends Error {
  readonly code: string

  constructor(message: string, code = '') {
    super(message)
    this.code = code
  }
}

/** Codes of problems that can end while their message is shown. */
export const UNAUTHORIZED = 'UNAUTHORIZED'
export const UNREACHABLE = 'UNREACHABLE'

/** Money that is reserved may be free again sooner than this; what is spent comes back at midnight. */
const SOON_S = 30

const MESSAGES: Record<string, string> = {
  [UNAUTHORIZED]: 'This needs a token. Enter one first.',
  FORBIDDEN: 'The server does not allow this here.',
  QUEUE_FULL: 'The queue is full. Try again in a moment.',
  RATE_LIMITED: 'Too many requests. Try again in a moment.',
  BUDGET_EXHAUSTED: 'The budget for new pictures is used up for now. Try again later.',
  SERVICE_UNAVAILABLE: 'The server cannot do this at the moment. Try again soon.',
  FILE_SYSTEM_ERROR:
    'The server could not use its disk. Its operator should check the free space and the permissions.',
  INTERNAL_SERVER_ERROR: 'Something went wrong on the server. Its log has the details.',
  GENERATION_TIMEOUT: 'The run took too long and was stopped. Try again.',
  IMAGE_DOWNLOAD_ERROR: 'The result could not be read as an image. Try again.',
  CONTENT_REJECTED: 'The model refused to draw this. Try another series.',
  OPENAI_TIMEOUT: 'The model did not answer in time. Try again.',
  OPENAI_RATE_LIMIT: 'The model has too many requests at the moment. Try again in a few minutes.',
  OPENAI_UNAVAILABLE: 'The model is not available at the moment. Try again in a few minutes.',
  CANCELLED: 'The run was cancelled.'
}

/**
 * A part of the page that is loaded when it is first used.
 * @throws Problem if the server cannot be reached. Otherwise the page may be older than the server.
 */
export async function loadPart<Part>(part: Promise<Part>): Promise<Part> {
  return await part.catch(async (error: unknown) => {
    await request(`${BASE}/healthz`)
    throw error
  })
}

/** The message for an error code. `fallback` is used for codes without one. */
export function messageFor(code: string, fallback: string): string {
  return MESSAGES[code] ?? (fallback === '' ? 'Something went wrong.' : fallback)
}

interface RequestOptions {
  /** Sent as JSON. */
  body?: object
  headers?: Record<string, string>
}

/**
 * Sends a request, with the token if there is one.
 * @throws Problem if the server cannot be reached or answers with an error
 */
export async function request(
  path: string,
  method: 'GET' | 'DELETE' | 'PUT' | 'POST' = 'GET',
  { body, headers }: RequestOptions = {}
): Promise<Response> {
  let response
  try {
    response = await fetch(path, {
      method,
      // Pages of other sites cannot send this header, so the server knows that the gallery asks.
      headers: {
        'x-dalle-client': 'gallery',
        ...(token() !== '' && { authorization: `Bearer ${token()}` }),
        ...headers
      },
      ...(body !== undefined && { body: JSON.stringify(body) })
    })
  } catch {
    throw new Problem('The server cannot be reached. Is it running, and are you online?', UNREACHABLE)
  }
  if (response.ok) return response
  const {
    code = '',
    message = '',
    details = ''
  } = await response.json().then(
    ({ error }) => error,
    () => ({})
  )
  if (response.status === 401 && token() !== '') {
    forgetToken()
    throw new Problem('The server does not accept this token. Enter another one.', UNAUTHORIZED)
  }
  if (code === 'BUDGET_EXHAUSTED' && Number(response.headers.get('retry-after')) > SOON_S) {
    throw new Problem('The budget has no room for another picture today. Try again after midnight UTC.', code)
  }
  // Messages below /v1 begin with the code.
  const words = message.replace(`${code}: `, '')
  throw new Problem(messageFor(code, [words, details].filter((part) => part !== '').join(': ')), code)
}

/**
 * Starts a run for the picture, or joins the one that is running. `isThere` is true if the picture exists and no run is
 * needed.
 * @param force makes the picture again if it exists
 */
export async function requestPicture(path: string, force = false): Promise<{ isThere: boolean; run: Run }> {
  const response = await request(`${path}?generate=1${force ? '&force=1' : ''}`)
  const { data } = (await response.json()) as { data: Snapshot }
  const outcome = response.headers.get('x-dalle-run')
  if (outcome === 'failed') throw new Problem(messageFor(data.errorCode, data.error))
  return { isThere: outcome === 'cached', run: asRun(data) }
}

/** An open event stream that sends nothing for this long has no run to report. */
const SILENCE_MS = 3_000

/**
 * The newest state of a picture's run; undefined if the server has none. It comes from the event stream, because the
 * URL of the picture answers with the old picture while a run replaces it.
 * @throws Problem if the stream fails
 */
export async function requestState(path: string): Promise<Run | undefined> {
  return await new Promise((resolve, reject) => {
    const events = new EventSource(`${path}/events`)
    let silence: ReturnType<typeof setTimeout> | undefined
    const close = () => {
      clearTimeout(silence)
      events.close()
    }
    const receive = ({ data }: MessageEvent<string>) => {
      close()
      resolve(asRun(JSON.parse(data) as Snapshot))
    }
    events.addEventListener('progress', receive)
    events.addEventListener('done', receive)
    events.addEventListener('open', () => {
      silence = setTimeout(() => {
        close()
        resolve(undefined)
      }, SILENCE_MS)
    })
    events.addEventListener('error', () => {
      close()
      reject(new Problem('The server did not send the state of this picture.'))
    })
  })
}

/**
 * A proxy or a stopping server may answer with an error instead of the stream. The page connects again after this
 * time.
 */
const RECONNECT_MS = 5_000

/** What the page shows of runs is old after this time without the stream. A shorter break is not worth a word. */
const AWAY_MS = 4_000

const connectionListeners = new Set<() => void>()

/** Calls `listener` when the stream is there, and when it has been away for seconds. */
export function onConnection(listener: () => void): void {
  connectionListeners.add(listener)
}

/** Whether the stream has been away for seconds. Styles read it too. */
export function isAway(): boolean {
  return document.body.hasAttribute('data-away')
}

function setAway(away: boolean): void {
  document.body.toggleAttribute('data-away', away)
  for (const listener of connectionListeners) listener()
}

let waiting: ReturnType<typeof setTimeout> | undefined

function waitForStream(): void {
  waiting ??= setTimeout(setAway, AWAY_MS, true)
}

function forgetWaiting(): void {
  clearTimeout(waiting)
  waiting = undefined
}

/**
 * One stream brings all changes. The browser reconnects by itself when the connection breaks. It gives up when the
 * answer is an error; then `onRefused` is called.
 */
function connect(receive: (event: MessageEvent<string>) => void, onRefused: () => void): EventSource {
  const events = new EventSource(`${BASE}/events`)
  events.addEventListener('open', () => {
    forgetWaiting()
    setAway(false)
  })
  events.addEventListener('error', () => {
    if (events.readyState === EventSource.CLOSED) onRefused()
    waitForStream()
  })
  events.addEventListener('activity', receive)
  return events
}

/**
 * Receives all runs and the changes of pictures. A browser opens few connections to one server, so a hidden page closes
 * its stream.
 */
export function followActivity(receive: (event: MessageEvent<string>) => void): void {
  let events: EventSource | undefined
  let retry: ReturnType<typeof setTimeout> | undefined
  const disconnect = () => {
    clearTimeout(retry)
    forgetWaiting()
    events?.close()
    events = undefined
  }
  const update = () => {
    disconnect()
    if (document.visibilityState === 'visible') {
      waitForStream()
      events = connect(receive, () => {
        retry = setTimeout(update, RECONNECT_MS)
      })
    }
  }
  document.addEventListener('visibilitychange', update)
  // The stream of a lost network may never say that it is broken.
  addEventListener('online', update)
  addEventListener('pageshow', ({ persisted }) => {
    if (persisted) update()
  })
  addEventListener('pagehide', disconnect)
  update()
}
