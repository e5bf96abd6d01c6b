import { systemClock } from '../../../clock.ts'
import type { Clock } from '../../../clock.ts'
import type { FacetValue } from '../../../dress/facets.ts'
import { isServiceError } from '../../../errors.ts'
import type { Files } from '../../../storage/files.ts'
import { artifactPath, inOutput } from '../../../storage/layout.ts'
import type { PngFiles } from '../../../storage/png-files.ts'
import { readDetails } from '../../picture-details.ts'
import { isPictureFile, listSeriesFolders, pictureFolder } from '../../picture-folder.ts'
import type { Picture, PictureFile, PictureIndex } from '../../pictures.ts'
import { checkClaim, currentClaim } from '../claims.ts'
import type { Database } from '../database.ts'
import { createGathering } from '../gathering.ts'
import type { Notices } from '../notices.ts'
import { knowsFacetValue } from './facet-values.ts'
import { createFacets } from './facets.ts'
import { fillFacets } from './fill-facets.ts'
import { createPages } from './pages.ts'
import { createRevisions } from './revisions.ts'
import { COLUMNS, pictureOf, putRows, readRows } from './rows.ts'
import type { PictureName, PictureRow, PutBy } from './rows.ts'
import { createTurns } from './turns.ts'

/** A picture that another host has just made may be missing in a shared folder for this long (NFS: 60 s). */
const SHOWS_LATE = "interval '2 minutes'"
/** After a failed statement, pictures are looked for in the folder first for this long. */
const AWAY_MS = 1_000
/** The copy is read again after this long, in case that a notice was lost. */
const REFRESH_MS = 5_000

export interface PostgresPicturesOptions {
  database: Pick<Database, 'query' | 'transaction' | 'client'>
  notices: Pick<Notices, 'subscribe' | 'onGap'>
  files: Pick<Files, 'readText' | 'stat' | 'list'>
  pngs: Pick<PngFiles, 'open' | 'stat'>
  /** Whether the data folder is another one than that of the start. */
  isReplaced?: (() => Promise<boolean>) | undefined
  /** Called once if the data folder has pictures of a series that the database does not know. */
  onNotImported?: () => void
  clock?: Pick<Clock, 'now' | 'startTimer'>
}

/** The index of pictures in the database, which all processes share. This process keeps no picture of it in memory. */
export function createPostgresPictures(options: PostgresPicturesOptions) {
  const {
    database,
    notices,
    files,
    pngs,
    isReplaced = async () => false,
    onNotImported,
    clock = systemClock
  } = options
  const revisions = createRevisions(database)
  const inTurn = createTurns()
  const pages = createPages(database, inTurn)
  const facets = createFacets({ database, inTurn, revision: () => revisions.revision })
  let awayAt = -Infinity
  let stopTimer = () => {}
  let isStopped = false

  const refresh = () => {
    // A later notice, gap or timer reads what this attempt could not.
    revisions.refresh().catch(() => {})
  }
  const unsubscribe = [notices.subscribe('dalle_picture', refresh), notices.onGap(refresh)]
  const refreshLater = () => {
    if (isStopped) return
    stopTimer = clock.startTimer(REFRESH_MS, () => {
      refresh()
      refreshLater()
    })
  }
  async function readFirst(): Promise<void> {
    await revisions.refresh()
    if (onNotImported !== undefined && (await hasUnknownSeries())) onNotImported()
  }

  /** Whether no folder was ever imported, and a series has pictures in the folder and none in the database. */
  async function hasUnknownSeries(): Promise<boolean> {
    const imports = await database.query('select 1 from picture_state where imported_at is not null')
    if (imports.length > 0) return false
    const counts = await database.query<{ series: string }>(
      'select series from picture_count where pictures > 0'
    )
    const known = new Set(counts.map(({ series }) => series))
    for (const series of await listSeriesFolders(files)) {
      if (known.has(series)) continue
      const entries = await files.list(pictureFolder(series)).catch(() => [])
      if (entries.some(({ name }) => isPictureFile(name))) return true
    }
    return false
  }
  const reading = readFirst()
  reading.catch(() => {})
  const stopping = new AbortController()
  const filling = reading.then(async () => await fillFacets({ database, files, signal: stopping.signal }))
  // The next process reads what this one could not.
  filling.catch(() => {})
  refreshLater()

  // Requests for pictures that come at the same time share statements.
  const readTogether = createGathering(async (asked: PictureName[]) => await readRows(database, asked), {
    clock
  })

  async function readRow(series: string, address: string): Promise<Picture | undefined> {
    const name = { series, address }
    // A transaction reads what it has written.
    return database.client === undefined ? await readTogether(name) : (await readRows(database, [name]))[0]
  }

  /** Reads the change of this process, unless it is not committed yet: then the notice brings it. */
  async function showOwnChange(): Promise<void> {
    if (database.client === undefined) await revisions.refresh().catch(() => {})
  }

  async function put(file: PictureFile, by: PutBy): Promise<Picture> {
    const { series, address } = file
    const picture = { ...file, ...(await readDetails(files, pngs, series, address)) }
    const changed = await database.transaction(async () => {
      if (typeof by === 'object') await checkClaim(database)
      return await putRows(database, [picture], by)
    })
    if (changed > 0) await showOwnChange()
    return picture
  }

  async function remove(series: string, address: string, condition = 'true'): Promise<void> {
    const removed = await database.query(
      `delete from picture where series = $1 and address = $2 and ${condition} returning 1`,
      [series, address]
    )
    if (removed.length > 0) await showOwnChange()
  }

  /** The picture in the data folder, if there is one. NFS shows removed files for a while, but does not open them. */
  async function look(series: string, address: string): Promise<PictureFile | undefined> {
    const opened = await pngs.open(inOutput(artifactPath('annotated', series, address)))
    if (opened === undefined) return undefined
    await opened.handle.close()
    return { series, address, bytes: opened.bytes, modifiedMs: opened.modifiedMs }
  }

  /**
   * Puts a picture of the data folder into the index that has no row: it is not imported yet, or another program has
   * made it. Without this look, the same picture would be made and paid for once more.
   */
  async function takeIn(series: string, address: string): Promise<Picture | undefined> {
    const file = await look(series, address)
    if (file === undefined) return undefined
    // A run whose file is written, and whose row is not, takes its own picture in. Others wait for the end of the run.
    await put(file, currentClaim() ?? 'finder')
    return await readRow(series, address)
  }

  async function find(series: string, address: string): Promise<PictureFile | Picture | undefined> {
    const isAway = clock.now() - awayAt < AWAY_MS
    const early = isAway ? await look(series, address) : undefined
    if (early !== undefined) return early
    try {
      return (await readRow(series, address)) ?? (await takeIn(series, address))
    } catch (error) {
      if (!isServiceError(error) || error.code !== 'SERVICE_UNAVAILABLE') throw error
      awayAt = clock.now()
      const file = await look(series, address)
      // Without the database it is not known that there is none.
      if (file === undefined) throw error
      return file
    }
  }

  async function neighbour(
    { series, address, modifiedMs }: PictureFile,
    [operator, direction]: ['<', 'desc'] | ['>', 'asc']
  ): Promise<Picture | undefined> {
    const [row] = await database.query<PictureRow>(
      `select ${COLUMNS} from picture
      where series = $1 and (-modified_ms, address) ${operator} (-$2::float8, $3)
      order by -modified_ms ${direction}, address ${direction} limit 1`,
      [series, modifiedMs, address]
    )
    return row && pictureOf(row)
  }

  return {
    find: async (series: string, address: string): Promise<PictureFile | undefined> => {
      const found = await find(series, address)
      if (found === undefined) return undefined
      const { bytes, modifiedMs, objectKey, etag } = found
      return { series, address, bytes, modifiedMs, ...(objectKey !== undefined && { objectKey, etag }) }
    },

    /** Always true: other processes make pictures at any time. */
    mayHave: (_series: string, _address: string): boolean => true,

    async put(file: PictureFile): Promise<void> {
      await put(file, currentClaim() ?? 'owner')
    },

    remove: async (series: string, address: string): Promise<void> => await remove(series, address),

    async recheck(series: string, address: string): Promise<void> {
      const file = await look(series, address)
      if (file === undefined) await remove(series, address)
      else await put(file, 'owner')
    },

    /**
     * The row goes if the file is gone and another host cannot have made it just now. The data folder and that of the
     * series must be there: a volume that is not mounted removes no picture.
     */
    async reportMissing(series: string, address: string): Promise<void> {
      if ((await isReplaced()) || (await files.stat(pictureFolder(series))) === undefined) return
      await remove(series, address, `object_key is null and put_at < clock_timestamp() - ${SHOWS_LATE}`)
    },

    page: pages.page,
    facets: facets.facets,
    similar: facets.similar,
    knowsValue: async (value: FacetValue) => await knowsFacetValue(database, value),

    async get(series: string, address: string): Promise<Picture | undefined> {
      const found = await find(series, address)
      if (found === undefined || 'title' in found) return found
      const { facets: _, ...details } = await readDetails(files, pngs, series, address)
      return { ...found, ...details }
    },

    async neighbours(picture: PictureFile) {
      const [newer, older] = await Promise.all([
        neighbour(picture, ['<', 'desc']),
        neighbour(picture, ['>', 'asc'])
      ])
      return { newer, older }
    },

    reading,
    get size(): number {
      return revisions.size
    },
    async count(): Promise<number> {
      await revisions.refresh()
      return revisions.size
    },
    /** Rows are written with their details. */
    unread: 0,
    get epoch(): string {
      return revisions.epoch
    },
    get revision(): number {
      return revisions.revision
    },
    get changes() {
      return revisions.changes
    },
    subscribe: revisions.subscribe,
    follow: revisions.refresh,

    /** Ends the work in the background. */
    async stop(): Promise<void> {
      isStopped = true
      stopTimer()
      stopping.abort()
      for (const end of unsubscribe) end()
      await filling.catch(() => {})
    }
  } satisfies PictureIndex & { stop: unknown }
}
