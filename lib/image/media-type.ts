const ASCII = 'latin1'

/** The media type of an encoded image by its first bytes; undefined if it is not a type that browsers show. */
export function mediaTypeOf(bytes: Buffer): string | undefined {
  const text = (from: number, to: number) => bytes.toString(ASCII, from, to)
  if (text(0, 8) === '\x89PNG\r\n\x1a\n') return 'image/png'
  if (text(0, 3) === '\xff\xd8\xff') return 'image/jpeg'
  if (text(0, 4) === 'RIFF' && text(8, 12) === 'WEBP') return 'image/webp'
  if (text(0, 4) === 'GIF8') return 'image/gif'
  if (text(4, 12) === 'ftypavif') return 'image/avif'
}
