import { loadPart } from './api.js'
import type { AddressField } from './address-field.js'
import { GALLERY, create, find, pageOf, pathOf, whileBusy } from './dom.js'
import { reportError, showProblem } from './messages.js'
import { openDetail, openRun } from './open-detail.js'
import { setUpRandom } from './random.js'
import { standInMessage } from './run-item.js'
import { make } from './runs.js'

/**
 * Loads what checks the address when the field is first used.
 * @returns loads it too
 */
function setUpAddress(input: HTMLInputElement): () => Promise<AddressField> {
  let field: Promise<AddressField> | undefined
  const load = async () => {
    field ??= loadPart(import('./address-field.js')).then(
      async (module) => await module.createAddressField(input)
    )
    // After an error the next use tries again.
    field.catch(() => (field = undefined))
    return await field
  }
  /** Without the check the form says so when it is sent. */
  const check = (work: (loaded: AddressField) => void) => {
    load().then(work, () => {})
  }
  input.addEventListener('focus', () => check(showState), { once: true })
  input.addEventListener('input', (event) => check(({ checkTyping }) => checkTyping(event)))
  input.addEventListener('blur', () => check(showState))
  if (input.value !== '') check(showState)

  function showState({ checkTyping, checkComplete }: AddressField): void {
    if (input.value.trim() === '') return
    if (document.activeElement === input) checkTyping()
    else checkComplete()
  }
  return load
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
  const button = find<HTMLButtonElement>('button:not([type])', form)
  const loadField = setUpAddress(input)
  const chooser = find('#choose')
  chooser.addEventListener('click', () => {
    const opening = loadPart(import('./chooser.js')).then(
      async ({ openChooser }) => await openChooser(series, input.value)
    )
    whileBusy(chooser, opening).catch(reportError)
  })
  setUpSeries(series)
  const canMake = () => button.checkVisibility()
  setUpRandom(series, {
    canMake,
    onChoose: (address) => {
      choose(address).catch(reportError)
    }
  })

  /** Makes the picture of an address, or only enters it where the visitor needs a token. */
  async function choose(address: string): Promise<void> {
    const { write, checkComplete } = await loadField()
    input.value = write(address)
    if (canMake()) form.requestSubmit()
    else checkComplete()
  }

  async function submit(): Promise<void> {
    const { checkComplete, announceProblem } = await loadField()
    if (!checkComplete()) {
      input.focus()
      return announceProblem()
    }
    const address = input.value.trim().toLowerCase()
    if (!canMake()) return location.assign(`${GALLERY}/address/${address}`)
    const picture = { series: series.value, address }
    outcome.textContent = ''
    const { isThere, run } = await make(picture)
    if (!isThere) await openRun(run)
    else if (run.isStandIn === true) {
      const link = create('a', { href: pathOf('/dalle', picture), textContent: 'View the stand-in' })
      outcome.replaceChildren(standInMessage(run), ' ', link)
    } else {
      outcome.textContent = 'This picture already exists.'
      await openDetail(pageOf(picture))
    }
  }

  form.addEventListener('input', () => {
    outcome.textContent = ''
  })
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    button.disabled = true
    submit()
      .catch((error: unknown) => {
        showProblem(outcome, error)
      })
      .finally(() => {
        button.disabled = false
      })
  })
}
