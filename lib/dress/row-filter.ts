const SENSITIVE = ',sensitive,'
/** The databases of which a series without a filter leaves out the sensitive rows. */
const WITH_SENSITIVE_ROWS = ['artstyles', 'litstyles']

/**
 * The rows of a database that a filter keeps: those that contain any of its strings. A filter that is absent, `null` or
 * empty keeps all rows but the sensitive ones. The server and the browser share this module, so it imports nothing.
 * @param rows as in the database, without the version column
 */
export function filterRows(
  database: string,
  rows: readonly string[],
  filter: readonly string[] | null | undefined
): readonly string[] {
  if (filter !== undefined && filter !== null && filter.length > 0) {
    return rows.filter((row) => filter.some((text) => row.includes(text)))
  }
  return WITH_SENSITIVE_ROWS.includes(database) ? rows.filter((row) => !row.includes(SENSITIVE)) : rows
}
