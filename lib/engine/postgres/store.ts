import { quote } from '../../errors.ts'
import type { Files } from '../../storage/files.ts'
import { artifactFolder, artifactPath, inOutput } from '../../storage/layout.ts'
import type { StoreName } from '../../storage/store-name.ts'
import type { Database } from './database.ts'
import { UnusableDatabase } from './unusable-database.ts'

/** The newest pictures that are looked for. */
const LOOKED_FOR = 20
/** Another host may have made a picture, and the shared folder may not show it yet. */
const SETTLED = "interval '2 minutes'"
/** How the name of a data folder begins. */
const FOLDER = 'folder '
/** Of the series that the database has, so many are named. */
const SHOWN_SERIES = 10

export interface CheckStoreOptions {
  database: Pick<Database, 'query'>
  /** The files of the data folder. */
  files: Pick<Files, 'stat'>
  store: StoreName
  /** The data folder, as the operator knows it. */
  dataDir: string
}

/**
 * Checks that this process keeps its files where the pictures of the database are. A data folder is another one if it
 * has the id of another one, or no id and none of the newest pictures and no folder of their series, as where a volume
 * is not mounted. A bucket is taken as it is: pictures may be on their way to it.
 * @returns the name of the store; empty if it is not known
 * @throws UnusableDatabase
 */
export async function checkStore({ database, files, store, dataDir }: CheckStoreOptions): Promise<string> {
  const own = await store.read()
  const [known] = await database.query<{ name: string }>('select name from store')
  if (own !== undefined && (own === known?.name || !own.startsWith(FOLDER))) return own
  const newest = await database.query<{ series: string; address: string; isInBucket: boolean }>(
    `select series, address, object_key is not null as "isInBucket" from picture
    where put_at < clock_timestamp() - ${SETTLED} order by -modified_ms, series, address limit ${LOOKED_FOR}`
  )
  const folder = `The data folder ${dataDir}`
  if (newest.some(({ isInBucket }) => isInBucket)) {
    throw new UnusableDatabase(
      'The pictures of the database are in a bucket: set TB_DALLE_S3_URL and its keys.'
    )
  }
  if (newest.length > 0 && own !== undefined && known?.name.startsWith(FOLDER) === true) {
    throw new UnusableDatabase(
      `${folder} is not that of the database: its file dalleserver.id has another id. Use the folder that all ` +
        'processes share. If this one takes its place, remove the file first.'
    )
  }
  if (newest.length > 0 && !(await hasOneOf(newest, files))) {
    const folders = (await seriesOf(database)).map((series) =>
      quote(inOutput(artifactFolder('annotated', series)))
    )
    throw new UnusableDatabase(
      `${folder} has no picture of the database: mount the folder that all processes share. If it is lost, make its ` +
        `folders ${folders.join(', ')}. Then pictures are made again when they are asked for.`,
      { mayPass: true }
    )
  }
  return await store.create()
}

/** Whether a folder has one of the pictures, or the folder of one. */
async function hasOneOf(
  pictures: ReadonlyArray<{ series: string; address: string }>,
  files: CheckStoreOptions['files']
): Promise<boolean> {
  for (const { series, address } of pictures) {
    const paths = [artifactFolder('annotated', series), artifactPath('annotated', series, address)]
    for (const path of paths) if ((await files.stat(inOutput(path))) !== undefined) return true
  }
  return false
}

async function seriesOf(database: Pick<Database, 'query'>): Promise<string[]> {
  const rows = await database.query<{ series: string }>(
    `select series from picture_count where pictures > 0 order by series limit ${SHOWN_SERIES}`
  )
  return rows.map(({ series }) => series)
}
