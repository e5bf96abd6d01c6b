import type { FastifyInstance } from 'fastify'
import type { Target } from '../../plugins/app/targets/index.ts'
import type { PictureRequest } from './schemas.ts'

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
  if (access.needsToken('start', request) && request.tokenName === undefined) return false
  if ((await generation.snapshot(suffix, address)) !== undefined) return false
  const existing =
    (await pictures.stored.find(suffix, address)) ?? (await pictures.stored.findStandIn(suffix, address))
  return existing === undefined && !(await failedPictures.has(suffix, address))
}
