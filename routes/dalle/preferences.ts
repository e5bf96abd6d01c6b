/** Proxies often cut a request after a minute. */
const MAX_WAIT_SECONDS = 55

/** The preferences of the header `Prefer` (RFC 7240). */
export interface Preferences {
  /** Seconds that the response may be held until the run ends; at most 55. */
  wait: number | undefined
  respondAsync: boolean
}

/** Reads `Prefer`. Unknown and malformed preferences are ignored, as the RFC requires. */
export function readPreferences(header: string | string[] | undefined): Preferences {
  const preferences: Preferences = { wait: undefined, respondAsync: false }
  for (const part of [header ?? []].flat().join(',').split(',')) {
    const [name, value] = part
      .split(';', 1)[0]!
      .split('=')
      .map((text) => text.trim().toLowerCase())
    const seconds = /^"?(\d{1,9})"?$/.exec(value ?? '')?.[1]
    if (name === 'wait' && seconds !== undefined) {
      preferences.wait ??= Math.min(Number(seconds), MAX_WAIT_SECONDS)
    }
    if (name === 'respond-async' && value === undefined) preferences.respondAsync = true
  }
  return preferences
}

/** The value of `Preference-Applied`. */
export function appliedPreferences({ wait, respondAsync }: Preferences): string {
  return [wait !== undefined && `wait=${wait}`, respondAsync && 'respond-async'].filter(Boolean).join(', ')
}
