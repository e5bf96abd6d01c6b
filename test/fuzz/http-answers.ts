/** An answer as it came over a socket. */
export interface Answer {
  status: number
  /** By lower-case name. */
  headers: Map<string, string>
  body: Buffer
  /** Whether it may be the answer to HEAD. */
  isHead: boolean
  /** Whether the body is as long as the headers say. An event stream is never complete. */
  isComplete: boolean
}

const HEAD_END = '\r\n\r\n'

/**
 * The answers of one connection, in their order.
 * @param withHead whether there was a request HEAD, whose answer names the length of a body that is not there
 * @throws if the bytes are no HTTP
 */
export function readAnswers(bytes: Buffer, withHead: boolean): Answer[] {
  const answers: Answer[] = []
  for (let at = 0; at < bytes.length;) {
    const end = bytes.indexOf(HEAD_END, at)
    if (end < 0) throw new Error(`no complete header: ${bytes.toString('latin1', at, at + 200)}`)
    const [first = '', ...lines] = bytes.toString('latin1', at, end).split('\r\n')
    const status = Number(/^HTTP\/1\.1 (\d{3})(?: |$)/.exec(first)?.[1])
    if (Number.isNaN(status)) throw new Error(`no status line: ${first.slice(0, 200)}`)
    const headers = new Map(lines.map(splitHeader))
    at = end + HEAD_END.length
    if (status === 100) continue
    const isHead = withHead && (at === bytes.length || bytes.toString('latin1', at, at + 9) === 'HTTP/1.1 ')
    const hasBody = !isHead && status !== 204 && status !== 304
    const { body, next } = hasBody ? readBody(bytes, at, headers) : { body: Buffer.alloc(0), next: at }
    answers.push({ status, headers, body, isHead, isComplete: next <= bytes.length })
    at = next
  }
  return answers
}

function splitHeader(line: string): [name: string, value: string] {
  const colon = line.indexOf(':')
  if (colon < 1) throw new Error(`no header: ${line.slice(0, 200)}`)
  return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]
}

function readBody(bytes: Buffer, at: number, headers: Map<string, string>): { body: Buffer; next: number } {
  const length = headers.get('content-length')
  if (length !== undefined) {
    return { body: bytes.subarray(at, at + Number(length)), next: at + Number(length) }
  }
  if (headers.get('transfer-encoding') !== 'chunked') return { body: bytes.subarray(at), next: bytes.length }
  const pieces: Buffer[] = []
  for (let from = at; ;) {
    const line = bytes.indexOf('\r\n', from)
    const size = line < 0 ? NaN : Number.parseInt(bytes.toString('latin1', from, line), 16)
    if (Number.isNaN(size)) return { body: Buffer.concat(pieces), next: Infinity }
    if (size === 0) return { body: Buffer.concat(pieces), next: line + 4 }
    pieces.push(bytes.subarray(line + 2, line + 2 + size))
    from = line + 4 + size
  }
}
