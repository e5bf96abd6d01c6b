import { Problem, request } from './api.js'
import { BASE, GALLERY, find } from './dom.js'
import { dropDraft, keepDraft, loadDraft } from './drafts.js'
import { showProblem, toast } from './messages.js'
import { createSeriesFields } from './series-fields.js'
import type { SeriesRecord } from './series-fields.js'

const CHANGED = 'series_changed'

interface Answer {
  record: SeriesRecord
  version: string
}

const pathOf = (name: string) => `${BASE}/v1/series/${encodeURIComponent(name)}`

async function readAnswer(response: Response): Promise<Answer> {
  const { data } = (await response.json()) as { data: SeriesRecord }
  // A proxy that compresses may mark the ETag as weak.
  const version = (response.headers.get('etag') ?? '').replace(/^W\//, '').replaceAll('"', '')
  return { record: data, version }
}

/** The condition under which a change is made: the series is as this page knows it; a new one does not exist. */
function conditionOf(version: string): Record<string, string> {
  return version === '' ? { 'if-none-match': '*' } : { 'if-match': `"${version}"` }
}

/** What the page says after a series was saved. */
function savedText({ empty }: SeriesRecord): string {
  if (!Array.isArray(empty)) return 'Saved.'
  return `Saved. No row is left in ${empty.join(', ')}: pictures of this series have none of them.`
}

/** Takes the mark of a new series out of the URL, so that neither a reload nor a shared link says "Saved" again. */
function forgetSaved(): void {
  const url = new URL(location.href)
  if (!url.searchParams.has('saved')) return
  url.searchParams.delete('saved')
  history.replaceState(history.state, '', url)
}

/** The form of a series: saves, keeps an unsaved edit, and never overwrites what the visitor has not seen. */
export function setUpSeriesForm(): void {
  const form = document.querySelector<HTMLFormElement>('#series-form')
  forgetSaved()
  if (form === null) return
  const discard = document.querySelector<HTMLButtonElement>('#discard')
  const submit = form.querySelector<HTMLButtonElement>('button.primary')
  const hide = document.querySelector<HTMLButtonElement>('#hide')
  let { name = '', version = '' } = form.dataset
  let record = JSON.parse(form.dataset.record!) as SeriesRecord
  const fields = createSeriesFields(form, record, form.dataset.databases!)

  function say(text: string): void {
    find('#series-outcome').textContent = text
  }

  /** Keeps the edit in the browser, so that it is there again when the page is opened the next time. */
  function keep(): void {
    const { isEdited } = fields
    discard!.hidden = !isEdited
    if (!isEdited) dropDraft(name)
    else isKept = keepDraft(name, { version, values: fields.edits() })
  }
  let isKept = true

  function restoreDraft(): void {
    const draft = loadDraft(name)
    if (draft === undefined) return
    fields.fill(draft.values)
    if (!fields.isEdited) return dropDraft(name)
    const marked = draft.version === version ? 0 : fields.takeIn(record, true)
    keep()
    say(
      marked === 0
        ? 'Your edit from before is here again. It is not saved yet.'
        : 'Your edit from before is here again, but the series was changed since then. ' +
            'Each field of your edit says what is saved now. Check them, and save.'
    )
  }

  function accept(answer: Answer): void {
    record = answer.record
    version = answer.version
  }

  /** Shows what another visitor or program has saved. Nothing of the visitor's own edit is lost. */
  async function meetChange(): Promise<void> {
    if (name === '') {
      return say('There is a series of this name already. Nothing is saved: choose another name.')
    }
    try {
      accept(await readAnswer(await request(pathOf(name))))
    } catch (error) {
      if (!(error instanceof Problem) || error.code !== 'series_not_found') throw error
      version = ''
      return say('This series was removed meanwhile. Nothing is saved. Save again to make it anew.')
    }
    const marked = fields.takeIn(record)
    showHidden()
    keep()
    say(
      'This series was changed meanwhile, on another page or on disk. Nothing of your edit is saved or lost. ' +
        (marked === 0
          ? 'The other fields show what is saved now. Check them, and save again.'
          : 'Where your text differs, the field says what is saved now. Check it, and save again.')
    )
  }

  /** Makes a change, which the server refuses if the series is not as this page knows it. */
  async function change(work: () => Promise<void>): Promise<void> {
    try {
      await work()
    } catch (error) {
      if (!(error instanceof Problem) || error.code !== CHANGED) throw error
      await meetChange()
    }
  }

  async function save(): Promise<void> {
    const body = fields.collect()
    const target = name === '' ? String(body.suffix ?? '') : name
    if (target === '') {
      say('Give the series a name.')
      return find('#f-suffix').focus()
    }
    const wrong = fields.findWrong()
    if (wrong !== undefined) {
      say(`${wrong.labels?.[0]?.textContent ?? wrong.name}: ${wrong.title}`)
      return wrong.focus()
    }
    accept(await readAnswer(await request(pathOf(target), 'PUT', { body, headers: conditionOf(version) })))
    if (name === '') return becomeSaved()
    fields.setSaved(body, record)
    keep()
    say(savedText(record))
  }

  /** A new series is saved: its own page shows it. */
  function becomeSaved(): void {
    dropDraft('')
    location.assign(`${GALLERY}/series?name=${encodeURIComponent(String(record.suffix))}&saved=1`)
  }

  function showHidden(): void {
    if (hide === null) return
    const isHidden = record.deleted === true
    hide.textContent = isHidden ? 'Show it again' : 'Hide it'
    find('#hide-hint').textContent = isHidden ? hide.dataset.hidden! : hide.dataset.shown!
  }

  async function toggleHidden(): Promise<void> {
    const body = { hidden: record.deleted !== true }
    const headers = conditionOf(version)
    accept(await readAnswer(await request(`${pathOf(name)}/hidden`, 'POST', { body, headers })))
    fields.takeIn(record)
    keep()
    showHidden()
    toast(body.hidden ? `${name} is hidden.` : `${name} is shown again.`)
  }

  /** Runs a change with its button disabled, and says what went wrong. */
  function run(button: HTMLButtonElement, work: () => Promise<void>): void {
    button.disabled = true
    say('')
    change(work)
      .catch((error: unknown) => showProblem(find('#series-outcome'), error))
      .finally(() => {
        button.disabled = false
      })
  }

  if (submit === null || discard === null) return
  restoreDraft()
  form.addEventListener('input', keep)
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    if (!submit.disabled) run(submit, save)
  })
  hide?.addEventListener('click', () => run(hide, toggleHidden))
  discard.addEventListener('click', () => {
    fields.discard()
    keep()
    say('Your edit is discarded. The form shows what is saved.')
  })
  // A click before this module has run would be lost.
  for (const button of [submit, hide]) if (button !== null) button.disabled = false
  // Only where the browser blocks storage, an edit would be lost with the page.
  addEventListener('beforeunload', (event) => {
    if (!isKept && fields.isEdited) event.preventDefault()
  })
}
