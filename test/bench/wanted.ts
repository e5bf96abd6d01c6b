import type { Wanted } from './row.ts'

/**
 * Requests a second that were measured on 2026-11-25 on a quiet machine with two cores: wrk with 50 connections beside
 * the server. This benchmark cannot start the Go server, and it runs on other machines. So it compares shares of nginx,
 * which both measured.
 */
const MEASURED = {
  goFiles: 32_084,
  goMetrics: 938,
  nginxFiles: 69_002,
  nginxNotModified: 94_582
}

/** A picture of the size that the route sends, from the memory of a process of the same kind. */
export const AS_BARE: Wanted = { atLeast: 0.8, of: 'bare' }

export const AS_NGINX: Wanted = { atLeast: 0.8, of: 'nginx' }

export const AS_THE_GO_SERVER: Wanted = {
  atLeast: MEASURED.goFiles / MEASURED.nginxFiles,
  of: 'nginx',
  because: 'the Go server'
}

/** Three times the Go server's rate. */
export const METRICS: Wanted = asRate(3 * MEASURED.goMetrics, 'three times the Go server')

/** A rate of that machine, as a share of what nginx answered there with 304. */
export function asRate(
  perSecond: number,
  because = `${perSecond.toLocaleString('en')}/s in 2026-11`
): Wanted {
  return { atLeast: perSecond / MEASURED.nginxNotModified, of: 'nginx 304', because }
}
