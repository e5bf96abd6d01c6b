import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { BatchState } from '../../../lib/schemas/batches.ts'
import type { Artist } from '../../../lib/image/artist.ts'
import { json, plainPng, until } from '../../helper.ts'
import type { TestApp } from '../../helper.ts'

/** A poll takes the processor's time from what the test waits for. */
const POLL_MS = 40

/** An address for each number. */
export const addressOf = (index: number) =>
  `0x${createHash('sha256').update(`batch ${index}`).digest('hex').slice(0, 40)}`

export const addresses = (count: number, from = 0) =>
  Array.from({ length: count }, (_, index) => addressOf(from + index))

/** Requests below /v1/batches. */
export function batchesOf({ ask }: Pick<TestApp, 'ask'>) {
  const send = async (method: string, path = '', body?: unknown, headers: Record<string, string> = {}) => {
    const text = typeof body === 'string' ? body : JSON.stringify(body)
    const response = await ask(`/v1/batches${path}`, {
      method,
      headers,
      ...(body !== undefined && { body: text })
    })
    const { data, error } = await json(response)
    return { status: response.status, headers: response.headers, data, error }
  }
  const stateOf = async (batchId: string) => (await send('GET', `/${batchId}`)).data as BatchState
  return {
    send,
    stateOf,
    /** Accepts a batch of the series `simple`. */
    accept: async (list: string[]) =>
      (await send('POST', '', { series: 'simple', addresses: list })).data as BatchState,
    /** Waits until a state of the batch is as the test wants it. */
    untilState: async (batchId: string, isThere: (state: BatchState) => boolean) => {
      let state = await stateOf(batchId)
      await until(async () => {
        state = await stateOf(batchId)
        if (isThere(state)) return true
        await sleep(POLL_MS)
        return false
      })
      return state
    }
  }
}

/** An artist that draws a small picture at once. */
export async function instantArtist(): Promise<Artist> {
  const png = await plainPng(64)
  return {
    provider: 'local',
    compose: () => ({ draw: async () => ({ downloadMode: 'local', download: async () => png }) })
  }
}
