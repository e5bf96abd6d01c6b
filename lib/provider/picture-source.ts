import type { ImageSource } from '../image/artist.ts'
import { mediaTypeOf } from '../image/media-type.ts'
import { decodePixels } from '../image/raster.ts'
import { isSuccess } from './receive.ts'
import type { Received } from './receive.ts'

/** Fields that hold a picture or its URL. Others are searched too, after these. */
const PICTURE_FIELDS = [
  'b64_json',
  'url',
  'image_url',
  'image',
  'b64',
  'base64',
  'image_base64',
  'data',
  'uri'
]
/** Fields whose texts are URLs though they do not begin as one: `/generated-images/x.png` of LocalAI. */
const URL_FIELDS = new Set(['url', 'image_url', 'uri', 'image', 'b64_json', 'path'])
/** Fields with other pictures: those of the request, and unfinished ones. */
const OTHER_PICTURES = new Set(['input', 'prompt', 'revised_prompt', 'partial_images', 'thumbnail', 'icon'])
const MAX_DEPTH = 10
const MAX_CANDIDATES = 8
/** The first characters of an image in base64 show its type. */
const SIGN_CHARACTERS = 32
const DATA_URI = /^data:[^,]{0,200},/i
const BASE64_RUN = /[A-Za-z0-9+/_-]{64,}={0,2}/g

/** Fields of an error. The URLs in it lead to its documentation. */
const ERROR_FIELDS = new Set(['error', 'errors', 'message', 'detail', 'details'])

/**
 * The first image that a JSON value holds: its bytes, else its URL.
 * @param isRefused whether it holds an error too, so that only a field for the URL of a picture has one
 */
export async function sourceIn(
  json: unknown,
  endpoint: string,
  isRefused = false
): Promise<ImageSource | undefined> {
  const found: ImageSource[] = []
  collect(json, 'data', { found, endpoint, isRefused }, 0)
  const images = found.filter((source) => 'bytes' in source)
  // A single image is decoded later. Among several, only the decoder knows the one that is whole.
  if (images.length === 1 && found.length === 1) return images[0]
  for (const image of images) {
    if (await isImage(image.bytes)) return image
  }
  return found.find((source) => 'url' in source) ?? images[0]
}

/** Whether the decoder can read an image, to its end. */
export async function isImage(bytes: Buffer): Promise<boolean> {
  if (mediaTypeOf(bytes) === undefined) return false
  return await decodePixels(bytes).then(
    () => true,
    () => false
  )
}

/**
 * The image in an answer, whatever its form: JSON, the image itself, its text in base64, its URL. Undefined if it holds
 * none.
 * @param isRefused whether the answer refuses too. Then a whole image counts, and the URL of one only in a success
 */
export async function sourceOf(
  received: Received,
  endpoint: string,
  isRefused = false
): Promise<ImageSource | undefined> {
  const source = await anySourceOf(received, endpoint, isRefused)
  if (source === undefined || !isRefused) return source
  const isGood = 'url' in source ? isSuccess(received.status) : await isImage(source.bytes)
  return isGood ? source : undefined
}

async function anySourceOf(
  received: Received,
  endpoint: string,
  isRefused: boolean
): Promise<ImageSource | undefined> {
  const { form, bytes, json, problem } = received
  if (form === 'image') {
    return problem === undefined || (await isImage(bytes)) ? { bytes } : undefined
  }
  if (typeof json === 'object' && json !== null) return await sourceIn(json, endpoint, isRefused)
  const text = bytes.toString('latin1').trim()
  if (form === 'text' && problem === undefined) {
    const source = readText(typeof json === 'string' ? json : text, 'text', endpoint)
    if (source !== undefined) return source
  }
  return await wholeImageIn(text)
}

/** A whole image in base64 in a text that is no JSON, because it was cut or because something else is in it. */
async function wholeImageIn(text: string): Promise<ImageSource | undefined> {
  const plain = text.replace(/\\[nr]/g, '').replaceAll('\\/', '/')
  let tried = 0
  for (const [run] of plain.matchAll(BASE64_RUN)) {
    const bytes = decodeBase64(run)
    if (bytes === undefined) continue
    if (await isImage(bytes)) return { bytes }
    tried += 1
    if (tried >= MAX_CANDIDATES) break
  }
  return undefined
}

interface Search {
  found: ImageSource[]
  endpoint: string
  isRefused: boolean
}

function collect(value: unknown, name: string, search: Search, depth: number): void {
  const { found, endpoint, isRefused } = search
  if (depth > MAX_DEPTH || found.length >= MAX_CANDIDATES) return
  if (typeof value === 'string') {
    const source = readText(value, name, endpoint)
    if (source === undefined || (isRefused && 'url' in source && !URL_FIELDS.has(name))) return
    found.push(source)
  } else if (Array.isArray(value)) {
    for (const each of value) collect(each, name, search, depth + 1)
  } else if (typeof value === 'object' && value !== null) {
    const fields = Object.entries(value).sort(([a], [b]) => rankOf(a) - rankOf(b))
    for (const [field, inner] of fields) {
      const isSkipped = OTHER_PICTURES.has(field) || (isRefused && ERROR_FIELDS.has(field))
      if (!isSkipped) collect(inner, field, search, depth + 1)
    }
  }
}

function rankOf(field: string): number {
  const rank = PICTURE_FIELDS.indexOf(field)
  return rank < 0 ? PICTURE_FIELDS.length : rank
}

/** The image that a text is, or the URL where it lies. */
function readText(text: string, field: string, endpoint: string): ImageSource | undefined {
  const value = text.trim()
  if (value === '') return undefined
  const [head] = DATA_URI.exec(value) ?? []
  if (head !== undefined) {
    const rest = value.slice(head.length)
    const bytes = /;base64,$/i.test(head) ? decodeBase64(rest) : decodePercent(rest)
    return bytes && { bytes }
  }
  const bytes = decodeBase64(value)
  if (bytes !== undefined) return { bytes }
  const isUrl = /^[a-z][a-z0-9+.-]*:\/\/\S+$/i.test(value) && (URL_FIELDS.has(field) || /^http/i.test(value))
  if (!isUrl && (!URL_FIELDS.has(field) || !/^[^\s<>"{}]{1,2000}$/.test(value) || !/[/.]/.test(value))) {
    return undefined
  }
  // A URL of another protocol is kept, so that the downloader says what is wrong with it.
  return URL.canParse(value, endpoint) ? { url: new URL(value, endpoint).href } : undefined
}

/** Undefined for a text that is no image in base64. */
function decodeBase64(text: string): Buffer | undefined {
  const sign = Buffer.from(text.slice(0, SIGN_CHARACTERS), 'base64')
  return mediaTypeOf(sign) === undefined ? undefined : Buffer.from(text, 'base64')
}

function decodePercent(text: string): Buffer | undefined {
  const bytes = Buffer.from(
    text.replace(/%([0-9a-f]{2})/gi, (_all, hex: string) => String.fromCharCode(parseInt(hex, 16))),
    'latin1'
  )
  return mediaTypeOf(bytes) === undefined ? undefined : bytes
}
