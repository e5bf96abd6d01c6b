const MAX_WAIT_SECONDS = 60

/** What a client prefers by the header `Prefer` (RFC 7240). */
export interface Preferences {
  /** Seconds that the answer may be held until the run ends, 60 at most. */
  wait: number | undefined
  respondAsync: boolean
}

/** Reads `Prefer`; what is unknown or malformed is ignored, as the RFC asks. */
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
