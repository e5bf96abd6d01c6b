/** What a shape is made from. */
export interface ShapeContext {
  /** A picture in the size that was asked for. */
  picture: { bytes: Buffer; base64: string }
  /** A URL where the stand-in serves a picture. */
  url: string
  /** The last message of a chat. */
  text: string
  requestId: string
  /** As the client sent it. */
  key: string
}

/** An answer as it goes over the wire. */
export interface ShapeAnswer {
  /** 200 by default. */
  status?: number
  /** JSON by default; none where it is empty. */
  type?: string
  headers?: Record<string, string>
  body: string | Buffer
  /** `cut` ends the connection after the body, before the answer is complete; `open` leaves it open. */
  end?: 'cut' | 'open'
}

/** The tokens that an answer names. */
export interface Tokens {
  input: number
  output: number
}

/** One way in which a server answers, and what the service must make of it. */
export interface Shape {
  name: string
  operation: 'image' | 'chat'
  answer: (context: ShapeContext) => ShapeAnswer
  /** The error code of the call; empty for a success. */
  code: string
  /** How often the provider is called while it answers like this. */
  calls: number
  /** What the provider charges for each call: nothing, the price of a call, or tokens. */
  charges: 'nothing' | 'call' | Tokens
  /** What becomes of the circuit: a success, no effect, a failure that counts, or open at once. */
  circuit: 'success' | 'untouched' | 'counts' | 'opens'
  /** The enhanced prompt, where there is one. */
  enhanced?: (text: string) => string
}

type Outcome = Pick<Shape, 'code' | 'calls' | 'charges' | 'circuit'>

export const DRAWN: Outcome = { code: '', calls: 1, charges: 'call', circuit: 'success' }
export const REJECTED: Outcome = {
  code: 'CONTENT_REJECTED',
  calls: 1,
  charges: 'nothing',
  circuit: 'untouched'
}
export const WRONG: Outcome = {
  code: 'OPENAI_UNAVAILABLE',
  calls: 1,
  charges: 'nothing',
  circuit: 'untouched'
}
export const NO_KEY: Outcome = { ...WRONG, circuit: 'opens' }
export const NO_MONEY: Outcome = NO_KEY
export const BLOCKED: Outcome = { ...WRONG, circuit: 'counts' }
export const AWAY: Outcome = { ...BLOCKED, calls: 4 }
export const THROTTLED: Outcome = {
  code: 'OPENAI_RATE_LIMIT',
  calls: 4,
  charges: 'nothing',
  circuit: 'untouched'
}
export const LOST: Outcome = { code: 'OPENAI_UNAVAILABLE', calls: 2, charges: 'call', circuit: 'counts' }
export const UNUSABLE: Outcome = {
  code: 'IMAGE_DOWNLOAD_ERROR',
  calls: 1,
  charges: 'call',
  circuit: 'counts'
}

export const json = (body: unknown, more: Omit<ShapeAnswer, 'body'> = {}): ShapeAnswer => ({
  ...more,
  body: JSON.stringify(body)
})

/** An error with a status. */
export const refused =
  (status: number, body: unknown, headers: Record<string, string> = {}) =>
  () =>
    json(body, { status, headers })
