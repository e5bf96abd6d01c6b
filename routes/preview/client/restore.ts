import { request } from './api.js'
import { BASE } from './dom.js'
import { removed } from './list.js'

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
