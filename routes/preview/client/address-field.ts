import { GALLERY, create, find } from './dom.js'
import { addressProblem, findAddress, isUnfinished } from './lib/typed-address.js'

const HINT = '0x and 40 digits, 0 to 9 and a to f.'
/** A visitor who pastes has finished. What is typed stays as it is until then. */
const PASTES = ['insertFromPaste', 'insertFromDrop', 'insertReplacementText']

/** The hash function nearly doubles the size of all scripts. Without it upper and lower case are not checked. */
async function loadChecksum(): Promise<((address: string) => string) | undefined> {
  return await import('./checksum.js').then(
    ({ checksumAddress }) => checksumAddress,
    () => undefined
  )
}

export type AddressField = Awaited<ReturnType<typeof createAddressField>>

/** The address field with its hint. */
export async function createAddressField(input: HTMLInputElement) {
  const checksumAddress = await loadChecksum()
  const hint = find('#address-hint')

  function showHint(problem: string, state: 'right' | 'wrong' | 'open'): void {
    input.setAttribute('aria-invalid', String(state === 'wrong'))
    hint.dataset.state = state
    hint.textContent = state === 'right' ? 'This is a valid address.' : problem
    if (state === 'right') hint.append(' ', linkToAll())
  }

  /** The page of the address in every series. */
  function linkToAll(): HTMLAnchorElement {
    const address = input.value.trim().toLowerCase()
    return create('a', { href: `${GALLERY}/address/${address}`, textContent: 'See it in every series' })
  }

  /** Puts the address into the field in place of a link or a text that holds it. */
  function readInput(): string {
    const found = findAddress(input.value)
    if (found !== undefined && found !== input.value) input.value = found
    return input.value.trim()
  }

  return {
    /** Writes an address in mixed case, where the hash function is loaded. */
    write: (address: string) => checksumAddress?.(address) ?? address,

    /** Shows the state of an address that the visitor is still typing, or has pasted. */
    checkTyping(event?: Event): void {
      const isPasted = event instanceof InputEvent && PASTES.includes(event.inputType)
      const text = isPasted ? readInput() : input.value.trim()
      const problem = addressProblem(text, checksumAddress)
      showHint(problem, problem === '' ? 'right' : isUnfinished(text) ? 'open' : 'wrong')
      if (text === '') hint.textContent = HINT
      hint.removeAttribute('role')
    },

    /** Tells a screen reader what is wrong. While the visitor types, each digit would change what it reads. */
    announceProblem(): void {
      hint.role = 'alert'
      // New text is read again.
      hint.replaceChildren(hint.textContent)
    },

    /** Shows the state of a complete address, and returns whether it is valid. */
    checkComplete(): boolean {
      const problem = addressProblem(readInput(), checksumAddress)
      showHint(problem, problem === '' ? 'right' : 'wrong')
      return problem === ''
    }
  }
}
