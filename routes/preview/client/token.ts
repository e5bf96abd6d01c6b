import { find } from './dom.js'

const KEY = 'gallery.token'

let known = ''
try {
  // For as long as the tab is open: longer, and whoever uses this computer next would have it.
  known = sessionStorage.getItem(KEY) ?? ''
} catch {
  // Without storage it is asked for at each visit.
}

/** The token to send; empty where none was entered. */
export function token(): string {
  return known
}

function keep(value: string): void {
  known = value
  try {
    sessionStorage.setItem(KEY, value)
  } catch {
    // As above.
  }
  show()
}

export function forgetToken(): void {
  keep('')
}

/** What changes something is hidden as long as it could not be done. */
function show(): void {
  const { body } = document
  if (body.dataset.token === undefined) return
  body.dataset.token = known === '' ? 'missing' : 'given'
  const form = find<HTMLFormElement>('#token')
  find('[role=status]', form).textContent =
    known === '' ? '' : 'A token is in use for as long as this tab is open. Enter another to replace it.'
}

export function setUpToken(): void {
  const form = document.querySelector<HTMLFormElement>('#token')
  if (form === null) return
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    const input = find<HTMLInputElement>('input', form)
    keep(input.value.trim())
    input.value = ''
    find('#address').focus()
  })
  show()
}
