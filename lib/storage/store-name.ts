import { randomUUID } from 'node:crypto'
import { constants } from 'node:fs'
import { link, open, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { S3Config } from './s3.ts'
import { codeOf } from './system-errors.ts'
import { temporaryName } from './temporary.ts'

const ID_FILE = 'dalleserver.id'
const ID_BYTES = 64

export interface StoreName {
  /** The name; undefined if the folder has no id yet. */
  read: () => Promise<string | undefined>
  /**
   * Gives the folder an id, unless it has one.
   * @returns empty where the file cannot be written, or the file system has no hard links
   */
  create: () => Promise<string>
}

/**
 * Names where a process keeps its files, the same in all processes that share them: the path of the bucket, whose host
 * may have several names, else the id of the data folder. The id is in `dalleserver.id`, so two hosts read the same id
 * if they have mounted the same folder.
 * @param dataDir the data folder, absolute. It must exist.
 */
export function createStoreName(dataDir: string, s3: Pick<S3Config, 'url'> | undefined): StoreName {
  if (s3 !== undefined) {
    const name = `bucket ${new URL(s3.url).pathname}`
    return { read: async () => name, create: async () => name }
  }
  const named = (id: string | undefined) => id && `folder ${id}`
  return {
    read: async () => named(await read(join(dataDir, ID_FILE))),
    create: async () => named((await read(join(dataDir, ID_FILE))) ?? (await create(dataDir))) ?? ''
  }
}

/** The text of the file. A link is not followed, and a FIFO does not wait for its other end. */
async function read(path: string): Promise<string | undefined> {
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK
  const handle = await open(path, flags).catch(() => undefined)
  if (handle === undefined) return undefined
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(ID_BYTES), 0, ID_BYTES, 0)
    return buffer.toString('utf8', 0, bytesRead).trim() || undefined
  } catch {
    return undefined
  } finally {
    await handle.close()
  }
}

/** Writes a new id. The link appears with the whole text. Where another process is faster, its id counts. */
async function create(root: string): Promise<string | undefined> {
  const path = join(root, ID_FILE)
  const temporary = join(root, temporaryName(ID_FILE))
  try {
    await writeFile(temporary, `${randomUUID()}\n`, { flag: 'wx' })
    await link(temporary, path)
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') return undefined
  } finally {
    await rm(temporary, { force: true }).catch(() => {})
  }
  return await read(path)
}
