const KEY = 'gallery.runs'
/** Those of a long visit; a run ends long before so many others have started. */
const KEPT = 100

let own: string[] = []
try {
  own = JSON.parse(sessionStorage.getItem(KEY) ?? '[]') as string[]
} catch {
  // Without storage the page forgets its runs when it is loaded again.
}

/** Whether this tab started the run. */
export function isOwnRun(runId: string): boolean {
  return own.includes(runId)
}

export function rememberRun(runId: string): void {
  own = [...own.filter((id) => id !== runId), runId].slice(-KEPT)
  try {
    sessionStorage.setItem(KEY, JSON.stringify(own))
  } catch {
    // As above.
  }
}
