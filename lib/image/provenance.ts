import { crc32 } from 'node:zlib'
import { VERSION } from '../package.ts'
import type { DalleDress } from '../schemas/dress.ts'
import type { Provider } from '../schemas/progress.ts'

const SIGNATURE_BYTES = 8
/** A chunk's length, type and checksum. */
const CHUNK_FRAME_BYTES = 12
const XMP = 'XML:com.adobe.xmp'
/** Chunks that say something of a picture rather than show it. */
const TELLING = /^(?:iTXt|tEXt|zTXt|eXIf)$/

/** What IPTC calls the way a picture came about (https://cv.iptc.org/newscodes/digitalsourcetype/). */
const SOURCE_TYPE: Record<Provider, string> = { local: 'algorithmicMedia', openai: 'trainedAlgorithmicMedia' }

export interface Provenance {
  dress: DalleDress
  provider: Provider
  /** Whether the prompts may be read from the picture. */
  withPrompts: boolean
}

/**
 * The PNG with its title, dress, software, databases and source type in iTXt chunks and an XMP packet, in place of whatever it said of
 * itself before, so that no prompt stays behind; its pixels stay. The same picture and dress give the same bytes.
 */
export function embedProvenance(png: Buffer, { dress, provider, withPrompts }: Provenance): Buffer {
  const software = `dalleserver ${VERSION}`
  const description = withPrompts ? dress.enhancedPrompt || dress.prompt : undefined
  const texts: Array<[keyword: string, text: string]> = [
    ['Title', dress.titlePrompt],
    ...(description === undefined ? [] : [['Description', description] as [string, string]]),
    ['Software', software],
    ['Provider', provider],
    ['Databases', `${dress.databaseVersion} ${dress.databaseHash}`],
    ['Dress', JSON.stringify(withPrompts ? lasting(dress) : withoutPrompts(dress))],
    [XMP, xmpPacket({ title: dress.titlePrompt, description, software, sourceType: SOURCE_TYPE[provider] })]
  ]
  const [header, ...rest] = chunksOf(png).filter((chunk) => !TELLING.test(typeOf(chunk)))
  return Buffer.concat([
    png.subarray(0, SIGNATURE_BYTES),
    header!,
    ...texts.map(([keyword, text]) => chunkOf('iTXt', `${keyword}\0\0\0\0\0${text}`)),
    ...rest,
    chunkOf('IEND', '')
  ])
}

/** The dress without what changes while its picture lies on the disk. */
function lasting({
  fileSize,
  modifiedAt,
  cacheHit,
  completed,
  imageUrl,
  ipfsHash,
  ...dress
}: DalleDress): Partial<DalleDress> {
  return dress
}

function withoutPrompts(dress: DalleDress): Partial<DalleDress> {
  const { prompt, dataPrompt, tersePrompt, enhancedPrompt, ...rest } = lasting(dress)
  return rest
}

/** The chunks of a PNG, each whole, up to the one that ends it. */
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

/** A chunk: its length, its type, its data and the checksum of both (PNG, third edition, 5.3); for iTXt see 11.3.3.4. */
function chunkOf(type: 'iTXt' | 'IEND', data: string): Buffer {
  const body = Buffer.from(type + data)
  const chunk = Buffer.alloc(body.length + 8)
  chunk.writeUInt32BE(body.length - 4, 0)
  body.copy(chunk, 4)
  chunk.writeUInt32BE(crc32(body), body.length + 4)
  return chunk
}

function xmpPacket({
  title,
  description,
  software,
  sourceType
}: {
  title: string
  description: string | undefined
  software: string
  sourceType: string
}): string {
  const inDefaultLanguage = (text: string) =>
    `<rdf:Alt><rdf:li xml:lang="x-default">${escape(text)}</rdf:li></rdf:Alt>`
  return (
    '<?xpacket begin="\uFEFF" id="W5M0MpCehiHzreSzNTczkc9d"?>' +
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">' +
    '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/">' +
    `<dc:title>${inDefaultLanguage(title)}</dc:title>` +
    (description === undefined ? '' : `<dc:description>${inDefaultLanguage(description)}</dc:description>`) +
    `<xmp:CreatorTool>${escape(software)}</xmp:CreatorTool>` +
    `<Iptc4xmpExt:DigitalSourceType>http://cv.iptc.org/newscodes/digitalsourcetype/${sourceType}</Iptc4xmpExt:DigitalSourceType>` +
    '</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="r"?>'
  )
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** Text for XML: markup escaped, and left out what XML 1.0 has no place for. */
function escape(text: string): string {
  return text
    .replace(/[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g, '')
    .replace(/[&<>"]/g, (sign) => ENTITIES[sign]!)
}
