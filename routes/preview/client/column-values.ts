export interface ColumnValues {
  column: string
  /** The most frequent first. */
  values: Array<{ value: string; rows: number }>
}

/** The fields of a row. What is more than the columns belongs to the last of them. */
function fieldsOf(row: string, columns: number): string[] {
  const parts = row.split(',')
  return [...parts.slice(0, columns - 1), parts.slice(columns - 1).join(',')]
}

/**
 * The values of each column among the rows that are left. The first column is the name. A column that has another text
 * in almost every row, such as a description, is left out. Tests share this module, so it imports nothing.
 * @param all all rows of the database: they say which columns are left out
 */
export function columnValues(
  columns: readonly string[],
  all: readonly string[],
  left: readonly string[]
): ColumnValues[] {
  const valueAt = (row: string, index: number) => fieldsOf(row, columns.length)[index]?.trim() ?? ''
  return columns.flatMap((column, index) => {
    if (index === 0) return []
    if (new Set(all.map((row) => valueAt(row, index))).size > all.length / 2) return []
    const counts = new Map<string, number>()
    for (const row of left) {
      const value = valueAt(row, index)
      if (value !== '') counts.set(value, (counts.get(value) ?? 0) + 1)
    }
    const values = [...counts].map(([value, rows]) => ({ value, rows }))
    values.sort((one, other) => other.rows - one.rows || (one.value < other.value ? -1 : 1))
    return values.length === 0 ? [] : [{ column, values }]
  })
}
