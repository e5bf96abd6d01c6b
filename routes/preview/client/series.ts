import { setUpSeriesForm } from './series-form.js'
import { setUpTheme } from './theme.js'
import { setUpToken } from './token.js'

setUpToken()
setUpTheme()
setUpSeriesForm()
