import { Type } from '@sinclair/typebox'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import fp from 'fastify-plugin'
import { shownName } from '../../../lib/checksum.ts'
import { errors, quote } from '../../../lib/errors.ts'
import { SEARCH_CHARACTERS_MAX } from '../../../lib/engine/pictures.ts'
import type { Picture } from '../../../lib/engine/pictures.ts'
import { ORDERS, readCursor, writeCursor } from '../../../lib/engine/cursor.ts'
import type { Cursor, Order } from '../../../lib/engine/cursor.ts'
import { EXAMPLE_ADDRESS, envelope, errorResponses } from '../../../lib/schemas/api.ts'
import { GallerySchema } from '../../../lib/schemas/gallery.ts'
import type { GalleryPicture } from '../../../lib/schemas/gallery.ts'
import { seriesName } from '../../../lib/storage/layout.ts'
import { linksOf } from '../../../plugins/app/send-picture.ts'

const LIMIT = { minimum: 1, maximum: 200, default: 48 }

const QuerySchema = Type.Object({
  series: Type.Optional(Type.String({ description: 'Only pictures of this series.', examples: ['simple'] })),
  q: Type.Optional(
    Type.String({
      maxLength: SEARCH_CHARACTERS_MAX,
      description: 'Up to eight words that must all be in the title, the series or the address.',
      examples: ['otter gozo']
    })
  ),
  order: Type.Optional(
    Type.Unsafe<Order>({
      type: 'string',
      enum: ORDERS,
      default: 'newest',
      description: '`newest`: the newest pictures first; `series`: one series after the other.',
      examples: ['newest']
    })
  ),
  limit: Type.Optional(Type.Integer({ ...LIMIT, description: 'Pictures of a page.', examples: [24] })),
  cursor: Type.Optional(
    Type.String({
      description: '`nextCursor` of the page before, with the same order.',
      examples: [
        writeCursor({
          order: 'newest',
          asOf: 1_763_851_712_000,
          finishedSeries: '',
          modifiedMs: 1_763_851_700_000,
          series: 'simple',
          address: EXAMPLE_ADDRESS
        })
      ]
    })
  )
})

const routes: FastifyPluginAsyncTypebox = async (fastify) => {
  fastify.addSchema(GallerySchema)

  fastify.get(
    '/',
    {
      schema: {
        operationId: 'listPictures',
        tags: ['Gallery'],
        summary: 'List the pictures',
        description:
          'All pictures, page by page: `nextCursor` of one page is the `cursor` of the next. New pictures do not ' +
          'shift the pages behind a cursor.',
        errors: ['invalid_input', 'SERVICE_UNAVAILABLE'],
        querystring: QuerySchema,
        response: { 200: envelope(Type.Ref('Gallery'), 'A page of the list.'), ...errorResponses }
      },
      config: { isCostly: true, isCrossOrigin: true }
    },
    async (request, reply) => {
      const { series, q: text, order = 'newest', limit = LIMIT.default, cursor: given } = request.query
      const cursor = given === undefined ? undefined : cursorOf(given, order)
      const page = await fastify.engine.pictures.page({
        order,
        limit,
        series: series === undefined ? undefined : seriesName(series),
        without: await fastify.dresses.series.hidden(),
        text,
        cursor
      })
      reply.cacheControl('no-store')
      return {
        success: true as const,
        data: {
          images: page.pictures.map((picture) => describe(picture, fastify.basePath)),
          total: page.total,
          series: page.series,
          nextCursor: page.next === undefined ? null : writeCursor(page.next),
          unread: fastify.engine.pictures.unread
        },
        request_id: request.id
      }
    }
  )
}

export default fp(routes, { name: 'routes/v1/gallery', encapsulate: true, fastify: '5.x' })

function cursorOf(text: string, order: Order): Cursor {
  const cursor = readCursor(text)
  if (cursor === undefined) {
    throw errors.invalidInput('Invalid cursor', {
      details: `cursor is ${quote(text)}: it must be the nextCursor of an earlier page`
    })
  }
  if (cursor.order !== order) {
    throw errors.invalidInput('Invalid cursor', {
      details: `cursor belongs to order=${cursor.order}, and order is ${quote(order)}: both must be the same`
    })
  }
  return cursor
}

function describe(picture: Picture, base: string): GalleryPicture {
  const { series, address, title, width, height, bytes, modifiedMs } = picture
  const { image, thumbnail, page } = linksOf(picture, base)
  return {
    series,
    address,
    checksumAddress: shownName(address),
    title,
    width,
    height,
    bytes,
    modifiedAt: new Date(modifiedMs).toISOString(),
    imageUrl: image,
    thumbnailUrl: thumbnail,
    pageUrl: page
  }
}
