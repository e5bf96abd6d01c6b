import { isAbsolute, posix, relative } from 'node:path'
import { asServiceError, errors, quote } from '../errors.ts'
import type { ExportRequest, ExportResult } from '../schemas/images.ts'
import type { ImageRecord } from '../schemas/image-record.ts'
import type { Files } from '../storage/files.ts'
import { EXPORTS_FOLDER, pathSafe } from '../storage/layout.ts'

const SEGMENT_BYTES = 200
const SEGMENTS_MAX = 20
const WITHOUT_FLAGS = ['prompt', 'data', 'title', 'terse', 'enhanced'] as const

type TextName = (typeof WITHOUT_FLAGS)[number] | 'technical'

const FLAGS: Record<TextName, keyof ExportRequest> = {
  prompt: 'includePrompt',
  data: 'includeData',
  title: 'includeTitle',
  terse: 'includeTerse',
  enhanced: 'includeEnhanced',
  technical: 'includeTechnical'
}

/** The texts of an image by the names of their files. `technical` is title and caption, as in the Go server. */
function textsOf({ prompts }: ImageRecord): Record<TextName, string> {
  const { prompt = '', dataPrompt = '', titlePrompt = '', tersePrompt = '', enhancedPrompt = '' } = prompts
  return {
    prompt,
    data: dataPrompt,
    title: titlePrompt,
    terse: tersePrompt,
    enhanced: enhancedPrompt,
    technical: [titlePrompt, tersePrompt].filter(Boolean).join('\n\n')
  }
}

/**
 * The folder to export to, relative to the data folder.
 * @param root the data folder, absolute
 * @throws invalid_input for a folder that is not below exports/
 */
function folderOf({ series, seed }: ImageRecord, dir: string, root: string): string {
  if (dir === '') return `${EXPORTS_FOLDER}/${pathSafe(series.name)}/${pathSafe(seed)}`
  const folder = posix.normalize(isAbsolute(dir) ? relative(root, dir) : dir).replace(/\/+$/, '')
  const segments = folder.split('/')
  const isInside = segments[0] === EXPORTS_FOLDER && !dir.startsWith('~')
  const isName = (segment: string) =>
    Buffer.byteLength(segment) <= SEGMENT_BYTES && !/\p{Cc}|\p{Cs}/u.test(segment)
  if (isInside && segments.length <= SEGMENTS_MAX && segments.every(isName)) return folder
  throw outside(dir)
}

function outside(dir: string) {
  return errors.ofV1('invalid_input', 'the export folder is not below exports/', {
    details: `dir is ${quote(dir)}: it must be a folder below ${EXPORTS_FOLDER}/ of the data folder`
  })
}

/**
 * Writes the texts of an image as files, over those that are there. Empty texts are left out.
 * @throws invalid_input for a folder that is not below exports/, or a link; metadata_invalid if a file cannot be
 *   written
 */
export async function exportTexts(
  { files, root }: { files: Pick<Files, 'write' | 'isLink'>; root: string },
  record: ImageRecord,
  request: ExportRequest
): Promise<ExportResult> {
  const dir = request.dir?.trim() ?? ''
  const folder = folderOf(record, dir, root)
  const segments = folder.split('/')
  for (let depth = 1; depth <= segments.length; depth += 1) {
    if (await files.isLink(segments.slice(0, depth).join('/'))) throw outside(dir || folder)
  }
  const names = Object.keys(FLAGS) as TextName[]
  const chosen = names.filter((name) => request[FLAGS[name]] === true)
  const texts = textsOf(record)
  const written: Record<string, string> = {}
  for (const name of chosen.length > 0 ? chosen : WITHOUT_FLAGS) {
    if (texts[name] === '') continue
    const path = `${folder}/${name}.txt`
    await files.write(path, texts[name], { isPrivate: true }).catch((error: unknown) => {
      const { details } = asServiceError(error)
      throw errors.ofV1('metadata_invalid', 'a text could not be written', {
        cause: error,
        ...(details !== undefined && { details })
      })
    })
    written[name] = path
  }
  return { dir: folder, files: written }
}
