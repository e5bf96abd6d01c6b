import { Problem } from './api.js'
import { create, find } from './dom.js'

const TOAST_MS = 7_000
/** Long enough to read the message, to find the button and to press it. */
const ACTION_MS = 30_000

/** A button in a message. */
interface ToastAction {
  label: string
  work: () => Promise<void>
}

/** Shows a message at the edge of the page for a while. Screen readers read it too. */
export function toast(text: string, action?: ToastAction): void {
  // The same message again takes the place of the former one.
  for (const former of find('#toasts').children) if (former.textContent === text) former.remove()
  const item = create('p', { textContent: text })
  if (action !== undefined) item.append(' ', actionButton(action, item))
  find('#toasts').append(item)
  setTimeout(() => item.remove(), action === undefined ? TOAST_MS : ACTION_MS)
}

function actionButton({ label, work }: ToastAction, item: HTMLElement): HTMLButtonElement {
  const button = create('button', { type: 'button', className: 'link', textContent: label })
  button.addEventListener('click', () => {
    item.remove()
    work().catch(reportError)
  })
  return button
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
