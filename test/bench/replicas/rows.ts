import pg from 'pg'
import { SERIES, readWords } from '../inputs/many-pictures.ts'

const ROWS_AT_ONCE = 100_000

/**
 * Adds rows of pictures without files to a database, from the number `from` on, newer than all others. The indexes are
 * built at the end, as a restored backup builds them.
 */
export async function addRows(url: string, from: number, to: number): Promise<void> {
  const client = new pg.Client({ connectionString: url, options: '-c search_path=dalle,bullmq,public' })
  await client.connect()
  await client.query("set maintenance_work_mem = '512MB'")
  await client.query('create temp table word (list integer, at integer, word text, primary key (list, at))')
  const lists = await readWords()
  for (const [list, { words }] of lists.entries()) {
    await client.query(
      'insert into word select $1, place - 1, word from unnest($2::text[]) with ordinality as given (word, place)',
      [list, words]
    )
  }
  const { rows: indexes } = await client.query<{ name: string; definition: string }>(
    `select indexname as name, indexdef as definition from pg_indexes
    where schemaname = 'dalle' and tablename = 'picture' and indexname <> 'picture_pkey'`
  )
  for (const { name } of indexes) await client.query(`drop index ${name}`)
  const joins = lists.map(
    ({ step, words }, list) =>
      `join word w${list} on w${list}.list = ${list} and w${list}.at = n * ${step} % ${words.length}`
  )
  for (let first = from; first < to; first += ROWS_AT_ONCE) {
    await client.query(
      `insert into picture (series, address, bytes, modified_ms, title, width, height, search)
      select series, address, 1234, extract(epoch from now()) * 1000 + n, title, 256, 280,
        address || E'\\n' || lower(title) || E'\\n' || series
      from (
        select n, 'series-' || n % ${SERIES} as series,
          '0x' || lpad(to_hex(n * 2654435761), 40, '0') as address,
          concat_ws(' ', 'The', ${lists.map((_, list) => `w${list}.word`).join(', ')}) as title
        from generate_series($1::bigint, $2::bigint - 1) as n ${joins.join(' ')}
      ) as made`,
      [first, Math.min(first + ROWS_AT_ONCE, to)]
    )
  }
  for (const { definition } of indexes) await client.query(definition)
  await client.query('vacuum analyze picture')
  await client.end()
}
