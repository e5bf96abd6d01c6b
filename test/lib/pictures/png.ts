/** Bytes with the signature and the end of a PNG; 20 more than the content. */
export function wholePng(content: string | Uint8Array = 'pixels'): Buffer {
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    Buffer.from(content),
    Buffer.from('\0\0\0\0IEND\xae\x42\x60\x82', 'latin1')
  ])
}
