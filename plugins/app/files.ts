import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { checkClaim, currentClaim } from '../../lib/engine/postgres/claims.ts'
import type { Database } from '../../lib/engine/postgres/database.ts'
import { createFileRows } from '../../lib/engine/postgres/file-rows.ts'
import { errors } from '../../lib/errors.ts'
import { hidePromptsOfPng } from '../../lib/image/provenance.ts'
import { createArchive } from '../../lib/storage/archive.ts'
import { checkBucket } from '../../lib/storage/check-bucket.ts'
import { createDataFolder, reasonOf } from '../../lib/storage/data-folder.ts'
import type { DataFolder } from '../../lib/storage/data-folder.ts'
import { createFileCache } from '../../lib/storage/file-cache.ts'
import type { FileCache, FileCacheOptions } from '../../lib/storage/file-cache.ts'
import { createFiles } from '../../lib/storage/files.ts'
import type { FileOperation } from '../../lib/storage/file-types.ts'
import type { Files, FilesOptions } from '../../lib/storage/files.ts'
import { createFolderLock } from '../../lib/storage/folder-lock.ts'
import type { FolderLock } from '../../lib/storage/folder-lock.ts'
import { FOLDERS, TOP_FOLDERS } from '../../lib/storage/layout.ts'
import { createPngFiles } from '../../lib/storage/png-files.ts'
import type { PngFiles } from '../../lib/storage/png-files.ts'
import type { StoredFilesOptions } from '../../lib/storage/stored-files.ts'
import { createUnusedObjects } from '../../lib/storage/unused-objects.ts'
import { isFull } from '../../lib/storage/system-errors.ts'
import { findUnwritable } from '../../lib/storage/unwritable.ts'

declare module 'fastify' {
  interface FastifyInstance {
    files: Files
    /** Files that are sent often, in memory. */
    fileCache: FileCache
    pngFiles: PngFiles
    folderLock: FolderLock
    dataFolder: DataFolder
    /** Whether the disk was full when the service started. */
    startedOnFullDisk: boolean
  }
}

const MEGABYTE = 1_000_000
/** Of the folders that cannot be written, so many are named. */
const SHOWN_FOLDERS = 5

export interface FilesPluginOptions {
  /** Milliseconds in which a change by another program may stay unseen. */
  fileCheckMs?: FileCacheOptions['checkMs']
}

/**
 * `fastify.files`: file operations inside the data folder. `fastify.pngFiles`: the PNGs in it that are whole.
 * `fastify.fileCache`: those that were read last, in memory.
 * `fastify.folderLock`: its lock. `fastify.dataFolder`: whether new pictures can be kept in it. The start creates the
 * folder and writes to it once; on a full disk it goes on without. `archives/` is emptied of what is old.
 */
export default fp<FilesPluginOptions>(
  async (fastify, { fileCheckMs: checkMs }) => {
    const { config } = fastify
    const { dataDir: root, memoryBytes: maxBytes, minFreeMb, archiveDays: days, embedPrompt } = config
    const fileCache = createFileCache({ maxBytes, checkMs })
    const isShared = config.databaseUrl !== undefined
    const observers = {
      onOperation: (kind: FileOperation, ok: boolean) => fastify.metrics.recordFileOperation(kind, ok),
      onChange: fileCache.forget
    }
    const folderLock = createFolderLock({
      root,
      isShared,
      onUnsupported: (reason) =>
        fastify.log.warn({ reason }, 'the data folder cannot be locked: let one process work on it')
    })
    const local = createFiles({
      root,
      isShared,
      // Else the folder would be made anew in the place of one that was unmounted. With a bucket it has only caches.
      ...(config.s3 === undefined && { checkPlace: folderLock.checkPlace }),
      ...(fastify.database && sharedBy(fastify.database)),
      ...observers,
      onRetry: () => fastify.metrics.recordRetry('file'),
      onWarning: (message) => fastify.log.warn(message)
    })
    const full = createFullDisk()
    // What cannot be looked at is named below.
    const isNew = (await local.stat('.').catch(() => null)) === undefined
    await full.tolerate(local.checkWriteAccess())
    await local.refuseLinks(TOP_FOLDERS)
    await checkWrittenFolders(local, full)
    const files = (await openStore(fastify, local, observers)) ?? local
    await full.tolerate(files.makeFolder(FOLDERS.output))
    // A typo in the setting looks like a service whose pictures are gone.
    if (isNew) fastify.log.info('the data folder did not exist: it was made, and has no pictures')
    if (full.error !== undefined) {
      fastify.log.error(
        { reason: reasonOf(full.error) },
        'the disk of the data folder is full: pictures that exist are served, and no run starts until there is space'
      )
    }

    if (isShared) {
      fastify.addHook('onReady', async () => {
        local
          .sweep('.')
          .catch((error: unknown) => fastify.log.warn({ err: error }, 'left-over temporary files stay'))
      })
    }

    // Hooks run from the last to the first one, so everything that writes files has ended when the lock is free.
    fastify.addHook('onClose', async () => await folderLock.release())
    // With a database every process works, but none beside a process that keeps its state in the folder.
    if (isShared && !(await folderLock.tryAcquire())) {
      throw new Error(
        `a process without the database works on the data folder: ${await folderLock.holder()}.`
      )
    }

    fastify.metrics.watchCleanStart(() => folderLock.afterCleanStop)

    const archive = createArchive({
      files,
      lock: folderLock,
      days,
      onRemoved: (removed) => fastify.log.info({ files: removed, days }, 'removed old files from archives/'),
      onError: (error) => fastify.log.warn({ err: error }, 'archives/ could not be emptied of what is old')
    })
    fastify.addHook('onReady', async () => archive.start())
    fastify.addHook('onClose', async () => await archive.stop())

    if (config.s3 === undefined) fastify.addHook('onReady', async () => await warnOfUnwritable(fastify, root))

    const minFreeBytes = minFreeMb === undefined ? undefined : minFreeMb * MEGABYTE
    fastify.decorate('startedOnFullDisk', full.error !== undefined)
    fastify.decorate('files', files)
    // A picture that was made while the setting was another one still contains its prompts.
    const adapt = embedPrompt ? undefined : hidePromptsOfPng
    fastify.decorate('pngFiles', createPngFiles(files, fileCache, adapt))
    fastify.decorate('fileCache', fileCache)
    fastify.decorate('folderLock', folderLock)
    fastify.decorate(
      'dataFolder',
      createDataFolder({
        files,
        lock: folderLock,
        minFreeBytes,
        isOnDisk: config.s3 === undefined,
        onChange: (reason) =>
          reason === undefined
            ? fastify.log.info('the data folder can be used again')
            : fastify.log.error({ reason }, 'the data folder cannot be used')
      })
    )
  },
  { name: 'files', dependencies: ['config', 'database', 'metrics'], fastify: '5.x' }
)

type FullDisk = ReturnType<typeof createFullDisk>

/** Remembers that the disk is full. Pictures can be served from it, so it does not end the start. */
function createFullDisk() {
  let found: unknown
  return {
    /** The first error that said so. */
    get error(): unknown {
      return found
    },

    /** @throws each other error of the work */
    async tolerate(work: Promise<void>): Promise<void> {
      await work.catch((error: unknown) => {
        if (!isFull(error)) throw error
        found ??= error
      })
    }
  }
}

/**
 * Checks the folders that every run writes to. A folder that was copied here may belong to another user.
 * @throws FILE_SYSTEM_ERROR that names the folder
 */
async function checkWrittenFolders(files: Files, full: FullDisk): Promise<void> {
  for (const folder of [FOLDERS.output, FOLDERS.runs, FOLDERS.metrics]) {
    if ((await files.stat(folder)) === undefined) continue
    await full.tolerate(files.checkWriteAccess(folder)).catch((error: unknown) => {
      throw errors.fileSystem(`${folder}/ in it cannot be written: ${reasonOf(error)}`, error)
    })
  }
}

/** The other series work, so this does not end the start. */
async function warnOfUnwritable({ log }: FastifyInstance, root: string): Promise<void> {
  try {
    const folders = await findUnwritable(root)
    if (folders.length === 0) return
    log.warn(
      { folders: folders.slice(0, SHOWN_FOLDERS), count: folders.length },
      'the server may not write to folders of series: no picture of these series can be made'
    )
  } catch (error) {
    log.warn({ err: error }, 'the folders of series cannot be read')
  }
}

/** What files on a volume need that several processes write to. */
function sharedBy(database: Database): Pick<FilesOptions, 'guard' | 'exclusively'> {
  return {
    async guard(path, isWrite) {
      // A run that goes on elsewhere keeps the answer that it has paid for, so that its successor finds it.
      const isAnswer = isWrite && path.startsWith(`${FOLDERS.answers}/`)
      if (!isAnswer) await checkClaim(database)
    },
    exclusively: createFileRows(database).exclusively
  }
}

/**
 * The files in the bucket of the configuration; undefined without one.
 * @throws with one sentence if the bucket cannot be used
 */
async function openStore(
  fastify: FastifyInstance,
  local: Files,
  observers: Pick<StoredFilesOptions, 'onOperation' | 'onChange'>
): Promise<Files | undefined> {
  const { config, database, log, metrics } = fastify
  if (config.s3 === undefined || database === undefined) return undefined
  const [{ createS3 }, { createStoredFiles }] = await Promise.all([
    import('../../lib/storage/s3.ts'),
    import('../../lib/storage/stored-files.ts')
  ])
  const store = createS3({ ...config.s3, onRetry: () => metrics.recordRetry('file') })
  await checkBucket(store)
  const rows = createFileRows(database)
  const unused = createUnusedObjects({
    rows,
    store,
    onError: (error) => log.warn({ err: error }, 'objects that are no file any more could not be deleted')
  })
  fastify.addHook('onReady', async () => unused.start())
  fastify.addHook('onClose', async () => await unused.stop())
  const guard = async () => await checkClaim(database)
  return createStoredFiles({ local, rows, store, guard, origin: currentClaim, ...observers })
}
