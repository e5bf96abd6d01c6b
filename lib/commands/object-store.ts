import { ConfigError } from '../config/config-error.ts'
import { createFileRows } from '../engine/postgres/file-rows.ts'
import type { Database } from '../engine/postgres/database.ts'
import { asServiceError, errors } from '../errors.ts'
import { checkBucket } from '../storage/check-bucket.ts'
import { createFiles } from '../storage/files.ts'
import type { Files } from '../storage/files.ts'
import { createS3 } from '../storage/s3.ts'
import type { S3Config } from '../storage/s3.ts'
import { createStoredFiles } from '../storage/stored-files.ts'

/**
 * The files that all processes share in a bucket.
 * @param root the data folder of this machine, absolute
 * @throws ConfigError when the bucket cannot be used; SERVICE_UNAVAILABLE when it does not answer
 */
export async function openBucket(root: string, database: Database, config: S3Config): Promise<Files> {
  const store = createS3(config)
  await checkBucket(store).catch((error: Error) => {
    if (asServiceError(error.cause).code === 'SERVICE_UNAVAILABLE') {
      throw errors.unavailable('The bucket of TB_DALLE_S3_URL cannot be used', 'it does not answer', error)
    }
    throw new ConfigError(`${error.message[0]!.toUpperCase()}${error.message.slice(1)}`)
  })
  return createStoredFiles({ local: createFiles({ root }), rows: createFileRows(database), store })
}
