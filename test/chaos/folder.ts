import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'

export const SERIES = 'simple'

const filesBelow = async (folder: string): Promise<string[]> => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  return entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name))
}

/** A data folder as an operator sees it. */
export function viewFolder(dataDir: string) {
  const output = join(dataDir, 'output', SERIES)
  const namesIn = async (folder: string) => await readdir(folder).catch((): string[] => [])
  const addressesIn = async (folder: string, end: string) =>
    new Set(
      (await namesIn(folder)).filter((name) => name.startsWith('0x')).map((name) => name.replace(end, ''))
    )

  return {
    output,
    /** The pictures that exist. */
    pictures: async () => await addressesIn(join(output, 'annotated'), '.png'),
    enhanced: async () => await addressesIn(join(output, 'enhanced'), '.txt'),
    /** The pictures whose paid answer is kept. */
    answers: async () => await addressesIn(join(dataDir, 'runs/answers', SERIES), '.draw'),
    /** The records of the journal. */
    records: async () => (await namesIn(join(dataDir, 'runs'))).filter((name) => /^[^.].*\.json$/.test(name)),
    /** The pictures of the records, and whether they say that the run has failed. */
    async journal(): Promise<Array<{ address: string; failed: boolean }>> {
      const texts = (await this.records()).map(
        async (name) => await readFile(join(dataDir, 'runs', name), 'utf8')
      )
      return (await Promise.all(texts)).map((text) => {
        const { record, failed } = JSON.parse(text) as { record: { address: string }; failed?: unknown }
        return { address: record.address, failed: failed !== undefined }
      })
    },
    async prompt(address: string): Promise<string> {
      return await readFile(join(output, 'prompt', `${address}.txt`), 'utf8').catch(() => '')
    },
    temporary: async () => (await filesBelow(dataDir)).filter((file) => file.endsWith('.tmp')),
    async spending(): Promise<{ usd: number; images: number; day: string } | undefined> {
      const text = await readFile(join(dataDir, 'metrics/spending.json'), 'utf8').catch(() => undefined)
      return text === undefined ? undefined : JSON.parse(text)
    },

    /** The files that are not whole under their final name. */
    async half(): Promise<string[]> {
      const broken: string[] = []
      for (const file of await filesBelow(dataDir)) {
        if (file.includes('/archives/') || !/\.(png|json|txt)$/.test(file) || /\/\.[^/]*$/.test(file)) {
          continue
        }
        const bytes = await readFile(file)
        const isWhole = file.endsWith('.png')
          ? await sharp(bytes)
              .stats()
              .then(Boolean, () => false)
          : bytes.length > 0 && (file.endsWith('.txt') || isJson(bytes.toString()))
        if (!isWhole) broken.push(file.slice(dataDir.length + 1))
      }
      return broken
    }
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
