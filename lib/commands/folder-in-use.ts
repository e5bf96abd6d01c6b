import { stat } from 'node:fs/promises'
import { ConfigError } from '../config/config-error.ts'
import { createFolderLock } from '../storage/folder-lock.ts'

/**
 * Runs work on a data folder while no server has it to itself.
 * @param isShared whether servers with a database may work on the folder meanwhile
 * @throws ConfigError when the folder does not exist, or another process works on it
 */
export async function withFolder<Result>(
  root: string,
  isShared: boolean,
  work: () => Promise<Result>
): Promise<Result> {
  const found = await stat(root).catch(() => undefined)
  if (found?.isDirectory() !== true) throw new ConfigError(`${root} is no folder: name one with --data-dir.`)
  const lock = createFolderLock({ root, isShared })
  if (!(await lock.tryAcquire())) {
    throw new ConfigError(`Another process works on ${root}: ${await lock.holder()}. End it first.`)
  }
  try {
    return await work()
  } finally {
    await lock.release()
  }
}
