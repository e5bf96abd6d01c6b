import { forgetToken, token } from './token.js'

/** The data of a JSON answer, as far as this page looks at it. */
export interface Run {
  runId: string
  series: string
  address: string
  title: string
  currentPhase: string
  percent: number
  etaSeconds: number
  queuePosition: number
  partialImages: number
  done: boolean
  error: string
  errorCode: string
  degraded: boolean
  degradedReason: string
  /** Whether the picture only stands in for one that could not be had; undefined where the server did not say. */
  isStandIn?: boolean
}

/** The same as the picture's own address tells it. */
type Snapshot = Omit<Run, 'title' | 'isStandIn'> & {
  dalleDress: { titlePrompt: string; annotatedPath: string }
}

function asRun(snapshot: Snapshot): Run {
  const { titlePrompt: title, annotatedPath } = snapshot.dalleDress
  return { ...snapshot, title, isStandIn: annotatedPath.includes('/standin/') }
}

export interface Activity {
  live: number
  runs: Run[]
  ended: Run[]
  pictures: number
  revision: number
  changes: Array<{ revision: number; series: string; address: string; isThere: boolean }>
}

/** Something went wrong; the message is for the visitor. */
export class Problem extends Error {}

const WORDS: Record<string, string> = {
  UNAUTHORIZED: 'This needs a token: enter one above first.',
  FORBIDDEN: 'The server does not know this token. Enter another one above.',
  QUEUE_FULL: 'Too many pictures are waiting already. Try again in a moment.',
  RATE_LIMITED: 'That were too many requests. Try again in a moment.',
  BUDGET_EXHAUSTED: 'The budget for new pictures is used up for now. Try again later.',
  SERVICE_UNAVAILABLE: 'The server cannot do this just now. Try again in a moment.',
  FILE_SYSTEM_ERROR:
    'The server could not use its disk. Whoever runs it should look at its disk space and rights.',
  INTERNAL_SERVER_ERROR: 'Something went wrong inside the server. Its log knows more.',
  GENERATION_TIMEOUT: 'It took too long and was given up. Try again.',
  IMAGE_DOWNLOAD_ERROR: 'What was drawn could not be read as a picture. Try again.',
  CONTENT_REJECTED: 'The model refused to draw this. Another series may do.',
  OPENAI_TIMEOUT: 'The model did not answer in time. Try again.',
  OPENAI_RATE_LIMIT: 'The model is asked too often just now. Try again in a few minutes.',
  OPENAI_UNAVAILABLE: 'The model cannot be reached just now. Try again in a few minutes.',
  CANCELLED: 'It was cancelled.'
}

/** What an error code means to a visitor. */
export function inWords(code: string, otherwise: string): string {
  return WORDS[code] ?? (otherwise === '' ? 'Something went wrong.' : otherwise)
}

/**
 * Asks the server. With a token, where one is known.
 * @throws Problem in words for the visitor
 */
export async function ask(path: string, method: 'GET' | 'HEAD' | 'DELETE' = 'GET'): Promise<Response> {
  let response
  try {
    response = await fetch(path, {
      method,
      headers: token() === '' ? {} : { authorization: `Bearer ${token()}` }
    })
  } catch {
    throw new Problem('The server cannot be reached. Is it running, and are you online?')
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
  if (response.status === 403) forgetToken()
  throw new Problem(inWords(code, [message, details].filter((part) => part !== '').join(': ')))
}

/** Asks for the picture to be made. Whether it is there already. */
export async function askForPicture(path: string, force = false): Promise<{ isThere: boolean; run: Run }> {
  const response = await ask(`${path}?generate=1${force ? '&force=1' : ''}`)
  const { data } = (await response.json()) as { data: Snapshot }
  const outcome = response.headers.get('x-dalle-run')
  if (outcome === 'failed') throw new Problem(inWords(data.errorCode, data.error))
  return { isThere: outcome === 'cached', run: asRun(data) }
}

/** How long the stream of a picture may say nothing before nothing is known of it. */
const SILENCE_MS = 3_000

/**
 * How it stands with a picture: the run at work, or how the last one ended; undefined when the server knows of none. The picture's
 * own address would answer with the picture that a run is about to replace.
 * @throws Problem when the server does not tell
 */
export async function askForState(path: string): Promise<Run | undefined> {
  return await new Promise((resolve, reject) => {
    const events = new EventSource(`${path}/events`)
    let silence: ReturnType<typeof setTimeout> | undefined
    const close = () => {
      clearTimeout(silence)
      events.close()
    }
    const answer = ({ data }: MessageEvent<string>) => {
      close()
      resolve(asRun(JSON.parse(data) as Snapshot))
    }
    events.addEventListener('progress', answer)
    events.addEventListener('done', answer)
    events.addEventListener('open', () => {
      silence = setTimeout(() => {
        close()
        resolve(undefined)
      }, SILENCE_MS)
    })
    events.addEventListener('error', () => {
      close()
      reject(new Problem('The server does not tell how it stands with this picture.'))
    })
  })
}
