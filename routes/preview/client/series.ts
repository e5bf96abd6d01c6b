import { setUpMessages } from './messages.js'
import { setUpSeriesForm } from './series-form.js'
import { setUpTheme } from './theme.js'
import { setUpToken } from './token.js'

setUpToken()
setUpMessages()
setUpTheme()
setUpSeriesForm()
