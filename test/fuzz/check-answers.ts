import { connect } from 'node:net'
import { readAnswers } from './http-answers.ts'
import type { Answer } from './http-answers.ts'
import type { RawRequest } from './requests.ts'

const REQUEST_ID = /^[A-Za-z0-9._-]{1,64}$/
const CODE = /^[A-Za-z]+(?:_[A-Za-z]+)*$/
/** Errors of the server that the contract declares. */
const DECLARED_503 = new Set(['SERVICE_UNAVAILABLE', 'QUEUE_FULL'])
/** A frame of a stack. */
const STACK = /\n\s+at .+:\d+:\d+/

export interface Target {
  port: number
  host?: string
  /** Texts that no answer may contain, such as the path of the data folder. */
  hidden: string[]
}

/** The last request of each connection. The server closes the connection after it. */
const LAST = Buffer.from('GET /series HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n')
/** A request whose body is too short leaves the server waiting. Then the client ends its side. */
const PATIENCE_MS = 2_000

/** Sends all requests at once; returns what came back until the server closed the connection. */
async function exchange({ port, host = '127.0.0.1' }: Target, requests: RawRequest[]): Promise<Buffer> {
  return await new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    const socket = connect({ port, host })
    const timer = setTimeout(() => socket.end(), PATIENCE_MS)
    socket.on('data', (chunk: Buffer) => {
      chunks.push(chunk)
      // An event stream has no end.
      if (chunk.includes('text/event-stream')) socket.destroy()
    })
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ECONNRESET' && error.code !== 'EPIPE') reject(error)
    })
    socket.on('close', () => {
      clearTimeout(timer)
      resolve(Buffer.concat(chunks))
    })
    socket.write(Buffer.concat([...requests.map(({ bytes }) => bytes), LAST]))
  })
}

/** What is wrong with an answer by the contract; undefined if nothing is. */
function problemOf(
  { status, headers, body, isComplete, isHead }: Answer,
  { hidden }: Target
): string | undefined {
  const type = headers.get('content-type') ?? ''
  const id = headers.get('x-request-id') ?? ''
  if (type.startsWith('text/event-stream') && status === 200) return undefined
  if (!isComplete) return 'the body is cut'
  if (!REQUEST_ID.test(id)) return 'there is no request id'
  const text = body.toString()
  const leak = hidden.find((secret) => text.includes(secret) || [...headers.values()].join().includes(secret))
  if (leak !== undefined) return `it contains ${leak}`
  if (STACK.test(text)) return 'it contains a stack'
  if (status < 400 || isHead) return status === 500 ? 'an unexpected error' : undefined
  if (type.startsWith('text/html')) return text.includes(id) ? undefined : 'the page has no request id'
  return envelopeProblem(status, type, text, id)
}

function envelopeProblem(status: number, type: string, text: string, id: string): string | undefined {
  if (type !== 'application/json; charset=utf-8') return `an error of the type ${type}`
  let parsed
  try {
    parsed = JSON.parse(text) as { success?: unknown; error?: Record<string, unknown>; request_id?: unknown }
  } catch {
    return 'the body is no JSON'
  }
  const { success, error = {}, request_id: outer } = parsed
  const { code, message, details, timestamp, request_id: inner } = error
  const isEnvelope =
    success === false &&
    typeof code === 'string' &&
    CODE.test(code) &&
    typeof message === 'string' &&
    message !== '' &&
    (details === undefined || typeof details === 'string') &&
    Number.isInteger(timestamp)
  if (!isEnvelope) return 'the body is no envelope'
  if (inner !== id || outer !== id) return 'the ids differ'
  if (status >= 500 && !(status === 503 && DECLARED_503.has(code))) return `the error ${status} ${code}`
}

/** Sends the requests of one connection and returns what is wrong with the answers. */
export async function checkConversation(target: Target, requests: RawRequest[]): Promise<string[]> {
  const bytes = await exchange(target, requests)
  let answers: Answer[]
  try {
    answers = readAnswers(
      bytes,
      requests.some(({ method }) => method === 'HEAD')
    )
  } catch (error) {
    return [(error as Error).message]
  }
  if (answers.length === 0) return ['the connection ended without an answer']
  return answers.flatMap((answer) => {
    const problem = problemOf(answer, target)
    return problem === undefined
      ? []
      : [`${answer.status} ${problem}: ${answer.body.toString().slice(0, 200)}`]
  })
}
