import type { FastifyInstance } from 'fastify'
import { errors, quote } from '../../lib/errors.ts'
import { QuerySchema } from './schemas.ts'
import type { PictureRequest } from './schemas.ts'
import type { Target } from './target.ts'

/** Public clients send all of these; the last one is a bare `generate`. */
const YES = ['1', 'true', '']
const NO = ['0', 'false', 'no']

const KEYS = Object.keys(QuerySchema.properties)

/**
 * Whether a switch of the query is on. Undefined if the query does not have it.
 * @throws INVALID_REQUEST for a value that is neither yes nor no, so that a client does not wait for ever
 */
export function readSwitch(query: Partial<Record<string, string>>, key: string): boolean | undefined {
  const value = query[key]
  if (value === undefined) return undefined
  if (YES.includes(value)) return true
  if (NO.includes(value)) return false
  throw errors.invalidPath(
    `${key} is ${quote(value)}: ${key}=1, ${key}=true or a bare ${key} means yes, and 0, false or no means no`
  )
}

/** @throws INVALID_REQUEST for a key that is known in lower case only */
export function checkKeys(query: object): void {
  const wrong = Object.keys(query).find((key) => !KEYS.includes(key) && KEYS.includes(key.toLowerCase()))
  if (wrong === undefined) return
  throw errors.invalidPath(`${quote(wrong)} is unknown in the query: write ${wrong.toLowerCase()}`)
}

/**
 * Whether a request without `generate` starts a run: with TB_DALLE_AUTOSTART, if the picture is missing and has not
 * failed. A request without a token starts nothing where a start needs one.
 */
export async function startsByItself(
  fastify: FastifyInstance,
  { series: { suffix }, address, isOffered }: Target,
  request: PictureRequest
): Promise<boolean> {
  const { access, engine, failedPictures, generation, pictures } = fastify
  if (failedPictures === undefined || !isOffered || !engine.isOpen) return false
  if (access.needsToken('start') && request.tokenName === undefined) return false
  if ((await generation.snapshot(suffix, address)) !== undefined) return false
  const existing =
    (await pictures.stored.find(suffix, address)) ?? (await pictures.stored.findStandIn(suffix, address))
  return existing === undefined && !(await failedPictures.has(suffix, address))
}
