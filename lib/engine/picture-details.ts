import { seedOf } from '../dress/attributes.ts'
import { facetValuesOf } from '../dress/facets.ts'
import type { FacetValue } from '../dress/facets.ts'
import type { Files } from '../storage/files.ts'
import {
  PROMPT_BYTES_MAX,
  RECORD_BYTES_MAX,
  artifactPath,
  inOutput,
  isAddress,
  metadataPath
} from '../storage/layout.ts'
import { PNG_SIGNATURE } from '../storage/png-files.ts'
import type { PngFiles } from '../storage/png-files.ts'
import type { Details } from './pictures.ts'

const TITLE_CHARACTERS = 500
/** The signature, and the header chunk up to width and height (PNG, third edition, 5.2 and 11.2.1). */
export const HEADER_BYTES = 24

/** Reads the title, the size and the dress of a picture. Never rejects: details that cannot be read stay empty. */
export async function readDetails(
  files: Pick<Files, 'readText'>,
  pngs: Pick<PngFiles, 'open'>,
  series: string,
  address: string
): Promise<Required<Details>> {
  const [title, size, facets] = await Promise.all([
    readTitle(files, series, address).catch(() => ''),
    readSize(pngs, series, address).catch(() => undefined),
    readFacets(files, series, address).catch(() => [])
  ])
  return { title, ...(size ?? { width: 0, height: 0 }), facets }
}

/**
 * What the dress of a picture has to choose by, as it was recorded; nothing if it was not. Today's databases and series
 * may not be those that the picture was made from, so they say nothing about it.
 */
export async function readFacets(
  files: Pick<Files, 'readText'>,
  series: string,
  address: string
): Promise<FacetValue[]> {
  const read = async (path: string) => (await files.readText(path, { maxBytes: RECORD_BYTES_MAX })) ?? ''
  const dress = await read(dressPath(series, address))
  return facetsOfDress(dress, address) ?? facetsOfRecord(await read(recordPath(series, address)))
}

/** Where the dress of a picture is. */
export function dressPath(series: string, address: string): string {
  return inOutput(artifactPath('selector', series, address))
}

/** Where the record of a picture is, which has its attributes too. */
export function recordPath(series: string, address: string): string {
  return inOutput(metadataPath(series, isAddress(address) ? seedOf(address) : address))
}

/** The facet values in the text of a dress; undefined if it has no attributes of this address. */
export function facetsOfDress(json: string, address: string): FacetValue[] | undefined {
  const dress = parseObject(json)
  const attributes = dress.original === address ? attributesIn(dress.attributes, 'name', 'value') : []
  return attributes.length > 0 ? facetValuesOf(attributes) : undefined
}

/** The facet values in the text of a record. */
export function facetsOfRecord(json: string): FacetValue[] {
  return facetValuesOf(attributesIn(parseObject(json).selectedRecords, 'attribute', 'record'))
}

/** The attributes in a list of a file, whose entries have these keys. */
function attributesIn(list: unknown, name: string, value: string): Array<{ name: string; value: string }> {
  if (!Array.isArray(list)) return []
  return (list as Array<Record<string, unknown> | null>)
    .map((entry) => ({ name: entry?.[name], value: entry?.[value] }))
    .filter((each): each is { name: string; value: string } =>
      Object.values(each).every((text) => typeof text === 'string')
    )
}

/** The object in a text; an empty one if there is none. */
function parseObject(json: string): Record<string, unknown> {
  try {
    return { ...(JSON.parse(json) as object) }
  } catch {
    return {}
  }
}

/** Where the title of a picture is. */
export function titlePath(series: string, address: string): string {
  return inOutput(artifactPath('title', series, address))
}

/** The title in the text of its file. */
export function titleOf(text: string): string {
  // A slice of a string keeps the whole string in memory, so a long text is copied.
  const line = text.length > TITLE_CHARACTERS ? Buffer.from(text.slice(0, TITLE_CHARACTERS)).toString() : text
  return line.replace(/\s+/g, ' ').trim()
}

async function readTitle(files: Pick<Files, 'readText'>, series: string, address: string): Promise<string> {
  return titleOf((await files.readText(titlePath(series, address), { maxBytes: PROMPT_BYTES_MAX })) ?? '')
}

async function readSize(pngs: Pick<PngFiles, 'open'>, series: string, address: string) {
  const handle = (await pngs.open(inOutput(artifactPath('annotated', series, address))))?.handle
  if (handle === undefined) return undefined
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEADER_BYTES), 0, HEADER_BYTES, 0)
    return sizeOf(buffer.subarray(0, bytesRead))
  } finally {
    await handle.close()
  }
}

/** Width and height in the first `HEADER_BYTES` of a PNG; undefined if they are no beginning of one. */
export function sizeOf(header: Buffer): { width: number; height: number } | undefined {
  const isPng =
    header.length === HEADER_BYTES && header.subarray(0, PNG_SIGNATURE.length).equals(PNG_SIGNATURE)
  return isPng ? { width: header.readUInt32BE(16), height: header.readUInt32BE(20) } : undefined
}
