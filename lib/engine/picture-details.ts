import type { Files } from '../storage/files.ts'
import { PROMPT_BYTES_MAX, artifactPath, inOutput } from '../storage/layout.ts'
import { PNG_SIGNATURE } from '../storage/png-files.ts'
import type { PngFiles } from '../storage/png-files.ts'
import type { Details } from './pictures.ts'

const TITLE_CHARACTERS = 500
/** The signature, and the header chunk up to width and height (PNG, third edition, 5.2 and 11.2.1). */
const HEADER_BYTES = 24

/** Reads the title and the size of a picture. Never rejects: details that cannot be read stay empty. */
export async function readDetails(
  files: Pick<Files, 'readText'>,
  pngs: Pick<PngFiles, 'open'>,
  series: string,
  address: string
): Promise<Details> {
  const [title, size] = await Promise.all([
    readTitle(files, series, address).catch(() => ''),
    readSize(pngs, series, address).catch(() => undefined)
  ])
  return { title, ...(size ?? { width: 0, height: 0 }) }
}

async function readTitle(files: Pick<Files, 'readText'>, series: string, address: string): Promise<string> {
  const path = inOutput(artifactPath('title', series, address))
  const text = (await files.readText(path, { maxBytes: PROMPT_BYTES_MAX })) ?? ''
  // A slice of a string keeps the whole string in memory, so a long text is copied.
  const line = text.length > TITLE_CHARACTERS ? Buffer.from(text.slice(0, TITLE_CHARACTERS)).toString() : text
  return line.replace(/\s+/g, ' ').trim()
}

async function readSize(pngs: Pick<PngFiles, 'open'>, series: string, address: string) {
  const handle = (await pngs.open(inOutput(artifactPath('annotated', series, address))))?.handle
  if (handle === undefined) return undefined
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEADER_BYTES), 0, HEADER_BYTES, 0)
    if (bytesRead < HEADER_BYTES || !buffer.subarray(0, PNG_SIGNATURE.length).equals(PNG_SIGNATURE)) {
      return undefined
    }
    return { width: buffer.readUInt32BE(16), height: buffer.readUInt32BE(20) }
  } finally {
    await handle.close()
  }
}
