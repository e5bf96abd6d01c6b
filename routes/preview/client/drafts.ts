const PREFIX = 'gallery.series.'

/** An edit that is not saved, with the version of the series that it began with. */
export interface Draft {
  version: string
  values: Record<string, string>
}

function keyOf(name: string): string {
  return PREFIX + (name === '' ? ' new' : name)
}

/** The unsaved edit of a series; undefined if there is none. @param name empty for a new series */
export function loadDraft(name: string): Draft | undefined {
  try {
    const { version, values } = JSON.parse(localStorage.getItem(keyOf(name)) ?? '') as Draft
    return typeof version === 'string' && typeof values === 'object' ? { version, values } : undefined
  } catch {
    // There is none, or the browser blocks storage.
    return undefined
  }
}

/** Keeps an unsaved edit, also when the page is closed. False if the browser blocks storage. */
export function keepDraft(name: string, draft: Draft): boolean {
  try {
    localStorage.setItem(keyOf(name), JSON.stringify(draft))
    return true
  } catch {
    return false
  }
}

export function dropDraft(name: string): void {
  try {
    localStorage.removeItem(keyOf(name))
  } catch {
    // Without storage there is no draft.
  }
}
