import fp from 'fastify-plugin'
import { hidePromptsOfPng } from '../../lib/image/provenance.ts'
import { createArchive } from '../../lib/storage/archive.ts'
import { createDataFolder } from '../../lib/storage/data-folder.ts'
import type { DataFolder } from '../../lib/storage/data-folder.ts'
import { createFileCache } from '../../lib/storage/file-cache.ts'
import type { FileCache, FileCacheOptions } from '../../lib/storage/file-cache.ts'
import { createFiles } from '../../lib/storage/files.ts'
import type { Files } from '../../lib/storage/files.ts'
import { createFolderLock } from '../../lib/storage/folder-lock.ts'
import type { FolderLock } from '../../lib/storage/folder-lock.ts'
import { FOLDERS, TOP_FOLDERS } from '../../lib/storage/layout.ts'
import { createPngFiles } from '../../lib/storage/png-files.ts'
import type { PngFiles } from '../../lib/storage/png-files.ts'

declare module 'fastify' {
  interface FastifyInstance {
    files: Files
    /** Files that are sent often, in memory. */
    fileCache: FileCache
    pngFiles: PngFiles
    folderLock: FolderLock
    dataFolder: DataFolder
  }
}

const MEGABYTE = 1_000_000

export interface FilesPluginOptions {
  /** Milliseconds in which a change by another program may stay unseen. */
  fileCheckMs?: FileCacheOptions['checkMs']
}

/**
 * `fastify.files`: file operations inside the data folder. `fastify.pngFiles`: the PNGs in it that are whole.
 * `fastify.fileCache`: those that were read last, in memory.
 * `fastify.folderLock`: its lock. `fastify.dataFolder`: whether new pictures can be kept in it. The start creates the
 * folder and writes to it once. `archives/` is emptied of what is old.
 */
export default fp<FilesPluginOptions>(
  async (fastify, { fileCheckMs: checkMs }) => {
    const { dataDir: root, memoryBytes: maxBytes, minFreeMb, archiveDays: days, embedPrompt } = fastify.config
    const fileCache = createFileCache({ maxBytes, checkMs })
    const isShared = fastify.config.databaseUrl !== undefined
    const files = createFiles({
      root,
      isShared,
      onOperation: (kind, ok) => fastify.metrics.recordFileOperation(kind, ok),
      onChange: fileCache.forget,
      onRetry: () => fastify.metrics.recordRetry('file'),
      onWarning: (message) => fastify.log.warn(message)
    })
    await files.checkWriteAccess()
    await files.refuseLinks(TOP_FOLDERS)
    await files.makeFolder(FOLDERS.output)

    const folderLock = createFolderLock({
      root,
      isShared,
      onUnsupported: (reason) =>
        fastify.log.warn({ reason }, 'the data folder cannot be locked: let one process work on it')
    })
    // Hooks run from the last to the first one, so everything that writes files has ended when the lock is free.
    fastify.addHook('onClose', async () => await folderLock.release())
    // With a database every process works, but none beside a process that keeps its state in the folder.
    if (isShared && !(await folderLock.tryAcquire())) {
      throw new Error(
        `a process without the database works on the data folder: ${await folderLock.holder()}.`
      )
    }

    const archive = createArchive({
      files,
      lock: folderLock,
      days,
      onRemoved: (removed) => fastify.log.info({ files: removed, days }, 'removed old files from archives/'),
      onError: (error) => fastify.log.warn({ err: error }, 'archives/ could not be emptied of what is old')
    })
    fastify.addHook('onReady', async () => archive.start())
    fastify.addHook('onClose', async () => await archive.stop())

    const minFreeBytes = minFreeMb === undefined ? undefined : minFreeMb * MEGABYTE
    fastify.decorate('files', files)
    // A picture that was made while the setting was another one still contains its prompts.
    const adapt = embedPrompt ? undefined : hidePromptsOfPng
    fastify.decorate('pngFiles', createPngFiles(files, fileCache, adapt))
    fastify.decorate('fileCache', fileCache)
    fastify.decorate('folderLock', folderLock)
    fastify.decorate('dataFolder', createDataFolder({ files, lock: folderLock, minFreeBytes }))
  },
  { name: 'files', dependencies: ['config', 'metrics'], fastify: '5.x' }
)
