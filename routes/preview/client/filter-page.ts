import { find } from './dom.js'
import { watchNarrowing } from './narrow.js'
import { setUpTheme } from './theme.js'

setUpTheme()
watchNarrowing(find('#filter-form'))
