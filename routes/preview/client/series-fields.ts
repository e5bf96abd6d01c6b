import { create, find } from './dom.js'
import { renderRowsLeft } from './rows-left.js'
import { describeFilter } from './rows.js'

/** A series as the server sends it: texts, and filters that are lists or null. */
export type SeriesRecord = Record<string, unknown>

type Control = HTMLInputElement | HTMLTextAreaElement

const COUNT_WAIT_MS = 200

/** Filters are lists; the form has one text per line. */
function textOf(value: unknown): string {
  return Array.isArray(value) ? value.join('\n') : typeof value === 'string' ? value : ''
}

function valueOf(control: Control): unknown {
  if (control instanceof HTMLInputElement) return control.value.trim()
  const lines = control.value.split('\n').filter((line) => line !== '')
  return lines.length === 0 ? null : lines
}

/** The fields of the form, and what of them is saved. */
export function createSeriesFields(form: HTMLFormElement, record: SeriesRecord, databases: string) {
  const controls = [...form.querySelectorAll<Control>('input, textarea')]
  const counting = new Map<Control, ReturnType<typeof setTimeout>>()
  let saved = record
  /** What is saved as the fields show it: a browser changes the ends of lines. */
  const shown = new Map<Control, string>()

  const isEdited = (control: Control) => control.value !== shown.get(control)
  const edited = () => controls.filter((control) => !control.readOnly && isEdited(control))

  /** Shows how many rows the filter of a field leaves, when the visitor stops typing. */
  function count(control: Control): void {
    const hint = form.querySelector<HTMLElement>(`#c-${control.name}`)
    if (hint === null) return
    clearTimeout(counting.get(control))
    counting.set(control, setTimeout(showCount, COUNT_WAIT_MS, control, hint))
  }

  function showCount(control: Control, hint: HTMLElement): void {
    const filter = (valueOf(control) as string[] | null) ?? []
    const { value } = control
    describeFilter(databases, control.name, filter).then(
      ({ text, all, left }) => {
        if (control.value !== value) return
        hint.textContent = text
        hint.dataset.state = left.length === 0 ? 'wrong' : ''
        const details = form.querySelector<HTMLDetailsElement>(`#r-${control.name}`)
        if (details?.open === true) renderRowsLeft(details, all, left)
      },
      () => {
        hint.textContent = 'The rows could not be counted: the server did not send them.'
      }
    )
  }

  function set(control: Control, text: string): void {
    if (control.value === text) return
    control.value = text
    count(control)
  }

  /** Notes what is saved of a field, and shows it unless `text` is to stay. */
  function showSaved(control: Control, text?: string): void {
    set(control, textOf(saved[control.name]))
    shown.set(control, control.value)
    if (text !== undefined) set(control, text)
  }

  /** Shows beside a field what is saved, where the visitor's text is another. */
  function mark(control: Control): void {
    const text = textOf(saved[control.name]).replaceAll('\n', ' · ')
    const note = create('p', {
      className: 'hint theirs',
      id: `t-${control.name}`,
      textContent: `Saved now: ${text === '' ? 'nothing' : text}`
    })
    control.after(note)
    control.setAttribute('aria-describedby', `${note.id} ${control.getAttribute('aria-describedby') ?? ''}`)
  }

  function unmark(): void {
    for (const note of form.querySelectorAll('.theirs')) {
      const control = find<Control>(`[aria-describedby~="${note.id}"]`, form)
      const others = (control.getAttribute('aria-describedby') ?? '').replace(`${note.id} `, '')
      control.setAttribute('aria-describedby', others)
      note.remove()
    }
  }

  for (const control of controls) {
    // A visitor may type before this script runs.
    showSaved(control, control.value === control.defaultValue ? undefined : control.value)
  }
  form.addEventListener('input', ({ target }) => {
    count(target as Control)
  })
  for (const details of form.querySelectorAll<HTMLDetailsElement>('.rows-left')) {
    const control = find<Control>(`[name="${details.dataset.database}"]`, form)
    details.addEventListener('toggle', () => {
      if (details.open) showCount(control, find(`#c-${control.name}`, form))
    })
  }

  return {
    /** Whether the visitor has edited a field. */
    get isEdited(): boolean {
      return edited().length > 0
    },

    /** The texts of the edited fields by name. */
    edits: (): Record<string, string> => Object.fromEntries(edited().map(({ name, value }) => [name, value])),

    /** Puts the texts of an edit into the fields. */
    fill(edits: Record<string, string>): void {
      for (const control of controls) set(control, edits[control.name] ?? control.value)
    },

    /** What is wrong with an edited field; undefined if nothing is. */
    findWrong: () => edited().find((control) => !control.validity.valid),

    /** The whole series with the edits. */
    collect: (): SeriesRecord => ({
      ...saved,
      ...Object.fromEntries(edited().map((control) => [control.name, valueOf(control)]))
    }),

    /**
     * Takes in what is saved now. Fields that the visitor has not edited show it. Of the others, those that differ
     * from it are marked, where `all` is set or the saved text is another than before.
     * @returns how many are marked
     */
    takeIn(now: SeriesRecord, all = false): number {
      unmark()
      const mine = new Set(edited())
      const before = saved
      saved = now
      for (const control of controls) showSaved(control, mine.has(control) ? control.value : undefined)
      const isChanged = ({ name }: Control) => textOf(before[name]) !== textOf(now[name])
      const differing = [...mine].filter((control) => isEdited(control) && (all || isChanged(control)))
      for (const control of differing) mark(control)
      return differing.length
    },

    /** Notes that `sent` is saved, as `now`. What the visitor has typed meanwhile stays an edit. */
    setSaved(sent: SeriesRecord, now: SeriesRecord): void {
      unmark()
      saved = now
      for (const control of controls) {
        const isSent = control.readOnly || textOf(valueOf(control)) === textOf(sent[control.name])
        showSaved(control, isSent ? undefined : control.value)
      }
    },

    /** Shows what is saved in all fields. */
    discard(): void {
      unmark()
      for (const control of controls) showSaved(control)
    }
  }
}
