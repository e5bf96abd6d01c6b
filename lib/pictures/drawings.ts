import { mediaTypeOf } from '../image/media-type.ts'
import type { OpenFile } from '../storage/file-types.ts'
import type { FileStamp } from '../storage/file-version.ts'
import type { Files } from '../storage/files.ts'
import { artifactPath, inOutput } from '../storage/layout.ts'
import type { PngFiles } from '../storage/png-files.ts'

/** The first bytes of an image, which show its type. */
const SIGN_BYTES = 12
const PNG = 'image/png'

/** A drawing as the provider sent it, which may be no PNG though its name says so. */
export interface DrawingFile {
  file: OpenFile
  mediaType: string
}

export type Drawings = ReturnType<typeof createDrawings>

/** The drawings without caption, in `generated/`. A PNG that is not whole, or a file that is no image, is none. */
export function createDrawings(files: Pick<Files, 'open'>, pngs: Pick<PngFiles, 'open'>) {
  /** Opens a drawing; undefined if there is none. The caller closes it. */
  async function open(series: string, address: string): Promise<DrawingFile | undefined> {
    const path = inOutput(artifactPath('generated', series, address))
    const png = await pngs.open(path)
    if (png !== undefined) return { file: png, mediaType: PNG }
    const file = await files.open(path)
    if (file === undefined) return undefined
    const { buffer, bytesRead } = await file.handle.read(Buffer.alloc(SIGN_BYTES), 0, SIGN_BYTES, 0)
    const mediaType = mediaTypeOf(buffer.subarray(0, bytesRead))
    if (mediaType !== undefined && mediaType !== PNG) return { file, mediaType }
    await file.handle.close()
    return undefined
  }

  return {
    open,

    /** Size and time of a drawing; undefined if there is none. */
    async stat(series: string, address: string): Promise<FileStamp | undefined> {
      const opened = await open(series, address)
      if (opened === undefined) return undefined
      const { handle, bytes, modifiedMs } = opened.file
      await handle.close()
      return { bytes, modifiedMs }
    }
  }
}
