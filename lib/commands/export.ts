import { mkdir } from 'node:fs/promises'
import { ConfigError } from '../config/config-error.ts'
import { createDatabase } from '../engine/postgres/database.ts'
import type { Database } from '../engine/postgres/database.ts'
import { exportAverages, exportSpending } from '../engine/postgres/export-money.ts'
import { checkSchema } from '../engine/postgres/migrate.ts'
import { exportPictures } from '../engine/postgres/pictures/export-pictures.ts'
import type { ExportPicturesOptions } from '../engine/postgres/pictures/export-pictures.ts'
import { createFiles } from '../storage/files.ts'
import { FOLDERS } from '../storage/layout.ts'
import { createPngFiles } from '../storage/png-files.ts'
import { withFolder } from './folder-in-use.ts'

export interface ExportOptions {
  /** Absolute. The folder is made if it does not exist. */
  dataDir: string
  databaseUrl: string
  /** Called with each line about the progress. */
  print: (line: string) => void
  /** As that of `exportPictures`. */
  read?: ExportPicturesOptions['read']
}

const count = (amount: number) => amount.toLocaleString('en')

/**
 * Writes into a data folder what only the database has, so that a server without a database goes on with it. It may run
 * again.
 * @returns the summary
 * @throws ConfigError when a server works on the folder, or runs are not finished; UnusableDatabase
 */
export async function exportFolder({ dataDir, databaseUrl, print, read }: ExportOptions): Promise<string> {
  await checkSchema(databaseUrl)
  await mkdir(dataDir, { recursive: true })
  return await withFolder(dataDir, false, async () => {
    const files = createFiles({ root: dataDir })
    const database = createDatabase({ url: databaseUrl })
    try {
      await refuseOpenRuns(database)
      const { pictures, written, missing } = await exportPictures({
        database,
        root: dataDir,
        files,
        pngs: createPngFiles(files),
        read,
        onProgress: ({ pictures, written }) =>
          print(`${count(pictures)} pictures seen, ${count(written)} written`)
      })
      await files.write(`${FOLDERS.metrics}/spending.json`, await exportSpending(database))
      await files.write(`${FOLDERS.metrics}/progress_phase_stats.json`, await exportAverages(database))
      return [
        `The database has ${count(pictures)} pictures: ${count(written)} were written to ${dataDir}.`,
        ...(missing > 0
          ? [`The PNGs of ${count(missing)} pictures are missing: name the data folder of the servers.`]
          : []),
        'What was spent today and the averages of the phases are in its folder metrics.',
        ''
      ].join('\n')
    } finally {
      await database.close()
    }
  })
}

async function refuseOpenRuns(database: Pick<Database, 'query'>): Promise<void> {
  const [row] = await database.query<{ open: number }>(
    "select count(*) as open from run where state in ('waiting', 'working')"
  )
  if (row!.open === 0) return
  throw new ConfigError(
    `The database has ${row!.open} runs that are not finished: let the workers end them, and then stop all servers.`
  )
}
