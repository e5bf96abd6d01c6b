import { errors } from '../../errors.ts'
import type { FileRow, FileRows, FolderName, MoveOptions, Moved } from '../../storage/file-rows.ts'
import { checkClaim } from './claims.ts'
import type { Database } from './database.ts'

const COLUMNS = 'path, object_key as "objectKey", etag, bytes, modified_ms as "modifiedMs", is_png as "isPng"'
const NOW_MS = 'extract(epoch from clock_timestamp())::float8 * 1000'
/** How long a reader may know an object that is no file any more. */
const UNUSED_AFTER = "clock_timestamp() + interval '24 hours'"
/** Objects that one transaction deletes. */
const SWEPT_AT_ONCE = 100

type Row = Omit<FileRow, 'objectKey'> & { objectKey: string | null }

/** The rows of files in the database of all processes. */
export function createFileRows(database: Pick<Database, 'query' | 'transaction' | 'outside'>): FileRows {
  /** Runs a change under the claim of its run, if it has one. */
  async function change<T>(work: () => Promise<T>): Promise<T> {
    return await database.transaction(async () => {
      await checkClaim(database)
      return await work()
    })
  }

  /** @param condition with the parameter $1 */
  async function select(condition: string, ...values: unknown[]): Promise<FileRow[]> {
    const rows = await database.query<Row>(`select ${COLUMNS} from stored_file where ${condition}`, values)
    return rows.map(fileOf)
  }

  /** Notes objects that are no file any more. They are deleted when nobody can know them. */
  async function discard(keys: Array<string | undefined>): Promise<void> {
    const unused = keys.filter((key) => key !== undefined)
    if (unused.length === 0) return
    await database.query(
      `insert into unused_object (object_key, due) select unnest($1::text[]), ${UNUSED_AFTER}
      on conflict (object_key) do nothing`,
      [unused]
    )
  }

  /** Notes the folders that a file lies in. They are never removed: an empty one does no harm. */
  async function noteFolders(path: string): Promise<void> {
    const folders: string[] = []
    for (let folder = folderOf(path); folder !== ''; folder = folderOf(folder)) folders.push(folder)
    await database.query(
      `insert into stored_folder (path, parent) select * from unnest($1::text[], $2::text[])
      on conflict (path) do nothing`,
      [folders, folders.map(folderOf)]
    )
  }

  /** Holds a name until the transaction ends. A row that is not there cannot be locked. */
  async function lock(name: string): Promise<void> {
    await database.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [name])
  }

  async function removeAt(path: string): Promise<FileRow | undefined> {
    const [row] = await database.query<Row>(`delete from stored_file where path = $1 returning ${COLUMNS}`, [
      path
    ])
    return row && fileOf(row)
  }

  async function moveFile(from: string, to: string, { keepTime, isOver }: MoveOptions): Promise<Moved> {
    for (const path of [from, to].sort()) await lock(path)
    if ((await select('path = $1', from)).length === 0) return 'missing'
    if (!isOver && (await select('path = $1', to)).length > 0) return 'taken'
    await discard([(await removeAt(to))?.objectKey])
    await noteFolders(to)
    await database.query(
      `update stored_file set path = $2, folder = $3,
        modified_ms = case when $4 then modified_ms else ${NOW_MS} end
      where path = $1`,
      [from, to, folderOf(to), keepTime]
    )
    return 'moved'
  }

  /** Moves all files below a folder. */
  async function moveFolder(from: string, to: string, options: MoveOptions): Promise<Moved> {
    const files = await select('path > $1 and path < $2 order by path', `${from}/`, `${from}0`)
    if (!options.isOver && (await isFolder(to))) return 'taken'
    for (const { path } of files) await moveFile(path, to + path.slice(from.length), options)
    const folders = await database.query(
      'delete from stored_folder where path = $1 or (path > $2 and path < $3) returning path',
      [from, `${from}/`, `${from}0`]
    )
    return files.length > 0 || folders.length > 0 ? 'moved' : 'missing'
  }

  async function isFolder(path: string): Promise<boolean> {
    return (await database.query('select 1 from stored_folder where path = $1', [path])).length > 0
  }

  return {
    isFolder,

    async exclusively(name, work) {
      return await change(async () => {
        await lock(name)
        return await work()
      })
    },

    async find(path) {
      return (await select('path = $1', path))[0]
    },

    async list(folder, beginning) {
      return await database.query<FolderName>(
        `select substr(path, length(folder) + 2) as name, false as "isFolder" from stored_file
        where folder = $1 and path >= $2 and starts_with(path, $2)
        union all
        select substr(path, length(parent) + 2), true from stored_folder
        where parent = $1 and starts_with(path, $2)`,
        [folder, `${folder}/${beginning}`]
      )
    },

    async findAll(folder, names) {
      return await select(
        'path = any($1::text[])',
        names.map((name) => `${folder}/${name}`)
      )
    },

    async announce(objectKey) {
      await database.outside(async () => await discard([objectKey]))
    },

    async put({ path, objectKey, etag, bytes, isPng, modifiedMs }, commit = async () => {}) {
      return await change(async () => {
        await lock(path)
        if (objectKey !== undefined) {
          const taken = await database.query(
            'delete from unused_object where object_key = $1 returning 1 as taken',
            [objectKey]
          )
          // It took longer than a day to write it, and the object is deleted or about to be.
          if (taken.length === 0) throw errors.unavailable('A file was written too slowly', 'Ask again')
        }
        await noteFolders(path)
        const [former] = await select('path = $1', path)
        await discard([former?.objectKey])
        const [row] = await database.query<{ modifiedMs: number }>(
          `insert into stored_file (path, folder, object_key, etag, bytes, modified_ms, is_png)
          values ($1, $2, $3, $4, $5, coalesce($7::float8, ${NOW_MS}), $6)
          on conflict (path) do update set object_key = excluded.object_key, etag = excluded.etag,
            bytes = excluded.bytes, modified_ms = excluded.modified_ms, is_png = excluded.is_png
          returning modified_ms as "modifiedMs"`,
          [path, folderOf(path), objectKey ?? null, etag, bytes, isPng, modifiedMs ?? null]
        )
        await commit(row!.modifiedMs)
        return row!.modifiedMs
      })
    },

    async remove(path) {
      return await change(async () => {
        await lock(path)
        const removed = await removeAt(path)
        await discard([removed?.objectKey])
        return removed !== undefined
      })
    },

    async move(from, to, options) {
      return await change(async () => {
        const moved = await moveFile(from, to, options)
        return moved === 'missing' ? await moveFolder(from, to, options) : moved
      })
    },

    async removeOlder(folder, beforeMs) {
      const [counted] = await database.query<{ removed: number }>(
        `with removed as (
          delete from stored_file where path > $1 and path < $2 and modified_ms < $3
          returning object_key
        ), unused as (
          insert into unused_object (object_key, due)
          select object_key, ${UNUSED_AFTER} from removed where object_key is not null
          on conflict (object_key) do nothing
        )
        select count(*) as removed from removed`,
        [`${folder}/`, `${folder}0`, beforeMs]
      )
      return counted!.removed
    },

    async sweep(remove) {
      return await database.transaction(async () => {
        const due = await database.query<{ key: string }>(
          `delete from unused_object where object_key in (
            select object_key from unused_object where due < clock_timestamp()
            order by due limit ${SWEPT_AT_ONCE} for update skip locked
          ) returning object_key as key`
        )
        // If one cannot be deleted, all rows stay.
        for (const { key } of due) await remove(key)
        return due.length
      })
    }
  }
}

function fileOf({ objectKey, ...row }: Row): FileRow {
  return { ...row, objectKey: objectKey ?? undefined }
}

/** The folder of a path; empty for what lies in the data folder itself. */
function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')))
}
