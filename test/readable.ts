import type { ReadableFile } from '../lib/storage/file-cache.ts'

/** The content of a file, which is closed. */
export async function contentOf(file: ReadableFile | undefined): Promise<Buffer | undefined> {
  if (file === undefined || 'content' in file) return file?.content
  try {
    return await file.handle.readFile()
  } finally {
    await file.handle.close()
  }
}
