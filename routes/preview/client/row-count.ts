/**
 * How many rows a filter leaves, in words. The server and the browser share this module, so it imports nothing.
 * @param left rows that are left
 * @param all rows of the database
 * @param isFiltered whether the filter has any text
 */
export function rowCount(left: number, all: number, isFiltered: boolean): string {
  const count = (rows: number) => rows.toLocaleString('en')
  if (isFiltered) {
    return `${count(left)} of ${count(all)} rows left${left === 0 ? ': pictures have none of them' : ''}`
  }
  return left < all
    ? `${count(left)} of ${count(all)} rows, without the sensitive ones`
    : `All ${count(all)} rows`
}
