import { columnValues } from './column-values.js'
import { create } from './dom.js'

/** The names of the rows that a filter leaves, and the values of their columns. */
export function renderRowsLeft(details: HTMLElement, all: readonly string[], left: readonly string[]): void {
  const columns = (details.dataset.columns ?? '').split(',')
  const names = left.map((row) => row.split(',', 1)[0]!.trim())
  const list = create('div', {
    className: 'rows',
    tabIndex: 0,
    role: 'group',
    ariaLabel: 'Rows that are left'
  })
  list.append(create('p', { textContent: names.length === 0 ? 'None' : names.join(' · ') }))
  for (const { column, values } of columnValues(columns, all, left)) {
    const texts = values.map(({ value, rows }) => `${value} (${rows.toLocaleString('en')})`)
    list.append(create('p', {}, create('b', { textContent: `${column}: ` }), texts.join(' · ')))
  }
  details.querySelector('.rows')?.remove()
  details.append(list)
}
