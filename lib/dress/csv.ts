/** A field in quotes, else a plain one, and what ends it. */
const FIELD = /(?:"((?:[^"]|"")*)"|([^,\n]*))(,|\n|$)/y

/**
 * The columns of a CSV text and how many records lie below them, as CSV readers count: a field in quotes may contain
 * commas and line breaks, and an empty line is no record. (Dresses are made of plain lines instead.)
 */
export function describeCsv(csv: string): { columns: string[]; records: number } {
  const [columns = [], ...records] = readRecords(csv.replaceAll('\r\n', '\n'))
  return { columns, records: records.length }
}

function readRecords(text: string): string[][] {
  const records: string[][] = []
  let fields: string[] = []
  FIELD.lastIndex = 0
  while (FIELD.lastIndex < text.length) {
    const [, quoted, plain = '', end] = FIELD.exec(text)!
    fields.push(quoted?.replaceAll('""', '"') ?? plain)
    if (end === ',') continue
    if (fields.length > 1 || fields[0] !== '') records.push(fields)
    fields = []
  }
  return records
}
