import { Problem } from './api.js'
import { create, find } from './dom.js'

const TOAST_MS = 7_000

/** Shows a message at the edge of the page for a few seconds. Screen readers read it too. */
export function toast(text: string): void {
  const item = create('p', { textContent: text })
  find('#toasts').append(item)
  setTimeout(() => item.remove(), TOAST_MS)
}

/** The message for the visitor. `fallback` is for errors of this page itself. */
export function messageOf(
  error: unknown,
  fallback = 'Something went wrong on this page. Reload it.'
): string {
  return error instanceof Problem ? error.message : fallback
}

/** Shows an error, and logs it unless the message already says everything. */
export function reportError(error: unknown): void {
  toast(messageOf(error))
  if (!(error instanceof Problem)) console.error(error)
}
