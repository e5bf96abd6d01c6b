import type { PictureChange } from '../../pictures.ts'
import type { Database } from '../database.ts'

interface StateRow {
  epoch: string
  revision: number
  size: number
  changes: PictureChange[]
}

export type Revisions = ReturnType<typeof createRevisions>

/** A copy of the count of pictures and of their latest changes, for answers that cannot wait for the database. */
export function createRevisions(database: Pick<Database, 'query' | 'client'>) {
  const listeners = new Set<() => void>()
  let known: StateRow = { epoch: '', revision: 0, size: 0, changes: [] }
  let isRead = false
  let reading: Promise<void> | undefined
  let next: Promise<void> | undefined

  async function read(): Promise<void> {
    const [row] = await database.query<StateRow>(
      `select epoch, revision,
        (select coalesce(sum(pictures), 0) from picture_count) as size,
        (select coalesce(json_agg(json_build_object('revision', revision, 'series', series, 'address', address,
          'isThere', is_there) order by revision desc), '[]') from picture_change) as changes
      from picture_state`
    )
    const isNews = isRead && (row!.revision !== known.revision || row!.epoch !== known.epoch)
    known = row!
    isRead = true
    if (isNews) for (const listener of listeners) listener()
  }

  function start(): Promise<void> {
    reading = read().finally(() => {
      reading = undefined
    })
    return reading
  }

  return {
    get epoch(): string {
      return known.epoch
    },
    get revision(): number {
      return known.revision
    },
    get size(): number {
      return known.size
    },
    get changes(): readonly PictureChange[] {
      return known.changes
    },

    /** Reads everything that is committed before this call. Calls at the same time share the work. */
    async refresh(): Promise<void> {
      if (reading === undefined) return await start()
      // The running statement may have begun before the latest change.
      next ??= reading
        .catch(() => {})
        .then(async () => {
          next = undefined
          await start()
        })
      await next
    },

    subscribe(listener: () => void): () => void {
      listeners.add(listener)
      return () => listeners.delete(listener)
    }
  }
}
