import type { Files } from '../storage/files.ts'
import { artifactPath, inOutput } from '../storage/layout.ts'

/** What the gallery must know of a picture beside its file's size and age. */
export interface Details {
  /** Empty where none is known. */
  title: string
  /** Pixels; 0 where the file is no PNG. */
  width: number
  height: number
}

const TITLE_CHARACTERS = 500
/** The signature, and the header chunk as far as the size (PNG, 5.2 and 11.2.2). */
const HEADER_BYTES = 24
const SIGNATURE = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')

/** Reads title and size of a picture; what cannot be read is left empty, for the gallery shows the rest without it. */
export async function readDetails(
  files: Pick<Files, 'readText' | 'open'>,
  series: string,
  address: string
): Promise<Details> {
  const [title, size] = await Promise.all([
    files.readText(inOutput(artifactPath('title', series, address))).catch(() => undefined),
    readSize(files, series, address).catch(() => undefined)
  ])
  // A slice of a text would keep all of it in memory.
  return { title: title === undefined ? '' : oneLine(title), ...(size ?? { width: 0, height: 0 }) }
}

function oneLine(text: string): string {
  const line = text.length > TITLE_CHARACTERS ? Buffer.from(text.slice(0, TITLE_CHARACTERS)).toString() : text
  return line.replace(/\s+/g, ' ').trim()
}

async function readSize(files: Pick<Files, 'open'>, series: string, address: string) {
  const handle = await files.open(inOutput(artifactPath('annotated', series, address)))
  if (handle === undefined) return undefined
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEADER_BYTES), 0, HEADER_BYTES, 0)
    if (bytesRead < HEADER_BYTES || !buffer.subarray(0, SIGNATURE.length).equals(SIGNATURE)) return undefined
    return { width: buffer.readUInt32BE(16), height: buffer.readUInt32BE(20) }
  } finally {
    await handle.close()
  }
}
