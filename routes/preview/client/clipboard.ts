/** The older way to copy, which browsers have over plain HTTP too. */
interface OlderDocument {
  execCommand?: (command: 'copy') => boolean
}

/** What to do with a text that is selected because the page could not copy it. */
export const COPY_HINT = matchMedia('(pointer: coarse)').matches
  ? 'Press and hold to copy it'
  : 'Press Ctrl+C to copy it'

/**
 * Copies a text. Where the browser refuses, the text is selected, so that the visitor can copy it.
 * @param source the element that shows the text
 * @returns whether it is copied
 */
export async function copyText(text: string, source: Element): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    // Over plain HTTP, browsers have no clipboard.
    getSelection()?.selectAllChildren(source)
    return copySelection(text)
  }
}

/** Copies what is selected, as the key for it does, but without its styles. */
function copySelection(text: string): boolean {
  const write = (event: ClipboardEvent) => {
    event.clipboardData?.setData('text/plain', text)
    event.preventDefault()
  }
  document.addEventListener('copy', write)
  try {
    return (document as OlderDocument).execCommand?.('copy') === true
  } catch {
    return false
  } finally {
    document.removeEventListener('copy', write)
  }
}

const COPIED_MS = 2_000
const HINT_MS = 8_000

/** A button that copies the text of the element that it names, and says so on itself. */
export async function copyNamed(button: HTMLElement): Promise<void> {
  const source = document.getElementById(button.dataset.copy!)!
  button.dataset.name ??= button.textContent
  const { name } = button.dataset
  const isCopied = await copyText(source.textContent, source)
  const says = isCopied ? 'Copied' : COPY_HINT
  button.textContent = says
  setTimeout(
    () => {
      if (button.textContent === says) button.textContent = name
    },
    isCopied ? COPIED_MS : HINT_MS
  )
}
