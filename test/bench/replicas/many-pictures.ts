import { link, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import sharp from 'sharp'
import { BUILT_IN_DATABASES, loadDatabases } from '../../../lib/dress/databases.ts'

const SERIES = 20
/** The file system allows at most about this many links to one file. */
const LINKS_MAX = 30_000
const ROWS_AT_ONCE = 100_000
/** A title has a word of each table. The steps have no common factor, so that words combine freely. */
const WORDS = [
  ['adverbs', 7],
  ['adjectives', 11],
  ['nouns', 13],
  ['emotions', 17],
  ['occupations', 19]
] as const

async function readWords(): Promise<Array<{ step: number; words: string[] }>> {
  const { rows } = await loadDatabases(BUILT_IN_DATABASES)
  return WORDS.map(([table, step]) => ({
    step,
    words: rows[table].map((row) => row.replace(/^"?([^",]*).*$/s, '$1'))
  }))
}

export const addressOf = (index: number) => `0x${(index * 2_654_435_761).toString(16).padStart(40, '0')}`

export const seriesOf = (index: number) => `series-${index % SERIES}`

/** Writes pictures with titles into a data folder. Their PNGs are links to a few files. */
export async function writePictures(folder: string, count: number): Promise<void> {
  const lists = await readWords()
  const png = await sharp({ create: { width: 256, height: 280, channels: 3, background: '#336699' } })
    .png()
    .toBuffer()
  for (let series = 0; series < SERIES; series += 1) {
    for (const kind of ['annotated', 'title']) {
      await mkdir(join(folder, `output/${seriesOf(series)}/${kind}`), { recursive: true })
    }
  }
  for (let from = 0; from < count; from += 200) {
    const source = join(folder, `${Math.floor(from / LINKS_MAX)}.png`)
    if (from % LINKS_MAX === 0) await writeFile(source, png)
    await Promise.all(
      Array.from({ length: Math.min(200, count - from) }, async (_, offset) => {
        const index = from + offset
        const base = join(folder, 'output', seriesOf(index))
        const words = lists.map(({ step, words }) => words[(index * step) % words.length])
        await writeFile(join(base, `title/${addressOf(index)}.txt`), `The ${words.join(' ')}`)
        await link(source, join(base, `annotated/${addressOf(index)}.png`))
      })
    )
  }
}

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
