import { find } from './dom.js'
import { chooseTheme, currentTheme } from './theme.js'

/** The button that changes between light and dark. */
export function setUpTheme(): void {
  const button = find<HTMLButtonElement>('#theme')
  const show = () => {
    button.setAttribute('aria-pressed', String(currentTheme() === 'dark'))
  }
  button.addEventListener('click', () => {
    chooseTheme(currentTheme() === 'dark' ? 'light' : 'dark')
    show()
  })
  // Without a choice of the visitor, the page follows the system.
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', show)
  show()
}
