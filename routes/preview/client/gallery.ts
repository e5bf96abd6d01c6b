import type { Activity } from './api.js'
import { setUpDetail } from './detail.js'
import { find } from './dom.js'
import { setUpMaker } from './maker.js'
import { applyChanges, complain, setUpPictures } from './pictures.js'
import { showActivity } from './runs.js'
import { chooseColumns, chooseTheme, chosenColumns, currentTheme } from './theme.js'
import { setUpToken } from './token.js'

/** Tells images how wide they are where the visitor chose the columns, so that the browser loads those of the right size. */
function fitImages(): void {
  const columns = chosenColumns()
  if (columns === undefined) return
  const sizes = `${Math.ceil(100 / columns)}vw`
  for (const image of document.querySelectorAll<HTMLImageElement>('#list img')) {
    if (image.sizes !== sizes) image.sizes = sizes
  }
}

function setUpView(): void {
  const slider = find<HTMLInputElement>('#columns')
  const button = find<HTMLButtonElement>('#theme')
  const fitting = () =>
    getComputedStyle(document.querySelector('.grid') ?? document.body).gridTemplateColumns.split(' ').length
  slider.value = String(chosenColumns() ?? fitting())
  slider.addEventListener('input', () => {
    chooseColumns(Number(slider.value))
    fitImages()
  })
  new MutationObserver(fitImages).observe(find('#list'), { childList: true, subtree: true })
  fitImages()
  const show = () => {
    button.setAttribute('aria-pressed', String(currentTheme() === 'dark'))
  }
  button.addEventListener('click', () => {
    chooseTheme(currentTheme() === 'dark' ? 'light' : 'dark')
    show()
  })
  show()
}

/** Where a proxy or a server that stops answered in place of the stream. */
const RECONNECT_MS = 5_000

/** Which start of the server told of the last activity. */
let start: string | undefined

/**
 * Everything that changes is told by one stream. When it breaks, a browser connects anew of itself; when the answer is an error, it
 * gives up, and `onRefused` is called.
 */
function listen(onRefused: () => void): EventSource {
  const events = new EventSource('/events')
  events.addEventListener('error', () => {
    if (events.readyState === EventSource.CLOSED) onRefused()
  })
  events.addEventListener('activity', ({ data, lastEventId }: MessageEvent<string>) => {
    try {
      const activity = JSON.parse(data) as Activity
      const teller = lastEventId.split('.')[0]
      const isAnew = start !== undefined && teller !== start
      start = teller
      showActivity(activity)
      applyChanges(activity, isAnew)
    } catch (error) {
      complain(error)
    }
  })
  return events
}

/** A browser has few connections for one server, so a page that nobody looks at gives its own back. */
function listenWhileSeen(): void {
  let events: EventSource | undefined
  let again: ReturnType<typeof setTimeout> | undefined
  const stop = () => {
    clearTimeout(again)
    events?.close()
    events = undefined
  }
  const change = () => {
    stop()
    if (document.visibilityState === 'visible') {
      events = listen(() => {
        again = setTimeout(change, RECONNECT_MS)
      })
    }
  }
  document.addEventListener('visibilitychange', change)
  addEventListener('pageshow', ({ persisted }) => {
    if (persisted) change()
  })
  addEventListener('pagehide', stop)
  change()
}

setUpToken()
setUpView()
setUpPictures()
setUpDetail()
setUpMaker()
listenWhileSeen()
