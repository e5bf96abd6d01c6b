import { link, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import { BUILT_IN_DATABASES, loadDatabases } from '../../../lib/dress/databases.ts'

/** The number of series that the pictures belong to. */
export const SERIES = 20
/** The file system allows at most about this many links to one file. */
const LINKS_MAX = 30_000
/** A title has a word of each table. The steps have no common factor, so that words combine freely. */
const WORDS = [
  ['adverbs', 7],
  ['adjectives', 11],
  ['nouns', 13],
  ['emotions', 17],
  ['occupations', 19]
] as const

/** The words of titles, list by list. */
export async function readWords(): Promise<Array<{ step: number; words: string[] }>> {
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
