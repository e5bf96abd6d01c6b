import { Type } from '@sinclair/typebox'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { shownName } from '../../lib/checksum.ts'
import type { Config } from '../../lib/config/config.ts'
import type { PictureIndex } from '../../lib/engine/pictures.ts'
import { errors, quote } from '../../lib/errors.ts'
import { findCard } from '../../lib/pictures/cards.ts'
import { content, errorResponses } from '../../lib/schemas/api.ts'
import { fileVersion } from '../../lib/storage/file-version.ts'
import { variantClient } from '../../plugins/app/send-picture.ts'
import { readPictureName } from './picture-name.ts'

/** How often a card is made again if its picture is replaced meanwhile. */
const ATTEMPTS = 3
const IMMUTABLE = 'public, max-age=31536000, immutable'

const schema = {
  hide: true,
  params: Type.Object({ series: Type.String(), address: Type.String() }),
  querystring: Type.Object({ v: Type.Optional(Type.String()) }),
  response: { 200: content('image/png'), 304: Type.Null(), ...errorResponses }
}

/** `GET /preview/<series>/<address>/card.png`: the image that other sites show beside a link to the picture. */
export const cardRoute: FastifyPluginAsyncTypebox<{
  gallery: Pick<PictureIndex, 'get'>
  config: Pick<Config, 'strictChecksum'>
}> = async (fastify, { gallery, config: { strictChecksum } }) => {
  const { variants } = fastify.pictures

  fastify.get(
    '/:series/:address/card.png',
    { schema, config: { isCostly: true, isCrossOrigin: true } },
    async (request, reply) => {
      const { series, address } = await readPictureName(request.params, gallery, strictChecksum)
      for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
        const picture = await gallery.get(series, address)
        if (picture === undefined) break
        const texts = { series, title: picture.title || series, address: shownName(address) }
        const card = await findCard(variants, picture, texts)
        if (card === undefined) break
        const { version, modifiedMs, read } = card
        // The pages name the version, so that a site asks for a new card after the picture has changed.
        const cacheControl = fileVersion(picture) === request.query.v ? IMMUTABLE : undefined
        const make = async () => await read(variantClient(request))
        if (await reply.sendContent({ version, modifiedMs, cacheControl }, 'image/png', make)) return reply
      }
      throw errors.notFound(`There is no picture of ${quote(address)} in ${quote(series)}`)
    }
  )
}
