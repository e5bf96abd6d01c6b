/** An object as a listing names it. */
export interface ListedObject {
  key: string
  bytes: number
  /** Unix milliseconds. */
  modifiedMs: number
}

export interface Listing {
  objects: ListedObject[]
  /** Whether more objects follow. */
  isTruncated: boolean
}

const ENTITIES: Record<string, string> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' }
const ENTITY = /&(?:#(\d+)|#x([0-9a-f]+)|(\w+));/gi

/** The code of an error that the store answered; empty if it names none. */
export function codeOfError(xml: string): string {
  return elementsOf(xml, 'Code')[0] ?? ''
}

/** What an answer to ListObjects says. The answer is flat enough for expressions, so no XML parser is needed. */
export function parseListing(xml: string): Listing {
  const isUrl = elementsOf(xml, 'EncodingType')[0] === 'url'
  const objects = elementsOf(xml, 'Contents').map((content) => {
    const first = (name: string) => textOf(elementsOf(content, name)[0] ?? '')
    const key = first('Key')
    return {
      key: isUrl ? decodeURIComponent(key.replaceAll('+', ' ')) : key,
      bytes: Number(first('Size')),
      modifiedMs: Date.parse(first('LastModified'))
    }
  })
  return { objects, isTruncated: elementsOf(xml, 'IsTruncated')[0] === 'true' }
}

/** The contents of all elements of a name that have no attributes. */
function elementsOf(xml: string, name: string): string[] {
  return [...xml.matchAll(new RegExp(`<${name}>(.*?)</${name}>`, 'gs'))].map(([, content]) => content!)
}

function textOf(xml: string): string {
  return xml.replaceAll(ENTITY, (whole, decimal?: string, hex?: string, name?: string) => {
    if (decimal !== undefined) return String.fromCodePoint(Number(decimal))
    if (hex !== undefined) return String.fromCodePoint(parseInt(hex, 16))
    return ENTITIES[name!] ?? whole
  })
}
