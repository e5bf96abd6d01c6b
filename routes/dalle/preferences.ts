/** Proxies often cut a request after a minute. */
const MAX_WAIT_SECONDS = 55

/** The preferences of the header `Prefer` (RFC 7240). */
export interface Preferences {
  /** Seconds that the response may be held until the run ends; at most 55. */
  wait: number | undefined
  respondAsync: boolean
  /** Whether progress shall have its short form. Undefined if the header does not say it. */
  minimal: boolean | undefined
}

/** Reads `Prefer`. Unknown and malformed preferences are ignored, as the RFC requires; of two the first one counts. */
export function readPreferences(header: string | string[] | undefined): Preferences {
  const preferences: Preferences = { wait: undefined, respondAsync: false, minimal: undefined }
  if (header === undefined) return preferences
  for (const part of [header].flat().join(',').split(',')) {
    const [name, value] = part
      .split(';', 1)[0]!
      .split('=')
      .map((text) => text.trim().toLowerCase())
    const seconds = /^"?(\d{1,9})"?$/.exec(value ?? '')?.[1]
    if (name === 'wait' && seconds !== undefined) {
      preferences.wait ??= Math.min(Number(seconds), MAX_WAIT_SECONDS)
    }
    if (name === 'respond-async' && value === undefined) preferences.respondAsync = true
    const form = /^("?)(minimal|representation)\1$/.exec(value ?? '')?.[2]
    if (name === 'return' && form !== undefined) preferences.minimal ??= form === 'minimal'
  }
  return preferences
}

/** The value of `Preference-Applied` for a response that was held. */
export function appliedPreferences({ wait, respondAsync }: Omit<Preferences, 'minimal'>): string {
  return [wait !== undefined && `wait=${wait}`, respondAsync && 'respond-async'].filter(Boolean).join(', ')
}
