import { request } from './api.js'
import { BASE } from './dom.js'
import { filterRows } from './lib/dress/row-filter.js'
import { rowCount } from './row-count.js'

/** As many as the server sends at once. */
const LIMIT = 10_000

interface RecordsAnswer {
  data: { records: Array<{ values: string[] }>; nextCursor: string | null }
}

const loaded = new Map<string, Promise<string[]>>()

/** The rows of a database as filters see them. They are loaded once. */
async function rowsOf(version: string, database: string): Promise<string[]> {
  let rows = loaded.get(database)
  if (rows === undefined) {
    rows = loadRows(version, database)
    loaded.set(database, rows)
    // After an error the next input tries again.
    rows.catch(() => loaded.delete(database))
  }
  return await rows
}

async function loadRows(version: string, database: string): Promise<string[]> {
  const rows: string[] = []
  const folder = `${BASE}/v1/databases/${encodeURIComponent(version)}`
  for (let cursor: string | null = ''; cursor !== null;) {
    const query: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`
    const path = `${folder}/records/${database}?limit=${LIMIT}${query}`
    const { data } = (await (await request(path)).json()) as RecordsAnswer
    rows.push(...data.records.map(({ values }) => values.join(',')))
    cursor = data.nextCursor
  }
  return rows
}

export interface DescribedFilter {
  /** How many rows are left, in words, and the names of the first of them. */
  text: string
  all: readonly string[]
  left: readonly string[]
}

/** What a filter leaves of the rows of a database. */
export async function describeFilter(
  version: string,
  database: string,
  filter: string[]
): Promise<DescribedFilter> {
  const rows = await rowsOf(version, database)
  const left = filterRows(database, rows, filter)
  const names = left.slice(0, 3).map((row) => row.split(',', 1)[0]!.trim())
  const examples =
    filter.length === 0 || left.length === 0 ? '' : `: ${names.join(', ')}${left.length > 3 ? ', …' : ''}`
  return {
    text: `${rowCount(left.length, rows.length, filter.length > 0)}${examples}`,
    all: rows,
    left
  }
}
