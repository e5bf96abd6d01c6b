import { Type } from '@sinclair/typebox'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { SEARCH_CHARACTERS_MAX } from '../../../lib/engine/pictures.ts'
import type { PictureIndex } from '../../../lib/engine/pictures.ts'
import { errors, isServiceError } from '../../../lib/errors.ts'
import { content, errorResponses } from '../../../lib/schemas/api.ts'
import { findAddress } from '../../../lib/typed-address.ts'
import { wantsPage } from '../../../plugins/http/errors/page.ts'
import type { ChangeRules } from '../actions.ts'
import type { Assets } from '../assets.ts'
import { checksumWarning, typedProblem } from '../picture-name.ts'
import { pageResponses, sendPage } from '../send-page.ts'
import type { CardOptions } from './cards.ts'
import { findSeriesOf } from './find.ts'
import type { FindOptions } from './find.ts'
import { renderAddressPage, renderWrongAddress } from './page.ts'

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

const wrong = {
  400: {
    description: 'The form again, which says what is wrong; JSON for programs',
    content: { 'application/json': { schema: Type.Ref('ApiError') }, ...content('text/html').content }
  }
}

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

  /** The address of a request; undefined where the form is sent again, because a browser asks. */
  async function readOrAskAgain(
    text: string,
    request: FastifyRequest,
    reply: FastifyReply
  ): Promise<string | undefined> {
    try {
      const address = readAddress(text)
      const problem = reply.noteChecksum(address)
      if (problem !== undefined) throw errors.invalidAddress(address, problem)
      return address
    } catch (error) {
      if (!isServiceError(error) || !wantsPage(request.headers.accept)) throw error
      reply.outcome.failure = error
      const page = renderWrongAddress({ assets, typed: text, problem: typedProblem(text) })
      await sendPage(reply.code(error.statusCode), page)
    }
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
        response: { ...moved, ...wrong, ...errorResponses }
      }
    },
    async (request, reply) => {
      const address = await readOrAskAgain(request.query.address ?? '', request, reply)
      if (address === undefined) return reply
      reply.cacheControl('no-cache')
      return await reply.redirect(pageOf(address))
    }
  )

  fastify.get(
    '/address/:address',
    {
      schema: {
        hide: true,
        params: Type.Object({ address: Type.String() }),
        response: { ...moved, ...wrong, ...pageResponses }
      },
      config: { isCostly: true }
    },
    async (request, reply) => {
      const { params, publicUrl } = request
      const given = await readOrAskAgain(params.address, request, reply)
      if (given === undefined) return reply
      if (given !== params.address) {
        reply.cacheControl('no-cache')
        return await reply.redirect(pageOf(given))
      }
      const address = given.toLowerCase()
      const { revision } = gallery
      const series = await findSeriesOf(address, { gallery, registry })
      const { artist } = rules
      const typed = { typed: given, problem: checksumWarning(given) }
      const options = { artist, assets, explorer, revision, publicUrl, needs: startNeeds() }
      return await sendPage(reply, renderAddressPage({ address, series, ...typed, ...options }))
    }
  )
}
