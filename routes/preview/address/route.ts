import { Type } from '@sinclair/typebox'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { SEARCH_CHARACTERS_MAX } from '../../../lib/engine/pictures.ts'
import type { PictureIndex } from '../../../lib/engine/pictures.ts'
import { errors } from '../../../lib/errors.ts'
import { errorResponses } from '../../../lib/schemas/api.ts'
import { findAddress } from '../../../lib/typed-address.ts'
import type { ChangeRules } from '../actions.ts'
import type { Assets } from '../assets.ts'
import { pageResponses, sendPage } from '../send-page.ts'
import type { CardOptions } from './cards.ts'
import { findSeriesOf } from './find.ts'
import type { FindOptions } from './find.ts'
import { renderAddressPage } from './page.ts'

export interface AddressRouteOptions extends FindOptions {
  gallery: Pick<PictureIndex, 'page' | 'revision'>
  assets: Assets
  /** `config.explorerUrl`. */
  explorer: string | undefined
  rules: Pick<ChangeRules, 'artist'>
  /** What a visitor needs to start a run now. */
  startNeeds: () => CardOptions['needs']
}

const moved = { 302: Type.Null({ description: 'The page of the address' }) }

/** `GET /preview/address/<address>`: one address in every series. No request for it starts a run. */
export const addressRoute: FastifyPluginAsyncTypebox<AddressRouteOptions> = async (
  fastify,
  { gallery, registry, assets, explorer, rules, startNeeds }
) => {
  const pageOf = (address: string) => `${assets.base}/preview/address/${address}`

  /** The address in a text that a person has typed or pasted. @throws INVALID_ADDRESS */
  function readAddress(text: string): string {
    const address = findAddress(text)
    if (address === undefined) throw errors.invalidAddress(text)
    return address
  }

  // For forms, which can send a field only as a query.
  fastify.get(
    '/address',
    {
      schema: {
        hide: true,
        querystring: Type.Object({
          address: Type.Optional(Type.String({ maxLength: SEARCH_CHARACTERS_MAX }))
        }),
        response: { ...moved, ...errorResponses }
      }
    },
    async ({ query: { address = '' } }, reply) => {
      reply.cacheControl('no-cache')
      return await reply.redirect(pageOf(readAddress(address)))
    }
  )

  fastify.get(
    '/address/:address',
    {
      schema: {
        hide: true,
        params: Type.Object({ address: Type.String() }),
        response: { ...pageResponses, ...moved }
      },
      config: { isCostly: true }
    },
    async ({ params, publicUrl }, reply) => {
      const given = readAddress(params.address)
      const problem = reply.noteChecksum(given)
      if (problem !== undefined) throw errors.invalidAddress(given, problem)
      if (given !== params.address) {
        reply.cacheControl('no-cache')
        return await reply.redirect(pageOf(given))
      }
      const address = given.toLowerCase()
      const { revision } = gallery
      const series = await findSeriesOf(address, { gallery, registry })
      const { artist } = rules
      const view = { address, series, artist, assets, explorer, revision, publicUrl, needs: startNeeds() }
      return await sendPage(reply, renderAddressPage(view))
    }
  )
}
