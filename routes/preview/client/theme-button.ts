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
  show()
}
