import { request } from './api.js'
import { BASE, GALLERY } from './dom.js'
import { removed } from './list.js'
import { reportError } from './messages.js'

/**
 * Brings the newest version of a picture in the archive back. A picture that is there moves to the archive, so a second
 * call changes them back.
 * @param key `<series>/<address>`
 * @throws Problem if there is none, or if the server refuses it
 */
export async function restorePicture(key: string): Promise<void> {
  const at = key.lastIndexOf('/')
  const query = new URLSearchParams({ series: key.slice(0, at) })
  await request(`${BASE}/v1/images/${key.slice(at + 1)}/restore?${query.toString()}`, 'POST')
  removed.delete(key)
}

/** Brings a removed picture back whose page offers it, and shows it. */
export function restoreOffered(button: HTMLButtonElement): void {
  const key = button.dataset.restore!
  const page = `${GALLERY}/${key.split('/').map(encodeURIComponent).join('/')}`
  button.disabled = true
  restorePicture(key).then(
    () => location.assign(page),
    (error: unknown) => {
      button.disabled = false
      reportError(error)
    }
  )
}
