import { quote } from '../../../errors.ts'
import type { Files } from '../../../storage/files.ts'
import { artifactFolder, artifactPath, inOutput } from '../../../storage/layout.ts'
import type { Database } from '../database.ts'
import { UnusableDatabase } from '../unusable-database.ts'

/** The newest pictures that are looked for. */
const LOOKED_FOR = 20
/** Another host may have made a picture, and the shared folder may not show it yet. */
const SETTLED = "interval '2 minutes'"

export interface CheckFolderOptions {
  database: Pick<Database, 'query'>
  /** The files of the data folder. */
  files: Pick<Files, 'stat'>
}

/**
 * Checks that a data folder is that of the index. It is another one if it has none of the newest pictures and no folder
 * of their series, as where a volume is not mounted. Pictures in a bucket are not looked for.
 * @throws UnusableDatabase
 */
export async function checkFolder({ database, files }: CheckFolderOptions): Promise<void> {
  const rows = await database.query<{ series: string; address: string }>(
    `select series, address from picture
    where object_key is null and put_at < clock_timestamp() - ${SETTLED}
    order by -modified_ms, series, address limit ${LOOKED_FOR}`
  )
  for (const { series, address } of rows) {
    const paths = [artifactFolder('annotated', series), artifactPath('annotated', series, address)]
    for (const path of paths) if ((await files.stat(inOutput(path))) !== undefined) return
  }
  if (rows.length === 0) return
  const { series } = rows[0]!
  const folder = quote(inOutput(artifactFolder('annotated', series)))
  throw new UnusableDatabase(
    `The data folder has no picture of the database, and no folder ${folder}: mount the folder that all processes ` +
      'share. If it is lost, make this folder, and the pictures are made again when they are asked for.',
    { mayPass: true }
  )
}
