import { Problem, UNAUTHORIZED, UNREACHABLE, isAway, onConnection } from './api.js'
import { create, find } from './dom.js'
import { onToken } from './token.js'

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

interface PassingMessage {
  code: string
  text: string
  /** What stands there when the cause is gone. */
  after: string
}

/** Messages of problems, by the elements that they stand in. Their causes can end. */
const passing = new Map<Element, PassingMessage>()

/** Shows a problem in an element, until its cause ends. @param after what the element says then */
export function showProblem(place: Element, error: unknown, fallback?: string, after = ''): void {
  const text = messageOf(error, fallback)
  place.textContent = text
  if (error instanceof Problem) passing.set(place, { code: error.code, text, after })
}

/** The cause of problems with this code has ended. What has taken the place of a message stays. */
function withdraw(code: string): void {
  for (const [place, message] of passing) {
    if (message.code !== code) continue
    passing.delete(place)
    if (place.textContent === message.text) place.textContent = message.after
  }
}

/** Takes messages back when a new token is given, and when the server is there again. */
export function setUpMessages(): void {
  onToken(() => withdraw(UNAUTHORIZED))
  onConnection(() => {
    if (!isAway()) withdraw(UNREACHABLE)
  })
}

/** Shows an error, and logs it unless the message already says everything. */
export function reportError(error: unknown): void {
  toast(messageOf(error))
  if (!(error instanceof Problem)) console.error(error)
}
