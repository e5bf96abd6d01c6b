import type { IncomingHttpHeaders } from 'node:http'
import type { Condition } from '../../../lib/dress/series-editor.ts'

const ENTITY_TAG = /(W\/)?"([^"]*)"/g

/** The ETag of a version. */
export function etagOf(version: string): string {
  return `"${version}"`
}

/**
 * The condition of `If-Match` and `If-None-Match` (RFC 9110, section 13). Without them every change may be made. A weak
 * tag never matches for `If-Match`.
 */
export function conditionOf({
  'if-match': match,
  'if-none-match': noneMatch
}: Pick<IncomingHttpHeaders, 'if-match' | 'if-none-match'>): Condition {
  return (version) => {
    if (match !== undefined && !(version !== undefined && names(match, version, false))) return false
    return noneMatch === undefined || version === undefined || !names(noneMatch, version, true)
  }
}

function names(header: string, version: string, withWeak: boolean): boolean {
  if (header.trim() === '*') return true
  return [...header.matchAll(ENTITY_TAG)].some(([, weak, tag]) => tag === version && (withWeak || !weak))
}
