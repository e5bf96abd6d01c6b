import type { Activity } from './api.js'
import { setUpDetail } from './detail.js'
import { find } from './dom.js'
import { setUpMaker } from './maker.js'
import { applyChanges, complain, setUpPictures } from './pictures.js'
import { showActivity } from './runs.js'
import { chooseColumns, chooseTheme, chosenColumns, currentTheme } from './theme.js'
import { setUpToken } from './token.js'

/** Tells images how wide they are where the visitor chose the columns, so that the browser loads those of the right size. */
function fitImages (): void {
  const columns = chosenColumns()
  if (columns === undefined) return
  const sizes = `${Math.ceil(100 / columns)}vw`
  for (const image of document.querySelectorAll<HTMLImageElement>('#list img')) if (image.sizes !== sizes) image.sizes = sizes
}

function setUpView (): void {
  const slider = find<HTMLInputElement>('#columns')
  const button = find<HTMLButtonElement>('#theme')
  const fitting = () => getComputedStyle(document.querySelector('.grid') ?? document.body).gridTemplateColumns.split(' ').length
  slider.value = String(chosenColumns() ?? fitting())
  slider.addEventListener('input', () => {
    chooseColumns(Number(slider.value))
    fitImages()
  })
  new MutationObserver(fitImages).observe(find('#list'), { childList: true, subtree: true })
  fitImages()
  const show = () => { button.setAttribute('aria-pressed', String(currentTheme() === 'dark')) }
  button.addEventListener('click', () => {
    chooseTheme(currentTheme() === 'dark' ? 'light' : 'dark')
    show()
  })
  show()
}

/** Everything that changes is told by one stream; a browser connects anew of itself when it breaks. */
function listen (): EventSource {
  const events = new EventSource('/events')
  events.addEventListener('activity', ({ data }: MessageEvent<string>) => {
    try {
      const activity = JSON.parse(data) as Activity
      showActivity(activity)
      applyChanges(activity)
    } catch (error) {
      complain(error)
    }
  })
  return events
}

/** A browser has few connections for one server, so a page that nobody looks at gives its own back. */
function listenWhileSeen (): void {
  let events: EventSource | undefined
  const change = () => {
    events?.close()
    events = document.visibilityState === 'visible' ? listen() : undefined
  }
  document.addEventListener('visibilitychange', change)
  addEventListener('pageshow', ({ persisted }) => { if (persisted) change() })
  addEventListener('pagehide', () => events?.close())
  change()
}

setUpToken()
setUpView()
setUpPictures()
setUpDetail()
setUpMaker()
listenWhileSeen()
