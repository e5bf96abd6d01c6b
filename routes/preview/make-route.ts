import { Type } from '@sinclair/typebox'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { checksumProblem } from '../../lib/checksum.ts'
import { SEARCH_CHARACTERS_MAX } from '../../lib/engine/pictures.ts'
import { errors, isServiceError } from '../../lib/errors.ts'
import { content, errorResponses } from '../../lib/schemas/api.ts'
import { findAddress } from '../../lib/typed-address.ts'
import { pagePath } from '../../plugins/app/send-picture.ts'
import { tellsItsSite } from '../../plugins/http/access/browser.ts'
import { wantsPage } from '../../plugins/http/errors/page.ts'
import { typedProblem } from './picture-name.ts'
import type { Renderer } from './render.ts'
import { sendPage } from './send-page.ts'

interface MakeRouteOptions {
  /** `fastify.basePath`. */
  base: string
  render: Renderer
}

interface Typed {
  series: string
  address: string
}

const schema = {
  hide: true,
  querystring: Type.Object({
    series: Type.Optional(Type.String()),
    address: Type.Optional(Type.String({ maxLength: SEARCH_CHARACTERS_MAX }))
  }),
  response: {
    303: Type.Null({ description: 'The page of the picture, which shows how far it is' }),
    400: {
      description: 'The form again, which says what is wrong; JSON for programs',
      content: { 'application/json': { schema: Type.Ref('ApiError') }, ...content('text/html').content }
    },
    ...errorResponses
  }
}

/**
 * `GET /preview/make?series=…&address=…`: what the form of the gallery asks for without scripts. It starts a run
 * under the rules of `/dalle`, and leads to the page of the picture. A wrong checksum starts nothing.
 */
export const makeRoute: FastifyPluginAsyncTypebox<MakeRouteOptions> = async (fastify, { base, render }) => {
  /** @throws as `findTarget` does, and INVALID_ADDRESS for a wrong checksum */
  async function findTyped({ series, address }: Typed, reply: FastifyReply) {
    const text = findAddress(address) ?? address.trim()
    const target = await fastify.findTarget([series, text], `${base}/preview`)
    reply.noteChecksum(text)
    const problem = checksumProblem(text)
    if (problem !== undefined) throw errors.invalidAddress(text, problem)
    return target
  }

  /** The form with what the visitor typed. Errors that the form cannot mend are thrown again. */
  async function sendForm(error: unknown, typed: Typed, request: FastifyRequest, reply: FastifyReply) {
    const problem = typedProblem(typed.address)
    if (!isServiceError(error) || problem === '' || !wantsPage(request.headers.accept)) throw error
    reply.outcome.failure = error
    const page = await render({ initial: typed, problem, tellsItsSite: tellsItsSite(request.headers) })
    return await sendPage(reply.code(error.statusCode), page)
  }

  fastify.get('/make', { schema }, async (request, reply) => {
    const { series: name = '', address: typed = '' } = request.query
    let target
    try {
      target = await findTyped({ series: name, address: typed }, reply)
    } catch (error) {
      return await sendForm(error, { series: name, address: typed }, request, reply)
    }
    const { series, isOffered, address } = target
    const page = base + pagePath(series.suffix, address)
    reply.cacheControl('no-store')
    if (request.method === 'GET' && request.isIntended) {
      await fastify.generation.ensure(series, address, {
        client: request.clientId,
        admit: () => {
          if (!isOffered) throw errors.invalidSeries(name)
          fastify.access.mayChange(request, reply, { kind: 'start', page })
          fastify.refuseUnderPressure()
        },
        count: async () => await fastify.limits.countRun(request)
      })
    }
    return await reply.redirect(page, 303)
  })
}
