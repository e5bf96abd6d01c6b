import { execFile, spawnSync } from 'node:child_process'
import { promisify } from 'node:util'
import type { Load, LoadClient, LoadRequest } from './client.ts'

const THREADS = 2
/** Seconds after which wrk counts a response as lost. */
const TIMEOUT_SECONDS = 30

const MS: Record<string, number> = { us: 0.001, ms: 1, s: 1_000, m: 60_000, h: 3_600_000 }

/** wrk, where it is installed. */
export function findWrk(): LoadClient | undefined {
  const version = /^wrk (\S+)/.exec(spawnSync('wrk', ['-v'], { encoding: 'utf8' }).stdout ?? '')?.[1]
  if (version === undefined) return undefined
  return {
    name: `wrk ${version}`,
    measure: async (request) => {
      // On a busy machine, many connections may need longer than that for their first answer.
      for (let seconds = request.seconds; ; seconds *= 2) {
        const output = await runWrk({ ...request, seconds })
        const isEmpty = /^\s*0 requests in /m.test(output)
        if (!isEmpty || seconds > TIMEOUT_SECONDS) return parseWrk(output)
      }
    }
  }
}

async function runWrk({ url, headers = {}, connections, seconds }: LoadRequest): Promise<string> {
  const options = [
    `-t${Math.min(THREADS, connections)}`,
    `-c${connections}`,
    `-d${seconds}s`,
    `--timeout=${TIMEOUT_SECONDS}s`,
    '--latency',
    ...Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`])
  ]
  return (await promisify(execFile)('wrk', [...options, url])).stdout
}

/**
 * Reads what `wrk --latency` prints.
 * @throws when it is something else
 */
export function parseWrk(output: string): Load {
  const number = (pattern: RegExp) => Number(pattern.exec(output)?.[1] ?? 0)
  const perSecond = number(/^Requests\/sec:\s+([\d.]+)/m)
  const p50Ms = readDuration(/^ +50(?:\.0+)?%\s+([\d.]+)(\w+)/m.exec(output))
  const p99Ms = readDuration(/^ +99(?:\.0+)?%\s+([\d.]+)(\w+)/m.exec(output))
  const requests = number(/^\s*(\d+) requests in /m)
  if (Number.isNaN(p50Ms) || Number.isNaN(p99Ms) || requests === 0) {
    throw new Error(`wrk has measured nothing: ${output.trim()}`)
  }
  const errors =
    /^\s*Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)/m.exec(output) ?? []
  const failed = [number(/^\s*Non-2xx or 3xx responses: (\d+)/m), ...errors.slice(1).map(Number)]
  return { perSecond, p50Ms, p99Ms, requests, failed: failed.reduce((sum, count) => sum + count, 0) }
}

function readDuration(match: RegExpExecArray | null): number {
  return Number(match?.[1]) * (MS[match?.[2] ?? ''] ?? Number.NaN)
}
