import sharp from 'sharp'

export interface Picture {
  bytes: Buffer
  /** The same bytes in base64. */
  base64: Buffer
}

export type Format = 'png' | 'jpeg' | 'webp'

export interface PictureOptions {
  /** Scales the pictures down, so that tests move fewer bytes. */
  scale: number
  /** Grain as in a photograph: about 1.4 MB for 1024x1024. */
  noise: boolean
  /** How many different colours there are. */
  variants: number
}

const MOST_KEPT = 16

export type Pictures = ReturnType<typeof createPictures>

/** Draws each picture once. The size is `WIDTHxHEIGHT`; `partial` draws it unfinished. */
export function createPictures({ scale, noise, variants }: PictureOptions) {
  const kept = new Map<string, Promise<Picture>>()

  return async function picture(
    size: string,
    index: number,
    { format = 'png', partial = false }: { format?: Format; partial?: boolean } = {}
  ): Promise<Picture> {
    const variant = index % variants
    const key = `${size} ${variant} ${format} ${partial}`
    const known = kept.get(key)
    if (known !== undefined) return await known
    if (kept.size >= MOST_KEPT) kept.delete(kept.keys().next().value!)
    const [width, height] = size.split('x').map((side) => Math.max(16, Math.round(Number(side) * scale))) as [
      number,
      number
    ]
    const drawn = draw(width, height, 205 + (360 * variant) / variants, { format, partial, noise })
    kept.set(key, drawn)
    return await drawn
  }
}

async function draw(
  width: number,
  height: number,
  hue: number,
  { format, partial, noise }: { format: Format; partial: boolean; noise: boolean }
): Promise<Picture> {
  const { data, info } = await sharp(Buffer.from(landscape(width, height, hue)))
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
  if (noise && !partial) grain(data)
  const raw = { width: info.width, height: info.height, channels: info.channels }
  const image = partial
    ? sharp(await sharp(data, { raw }).resize(16).png().toBuffer()).resize(width, height, { fit: 'fill' })
    : sharp(data, { raw })
  const bytes = await image.toFormat(format).toBuffer()
  return { bytes, base64: Buffer.from(bytes.toString('base64'), 'latin1') }
}

/** The picture has no text, so that it is the same on a machine without fonts. */
function landscape(width: number, height: number, hue: number): string {
  const sky = [`hsl(${hue},55%,38%)`, `hsl(${hue + 25},70%,82%)`]
  const size = `width="${width}" height="${height}" viewBox="0 0 100 100" preserveAspectRatio="none"`
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" ${size}>`,
    `<defs><linearGradient id="sky" x2="0" y2="1"><stop stop-color="${sky[0]}"/>`,
    `<stop offset="1" stop-color="${sky[1]}"/></linearGradient></defs>`,
    '<rect width="100" height="100" fill="url(#sky)"/>',
    `<circle cx="68" cy="34" r="11" fill="hsl(${hue + 190},85%,72%)"/>`,
    `<path d="M0 72 Q22 48 46 68 T100 58 V100 H0Z" fill="hsl(${hue + 60},32%,40%)"/>`,
    `<path d="M0 86 Q30 68 62 84 T100 78 V100 H0Z" fill="hsl(${hue + 80},38%,26%)"/>`,
    '</svg>'
  ].join('')
}

/** Adds the same grain at every start. */
function grain(pixels: Buffer): void {
  let state = 0x9e3779b9
  for (let index = 0; index < pixels.length; index += 1) {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    pixels[index] = Math.min(255, Math.max(0, pixels[index]! + ((state >>> 0) % 6) - 3))
  }
}
