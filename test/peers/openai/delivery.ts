import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import type { FaultSpec } from './faults.ts'

/** A successful answer. */
export interface Answer {
  type: string
  /** Sent one after the other. */
  parts: Iterable<Buffer>
  /** Bytes of all parts; unknown for a stream. */
  length?: number
  gap: Gap
}

/** Milliseconds between two parts, or a function whose promise ends the pause. */
export type Gap = number | (() => Promise<unknown>)

export function bytesAnswer(type: string, bytes: Buffer): Answer {
  return { type, parts: [bytes], length: bytes.length, gap: 0 }
}

export function jsonAnswer(body: object | Buffer): Answer {
  return bytesAnswer('application/json', Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body)))
}

export function eventAnswer(events: Buffer[], gap: Gap): Answer {
  return { type: 'text/event-stream; charset=utf-8', parts: events, gap }
}

const BLOCK = Buffer.alloc(64 * 1024, 'A')
const DEFAULT_HUGE = 40_000_000

/** Two texts with many bytes between them, which are never in memory all at once. */
export function hugeAnswer(
  type: string,
  head: Buffer,
  tail: Buffer,
  { bytes = DEFAULT_HUGE, chunked = false }: { bytes?: number; chunked?: boolean }
): Answer {
  const blocks = Math.ceil(bytes / BLOCK.length)
  function* parts() {
    yield head
    for (let index = 0; index < blocks; index += 1) yield BLOCK
    yield tail
  }
  return {
    type,
    parts: parts(),
    gap: 0,
    ...(!chunked && { length: head.length + blocks * BLOCK.length + tail.length })
  }
}

export function hugeJson(head: string, tail: string, fault: { bytes?: number; chunked?: boolean }): Answer {
  return hugeAnswer('application/json', Buffer.from(head), Buffer.from(tail), fault)
}

export interface Delivery {
  response: ServerResponse
  headers: Record<string, string>
  /** Aborted when the client has left. */
  signal: AbortSignal
}

/** Sends the answer as the fault says: whole, slowly, or half of it. Rejects when the client leaves before the end. */
export async function deliver(
  answer: Answer,
  fault: FaultSpec,
  { response, headers, signal }: Delivery
): Promise<void> {
  const chunked = 'chunked' in fault && fault.chunked === true
  response.writeHead(200, {
    ...headers,
    'content-type': fault.kind === 'wrong_type' ? 'text/plain; charset=utf-8' : answer.type,
    ...(answer.length !== undefined && !chunked && { 'content-length': answer.length })
  })
  const send = async (bytes: Buffer) => {
    if (!response.write(bytes)) await once(response, 'drain', { signal })
  }
  switch (fault.kind) {
    case 'hang_in_body':
    case 'cut_body': {
      const whole = Buffer.concat([...answer.parts])
      const half = whole.subarray(0, Math.floor(whole.length * (fault.share ?? 0.5)))
      // Flushed before the connection ends, so that the client receives a beginning.
      await new Promise((resolve) => response.write(half, resolve))
      if (fault.kind === 'hang_in_body') return await silence(signal)
      response.socket?.destroy()
      return
    }
    case 'trickle': {
      const whole = Buffer.concat([...answer.parts])
      const step = Math.ceil(whole.length / (fault.pieces ?? 20))
      for (let from = 0; from < whole.length; from += step) {
        await send(whole.subarray(from, from + step))
        await sleep(fault.ms ?? 50, undefined, { signal })
      }
      response.end()
      return
    }
    default: {
      let first = true
      for (const part of answer.parts) {
        if (!first) await pause(answer.gap, signal)
        first = false
        await send(part)
      }
      response.end()
    }
  }
}

async function pause(gap: Gap, signal: AbortSignal): Promise<void> {
  if (typeof gap === 'function') await gap()
  else if (gap > 0) await sleep(gap, undefined, { signal })
}

/** Waits until the client has left, then rejects, as every wait here does. */
export async function silence(signal: AbortSignal): Promise<never> {
  signal.throwIfAborted()
  await once(signal, 'abort')
  throw signal.reason
}
