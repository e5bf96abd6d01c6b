import { crc32 } from 'node:zlib'
import { VERSION } from '../package.ts'
import type { DalleDress } from '../schemas/dress.ts'
import type { Provider } from '../schemas/progress.ts'

const SIGNATURE_BYTES = 8
/** A chunk's length, type and checksum. */
const CHUNK_FRAME_BYTES = 12
const XMP = 'XML:com.adobe.xmp'
/** What a picture is told by; what it may have said of these before is replaced, or left out with the prompts. */
const KEYWORDS = new Set(['Title', 'Description', 'Software', 'Provider', 'Databases', 'Dress', XMP])

/** What IPTC calls the way a picture came about (https://cv.iptc.org/newscodes/digitalsourcetype/). */
const SOURCE_TYPE: Record<Provider, string> = { local: 'algorithmicMedia', openai: 'trainedAlgorithmicMedia' }

export interface Provenance {
  dress: DalleDress
  provider: Provider
  /** Whether the prompts may be read from the picture. */
  withPrompts: boolean
}

/**
 * The PNG with its title, dress, software, databases and source type in iTXt chunks and an XMP packet, in place of those it may have
 * had; its pixels and other chunks stay. The same picture and dress give the same bytes.
 */
export function embedProvenance (png: Buffer, { dress, provider, withPrompts }: Provenance): Buffer {
  const software = `dalleserver ${VERSION}`
  const description = withPrompts ? dress.enhancedPrompt || dress.prompt : undefined
  const texts: Array<[keyword: string, text: string]> = [
    ['Title', dress.titlePrompt],
    ...description === undefined ? [] : [['Description', description] as [string, string]],
    ['Software', software],
    ['Provider', provider],
    ['Databases', `${dress.databaseVersion} ${dress.databaseHash}`],
    ['Dress', JSON.stringify(withPrompts ? lasting(dress) : withoutPrompts(dress))],
    [XMP, xmpPacket({ title: dress.titlePrompt, description, software, sourceType: SOURCE_TYPE[provider] })]
  ]
  const [header, ...rest] = chunksOf(png).filter((chunk) => !KEYWORDS.has(keywordOf(chunk)))
  return Buffer.concat([png.subarray(0, SIGNATURE_BYTES), header!, ...texts.map(([keyword, text]) => textChunk(keyword, text)), ...rest])
}

/** The dress without what changes while its picture lies on the disk. */
function lasting ({ fileSize, modifiedAt, cacheHit, completed, imageUrl, ipfsHash, ...dress }: DalleDress): Partial<DalleDress> {
  return dress
}

function withoutPrompts (dress: DalleDress): Partial<DalleDress> {
  const { prompt, dataPrompt, tersePrompt, enhancedPrompt, ...rest } = lasting(dress)
  return rest
}

/** The chunks of a PNG, each whole. */
function chunksOf (png: Buffer): Buffer[] {
  const chunks: Buffer[] = []
  for (let at = SIGNATURE_BYTES; at + CHUNK_FRAME_BYTES <= png.length;) {
    const end = at + CHUNK_FRAME_BYTES + png.readUInt32BE(at)
    chunks.push(png.subarray(at, end))
    at = end
  }
  return chunks
}

/** The keyword of a chunk of text, empty for any other. */
function keywordOf (chunk: Buffer): string {
  if (!/^(?:iTXt|tEXt|zTXt)$/.test(chunk.toString('latin1', 4, 8))) return ''
  return chunk.toString('latin1', 8, chunk.indexOf(0, 8))
}

/** An iTXt chunk, uncompressed, in no language (PNG, third edition, 11.3.3.4). */
function textChunk (keyword: string, text: string): Buffer {
  const body = Buffer.concat([Buffer.from(`iTXt${keyword}\0\0\0\0\0`, 'latin1'), Buffer.from(text)])
  const chunk = Buffer.alloc(body.length + 8)
  chunk.writeUInt32BE(body.length - 4, 0)
  body.copy(chunk, 4)
  chunk.writeUInt32BE(crc32(body), body.length + 4)
  return chunk
}

function xmpPacket ({ title, description, software, sourceType }: { title: string, description: string | undefined, software: string, sourceType: string }): string {
  const inDefaultLanguage = (text: string) => `<rdf:Alt><rdf:li xml:lang="x-default">${escape(text)}</rdf:li></rdf:Alt>`
  return '<?xpacket begin="\uFEFF" id="W5M0MpCehiHzreSzNTczkc9d"?>' +
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">' +
    '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/">' +
    `<dc:title>${inDefaultLanguage(title)}</dc:title>` +
    (description === undefined ? '' : `<dc:description>${inDefaultLanguage(description)}</dc:description>`) +
    `<xmp:CreatorTool>${escape(software)}</xmp:CreatorTool>` +
    `<Iptc4xmpExt:DigitalSourceType>http://cv.iptc.org/newscodes/digitalsourcetype/${sourceType}</Iptc4xmpExt:DigitalSourceType>` +
    '</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="r"?>'
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** Text for XML: markup escaped, and left out what XML 1.0 has no place for. */
function escape (text: string): string {
  // eslint-disable-next-line no-control-regex
  return text.replace(/[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g, '').replace(/[&<>"]/g, (sign) => ENTITIES[sign]!)
}
