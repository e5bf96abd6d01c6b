import { crc32 } from 'node:zlib'
import { withFilledSlots } from '../dress/slots.ts'
import { VERSION } from '../package.ts'
import type { DalleDress } from '../schemas/dress.ts'
import type { Provider } from '../schemas/progress.ts'
import { EDITION } from './local/edition.ts'

const SIGNATURE_BYTES = 8
/** A chunk's length, type and checksum. */
const CHUNK_FRAME_BYTES = 12
const XMP = 'XML:com.adobe.xmp'
const SOFTWARE = 'dalleserver'
/** Between the keyword and the text of an iTXt chunk: not compressed, without a language. */
const TEXT_HEAD = '\0\0\0\0\0'
/**
 * The chunks that make the pixels what they are. `embedProvenance` drops all others: texts, EXIF and private chunks may
 * contain a prompt, and Content Credentials (`caBX`) hold for the unchanged file only.
 */
const PIXEL_CHUNK =
  /^(?:IHDR|PLTE|IDAT|tRNS|cHRM|gAMA|iCCP|sRGB|cICP|mDCV|cLLI|sBIT|bKGD|hIST|pHYs|sPLT|acTL|fcTL|fdAT)$/

/** The digital source types of IPTC (https://cv.iptc.org/newscodes/digitalsourcetype/). */
const sourceTypeOf = (provider: string) =>
  provider === 'local' ? 'algorithmicMedia' : 'trainedAlgorithmicMedia'

type Text = [keyword: string, text: string]

/** The edition of the built-in artist, for its pictures. */
const artistOf = (edition: string | undefined): Text[] => (edition === undefined ? [] : [['Artist', edition]])

/** The fields of a dress, and of a record, that hold a prompt. */
interface Prompts {
  prompt?: unknown
  dataPrompt?: unknown
  tersePrompt?: unknown
  enhancedPrompt?: unknown
  technicalPrompt?: unknown
}

export interface Provenance {
  dress: DalleDress
  provider: Provider
  /** Whether the metadata contains the prompts. */
  withPrompts: boolean
}

/**
 * Writes title, dress, software, databases and source type into the PNG, as iTXt chunks and as an XMP packet.
 * Metadata that the PNG had before is removed, so that it cannot contain a prompt. So are Content Credentials, because
 * a change makes them void. The pixels stay. The same picture and dress give the same bytes.
 */
export function embedProvenance(png: Buffer, { dress, provider, withPrompts }: Provenance): Buffer {
  const shown = withFilledSlots(dress)
  const software = `${SOFTWARE} ${VERSION}`
  const description = withPrompts ? dress.enhancedPrompt || dress.prompt : undefined
  return withTexts(png, [
    ['Title', dress.titlePrompt],
    ...(description === undefined ? [] : [['Description', description] as Text]),
    ['Software', software],
    ['Provider', provider],
    ...artistOf(provider === 'local' ? String(EDITION) : undefined),
    ['Databases', `${dress.databaseVersion} ${dress.databaseHash}`],
    ['Dress', JSON.stringify(withoutFileState(withPrompts ? shown : hidePrompts(shown)))],
    [XMP, xmpPacket({ title: dress.titlePrompt, description, software, sourceType: sourceTypeOf(provider) })]
  ])
}

/**
 * The PNG as `embedProvenance` writes it without prompts. One that does not have its texts gets none. A PNG that holds
 * nothing else already is returned as it is.
 */
export function hidePromptsOfPng(png: Buffer): Buffer {
  const texts = ownTextsOf(png)
  const dress = parseObject(texts.get('Dress'))
  const { Title: title, Software: software, Provider: provider } = Object.fromEntries(texts)
  const isOwn = dress !== undefined && title !== undefined && software?.startsWith(`${SOFTWARE} `) === true
  if (!isOwn || provider === undefined) return withTexts(png, [])
  const sourceType = sourceTypeOf(provider)
  const shown = withTexts(png, [
    ['Title', title],
    ['Software', software],
    ['Provider', provider],
    ...artistOf(texts.get('Artist')),
    ['Databases', texts.get('Databases') ?? ''],
    ['Dress', JSON.stringify(hidePrompts(dress))],
    [XMP, xmpPacket({ title, description: undefined, software, sourceType })]
  ])
  return shown.equals(png) ? png : shown
}

/** The same object without the fields of a dress that hold a prompt. The title stays. */
export function hidePrompts<T extends object>(dress: T): Omit<T, keyof Prompts> {
  const { prompt, dataPrompt, tersePrompt, enhancedPrompt, technicalPrompt, ...rest } = dress as T & Prompts
  return rest
}

/** The pixels of a PNG with these texts and no others. */
function withTexts(png: Buffer, texts: readonly Text[]): Buffer {
  const [header, ...rest] = chunksOf(png).filter((chunk) => PIXEL_CHUNK.test(typeOf(chunk)))
  return Buffer.concat([
    png.subarray(0, SIGNATURE_BYTES),
    header!,
    ...texts.map(([keyword, text]) => chunkOf('iTXt', keyword + TEXT_HEAD + text)),
    ...rest,
    chunkOf('IEND', '')
  ])
}

/** The texts of a PNG that are written as this service writes them, by keyword. */
function ownTextsOf(png: Buffer): Map<string, string> {
  const texts = chunksOf(png)
    .filter((chunk) => typeOf(chunk) === 'iTXt')
    .map((chunk) => chunk.toString('utf8', 8, chunk.length - 4).split(TEXT_HEAD))
  return new Map(texts.map(([keyword = '', ...rest]) => [keyword, rest.join(TEXT_HEAD)]))
}

function parseObject(json: string | undefined): Partial<DalleDress> | undefined {
  try {
    const value: unknown = JSON.parse(json ?? '')
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined
  } catch {
    return undefined
  }
}

/** The dress without the fields that change after the picture is written. */
function withoutFileState({
  fileSize,
  modifiedAt,
  cacheHit,
  completed,
  imageUrl,
  ipfsHash,
  ...dress
}: Partial<DalleDress>): Partial<DalleDress> {
  return dress
}

/** The chunks of a PNG, each with its frame, without the end chunk. */
function chunksOf(png: Buffer): Buffer[] {
  const chunks: Buffer[] = []
  for (let at = SIGNATURE_BYTES; at + CHUNK_FRAME_BYTES <= png.length;) {
    const chunk = png.subarray(at, at + CHUNK_FRAME_BYTES + png.readUInt32BE(at))
    if (typeOf(chunk) === 'IEND') break
    chunks.push(chunk)
    at += chunk.length
  }
  return chunks
}

function typeOf(chunk: Buffer): string {
  return chunk.toString('latin1', 4, 8)
}

/** A chunk: length, type, data, and the checksum of type and data (PNG, third edition, 5.3; iTXt: 11.3.3.4). */
function chunkOf(type: 'iTXt' | 'IEND', data: string): Buffer {
  const body = Buffer.from(type + data)
  const chunk = Buffer.alloc(body.length + 8)
  chunk.writeUInt32BE(body.length - 4, 0)
  body.copy(chunk, 4)
  chunk.writeUInt32BE(crc32(body), body.length + 4)
  return chunk
}

interface XmpFields {
  title: string
  description: string | undefined
  software: string
  sourceType: string
}

const NAMESPACES = {
  dc: 'http://purl.org/dc/elements/1.1/',
  xmp: 'http://ns.adobe.com/xap/1.0/',
  Iptc4xmpExt: 'http://iptc.org/std/Iptc4xmpExt/2008-02-29/'
}
const SOURCE_TYPES_URL = 'http://cv.iptc.org/newscodes/digitalsourcetype'

function xmpPacket({ title, description, software, sourceType }: XmpFields): string {
  const element = (name: string, content: string) => `<${name}>${content}</${name}>`
  const inDefaultLanguage = (text: string) =>
    element('rdf:Alt', `<rdf:li xml:lang="x-default">${escape(text)}</rdf:li>`)
  const namespaces = Object.entries(NAMESPACES).map(([prefix, url]) => ` xmlns:${prefix}="${url}"`)
  return [
    '<?xpacket begin="\uFEFF" id="W5M0MpCehiHzreSzNTczkc9d"?>',
    '<x:xmpmeta xmlns:x="adobe:ns:meta/">',
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">',
    `<rdf:Description rdf:about=""${namespaces.join('')}>`,
    element('dc:title', inDefaultLanguage(title)),
    description === undefined ? '' : element('dc:description', inDefaultLanguage(description)),
    element('xmp:CreatorTool', escape(software)),
    element('Iptc4xmpExt:DigitalSourceType', `${SOURCE_TYPES_URL}/${sourceType}`),
    '</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="r"?>'
  ].join('')
}

// Control characters, except tab, line feed and carriage return, and two code points that are not characters. XML
// allows those from U+007F to U+009F too, but no text needs them.
const FORBIDDEN_IN_XML = /(?![\t\n\r])\p{Cc}|[\ufffe\uffff]/gu
const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** Escapes text for XML. Characters that XML 1.0 does not allow are removed. */
function escape(text: string): string {
  return text.replace(FORBIDDEN_IN_XML, '').replace(/[&<>"]/g, (sign) => ENTITIES[sign]!)
}
