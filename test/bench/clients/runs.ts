import { setTimeout as sleep } from 'node:timers/promises'
import type { Service } from '../servers/service.ts'

const WAIT = { prefer: 'wait=60' }
/** A server with too much to do answers 503 and asks for another try. */
const RETRY_MS = 1_000

/**
 * Asks for a picture and waits until it is there.
 * @returns the outcome of the request, such as `started`
 * @throws when the run fails
 */
export async function makePicture(
  service: Service,
  address: string,
  series = 'empty'
): Promise<string | null> {
  const url = `${service.url}/dalle/${series}/${address}`
  const first = await ask(`${url}?generate=1`)
  for (let answer = first; !answer.isPicture; answer = await ask(url)) {
    if (!answer.isLive) throw new Error(`A run did not end with a picture: ${answer.text.slice(0, 300)}`)
  }
  return first.outcome
}

async function ask(url: string) {
  for (;;) {
    const response = await fetch(url, { headers: WAIT })
    const isPicture = response.headers.get('content-type') === 'image/png'
    const bytes = Buffer.from(await response.arrayBuffer())
    if (response.status === 503) {
      await sleep(RETRY_MS)
      continue
    }
    const text = isPicture ? '' : bytes.toString()
    const isLive = !isPicture && (JSON.parse(text) as { data?: { done?: boolean } }).data?.done === false
    return { isPicture, isLive, text, outcome: response.headers.get('x-dalle-run') }
  }
}
