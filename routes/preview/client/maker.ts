import { Problem, askForPicture } from './api.js'
import { addressProblem, checksumAddress } from './checksum.js'
import { openDetail } from './detail.js'
import { find, make, pathOf } from './dom.js'
import { follow, standInWords } from './runs.js'

const HINT = '0x and 40 digits, 0 to 9 and a to f. '

/** The form that starts a run. */
export function setUpMaker(): void {
  const form = find<HTMLFormElement>('#make')
  const input = find<HTMLInputElement>('#address')
  const series = find<HTMLSelectElement>('#series')
  const hint = find('#address-hint')
  const outcome = find('#make-outcome')
  const button = find<HTMLButtonElement>('button.primary', form)
  const example = find('#example')

  function check(isFinal: boolean): boolean {
    const text = input.value.trim()
    const problem = addressProblem(text)
    const isUnfinished =
      !isFinal && (text === '' || '0x'.startsWith(text.toLowerCase()) || problem.endsWith('so far.'))
    input.setAttribute('aria-invalid', String(problem !== '' && !isUnfinished))
    hint.dataset.state = problem === '' ? 'right' : isUnfinished ? 'open' : 'wrong'
    const isBlank = text === '' && !isFinal
    hint.replaceChildren(
      isBlank ? HINT : problem === '' ? 'This is an address.' : problem,
      ...(isBlank ? [example] : [])
    )
    return problem === ''
  }

  function showPurpose(): void {
    find('#series-hint').textContent = series.selectedOptions[0]?.dataset.purpose ?? ''
  }

  input.addEventListener('input', () => {
    check(false)
    outcome.textContent = ''
  })
  input.addEventListener('blur', () => {
    if (input.value.trim() !== '') check(true)
  })
  series.addEventListener('change', showPurpose)
  example.addEventListener('click', () => {
    const digits = Array.from(crypto.getRandomValues(new Uint8Array(20)), (byte) =>
      byte.toString(16).padStart(2, '0')
    ).join('')
    input.value = checksumAddress(`0x${digits}`)
    check(true)
    button.focus()
  })

  form.addEventListener('submit', (event) => {
    event.preventDefault()
    if (check(true)) {
      submit().catch((error: unknown) => {
        outcome.textContent =
          error instanceof Problem
            ? error.message
            : 'Something went wrong on this page. Reload it and try again.'
      })
    } else input.focus()
  })

  async function submit(): Promise<void> {
    const address = input.value.trim().toLowerCase()
    outcome.textContent = ''
    button.disabled = true
    try {
      const { isThere, run } = await askForPicture(pathOf('/dalle', series.value, address))
      if (isThere && run.isStandIn === true) {
        outcome.replaceChildren(
          standInWords(run),
          ' ',
          make('a', { href: pathOf('/dalle', series.value, address), textContent: 'Look at the stand-in' })
        )
      } else if (isThere) {
        outcome.textContent = 'This picture is there already.'
        await openDetail(pathOf('/preview', series.value, address))
      } else {
        follow(run)
      }
    } finally {
      button.disabled = false
    }
  }

  if (input.value !== '') check(true)
}
