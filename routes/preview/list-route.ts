import { Type } from '@sinclair/typebox'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { errors, quote } from '../../lib/errors.ts'
import { readCursor } from '../../lib/engine/cursor.ts'
import type { Cursor } from '../../lib/engine/cursor.ts'
import { tellsItsSite } from '../../plugins/http/access/browser.ts'
import { FILTER_PARAMETERS, readFilter } from './filter/query.ts'
import type { Renderer } from './render.ts'
import { pageResponses, sendPage } from './send-page.ts'

/** `GET /preview`: a page of the list, filtered by series, search and what dresses have. */
export const listRoute: FastifyPluginAsyncTypebox<{ render: Renderer }> = async (fastify, { render }) => {
  fastify.get(
    '/',
    {
      schema: {
        hide: true,
        querystring: Type.Object({
          ...FILTER_PARAMETERS,
          cursor: Type.Optional(Type.String())
        }),
        response: pageResponses
      },
      config: { isCostly: true }
    },
    async (request, reply) => {
      const { cursor, ...parameters } = request.query
      const filter = readFilter(parameters)
      return await sendPage(
        reply,
        await render({
          filter,
          cursor: cursorOf(cursor),
          publicUrl: request.publicUrl,
          tellsItsSite: tellsItsSite(request.headers)
        })
      )
    }
  )
}

function cursorOf(text: string | undefined): Cursor | undefined {
  if (text === undefined) return undefined
  const cursor = readCursor(text)
  if (cursor?.order === 'series') return cursor
  throw errors.invalidRequest('Invalid cursor', {
    details: `cursor is ${quote(text)}: it must come from a link of the gallery`
  })
}
