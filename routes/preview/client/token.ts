import { find } from './dom.js'

const KEY = 'gallery.token'

let current = ''
try {
  // The session storage ends with the tab, so that the next user of a shared computer does not get the token.
  current = sessionStorage.getItem(KEY) ?? ''
} catch {
  // Without storage the visitor enters the token at each visit.
}

/** The token for requests; empty if none was entered. */
export function token(): string {
  return current
}

const listeners = new Set<() => void>()

/** Calls `listener` when the visitor gives a token. */
export function onToken(listener: () => void): void {
  listeners.add(listener)
}

function setToken(value: string): void {
  current = value
  try {
    sessionStorage.setItem(KEY, value)
  } catch {
    // Without storage the token lasts until the visitor leaves the page.
  }
  show()
}

/** Forgets a token that the server has refused. The field gets the focus if a button had it that is now hidden. */
export function forgetToken(): void {
  setToken('')
  const { activeElement, body } = document
  // A button that was disabled meanwhile has lost the focus to the body.
  if (activeElement === null || activeElement === body || activeElement.getClientRects().length === 0) {
    document.querySelector<HTMLElement>('#token input')?.focus()
  }
}

/** Hides the buttons that change something while there is no token. */
function show(): void {
  const { body } = document
  if (body.dataset.token === undefined) return
  body.dataset.token = current === '' ? 'missing' : 'given'
  const form = find<HTMLFormElement>('#token')
  find('[role=status]', form).textContent =
    current === '' ? '' : 'Your token is kept until you close this tab. Enter another one to replace it.'
}

export function setUpToken(): void {
  const form = document.querySelector<HTMLFormElement>('#token')
  if (form === null) return
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    const input = find<HTMLInputElement>('input', form)
    setToken(input.value.trim())
    input.value = ''
    for (const listener of listeners) listener()
    // The first thing that the token is good for.
    document.querySelector<HTMLElement>('#address, #series-form input')?.focus()
  })
  show()
}
