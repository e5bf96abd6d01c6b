import { crc32 } from 'node:zlib'
import sharp from 'sharp'

/** The last chunk of a PNG: length, type and checksum. */
const END_BYTES = 12
/** Length, type and checksum of a chunk. */
const CHUNK_BYTES = 12
/** A chunk that readers of PNG skip. */
const PADDING_TYPE = 'paDd'

/** A PNG of noise over a gradient, as hard to encode as a photograph. More noise makes it larger. */
export async function photograph(sigma: number, side = 1024): Promise<Buffer> {
  const noise = await sharp({
    create: {
      width: side,
      height: side,
      channels: 3,
      background: '#808080',
      noise: { type: 'gaussian', mean: 128, sigma }
    }
  })
    .png()
    .toBuffer()
  const gradient = [
    `<svg width="${side}" height="${side}">`,
    '<linearGradient id="g"><stop stop-color="#204080"/><stop offset="1" stop-color="#f0c060"/></linearGradient>',
    '<rect width="100%" height="100%" fill="url(#g)"/></svg>'
  ].join('')
  return await sharp(Buffer.from(gradient))
    .composite([{ input: noise, blend: 'soft-light' }])
    .removeAlpha()
    .png()
    .toBuffer()
}

/** The same PNG with a chunk that makes it exactly as long as wanted. */
export function padPng(png: Buffer, bytes: number): Buffer {
  const length = bytes - png.length - CHUNK_BYTES
  if (length < 0) throw new Error(`A PNG of ${png.length} bytes cannot have ${bytes}`)
  const chunk = Buffer.alloc(length + CHUNK_BYTES)
  chunk.writeUInt32BE(length, 0)
  chunk.write(PADDING_TYPE, 4, 'latin1')
  chunk.writeUInt32BE(crc32(chunk.subarray(4, -4)), chunk.length - 4)
  return Buffer.concat([png.subarray(0, -END_BYTES), chunk, png.subarray(-END_BYTES)])
}
