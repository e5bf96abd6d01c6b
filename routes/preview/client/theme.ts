// Loaded before the first paint, so that a page never flashes in the other colours.
const THEME = 'gallery.theme'
const COLUMNS = 'gallery.columns'
const root = document.documentElement

type Theme = 'light' | 'dark'

/** What is remembered; undefined where nothing is, or where the browser keeps nothing. */
function recall(key: string): string | undefined {
  try {
    return localStorage.getItem(key) ?? undefined
  } catch {
    return undefined
  }
}

function remember(key: string, value: string): void {
  try {
    localStorage.setItem(key, value)
  } catch {
    // Without storage the choice holds until the page is left.
  }
}

export function currentTheme(): Theme {
  const chosen = root.dataset.theme
  if (chosen === 'light' || chosen === 'dark') return chosen
  return matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'
}

export function chooseTheme(theme: Theme): void {
  root.dataset.theme = theme
  remember(THEME, theme)
}

/** How many columns the visitor chose; undefined where the width of the window decides. */
export function chosenColumns(): number | undefined {
  const columns = Number(recall(COLUMNS))
  return columns >= 1 && columns <= 12 ? Math.floor(columns) : undefined
}

export function chooseColumns(columns: number): void {
  remember(COLUMNS, String(columns))
  applyColumns(columns)
}

function applyColumns(columns: number | undefined): void {
  if (columns !== undefined) root.style.setProperty('--columns', String(columns))
  root.toggleAttribute('data-columns', columns !== undefined)
}

const theme = recall(THEME)
if (theme === 'light' || theme === 'dark') root.dataset.theme = theme
applyColumns(chosenColumns())
root.classList.add('scripted')
