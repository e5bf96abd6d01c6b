// This module runs before the first paint, so that the page never flashes in the other theme.
const THEME = 'gallery.theme'
const COLUMNS = 'gallery.columns'
const MAX_COLUMNS = 12
const root = document.documentElement

type Theme = 'light' | 'dark'

/** The stored value; undefined if there is none, or if the browser blocks storage. */
function load(key: string): string | undefined {
  try {
    return localStorage.getItem(key) ?? undefined
  } catch {
    return undefined
  }
}

function store(key: string, value: string): void {
  try {
    localStorage.setItem(key, value)
  } catch {
    // Without storage the choice lasts until the visitor leaves the page.
  }
}

function currentTheme(): Theme {
  const chosen = root.dataset.theme
  if (chosen === 'light' || chosen === 'dark') return chosen
  return matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'
}

function chooseTheme(theme: Theme): void {
  root.dataset.theme = theme
  store(THEME, theme)
}

/** Calls `show` with the theme now, and when the system changes it. */
export function followTheme(show: (theme: Theme) => void): void {
  // Without a choice of the visitor, the page follows the system.
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
    show(currentTheme())
  })
  show(currentTheme())
}

/** The button that changes between light and dark. */
export function setUpTheme(): void {
  const button = document.querySelector<HTMLButtonElement>('#theme')!
  const show = (theme: Theme) => {
    button.setAttribute('aria-pressed', String(theme === 'dark'))
  }
  button.addEventListener('click', () => {
    chooseTheme(currentTheme() === 'dark' ? 'light' : 'dark')
    show(currentTheme())
  })
  followTheme(show)
}

/** The number of columns that the visitor chose; undefined if the width of the window decides. */
export function chosenColumns(): number | undefined {
  const columns = Number(load(COLUMNS))
  return columns >= 1 && columns <= MAX_COLUMNS ? Math.floor(columns) : undefined
}

export function chooseColumns(columns: number): void {
  store(COLUMNS, String(columns))
  applyColumns(columns)
}

function applyColumns(columns: number | undefined): void {
  if (columns !== undefined) root.style.setProperty('--columns', String(columns))
  root.toggleAttribute('data-columns', columns !== undefined)
}

const theme = load(THEME)
if (theme === 'light' || theme === 'dark') root.dataset.theme = theme
applyColumns(chosenColumns())
root.classList.add('scripted')
