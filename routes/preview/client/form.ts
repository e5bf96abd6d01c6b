import { requestPicture } from './api.js'
import { openDetail, openRun } from './detail.js'
import { create, find, pathOf } from './dom.js'
import { addressProblem, findAddress, isUnfinished } from './lib/typed-address.js'
import { messageOf, reportError } from './messages.js'
import { setUpRandom } from './random.js'
import { standInMessage } from './run-item.js'
import { follow } from './runs.js'

const HINT = '0x and 40 digits, 0 to 9 and a to f.'
/** A visitor who pastes has finished. What is typed stays as it is until then. */
const PASTES = ['insertFromPaste', 'insertFromDrop', 'insertReplacementText']

let checksumAddress: ((address: string) => string) | undefined
let loading: Promise<void> | undefined

/**
 * Loads the hash function when the form is first used, because it nearly doubles the size of all scripts. Without it
 * the form works too, and does not check upper and lower case.
 */
async function loadChecksum(): Promise<void> {
  loading ??= import('./checksum.js').then(
    (module) => {
      checksumAddress = module.checksumAddress
    },
    () => {}
  )
  await loading
}

/** The address field with its hint. */
function setUpAddress(input: HTMLInputElement) {
  const hint = find('#address-hint')

  function showHint(problem: string, state: 'right' | 'wrong' | 'open'): void {
    input.setAttribute('aria-invalid', String(state === 'wrong'))
    hint.dataset.state = state
    hint.textContent = state === 'right' ? 'This is a valid address.' : problem
  }

  /** Puts the address into the field in place of a link or a text that holds it. */
  function readInput(): string {
    const found = findAddress(input.value)
    if (found !== undefined && found !== input.value) input.value = found
    return input.value.trim()
  }

  /** Shows the state of an address that the visitor is still typing, or has pasted. */
  function checkTyping(isPasted = false): void {
    const text = isPasted ? readInput() : input.value.trim()
    const problem = addressProblem(text, checksumAddress)
    showHint(problem, problem === '' ? 'right' : isUnfinished(text) ? 'open' : 'wrong')
    if (text === '') hint.textContent = HINT
  }

  /** Shows the state of a complete address, and returns whether it is valid. */
  function checkComplete(): boolean {
    const problem = addressProblem(readInput(), checksumAddress)
    showHint(problem, problem === '' ? 'right' : 'wrong')
    return problem === ''
  }

  input.addEventListener('input', (event) => {
    checkTyping(event instanceof InputEvent && PASTES.includes(event.inputType))
  })
  const checkAgain = () => {
    if (input.value.trim() === '') return
    if (document.activeElement === input) checkTyping()
    else checkComplete()
  }
  input.addEventListener(
    'focus',
    () => {
      loadChecksum().then(checkAgain).catch(reportError)
    },
    { once: true }
  )
  input.addEventListener('blur', () => {
    if (input.value.trim() !== '') checkComplete()
  })
  if (input.value !== '') checkComplete()
  return checkComplete
}

function setUpSeries(select: HTMLSelectElement): void {
  select.addEventListener('change', () => {
    find('#series-hint').textContent = select.selectedOptions[0]?.dataset.purpose ?? ''
  })
}

/** The form that starts a run. */
export function setUpForm(): void {
  const form = find<HTMLFormElement>('#make')
  const input = find<HTMLInputElement>('#address')
  const series = find<HTMLSelectElement>('#series')
  const outcome = find('#make-outcome')
  const button = find<HTMLButtonElement>('button.primary', form)
  const checkAddress = setUpAddress(input)
  setUpSeries(series)
  setUpRandom(series, (address) => {
    input.value = checksumAddress?.(address) ?? address
    if (button.checkVisibility()) form.requestSubmit()
    else checkAddress()
  })

  async function submit(): Promise<void> {
    await loadChecksum()
    if (!checkAddress()) return input.focus()
    const picture = { series: series.value, address: input.value.trim().toLowerCase() }
    outcome.textContent = ''
    const { isThere, run } = await requestPicture(pathOf('/dalle', picture))
    if (!isThere) {
      follow(run)
      openRun(run)
    } else if (run.isStandIn === true) {
      const link = create('a', { href: pathOf('/dalle', picture), textContent: 'View the stand-in' })
      outcome.replaceChildren(standInMessage(run), ' ', link)
    } else {
      outcome.textContent = 'This picture already exists.'
      await openDetail(pathOf('/preview', picture))
    }
  }

  input.addEventListener('input', () => {
    outcome.textContent = ''
  })
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    button.disabled = true
    submit()
      .catch((error: unknown) => {
        outcome.textContent = messageOf(error)
      })
      .finally(() => {
        button.disabled = false
      })
  })
}
