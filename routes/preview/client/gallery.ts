import { followActivity } from './api.js'
import type { Activity } from './api.js'
import { applyChanges, setUpChanges } from './changes.js'
import { find } from './dom.js'
import { setUpForm } from './form.js'
import { showChosenSeries, watchEnd } from './list.js'
import { reportError, setUpMessages } from './messages.js'
import { setUpOpening } from './open-detail.js'
import { showActivity, watchConnection } from './runs.js'
import { setUpSearch } from './search.js'
import { chooseColumns, chosenColumns, setUpTheme } from './theme.js'
import { setUpToken } from './token.js'

/** Sets the width of the images if the visitor chose the columns, so that the browser loads the right size. */
function fitImages(): void {
  const columns = chosenColumns()
  if (columns === undefined) return
  const sizes = `${Math.ceil(100 / columns)}vw`
  for (const image of document.querySelectorAll<HTMLImageElement>('#list img')) {
    if (image.sizes !== sizes) image.sizes = sizes
  }
}

function columnsOfGrid(): number {
  return getComputedStyle(find('#list')).gridTemplateColumns.split(' ').length
}

function setUpColumns(): void {
  const slider = find<HTMLInputElement>('#columns')
  slider.value = String(chosenColumns() ?? columnsOfGrid())
  slider.addEventListener('input', () => {
    chooseColumns(Number(slider.value))
    fitImages()
  })
  new MutationObserver(fitImages).observe(find('#list'), { childList: true, subtree: true })
  fitImages()
}

/** Names the count of revisions of the last activity. A server without a database begins a new one at its start. */
let epoch: string | undefined

function receive({ data, lastEventId }: MessageEvent<string>): void {
  try {
    const activity = JSON.parse(data) as Activity
    const [counted] = lastEventId.split('.')
    const isRestarted = epoch !== undefined && counted !== epoch
    epoch = counted
    showActivity(activity)
    applyChanges(activity, isRestarted)
  } catch (error) {
    reportError(error)
  }
}

setUpToken()
setUpMessages()
setUpColumns()
setUpTheme()
watchEnd()
showChosenSeries()
setUpChanges()
setUpSearch()
setUpOpening()
setUpForm()
watchConnection()
followActivity(receive)
