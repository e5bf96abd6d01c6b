import { randomUUID } from 'node:crypto'
import { asServiceError } from '../errors.ts'
import type { S3 } from './s3.ts'

/** Writes, reads and removes an object. @throws an error with one sentence if the bucket cannot be used */
export async function checkBucket(store: Pick<S3, 'check'>): Promise<void> {
  await store.check(randomUUID()).catch((error: unknown) => {
    const { code, message, details } = asServiceError(error)
    const reason = code === 'SERVICE_UNAVAILABLE' ? 'it does not answer' : (details ?? message)
    throw new Error(`the bucket of TB_DALLE_S3_URL cannot be used: ${reason}.`, { cause: error })
  })
}
