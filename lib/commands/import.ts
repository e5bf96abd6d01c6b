import { ConfigError } from '../config/config-error.ts'
import { createBatchFiles } from '../engine/embedded/batch-files.ts'
import { createJournal } from '../engine/embedded/journal.ts'
import type { JournalEntry } from '../engine/embedded/journal.ts'
import { createDatabase } from '../engine/postgres/database.ts'
import type { Database } from '../engine/postgres/database.ts'
import { createFileRows } from '../engine/postgres/file-rows.ts'
import { importAverages, importSpending } from '../engine/postgres/import-money.ts'
import { importLostAnswers } from '../engine/postgres/lost-answers.ts'
import { checkSchema } from '../engine/postgres/migrate.ts'
import { importPictures } from '../engine/postgres/pictures/import-pictures.ts'
import type { ImportPicturesOptions } from '../engine/postgres/pictures/import-pictures.ts'
import { takeStore } from '../engine/postgres/processes.ts'
import { checkStore } from '../engine/postgres/store.ts'
import { UnusableDatabase } from '../engine/postgres/unusable-database.ts'
import { COPY_CONNECTIONS, copyFiles } from '../storage/copy-files.ts'
import type { CopyOptions } from '../storage/copy-files.ts'
import { createFiles } from '../storage/files.ts'
import type { Files } from '../storage/files.ts'
import { FOLDERS, artifactPath, inOutput } from '../storage/layout.ts'
import { createPngFiles } from '../storage/png-files.ts'
import type { S3Config } from '../storage/s3.ts'
import { createStoreName } from '../storage/store-name.ts'
import { withFolder } from './folder-in-use.ts'
import { openBucket } from './object-store.ts'

export interface ImportOptions {
  /** Absolute. */
  dataDir: string
  databaseUrl: string
  /** Where the servers keep their files, if that is not a shared folder. */
  s3?: S3Config | undefined
  /** Called with each line about the progress. */
  print: (line: string) => void
}

const count = (amount: number) => amount.toLocaleString('en')

/**
 * Takes what a data folder has into the database, and its files into the bucket, if there is one: the pictures, the
 * runs whose paid answer was lost, what is spent, and the averages. It may run again, and while servers with the
 * database run.
 * @returns the summary
 * @throws ConfigError when a server without a database works on the folder, or has left unfinished runs, or when the
 * bucket cannot be used; UnusableDatabase
 */
export async function importFolder({ dataDir, databaseUrl, s3, print }: ImportOptions): Promise<string> {
  const files = createFiles({ root: dataDir })
  await checkSchema(databaseUrl)
  return await withFolder(dataDir, true, async () => {
    const runs = await readRuns(files, dataDir)
    const database = createDatabase({ url: databaseUrl, connections: COPY_CONNECTIONS })
    try {
      await enterStore(database, files, { dataDir, s3 })
      const money = await importMoney(database, files)
      const lost = await importLostAnswers(database, runs)
      const uploaded = s3 && (await upload(await openBucket(dataDir, database, s3), database, files, print))
      const pictures = await importPictures({
        database,
        files,
        pngs: createPngFiles(files),
        locate: s3 && locateIn(database),
        onProgress: ({ files, added }) => print(`${count(files)} pictures seen, ${count(added)} added`)
      })
      return [
        ...(uploaded === undefined
          ? []
          : [`${count(uploaded.files)} files were seen, ${count(uploaded.copied)} were uploaded.`]),
        `${count(pictures.files)} pictures are in ${dataDir}.`,
        `${count(pictures.added)} were added to the database, which has ${count(pictures.total)} now.`,
        ...(pictures.broken > 0
          ? [`${count(pictures.broken)} files are no whole PNG and were left out.`]
          : []),
        ...(lost > 0
          ? [`${count(lost)} runs that lost a paid answer were added: only force=1 repeats them.`]
          : []),
        ...money,
        ''
      ].join('\n')
    } finally {
      await database.close()
    }
  })
}

/**
 * The pictures stay where they are, so the servers must have their files in this folder, or in this bucket.
 * @throws UnusableDatabase
 */
async function enterStore(
  database: Database,
  files: Files,
  { dataDir, s3 }: Pick<ImportOptions, 'dataDir' | 's3'>
): Promise<void> {
  const store = createStoreName(dataDir, s3)
  const reason = await takeStore(database, await checkStore({ database, files, store, dataDir }), true)
  if (reason !== undefined) throw new UnusableDatabase(reason)
}

/** Takes over what today has cost, and the averages. Returns the lines about them. */
async function importMoney(database: Database, files: Files): Promise<string[]> {
  const spending = await files.readText(`${FOLDERS.metrics}/spending.json`)
  if (spending !== undefined) await importSpending(database, spending)
  const averages = await files.readText(`${FOLDERS.metrics}/progress_phase_stats.json`)
  if (averages !== undefined) await importAverages(database, averages)
  return [
    spending === undefined ? 'Nothing was spent.' : 'What was spent today counts in the database.',
    averages === undefined ? 'There are no averages.' : 'The averages of the phases are in the database.'
  ]
}

async function upload(to: Files, database: Database, from: Files, print: ImportOptions['print']) {
  return await copyFiles({
    from,
    to,
    isUnwanted: isUsedAnswer(database),
    onProgress: ({ files, copied }) => print(`${count(files)} files seen, ${count(copied)} uploaded`)
  })
}

/** A paid answer that is older than the picture was used: the next forced run must not find it again. */
function isUsedAnswer(database: Pick<Database, 'query'>): NonNullable<CopyOptions['isUnwanted']> {
  return async (path, { mtimeMs }) => {
    if (!path.startsWith(`${FOLDERS.answers}/`)) return false
    const [series = '', file = ''] = path.slice(FOLDERS.answers.length + 1).split('/')
    const newer = await database.query(
      'select 1 from picture where series = $1 and address = $2 and modified_ms > $3::float8',
      [series, file.replace(/\.draw$/, ''), mtimeMs]
    )
    return newer.length > 0
  }
}

/** Returns a function that finds a picture in the bucket. */
function locateIn(database: Database): NonNullable<ImportPicturesOptions['locate']> {
  const rows = createFileRows(database)
  return async (picture) => {
    const row = await rows.find(inOutput(artifactPath('annotated', picture.series, picture.address)))
    if (row === undefined) return undefined
    const { bytes, modifiedMs, etag, objectKey } = row
    return { ...picture, bytes, modifiedMs, ...(objectKey !== undefined && { objectKey, etag }) }
  }
}

/**
 * The runs of the journal, all of which have ended.
 * @throws ConfigError when one has not: the database has no place for what only the folder can go on with
 */
async function readRuns(files: Files, dataDir: string): Promise<JournalEntry[]> {
  const ignore = () => {}
  const journal = createJournal({ files, onForeign: ignore })
  const batchFiles = createBatchFiles({ files, onForeign: ignore })
  const looks = await Promise.all((await journal.names()).map(journal.look))
  const runs = looks.filter((entry) => entry !== undefined)
  const batches = await Promise.all((await batchFiles.ids()).map(batchFiles.read))
  const openRuns = runs.filter(({ failed }) => failed === undefined).length
  const openBatches = batches.filter((batch) => typeof batch === 'object' && batch.end === undefined).length
  if (openRuns + openBatches === 0) return runs
  throw new ConfigError(
    `${dataDir} has ${openRuns} runs and ${openBatches} batches that are not finished: ` +
      'start dalleserver on it once without TB_DALLE_DATABASE_URL, and stop it when they have ended.'
  )
}
