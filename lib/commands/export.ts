import { mkdir } from 'node:fs/promises'
import { ConfigError } from '../config/config-error.ts'
import { createJournal } from '../engine/embedded/journal.ts'
import { createDatabase } from '../engine/postgres/database.ts'
import type { Database } from '../engine/postgres/database.ts'
import { exportAverages, exportHistory, exportSpending } from '../engine/postgres/export-money.ts'
import { exportLostAnswers } from '../engine/postgres/lost-answers.ts'
import { checkSchema } from '../engine/postgres/migrate.ts'
import { checkPictures } from '../engine/postgres/pictures/check-pictures.ts'
import { ALIVE_NS } from '../engine/postgres/processes.ts'
import { COPY_CONNECTIONS, copyFiles } from '../storage/copy-files.ts'
import { createFiles } from '../storage/files.ts'
import type { Files } from '../storage/files.ts'
import { FOLDERS } from '../storage/layout.ts'
import { createPngFiles } from '../storage/png-files.ts'
import type { S3Config } from '../storage/s3.ts'
import { withFolder } from './folder-in-use.ts'
import { openBucket } from './object-store.ts'

export interface ExportOptions {
  /** Absolute. The folder is made if it does not exist. */
  dataDir: string
  databaseUrl: string
  /** Where the servers keep their files, if that is not a shared folder. */
  s3?: S3Config | undefined
  /** Called with each line about the progress. */
  print: (line: string) => void
}

const count = (amount: number) => amount.toLocaleString('en')

/**
 * Writes into a data folder what only the database and the bucket have, so that a server without a database goes on
 * with it. It may run again. Nothing is removed from the folder.
 * @returns the summary
 * @throws ConfigError when a server works, runs or batches are not finished, or the bucket cannot be used;
 * UnusableDatabase
 */
export async function exportFolder({ dataDir, databaseUrl, s3, print }: ExportOptions): Promise<string> {
  await checkSchema(databaseUrl)
  await mkdir(dataDir, { recursive: true })
  return await withFolder(dataDir, false, async () => {
    const files = createFiles({ root: dataDir })
    const database = createDatabase({ url: databaseUrl, connections: COPY_CONNECTIONS })
    try {
      await refuseOpenWork(database)
      const onProgress = ({ files, copied }: { files: number; copied: number }) =>
        print(`${count(files)} files seen, ${count(copied)} downloaded`)
      const downloaded =
        s3 && (await copyFiles({ from: await openBucket(dataDir, database, s3), to: files, onProgress }))
      const { pictures, missing } = await checkPictures({ database, pngs: createPngFiles(files) })
      if (pictures > 0 && missing === pictures) {
        throw new ConfigError(
          `${dataDir} has none of the ${count(pictures)} pictures of the database: name the data folder of the servers.`
        )
      }
      const lost = await writeState(database, files)
      return [
        ...(downloaded === undefined
          ? []
          : [`${count(downloaded.files)} files were seen, ${count(downloaded.copied)} were downloaded.`]),
        `The database has ${count(pictures)} pictures: ${count(pictures - missing)} are in ${dataDir}.`,
        ...(missing > 0
          ? [`The PNGs of ${count(missing)} pictures are missing: name the data folder of the servers.`]
          : []),
        ...(lost > 0 ? [`${count(lost)} runs that lost a paid answer are in its folder runs.`] : []),
        'What was spent today and the averages of the phases are in its folder metrics.',
        ''
      ].join('\n')
    } finally {
      await database.close()
    }
  })
}

/** Writes what is no file of the servers. Returns how many runs have lost a paid answer. */
async function writeState(database: Database, files: Files): Promise<number> {
  const lost = await exportLostAnswers(database)
  const journal = createJournal({ files, onForeign: () => {} })
  for (const entry of lost) await journal.write(entry)
  await files.write(`${FOLDERS.metrics}/spending.json`, await exportSpending(database))
  await files.write(`${FOLDERS.metrics}/progress_phase_stats.json`, await exportAverages(database))
  await exportHistory(database, files)
  return lost.length
}

async function refuseOpenWork(database: Pick<Database, 'query'>): Promise<void> {
  const [open] = await database.query<{ runs: number; batches: number; processes: number }>(
    `select (select count(*) from run where state in ('waiting', 'working')) as runs,
      (select count(*) from batch where end_state is null) as batches,
      (select count(*) from process where seen_ns > now_ns() - $1) as processes`,
    [ALIVE_NS]
  )
  const { runs, batches, processes } = open!
  if (runs + batches > 0) {
    throw new ConfigError(
      `The database has ${runs} runs and ${batches} batches that are not finished: ` +
        'let the workers end them, and then stop all servers.'
    )
  }
  if (processes > 0) {
    throw new ConfigError(
      `${processes} processes work with the database: stop all servers and workers first.`
    )
  }
}
