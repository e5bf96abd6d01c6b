import { readFileSync } from 'node:fs'

/** Descriptors that the process needs for itself: log, lock, watched folders, the port for metrics, the provider. */
const OWN_DESCRIPTORS = 64
/** A request may open a file, so a connection needs up to this many descriptors. */
const PER_CONNECTION = 2
const CONNECTIONS_MIN = 8
/** Each connection needs about 20 kB of memory. */
const CONNECTIONS_MAX = 16_384

/**
 * How many files and sockets this process may have open; undefined where the system has no such limit. On Linux it is
 * in /proc/self/limits. Elsewhere it is in Node's diagnostic report, which takes longer; Windows has none.
 */
export function descriptorLimit(): number | undefined {
  const limit = limitOfLinux() ?? limitOfReport()
  return Number.isInteger(limit) ? limit : undefined
}

function limitOfLinux(): number | undefined {
  try {
    return Number(/^Max open files +(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1])
  } catch {
    return undefined
  }
}

function limitOfReport(): number {
  const { userLimits } = process.report.getReport() as { userLimits?: { open_files?: { soft?: unknown } } }
  return Number(userLimits?.open_files?.soft)
}

/** How many connections a process with this many descriptors can serve. */
export function connectionsFor(descriptors: number | undefined): number {
  if (descriptors === undefined) return CONNECTIONS_MAX
  const possible = Math.floor((descriptors - OWN_DESCRIPTORS) / PER_CONNECTION)
  return Math.min(CONNECTIONS_MAX, Math.max(CONNECTIONS_MIN, possible))
}
