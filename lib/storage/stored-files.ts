import { randomBytes } from 'node:crypto'
import { posix } from 'node:path'
import type { FileRow, FileRows } from './file-rows.ts'
import type { FileOperation, FileStat, FolderEntry, OpenFile } from './file-types.ts'
import type { Files } from './files.ts'
import { FOLDERS, archivedPath, resolveInside } from './layout.ts'
import { isWholePng } from './png-files.ts'
import { createObjects, openBytes } from './read-object.ts'
import type { S3 } from './s3.ts'

/** The work of a run that a file belongs to, for the name of its object. */
export interface ObjectOrigin {
  runId: string
  fence: number
}

export interface StoredFilesOptions {
  /** The data folder of this machine: `cache/`, `databases/`, and what this process has learned in `metrics/`. */
  local: Files
  rows: FileRows
  store: S3
  /** Called before an object without a row is removed. What it throws refuses that. Rows have a check of their own. */
  guard?: () => Promise<void>
  /** The run that writes now. */
  origin?: () => ObjectOrigin | undefined
  /** Called once for each operation on the store. */
  onOperation?: (kind: FileOperation, ok: boolean) => void
  /** Called after each operation that may have changed a file, with its path as it was given. */
  onChange?: (path: string) => void
}

/** Folders whose files are objects with rows, except for those below. */
const WITH_ROWS = ['output', 'archives', 'series', 'user-series', 'exports', 'runs', 'metrics/runs']
/** Files in it are objects under their own path, because they must be kept also while the database is away. */
const WITHOUT_ROWS = FOLDERS.answers

const TYPES: Record<string, string> = {
  '.png': 'image/png',
  '.txt': 'text/plain',
  '.json': 'application/json'
}

/**
 * The same operations as `createFiles`, with the files that all processes share in an object store. A file with a row
 * is an object that never changes; a write makes a new one and then changes the row. So a reader gets the former file
 * or the new one, and moves and removals are rows only. An object that is no file any more is deleted a day later.
 */
export function createStoredFiles(options: StoredFilesOptions): Files {
  const {
    local,
    rows,
    store,
    guard = async () => {},
    origin = () => undefined,
    onOperation = () => {},
    onChange = () => {}
  } = options
  const objects = createObjects(store)

  async function perform<T>(kind: FileOperation, work: () => Promise<T>): Promise<T> {
    try {
      const result = await work()
      onOperation(kind, true)
      return result
    } catch (error) {
      onOperation(kind, false)
      throw error
    }
  }

  async function change<T>(kind: FileOperation, paths: string[], work: () => Promise<T>): Promise<T> {
    return await perform(kind, work).finally(() => {
      for (const path of paths) onChange(path)
    })
  }

  function newKey(path: string): string {
    const extension = posix.extname(path)
    const run = origin()
    const made = run === undefined ? '' : `${run.runId}-${run.fence}-`
    const folder = extension === '' ? path : path.slice(0, -extension.length)
    return `${folder}/${made}${randomBytes(8).toString('hex')}${extension}`
  }

  const write: Files['write'] = async (path, content, writeOptions = {}) => {
    const place = placeOf(path)
    if (place.kind === 'local') return await local.write(path, content, writeOptions)
    const bytes = Buffer.from(content as Uint8Array)
    await change('write', [path], async () => {
      if (place.kind === 'object') {
        await store.put(place.path, bytes)
        return
      }
      const objectKey = bytes.length === 0 ? undefined : newKey(place.path)
      let etag = ''
      if (objectKey !== undefined) {
        await rows.announce(objectKey)
        etag = await store.put(objectKey, bytes, TYPES[posix.extname(path)])
        objects.keep(objectKey, bytes)
      }
      const { modifiedMs } = writeOptions
      const file = { path: place.path, objectKey, etag, bytes: bytes.length, isPng: isWholePng(bytes) }
      await rows.put({ ...file, ...(modifiedMs !== undefined && { modifiedMs }) }, async (modifiedMs) => {
        await writeOptions.commit?.({ bytes: bytes.length, modifiedMs, objectKey, etag })
      })
    })
  }

  const read: Files['read'] = async (path, { maxBytes = Infinity } = {}) => {
    const place = placeOf(path)
    if (place.kind === 'local') return await local.read(path, { maxBytes })
    return await perform('read', async () => {
      if (place.kind === 'object') {
        const content = await store.read(place.path)
        return content === undefined || content.length > maxBytes ? undefined : content
      }
      const row = await rows.find(place.path)
      if (row === undefined || row.bytes > maxBytes) return undefined
      return row.objectKey === undefined ? Buffer.alloc(0) : await objects.read(row.objectKey)
    })
  }

  const stat: Files['stat'] = async (path) => {
    const place = placeOf(path)
    if (place.kind === 'local') return await local.stat(path)
    return await perform('stat', async () => {
      if (place.kind === 'object') {
        const object = await store.head(place.path)
        return object && fileStat({ ...object, isPng: undefined })
      }
      const row = await rows.find(place.path)
      if (row !== undefined) return fileStat(row)
      return (await rows.isFolder(place.path)) ? FOLDER : undefined
    })
  }

  const list: Files['list'] = async (path, beginning = '') => {
    const place = placeOf(path)
    if (place.kind === 'local') return await local.list(path, beginning)
    return await perform('list', async () => {
      if (place.kind === 'row') {
        return (await rows.list(place.path, beginning)).map(({ name, isFolder }) => entryOf(name, isFolder))
      }
      const folder = `${place.path}/`
      const names = new Map<string, boolean>()
      for await (const { key } of store.list(folder + beginning)) {
        const [name = '', ...rest] = key.slice(folder.length).split('/')
        names.set(name, rest.length > 0)
      }
      return [...names].map(([name, isFolder]) => entryOf(name, isFolder))
    })
  }

  const statAll: Files['statAll'] = async (path, entries) => {
    const place = placeOf(path)
    if (place.kind === 'local') return await local.statAll(path, entries)
    const names = entries.filter((entry) => entry.isFile()).map(({ name }) => name)
    const found =
      place.kind === 'row'
        ? (await perform('stat', () => rows.findAll(place.path, names))).map(
            (row) => [posix.basename(row.path), fileStat(row)] as const
          )
        : await Promise.all(names.map(async (name) => [name, await stat(`${path}/${name}`)] as const))
    const byName = new Map(found)
    return new Map(names.flatMap((name) => (byName.has(name) ? [[name, byName.get(name)!] as const] : [])))
  }

  const remove: Files['remove'] = async (path) => {
    const place = placeOf(path)
    if (place.kind === 'local') return await local.remove(path)
    return await change('remove', [path], async () => {
      if (place.kind === 'row') return await rows.remove(place.path)
      await guard()
      await store.remove(place.path)
      return true
    })
  }

  const open: Files['open'] = async (path) => {
    const place = placeOf(path)
    if (place.kind === 'local') return await local.open(path)
    return await perform('open', async (): Promise<OpenFile | undefined> => {
      if (place.kind === 'object') {
        const content = await store.read(place.path)
        return content && { handle: openBytes(content), bytes: content.length, modifiedMs: 0 }
      }
      const row = await rows.find(place.path)
      if (row === undefined) return undefined
      const { objectKey, bytes, modifiedMs, isPng } = row
      const handle = objectKey === undefined ? openBytes(Buffer.alloc(0)) : objects.open(objectKey, bytes)
      return { handle, bytes, modifiedMs, isPng }
    })
  }

  const move: Files['move'] = async (path, target, { keepTime = false } = {}) => {
    const [from, to] = [placeOf(path), placeOf(target)]
    if (from.kind === 'local' && to.kind === 'local') return await local.move(path, target, { keepTime })
    return await change('move', [path, target], async () => {
      if (from.kind === 'row' && to.kind === 'row') {
        return (await rows.move(from.path, to.path, { keepTime, isOver: true })) === 'moved'
      }
      const content = await read(path)
      if (content === undefined) return false
      await write(target, content)
      return await remove(path)
    })
  }

  /** Moves what lies at a path to a folder, beside what was moved there before. */
  async function moveAside(path: string, folder: string): Promise<boolean> {
    const place = placeOf(path)
    return await change('move', [path], async () => {
      for (let copy = 1; ; copy += 1) {
        const target = archivedPath(folder, place.path, copy)
        if (place.kind !== 'row') return await move(path, target)
        const moved = await rows.move(place.path, target, { keepTime: false, isOver: false })
        if (moved !== 'taken') return moved === 'moved'
      }
    })
  }

  const isLocal = (path: string) => placeOf(path).kind === 'local'

  return {
    ...local,
    write,
    read,
    stat,
    list,
    statAll,
    remove,
    open,
    move,
    exclusively: rows.exclusively,
    readText: async (path, readOptions) => (await read(path, readOptions))?.toString('utf8'),
    setAside: async (path) =>
      isLocal(path) ? await local.setAside(path) : await moveAside(path, FOLDERS.broken),
    archive: async (path) =>
      isLocal(path) ? await local.archive(path) : await moveAside(path, FOLDERS.archives),
    isLink: async (path) => isLocal(path) && (await local.isLink(path)),

    /** Writes the file anew. Two processes must not add to the same file. */
    async appendLine(path, line) {
      if (isLocal(path)) return await local.appendLine(path, line)
      const text = (await read(path))?.toString('utf8') ?? ''
      await write(path, `${text}${text === '' || text.endsWith('\n') ? '' : '\n'}${line}\n`)
    },

    async removeOlder(path, beforeMs) {
      const place = placeOf(path)
      if (place.kind === 'local') return await local.removeOlder(path, beforeMs)
      return await perform('remove', async () => {
        if (place.kind === 'row') return await rows.removeOlder(place.path, beforeMs)
        let removed = 0
        for await (const { key, modifiedMs } of store.list(`${place.path}/`)) {
          if (modifiedMs >= beforeMs) continue
          await store.remove(key)
          removed += 1
        }
        return removed
      })
    },

    async makeFolder(path) {
      if (isLocal(path)) await local.makeFolder(path)
    },

    async checkReadAccess(path) {
      if (isLocal(path)) await local.checkReadAccess(path)
    },

    /** Of the data folder itself, the folder of this machine and the store are checked. */
    async checkWriteAccess(folder = '.') {
      if (isLocal(folder)) await local.checkWriteAccess(folder)
      if (folder === '.' || !isLocal(folder)) {
        await perform('write_check', async () => await store.check(randomBytes(16).toString('hex')))
      }
    }
  }
}

interface Place {
  kind: 'local' | 'object' | 'row'
  /** Relative to the data folder, without detours. */
  path: string
}

/**
 * Where a path is.
 * @throws FILE_SYSTEM_ERROR if it leads outside the data folder
 */
function placeOf(path: string): Place {
  const plain = resolveInside('/data', path).slice('/data/'.length)
  const isBelow = (folder: string) => plain === folder || plain.startsWith(`${folder}/`)
  if (isBelow(WITHOUT_ROWS)) return { kind: 'object', path: plain }
  return { kind: WITH_ROWS.some(isBelow) ? 'row' : 'local', path: plain }
}

const FOLDER: FileStat = { size: 0, mtimeMs: 0, isFile: () => false, isDirectory: () => true }

function fileStat({
  bytes,
  modifiedMs,
  isPng
}: Pick<FileRow, 'bytes' | 'modifiedMs'> & { isPng: boolean | undefined }): FileStat {
  return {
    size: bytes,
    mtimeMs: modifiedMs,
    isFile: () => true,
    isDirectory: () => false,
    ...(isPng !== undefined && { isPng })
  }
}

function entryOf(name: string, isFolder: boolean): FolderEntry {
  return { name, isFile: () => !isFolder, isDirectory: () => isFolder, isSymbolicLink: () => false }
}
