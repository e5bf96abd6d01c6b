import { ConfigError } from '../config/config-error.ts'
import { createBatchFiles } from '../engine/embedded/batch-files.ts'
import { createJournal } from '../engine/embedded/journal.ts'
import { createDatabase } from '../engine/postgres/database.ts'
import { importAverages, importSpending } from '../engine/postgres/import-money.ts'
import { checkSchema } from '../engine/postgres/migrate.ts'
import { importPictures } from '../engine/postgres/pictures/import-pictures.ts'
import type { ImportPicturesOptions } from '../engine/postgres/pictures/import-pictures.ts'
import { createFiles } from '../storage/files.ts'
import type { Files } from '../storage/files.ts'
import { FOLDERS } from '../storage/layout.ts'
import { createPngFiles } from '../storage/png-files.ts'
import { withFolder } from './folder-in-use.ts'

export interface ImportOptions {
  /** Absolute. */
  dataDir: string
  databaseUrl: string
  /** Called with each line about the progress. */
  print: (line: string) => void
  /** Replaces the access to the folder. */
  files?: Files
  /** As that of `importPictures`. */
  keep?: ImportPicturesOptions['keep']
}

const count = (amount: number) => amount.toLocaleString('en')

/**
 * Takes what a data folder has into the database: the pictures, what is spent, and the averages. It may run again, and
 * while servers with the database run.
 * @returns the summary
 * @throws ConfigError when a server without a database works on the folder, or has left unfinished runs;
 * UnusableDatabase
 */
export async function importFolder(options: ImportOptions): Promise<string> {
  const { dataDir, databaseUrl, print, keep, files = createFiles({ root: dataDir }) } = options
  await checkSchema(databaseUrl)
  return await withFolder(dataDir, true, async () => {
    await refuseOpenWork(files, dataDir)
    const database = createDatabase({ url: databaseUrl })
    try {
      const spending = await files.readText(`${FOLDERS.metrics}/spending.json`)
      if (spending !== undefined) await importSpending(database, spending)
      const averages = await files.readText(`${FOLDERS.metrics}/progress_phase_stats.json`)
      if (averages !== undefined) await importAverages(database, averages)
      const pictures = await importPictures({
        database,
        files,
        pngs: createPngFiles(files),
        keep,
        onProgress: ({ files, added }) => print(`${count(files)} pictures seen, ${count(added)} added`)
      })
      return [
        `${count(pictures.files)} pictures are in ${dataDir}.`,
        `${count(pictures.added)} were added to the database, which has ${count(pictures.total)} now.`,
        ...(pictures.broken > 0
          ? [`${count(pictures.broken)} files are no whole PNG and were left out.`]
          : []),
        spending === undefined ? 'Nothing was spent.' : 'What was spent today counts in the database.',
        averages === undefined ? 'There are no averages.' : 'The averages of the phases are in the database.',
        ''
      ].join('\n')
    } finally {
      await database.close()
    }
  })
}

/** The database has no place for what only the journal of the folder can go on with. */
async function refuseOpenWork(files: Files, dataDir: string): Promise<void> {
  const ignore = () => {}
  const journal = createJournal({ files, onForeign: ignore })
  const batchFiles = createBatchFiles({ files, onForeign: ignore })
  const runs = await Promise.all((await journal.names()).map(journal.look))
  const batches = await Promise.all((await batchFiles.ids()).map(batchFiles.read))
  const openRuns = runs.filter((entry) => entry !== undefined && entry.failed === undefined).length
  const openBatches = batches.filter((batch) => typeof batch === 'object' && batch.end === undefined).length
  if (openRuns + openBatches === 0) return
  throw new ConfigError(
    `${dataDir} has ${openRuns} runs and ${openBatches} batches that are not finished: ` +
      'start dalleserver on it once without TB_DALLE_DATABASE_URL, and stop it when they have ended.'
  )
}
